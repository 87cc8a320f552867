"""One index for everything one looks for: names without accents, SIRET and numbers with or without their spaces.

In: documents that apps register (``registry.register``) and keep up to date in the transaction that changes the object
(``actions.index``). Out: what a person may see among what answers (``queries.search``). Decided here: how words are folded,
matched and ranked, the same on SQLite (FTS5) and PostgreSQL (GIN over a tsvector); never who may see what: the scopes
written in the index narrow the search, then each app's ``access`` has the last word.
"""
