"""What Dentelle writes to people by e-mail.

In: ``send(…)`` called by an act, inside its transaction. Out: messages delivered by the worker, or kept with the reason of
their failure. Decided here: that a message exists if and only if its act was done, how often a delivery is tried, and how
long what it said is kept (the text is erased once delivered: it may hold a link that opens something).
"""
