"""Whose ground it is: the territory a structure works on, and what comes back there.

In: the geographic code (``opendata.ground``) and the serving store of purchases (``opendata.marts``). Out: a set of communes
under a name, versioned, that every later room reads (``queries.chosen_territory``), and the one screen that says what its
public buyers will buy again. Decided here: what a structure calls its territory, and which territories it is compared with.
"""
