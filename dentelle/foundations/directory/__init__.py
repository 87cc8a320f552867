"""Whom structures work with: buyers, companies, SIAE and others, shared by SIRET; and the people they know there.

In: SIRET typed or read, names from open data when loaded, delivery-status mails. Out: one organisation per SIRET, contacts
of a structure, seats of outside people. Decided here: what a good identifier is, how two records of the same organisation
become one, whose contacts one sees. An organisation is shared by the whole installation; contacts belong to a structure.
"""
