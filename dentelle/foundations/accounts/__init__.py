"""Who logs in.

In: an e-mail address and a password. Out: a ``User``. Decided here: nothing but identity; what a person may do is said
by their membership of a structure (``organisations``).
"""
