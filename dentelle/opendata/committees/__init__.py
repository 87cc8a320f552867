"""Local employment committees (comités locaux pour l’emploi, CLPE): which committee each commune belongs to.

In: France Travail's file of communes. Out: ``committees-VINTAGE.parquet``, one row per current commune. Decided here:
the form of a committee's code. Never required.
"""
