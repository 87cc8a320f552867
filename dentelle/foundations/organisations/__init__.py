"""Who people work for.

In: networks, structures (the tenants) and memberships. Out: ``request.structure``, ``request.membership`` and the other hats
for every request. Decided here: which structure a person acts for, and in which role. ``structures`` changes them.
"""
