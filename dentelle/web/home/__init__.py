"""Where a person lands: what awaits them today, and where their portfolio stands.

In: the lines of ``foundations.awaiting``, the portfolio of ``contracts``. Out: one page, different for each hat. Decided
here: how much of a long list is shown at once, and in which words; nothing of the trade.
"""
