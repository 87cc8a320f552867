"""Reads: the store, one page of the list, one contract, the data set. Later rooms read contracts through here only."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from dentelle.opendata.decp.dataset import MANIFEST, DatasetMissing, DatasetTooNew, open_dataset
from dentelle.opendata.marts import serving_aggregates
from dentelle.opendata.marts.serving_store import STORE_FILE, PurchaseRow, Record, StoreMissing
from dentelle.thread.territory.queries import store


def store_path() -> Path:
    """Return where the serving store of this installation is."""
    return Path(settings.DENTELLE_DECP) / STORE_FILE


@dataclass(frozen=True, slots=True)
class Buyer:
    """A buyer of the data: ``key`` is its SIREN (or what was published), ``name`` its name or that key."""

    key: str
    name: str
    contracts: int


def buyers_called(text: str, limit: int = 20) -> list[Buyer]:
    """Return the buyers whose name contains a text, or whose SIREN or SIRET it is, those with most contracts first."""
    digits = "".join(text.split())
    key = digits[:9] if len(digits) == 14 and digits.isdecimal() else digits if digits.isdecimal() else text.strip()
    return [Buyer(code, name or code, total) for code, name, total in serving_aggregates.buyers(store(), key, limit)]


@dataclass(frozen=True, slots=True)
class KnownContract:
    """What other rooms read of a contract; None when the data do not say. Amounts are cents, an award, never an estimate.

    ``need_amount_cents`` is the sum over the ``need_lots`` lots of one number, None when one of them has no usable amount.
    """

    contract_key: str
    object: str | None
    buyer_name: str | None
    buyer_id: str | None
    buyer_kind: str | None
    contract_kind: str | None
    cpv: str | None
    amount_cents: int | None
    amount_kind: str | None
    need_amount_cents: int | None
    need_lots: int | None
    is_subsequent: bool | None
    duration_months: int | None
    estimated_end: date | None
    estimated_launch: date | None
    place_area: str | None
    required: str | None


def contract(contract_key: str) -> KnownContract | None:
    """Return a contract of the loaded data, None when there are no data or no such contract."""
    try:
        record = store().contract(contract_key)
    except StoreMissing:
        return None
    if record is None:
        return None
    # « repeated »: another row counts it, but it is the amount of this contract all the same
    amount = record["amount_cents"] if record["amount_flag"] in ("ok", "repeated") else None
    return KnownContract(
        **{name: record[name] for name in KnownContract.__dataclass_fields__ if name != "amount_cents"},
        amount_cents=amount,
    )


@dataclass(frozen=True, slots=True)
class ContractPage:
    """One contract with all that is known of it."""

    facts: Record
    chain: list[PurchaseRow]
    holders: list[Record]
    modifications: list[Record]
    subcontracts: list[Record]
    source_lines: list[Record]
    meta: dict[str, str]


def contract_page(contract_key: str) -> ContractPage | None:
    """Return what the page of a contract shows, None when there is no such contract."""
    try:
        facts = store().contract(contract_key)
    except StoreMissing:
        return None
    if facts is None:
        return None
    read = store()
    return ContractPage(
        facts=facts,
        chain=read.chain(facts),
        holders=read.holders(facts),
        modifications=read.modifications(facts),
        subcontracts=read.subcontracts(facts),
        source_lines=read.source_lines(facts),
        meta=read.meta(),
    )


@dataclass(frozen=True, slots=True)
class DataSet:
    """What is loaded: figures as text or counts, files, refusals by reason."""

    meta: dict[str, str]
    coverage: serving_aggregates.Coverage
    sources: list[Record]
    rejects: list[tuple[str, str, int]]  # code of the defect, one of its sentences, number


def data_set() -> DataSet | None:
    """Return what the site reads now, None when nothing is loaded."""
    from dentelle.opendata.marts.serving_filters import PurchaseFilters

    read = store()
    try:
        meta = read.meta()
    except StoreMissing:
        return None
    rejects = read.rows(
        "SELECT defect, min(reason), count(*) FROM rejects GROUP BY defect ORDER BY count(*) DESC, defect"
    )
    return DataSet(
        meta=meta,
        coverage=serving_aggregates.coverage(read, PurchaseFilters()),
        sources=read.records("SELECT * FROM sources ORDER BY source_name, source_sha256 LIMIT 500"),
        rejects=[(code, reason, total) for code, reason, total in rejects],
    )


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A data set that was imported and that the pages do not show yet."""

    contracts: int
    imported_at: datetime


