"""Small serving stores made by hand: ``make_store(path, purchase("a", buyer_name="Ville de Rennes"), …)``."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dentelle.opendata.decp import schema as decp
from dentelle.opendata.marts import schema as marts
from dentelle.opendata.marts.serving import assemble

HOURS = pa.schema(
    [
        ("contract_key", pa.string()),
        ("trade", pa.string()),
        ("trade_name", pa.string()),
        ("hours_low", pa.int64()),
        ("hours_central", pa.int64()),
        ("hours_high", pa.int64()),
        ("hours_low_parts", pa.int64()),
        ("hours_central_parts", pa.int64()),
        ("hours_high_parts", pa.int64()),
        ("hours_status", pa.string()),
        ("hours_excluded", pa.string()),
    ]
)
_DEFAULTS: dict[str, Any] = {
    "kind": "contract",
    "generation": "2022",
    "lot_rank": 1,
    "buyer_id": "21350238800019",
    "buyer_siren": "213502388",
    "buyer_name": "Commune de Rennes",
    "buyer_name_source": "published",
    "buyer_kind": "local",
    "buyer_kind_basis": "cog",
    "object": "Nettoyage des écoles",
    "cpv": "90910000",
    "cpv_division": "90",
    "contract_kind": "services",
    "is_framework": False,
    "is_subsequent": False,
    "holder_id": "30000000000011",
    "holder_name": "Propre SARL",
    "holder_name_source": "published",
    "holder_count": 1,
    "amount_cents": 12_000_000,
    "amount_published": "120000",
    "amount_flag": "ok",
    "amount_kind": "price",
    "summable": True,
    "notified_on": date(2023, 1, 15),
    "effective_on": date(2023, 1, 15),
    "effective_source": "notification",
    "duration_months": 48,
    "duration_source": "published",
    "duration_flag": "published",
    "estimated_end": date(2027, 1, 15),
    "prepare_from": date(2026, 3, 15),
    "chain_length": 1,
    "chain_rank": 1,
    "is_last_of_chain": True,
    "chain_status": "searched",
    "confidence": "high",
    "confidence_score": 1,
    "confidence_reasons": "notified",
    "required": "no",
    "threshold_eur": 216_000,
    "threshold_status": "certain",
    "obligation_basis": "below_threshold",
    "social_status": "not_stated",
    "modification_count": 0,
    "place_area": "commune:35238",
    "place_precision": "commune",
    "seat_area": "commune:35238",
    "commune_code": "35238",
    "department_code": "35",
    "region_code": "53",
    "flags": "",
    "source_sha256": "ab" * 32,
    "source_position": 0,
}


def purchase(key: str, **values: Any) -> dict[str, Any]:
    """One contract with ordinary values, changed by ``values``; ``key`` is its contract_key."""
    row = {**_DEFAULTS, "contract_key": key, "uid": f"uid-{key}", "number": key, "chain_id": key, **values}
    if "object_words" not in values:
        row["object_words"] = (row["object"] or "").lower().replace("é", "e").replace("è", "e").replace("’", " ")
    return row


def with_parts(row: dict[str, Any]) -> dict[str, Any]:
    """The same hours in parts of an hour, one part being an hour (``hours_parts`` absent from the meta)."""
    return {**{f"hours_{level}_parts": row.get(f"hours_{level}") for level in ("low", "central", "high")}, **row}


def make_store(
    path: Path, *rows: dict[str, Any], meta: dict[str, str] | None = None, **tables: list[dict[str, Any]]
) -> Path:
    """Write a serving store from hand-made contracts; ``tables`` gives rows of holders, modifications, rejects, hours…"""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    frames: dict[str, pa.Table] = {
        "contracts": pa.Table.from_pylist(list(rows), decp.CONTRACTS),
        "renewals": pa.Table.from_pylist(list(rows), marts.RENEWALS),
        "located": pa.Table.from_pylist(list(rows), marts.LOCATED),
        "hours": pa.Table.from_pylist([with_parts(row) for row in tables.pop("hours", [])], HOURS),
    }
    holders = decp.HOLDERS.append(pa.field("holder_name_source", pa.string()))
    frames["holders"] = pa.Table.from_pylist(tables.pop("holders", []), holders)
    for name in ("modifications", "subcontracts", "rejects", "lineage", "sources"):
        frames[name] = pa.Table.from_pylist(tables.pop(name, []), decp.TABLES[name])
    assert not tables, tables
    for name, frame in frames.items():
        connection.register(name, frame)
    assemble(connection, path, {"as_of": "2026-11-21", **(meta or {})})
    connection.close()
    return path
