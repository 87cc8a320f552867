"""Agreements: who promised to work with whom, and what became of it.

In: a framework agreement written by the head of a network, local ones made under it by its structures, with organisations of
the directory; readings typed with their source, or taken from the register of contracts (``known.py``). Out: articles,
commitments with an owner on each side, indicators and readings a partner confirms or disputes, a yearly review in Word, who
does what on a territory. Decided here: the states of an agreement and who may move them (``states.py``); that a local one is
signed only while a framework is in force (``frames.py``); which readings are owed (``lateness.py``); what goes on after an
agreement (``following.py``). What is signed is read by the whole network; what is not, by its
author and its parties.
"""
