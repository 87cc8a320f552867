"""The daily e-mail: what awaits a person, at most once a day, and nothing when nothing does.

In: the lines of ``awaiting``, the days each person chose. Out: one message of the outbox per person and day. Decided here:
who is written to and when, how one stops it in one click. What an e-mail says is what the home page shows: when a cause is
gone, neither shows it.
"""
