"""The pages of people outside structures: the buyer's space, the company's space, and what a link received by e-mail opens.

In: what ``contracts`` shares with an organisation. Out: the buyer's decisions, the holder's confirmations, questions. Decided
here: the one line that says where a contract stands and who must do what (``standing.py``), and which figures a buyer's
scheme of responsible purchases (SPASER, article L2111-3 of the public procurement code) is fed with (``indicators.py``).
"""
