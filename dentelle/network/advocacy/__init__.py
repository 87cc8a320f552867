"""Advocacy: the white paper of the network, from a voice on a telephone to a sentence in print, and back.

In: calls for contributions; what members and their elected officials answer, tied to the mandate of the day and to the practices,
concerns they lean on. Out: chapters and proposals whose sentences say where they come from, editions frozen as PDF, Word
and web page, what became of each proposal afterwards; for each author, what became of what they said. Decided here: ideas are gathered by people,
nothing is set aside without a reason its author reads, nobody is quoted beyond what they agreed to, an edition never changes.
"""
