"""What people type about a contract. Thin: fields, labels, French errors; every decision is in ``actions``."""
