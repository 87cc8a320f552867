"""One archive that brings the installation back: database, files, and open data when asked.

In: a running or stopped installation. Out: a zip with a manifest of checksums. Decided here: what is in it (``MEDIA_ROOT``
and the database always; ground and purchasing data only on demand, since they can be built again from public sources),
that nothing is touched before every checksum is verified, and that nothing is replaced without ``--force``. The secret key
is not in it: keep it apart.
"""
