"""What was done, by whom, for whom.

In: one entry per act, written by ``actions.py`` inside the act's transaction. Out: timelines in plain French (``queries.timeline``). Decided here: that nothing
written is ever changed: the database itself refuses UPDATE, DELETE, REPLACE and TRUNCATE on SQLite and PostgreSQL.
Entries hold keys, codes and figures only; free text lives beside its object, where erasure can mask it.
"""
