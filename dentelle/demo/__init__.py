"""A demonstration that tells a story: fictional buyers, companies and people over a real territory.

In: the ground, a seed and today's date. Out: DECP files as buyers publish them (defects included), accounts, territories
and calibrations. Decided here: nothing of the trade; the demonstration goes through the same doors as real data.
Fictional identifiers are recognisable: companies' SIREN start with 000, buyers' use commune numbers that do not exist.
"""
