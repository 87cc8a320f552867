"""Background work a person can watch, stop and read the report of; and the clock that runs what nobody asks for.

In: ``start_job("purchases.export", …)`` from a room's action. Out: progress, files, a report in French. Decided here: what
happens to work that is cancelled, that fails, or whose worker dies. django-tasks carries the work; this room adds what it
lacks: progress, cancel, periodic duties.
"""
