"""Public data, columnar, without Django.

In: the files public bodies publish (procurement, geography, zonings). Out: dated, hashed Parquet tables and the marts
computed from them. Decided here: what a defective record becomes, which record is current, what a territory contains.
One folder per source (``read`` · ``shape`` · ``check`` · ``SOURCE.md``); ``marts`` reads their tables only.
"""
