"""Small hand-made tables: a contract is written with only what its test is about."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from dentelle.opendata.decp.schema import CONTRACTS, MODIFICATIONS, NAMES
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.parameters import CpvTrade, Foresight, HoursParameters, HoursPeriod, Threshold, TradeWeight

LYON, VILLEURBANNE, GRENOBLE, LILLE = "69123", "69266", "38185", "59350"
LYON_SIREN, METROPOLE = "216901231", "200046977"

_USUAL: dict[str, Any] = {
    "kind": "contract",
    "generation": "2022",
    "lot_rank": 1,
    "buyer_id": "21690123100011",
    "buyer_id_valid": True,
    "buyer_siren": LYON_SIREN,
    "nature": "Marché",
    "cpv": "90911200",
    "place_kind": "commune",
    "place_code": LYON,
    "notified_on": date(2023, 3, 31),
    "published_on": date(2023, 4, 15),
    "effective_source": "notification",
    "duration_months": 48,
    "duration_flag": "published",
    "amount_cents": 100_000_00,
    "amount_flag": "ok",
    "amount_kind": "price",
    "modification_count": 0,
    "social_status": "not_stated",
    "holder_count": 1,
    "is_framework": False,
}


def contract(key: str, words: str = "nettoyage vitres ecoles", **changes: Any) -> dict[str, Any]:
    """One row of ``contracts``; what is not said is usual (Lyon, cleaning, 100 000 €, four years from 31 March 2023)."""
    row = {**_USUAL, "contract_key": key, "number": key, "object": words, "object_words": words, **changes}
    row.setdefault("uid", f"{row['buyer_id']}{row['number']}")
    row.setdefault("effective_on", row["notified_on"])
    row.setdefault("cpv_division", row["cpv"][:2] if row["cpv"] else None)
    row.setdefault("initial_duration_months", row["duration_months"])
    row.setdefault("initial_amount_cents", row["amount_cents"])
    row.setdefault("summable", row["amount_flag"] == "ok" and row["amount_kind"] == "price")
    return row


def contracts(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows of ``contract`` as a table of the canonical shape."""
    return pa.Table.from_pylist([{name: row.get(name) for name in CONTRACTS.names} for row in rows], schema=CONTRACTS)


def modifications(rows: Iterable[dict[str, Any]] = ()) -> pa.Table:
    """Modifications, as in the canonical shape."""
    return pa.Table.from_pylist([{n: row.get(n) for n in MODIFICATIONS.names} for row in rows], schema=MODIFICATIONS)


def names(*rows: tuple[str, str, int]) -> pa.Table:
    """Names learnt from other records: (identifier, name, rank)."""
    learnt = [{"identifier": code, "name": name, "count": 1, "rank": rank} for code, name, rank in rows]
    return pa.Table.from_pylist(learnt, schema=NAMES)


def ground_tables() -> dict[str, pa.Table]:
    """Four communes of three departments; 69100 serves Villeurbanne only, 69500 both communes of the métropole."""
    communes = [
        (LYON, "Lyon", "69", "84", METROPOLE, 520_000, LYON_SIREN),
        (VILLEURBANNE, "Villeurbanne", "69", "84", METROPOLE, 160_000, "216902668"),
        (GRENOBLE, "Grenoble", "38", "84", "200040715", 156_000, "213801855"),
        (LILLE, "Lille", "59", "32", "200093201", 236_000, "215903501"),
    ]
    postal = [("69100", VILLEURBANNE), ("69500", LYON), ("69500", VILLEURBANNE), ("38000", GRENOBLE), ("59000", LILLE)]
    return {
        "communes": _table(schema.COMMUNES, communes),
        "postal_codes": _table(schema.POSTAL_CODES, postal),
        "former_codes": _table(schema.FORMER_CODES, [("69381", LYON)]),
        "epcis": _table(schema.EPCIS, [(METROPOLE, "Métropole de Lyon")]),
        "legal_units": schema.LEGAL_UNITS.empty_table(),
    }


def foresight() -> Foresight:
    """Thresholds of 2026-2027, then their projection."""
    rows = []
    for buyer, supplies in (("central", 140_000), ("local", 216_000), ("utility", 432_000)):
        for kind, amount in (
            ("works", 5_404_000),
            ("concession", 5_404_000),
            ("supplies", supplies),
            ("services", supplies),
        ):
            rows.append(Threshold(buyer, kind, date(2024, 1, 1), date(2027, 12, 31), amount, "certain"))
            rows.append(Threshold(buyer, kind, date(2028, 1, 1), None, amount, "to_confirm"))
    return Foresight(
        thresholds=tuple(rows),
        award_margin=200,
        social_condition_from=date(2026, 8, 21),
        consultation_months=6,
        preparation_months=4,
        short_works_months=6,
    )


def hours_parameters() -> HoursParameters:
    """Cleaning at 80 %, no share for supplies (39); effort 5 %, 25 – 30 – 40 €/h: the figures of the published examples."""
    return HoursParameters(
        trades=(
            CpvTrade("90", "cleaning", "Nettoyage", "local_practice"),
            CpvTrade("45", "building_all_trades", "Bâtiment", "certain"),
            CpvTrade("77", "green_spaces", "Espaces verts", "to_confirm"),
            CpvTrade("39", None, None, "to_confirm"),
        ),
        parts=2_400_000,
        periods=(
            HoursPeriod(
                date(2026, 11, 21),
                {
                    "cleaning": TradeWeight(24, 32, 38, "local_practice"),
                    # 50 % × 5 % ÷ 3 000 cents: 20 parts of an hour per cent; ÷ 4 000: 15; ÷ 2 500: 24
                    "building_all_trades": TradeWeight(15, 20, 24, "local_practice"),
                    "green_spaces": TradeWeight(18, 27, 36, "local_practice"),
                },
            ),
        ),
    )


def _table(shape: pa.Schema, rows: list[tuple[Any, ...]]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(shape.names, row, strict=True)) for row in rows], schema=shape)
