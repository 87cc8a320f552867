"""The Tour of the regions: stages where those who meet the social clause say what they need, and what is learned there.

In: stages the head of the network plans, registrations from members and from anyone, attendance, needs in the words of those
who voice them. Out: a public page and its calendar, one page of report per stage, the synthesis of the Tour, findings that
become practice sheets and concerns, and that the white paper cites (``queries.findings_cited_by``). Decided here: draft →
announced → held → reported, or cancelled with its reason; who has a place and who waits for one; when the people who
registered are forgotten.
"""
