"""Papers: what a contract has to say in Word, from templates a structure may replace.

In: a contract of ``contracts`` with its obligations, holders, plan, amendments. Out: Word documents (notice, consultation
rules, clauses, commitment annex, response frame, letter, minutes, amendment) and one « dossier clause » with all that serve.
Decided here: the words of each type of clause (``shipped/``), what is a blank to fill in rather than a fact, and what a
template uploaded by a structure may contain: an uploaded template is code, and is treated as such.
"""
