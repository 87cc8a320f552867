"""Intake: any spreadsheet people already have becomes lines the programme understands, with nothing lost on the way.

In: an XLSX, XLS, ODS or CSV file dropped by a member or by a seated buyer, and the fields a room wants (``Target``). Out:
one planned act per line (create, update, unchanged, refused with its reason), then the room's own writing. Decided here:
which row is the header, which column is which field (remembered per structure, purpose and sender), how a cell is read,
that identifiers stay text, that what a person corrects is kept beside the file and never in it.
"""
