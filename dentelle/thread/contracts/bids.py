"""The analysis of the bids of a contract as a table: a line for each element of the grid, a column for each bid."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from dentelle.thread.contracts.models import AnalysisCriterion, Contract, Offer, OfferScore


@dataclass(frozen=True, slots=True)
class BidLine:
    """One element of the grid; ``scores`` in the order of the bids, None where nobody scored."""

    criterion: AnalysisCriterion
    scores: tuple[OfferScore | None, ...]


@dataclass(frozen=True, slots=True)
class BidTable:
    """``totals`` in the order of the bids: points over the elements scored, None when none is."""

    offers: tuple[Offer, ...]
    lines: tuple[BidLine, ...]
    totals: tuple[Decimal | None, ...]
    out_of: int

    @property
    def next_act(self) -> str:
        """The code of the act that takes the analysis further."""
        if not self.lines:
            return "grille"
        if not self.offers:
            return "offre"
        if any(score is None for line in self.lines for score in line.scores):
            return "notation"
        return "offre" if all(offer.retained for offer in self.offers) else "retenir"


def bid_table(contract: Contract) -> BidTable:
    """Return how bids were read. Three queries, whatever their number."""
    offers = tuple(contract.offers.select_related("organisation", "lot").prefetch_related("scores"))
    given = {(score.offer_id, score.criterion_id): score for offer in offers for score in offer.scores.all()}
    grid = tuple(contract.criteria.all())
    lines = tuple(BidLine(line, tuple(given.get((offer.pk, line.pk)) for offer in offers)) for line in grid)
    totals = tuple(_total(line.scores[rank] for line in lines) for rank in range(len(offers)))
    return BidTable(offers, lines, totals, sum(line.points for line in grid))


def _total(scores: Iterable[OfferScore | None]) -> Decimal | None:
    points = [score.points for score in scores if score is not None]
    return sum(points, Decimal(0)) if points else None
