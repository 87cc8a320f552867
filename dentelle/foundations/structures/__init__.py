"""What is done to structures and to their people, and the pages where it is done.

In: what a manager, the head of a network or whoever runs the installation decides. Out: networks, structures, memberships and
the territory covered (``organisations``), each change in the journal. Decided here: who approves whom, that a structure always
keeps a manager, that a territory is a new version and never an edit. The tables, the hats and the access stay in
``organisations``, on which doors and journal stand; this room stands on both.
"""
