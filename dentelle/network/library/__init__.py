"""Library: what people of the trade share, kept up to date by somebody who says so.

In: guides, templates, webinars, words of the glossary and the steps of « nouveau dans le métier », written by the head of a network or by
the person who answers for each. Out: pages every member reads, with an owner's name and an « à jour au » date; a call to the owner once an
item is older than its stated period, to the head when its owner has left. Decided here: an item without a living owner is never shown as
up to date.
"""
