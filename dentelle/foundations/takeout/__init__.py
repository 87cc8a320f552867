"""All of a structure's data, to take away: open formats, a schema, the files, checksums.

In: a structure, a folder. Out: one CSV table per model, ``datapackage.json`` (Frictionless Data Package, read from the models
themselves), the bytes of its files, ``SHA256SUMS``. Decided here: what leaves and what does not, each omission with its reason
(``tables``); that a text never runs in a spreadsheet; that nothing of another structure leaves. What is shared by all
(organisations, names of people) leaves only where a row of the structure speaks of it.
"""
