"""SIRENE: establishments and legal units, read in a stream, only what the house needs.

In: INSEE's stock files (CSV, gzip, zip or Parquet). Out: ``sirene-VINTAGE.parquet`` and ``sirene_units-VINTAGE.parquet``.
Decided here: whom not to keep (people who asked not to appear, sole traders), which commune an establishment is in.
Never required: without it, 2022 contracts show « nom inconnu » where nothing else names a SIRET.
"""
