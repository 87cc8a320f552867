"""The keys by which a program acts for a structure: who gave them, what they open, until when.

In: a name, scopes and a duration, chosen by a manager; then the secret a program sends with each request. Out: the membership
in whose name it acts, and what it may touch (``access.bearer_of``). Decided here: a token never does more than the person
who made it may do that day, and dies with their membership, with the approval of the structure, or on its date. The secret is
shown once; only its fingerprint is kept. Which scopes exist is said by whoever offers something to programs (``scopes``).
"""
