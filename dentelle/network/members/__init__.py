"""Members: who the network is made of, what they run, the ground they cover, and the ground nobody covers.

In: the structures the head of the network approved, their devices and the territory each says it covers; the offices and concerns of
``governance``, counted. Out: a directory with its map, white areas commune by commune, balance views, a page anyone reads once the head has
opened it, and the list of structures in the data.inclusion schema, checked by the published package. Decided here: only what a class of
size is; no label of opinion exists, and nobody gets a mark.
"""
