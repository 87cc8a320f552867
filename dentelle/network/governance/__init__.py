"""Governance: who speaks for the network, what elected officials see on the ground, what the network makes of it.

In: mandates, bodies and offices kept by the head of the network; concerns written by elected officials, each tied to the
mandate of the day. Out: themes that gather concerns, axes proposed from themes and validated by a body (versioned per mandate), sessions
with their agenda, attendance, decisions and documents, and for each author what became of what they wrote. Decided here: nobody but a
person gathers a concern, no concern is merged into another, and what was said never changes mandate.
"""
