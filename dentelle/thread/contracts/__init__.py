"""Contracts: who owes which hours, to whom, under which clause.

In: a renewal of ``purchases``, a calibration of ``clauses``, a line of a purchase plan, or a contract typed by hand, with
organisations of the directory. Out: obligations in minutes, with holders, subcontractors, deadlines and terms, that
``hours`` will credit. Decided here: the states of a contract and who may move them (``states.py``), what an obligation
becomes when an order, an amendment or an offer changes it. Hours are only stated at closing, never counted, here.
"""
