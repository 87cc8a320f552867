"""What must stay fast, measured against something that does the least possible work on the same machine in the same run.

Each ``bench_<subject>.py`` offers ``measures() -> list[Measure]``. A ratio, not a duration, is what is compared from one
machine to another: 1 would be as fast as the reference, and lower is better.
"""
