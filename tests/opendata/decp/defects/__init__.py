"""One test for each defect of ``check.py``: the smallest file that shows it, and what becomes of it."""
