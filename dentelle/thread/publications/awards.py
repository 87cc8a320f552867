"""Reads from the serving store the awards that may be contracts of the register: one query for a batch, whoever leads them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dentelle.opendata.marts.serving_store import ServingStore
from dentelle.thread.publications.matching import WINDOW_DAYS, Award, Ours, normal_number

_COLUMNS = """p.row_id, p.contract_key, p.generation, p.buyer_id, p.number, p.lot_rank, p.object, p.holder_name,
    p.effective_on, p.published_on, p.amount_cents, p.social_status::VARCHAR AS social_status, p.social_clause,
    p.social_criterion, p.reserved"""
# the number is compared without its signs; the format of 2019 adds two digits to it
_AROUND = f"""
WITH asked AS (
    SELECT unnest(CAST(? AS BIGINT[])) AS pk, unnest(CAST(? AS VARCHAR[])) AS siren,
           unnest(CAST(? AS VARCHAR[])) AS number, unnest(CAST(? AS DATE[])) AS notified_on
)
SELECT a.pk, {_COLUMNS}
FROM asked a JOIN buyers b ON b.buyer_siren = a.siren JOIN purchases p ON p.buyer_no = b.buyer_no
WHERE abs(date_diff('day', p.effective_on, a.notified_on)) <= {WINDOW_DAYS}
   OR (a.number <> '' AND starts_with(regexp_replace(upper(p.number), '[^0-9A-Z]', '', 'g'), a.number))
"""  # noqa: S608 (constants of this file)
_BY_KEY = f"SELECT {_COLUMNS} FROM purchases p WHERE p.contract_key IN (SELECT unnest(CAST(? AS VARCHAR[])))"  # noqa: S608
_HOLDERS = """SELECT row_id, holder_siren FROM holders
    WHERE "current" AND holder_siren IS NOT NULL AND row_id IN (SELECT unnest(CAST(? AS INTEGER[])))"""


def awards_around(store: ServingStore, contracts: Sequence[Ours]) -> Mapping[int, Sequence[Award]]:
    """Return, for each contract by its key, the awards of its buyer near its notification or of its number. Raises StoreMissing."""
    known = [each for each in contracts if each.buyer_siren]
    if not known:
        return {}
    columns: list[list[Any]] = [
        [each.pk for each in known],
        [each.buyer_siren for each in known],
        [normal_number(each.number) for each in known],
        [each.notified_on for each in known],
    ]
    rows = store.records(_AROUND, columns)
    holders = _holders(store, {row["row_id"] for row in rows})
    found: dict[int, list[Award]] = defaultdict(list)
    for row in rows:
        found[row["pk"]].append(_award(row, holders))
    return found


def awards_by_key(store: ServingStore, keys: Sequence[str]) -> Mapping[str, Award]:
    """Return awards by their ``contract_key``; one the data no longer hold is absent. Raises StoreMissing."""
    if not keys:
        return {}
    rows = store.records(_BY_KEY, [list(keys)])
    holders = _holders(store, {row["row_id"] for row in rows})
    return {row["contract_key"]: _award(row, holders) for row in rows}


def _holders(store: ServingStore, row_ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for row_id, siren in store.rows(_HOLDERS, [sorted(row_ids)]):
        found[row_id].add(siren)
    return {row_id: frozenset(sirens) for row_id, sirens in found.items()}


def _award(row: Mapping[str, Any], holders: Mapping[int, frozenset[str]]) -> Award:
    return Award(
        contract_key=row["contract_key"],
        generation=row["generation"] or "",
        buyer_id=row["buyer_id"] or "",
        number=row["number"] or "",
        lot_rank=row["lot_rank"] or 1,
        object=row["object"] or "",
        holders=holders.get(row["row_id"], frozenset()),
        holder_name=row["holder_name"] or "",
        notified_on=row["effective_on"],
        published_on=row["published_on"],
        amount_cents=row["amount_cents"],
        social_status=row["social_status"] or "not_stated",
        clause=bool(row["social_clause"]),
        criterion=bool(row["social_criterion"]),
        reserved=bool(row["reserved"]),
    )
