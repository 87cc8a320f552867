"""Files: proofs in, papers out.

In: uploads from people, results written by jobs. Out: ``StoredFile`` rows, and bytes served one by one after an access
check. Decided here: what may come in (size, kind told by its first bytes, antivirus), where bytes lie (under unguessable
names, never served directly) and when they are purged.
"""
