"""Reading the Tour: its stages, one stage whole, what it adds up to, and findings others cite."""

from dentelle.network.tour.queries.cited import CitedFinding, findings_cited_by

__all__ = ["CitedFinding", "findings_cited_by"]
