"""``/api/v1``: the doors of machines.

In: requests of programs that bear a token of a structure. Out: JSON resources (organisations, operations, contracts, obligations,
calibrations), and refusals as problems (RFC 9457) with French words and the place of each fault. Decided here: how things are
named, paged and locked for programs; nothing of the trade: reads go through each room's ``access``, writes through its ``actions``.
Numbers are whole: minutes, cents, ten-thousandths, with the unit in the name.
"""
