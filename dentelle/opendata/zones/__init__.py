"""Employment zones (zones d’emploi 2020): which zone each commune belongs to.

In: INSEE's composition file, CSV or xlsx. Out: ``zones-VINTAGE.parquet``, one row per current commune. Decided here: the
form of a zone's code. Never required: without the file, the house works and says that zones are not loaded.
"""
