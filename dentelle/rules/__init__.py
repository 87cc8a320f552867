"""What the law and the trade decide, in pure Python.

In: facts and a date. Out: explained results (a value, why, and the dated parameters used). Decided here: thresholds,
hours, levers, eligibility. No Django, no clock, no network, no file but the packaged parameters, read once.
"""
