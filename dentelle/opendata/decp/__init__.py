"""Open procurement data (DECP): from the files buyers publish to canonical Parquet tables.

In: 2019 and 2022 generations, JSON, NDJSON or XML, bare, gzipped or zipped. Out: the tables of ``schema.py`` and a
manifest. Decided here: which record is readable (``check``), which is current, what a modification changes.
"""
