"""Plans: what a buyer foresees to buy, line by line, with what each line could carry.

In: a buyer's purchase plan as it is (a spreadsheet through ``intake``), dropped by the structure or by the buyer. Out: each
line with its obligation, a lever, hours as a range, a trade and the month to act; the whole plan back as a spreadsheet and
one printed page; a calibration or a contract that starts from a line. Decided here: nothing of the law or of the trade
(``rules`` decides, as for calibrations and renewals): only how a line is found again, what stays unknown, and to which
structure a buyer's plan belongs.
"""
