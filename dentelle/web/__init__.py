"""The front of the house: the shell every page wears, its style, its charts, and the home page.

In: what the rooms' ``queries`` return. Out: HTML that works without script, on a phone and on paper. Decided here: how
Dentelle looks and speaks, nothing of the trade.
"""
