"""What every room stands on: who logs in, who they work for, what was done, background work, files.

A foundation imports no room of the thread; it is written once, for all.
"""
