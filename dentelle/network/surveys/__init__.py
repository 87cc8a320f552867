"""Surveys: what the head of a network asks its members and their partners, and what they answer.

In: questionnaires shipped as YAML, written on screen or read from a file, each version frozen once published; invitations,
answers given in one's space or behind a link received by e-mail. Out: results while they come, with who answered among those
invited; words that name nobody; a spreadsheet; answers that become practice sheets (``network/practices``). Decided here: who
is invited, that a draft saves itself and erases nothing somebody else wrote of it (``meanwhile``), that an anonymous answer
loses its name the moment it is sent. What is asked, missing or doubtful is in ``rules/surveys``, what is wrong with a
questionnaire in ``rules/questionnaires``; what may be shown, in ``rules/disclosure``.
"""
