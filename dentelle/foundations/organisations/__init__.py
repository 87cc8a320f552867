"""Who people work for.

In: networks, structures (the tenants) and memberships. Out: ``request.structure`` and ``request.membership`` for every
request. Decided here: which structure a person acts for, and in which role.
"""
