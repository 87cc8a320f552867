"""What is measured, how, against what: each module prints its figures and ratios."""
