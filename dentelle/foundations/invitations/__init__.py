"""How people who have no account come in, each by the right door.

In: an address somebody of a structure vouches for. Out: an account with its role (``Invitation``), or a session limited to
one thing of one structure, without account (``MagicLink``, ``request.link``). Decided here: that opening a page never uses
a link up (mail scanners open everything), that a link serves once, for one purpose, until a day, unless the structure
closes it, and that nothing told to a stranger says which links or accounts exist.
"""
