"""A contract in words: what its row of the list and the page of its history both say of it."""

from dataclasses import dataclass

from dentelle.opendata.marts.serving_store import PurchaseRow
from dentelle.rules.wording import shortened
from dentelle.thread.purchases import places, wording
from dentelle.thread.purchases.places import Namer, PlaceNamed
from dentelle.web.formatting import plural


@dataclass(frozen=True, slots=True)
class Line:
    """``row`` holds the figures; ``url`` opens the contract, empty where nothing does."""

    row: PurchaseRow
    object: str
    short: str
    how: str
    holder: str
    ceiling: bool
    amount_unusable: str
    social: str
    calibrate_url: str
    place: PlaceNamed
    url: str = ""


def line_of(row: PurchaseRow, url: str = "", named: Namer | None = None) -> Line:
    """Return a contract in words, opened by ``url``; its place is told when ``named`` knows how."""
    usable = row.amount_flag == "ok"
    subject = wording.thin(row.object or "objet non renseigné")
    return Line(
        row=row,
        object=subject,
        short=shortened(subject, 160),
        how=_how(row),
        holder=_holder(row),
        ceiling=row.amount_kind == "ceiling",
        amount_unusable="" if usable else wording.AMOUNT_FLAG.get(row.amount_flag or "missing", ""),
        social=wording.social(row.social_status, row.social_clause, row.social_criterion, row.reserved),
        calibrate_url=calibrate_url(row.contract_key),
        place=named(row.place_area, row.place_precision) if named else places.UNKNOWN,
        url=url,
    )


def calibrate_url(contract_key: str) -> str:
    """Return where a clause is calibrated for a contract (the room downstream, which need not be installed)."""
    return f"/calibrages/nouveau?achat={contract_key}"


def _how(row: PurchaseRow) -> str:
    """How the end was estimated, in a few words."""
    said = wording.DURATION_SHORT.get(row.duration_source or "none", "")
    if row.duration_months and row.estimated_end:
        said = f"{row.duration_months}\u00a0mois {'publiés' if row.duration_source == 'published' else 'estimés'}"
    if row.effective_source in {"publication", "number_year"}:
        said += ", date de publication" if row.effective_source == "publication" else ", année du numéro"
    return said


def _holder(row: PurchaseRow) -> str:
    name = wording.named(row.holder_name, row.holder_id) or "non renseigné"
    others = (row.holder_count or 1) - 1
    return f"{name} et {plural(others, 'autre')}" if others > 0 else name
