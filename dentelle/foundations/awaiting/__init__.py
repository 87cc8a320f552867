"""What awaits people: one list that empties itself, and what they put off.

In: lines that rooms register (``registry.register``), each with its cause, its date and its one next action. Out: the day's
list of a person (``queries.agenda``), shown by the home page and told by the daily e-mail. Decided here: how urgent a line
is, whose it is, and how long it stays away when somebody puts it off. A line is never stored: when its cause is gone, so is it.
"""