def unpublished() -> Unpublished | None:
    """Return what was imported since the last publishing, None when the pages show all there is."""
    folder = Path(settings.DENTELLE_DECP)
    try:
        opened = open_dataset(folder)
    except (DatasetMissing, DatasetTooNew):
        return None
    if not opened.manifest.sources or _published().get("digest") == opened.digest:
        return None  # every file may have been taken out: nothing waits then
    written = (folder / MANIFEST).stat().st_mtime
    return Unpublished(opened.manifest.contracts, datetime.fromtimestamp(written, tz=UTC))


def is_published_as_of(today: date) -> bool:
    """Whether the pages show the data set on disk, foreseen as of ``today``. Raises DatasetMissing, DatasetTooNew."""
    shown = _published()
    return (shown.get("digest"), shown.get("as_of")) == (
        open_dataset(settings.DENTELLE_DECP).digest,
        today.isoformat(),
    )


def _published() -> dict[str, str]:
    try:
        return store().meta()
    except StoreMissing:
        return {}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the data set; ``only_here`` counts the contracts or lots that no other file gives."""

    sha256: str
    name: str
    read: int
    rejected: int
    only_here: int
    others: int  # how many other files there are


def source_file(sha256: str) -> SourceFile | None:
    """Return a file of the data set by its digest, None when there is no such file."""
    read = store()
    try:
        found = read.records("SELECT * FROM sources WHERE source_sha256 = ?", [sha256])
        if not found:
            return None
        ((total,),) = read.rows("SELECT count(*) FROM sources")
        ((only,),) = read.rows(
            """SELECT count(*) FROM (SELECT row_id FROM source_lines GROUP BY row_id
               HAVING min(source_sha256) = max(source_sha256) AND min(source_sha256) = ?)""",
            [sha256],
        )
    except StoreMissing:
        return None
    return SourceFile(sha256, found[0]["source_name"], found[0]["read"], found[0]["rejected"], only, total - 1)


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """For how many contracts something is known; ``share`` is None without any contract."""

    label: str
    known: int
    unknown: int
    share: float | None


def coverage_lines(known: serving_aggregates.Coverage) -> list[CoverageLine]:
    """Return the coverage of the data set as lines of a table."""
    figures = (
        ("Fin estimée", known.with_end),
        ("Durée publiée", known.with_published_duration),
        ("Montant utilisable", known.with_usable_amount),
        ("CPV (non publié pour les concessions)", known.with_cpv),
        ("Nom de l’acheteur", known.buyer_named),
        ("Lieu d’exécution", known.place_known),
        ("Considération sociale (dite, même « aucune »)", known.social_stated),
    )
    total = known.contracts
    return [CoverageLine(label, count, total - count, count / total if total else None) for label, count in figures]


def reject_lines(batch: int = 5_000) -> Any:
    """Yield the refused records, a few thousand at a time, in the order of their files."""
    read, start = store(), 0
    while True:
        rows = read.rows(
            """SELECT source_name, record_index, byte_offset, line, defect, reason, excerpt FROM rejects
               ORDER BY source_sha256, record_index NULLS LAST, byte_offset, line LIMIT ? OFFSET ?""",
            [batch, start],
        )
        if rows:
            yield rows
        if len(rows) < batch:
            return
        start += batch
