"""What the tables say: functions from frames to frames, the same rows on DuckDB and on Spark.

In: the canonical DECP tables, the ground (communes and zonings), the rules' parameters as small tables. Out: renewals,
clause rates, hours potential, back-test. Decided here: what comes back, how sure, how much it could carry.
"""
