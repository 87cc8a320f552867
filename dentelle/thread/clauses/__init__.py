"""Clauses: how many hours to ask for, what the law requires, and why.

In: a contract of ``purchases`` or figures typed by a facilitator. Out: stored calibrations, the « note de calibrage » (PDF,
Word), read-only links for buyers. Decided here: nothing of the law or of the trade (``rules`` decides): only what is kept,
who may see it, and that a stored calibration recomputes to the same digest whatever the law has become (CCP L2112-2).
"""
