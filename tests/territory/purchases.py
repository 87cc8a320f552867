"""Purchases for tests: each is a mapping of what matters, the rest takes a plain value."""

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from dentelle.opendata.decp.schema import TABLES
from dentelle.opendata.marts.schema import LOCATED, RENEWALS
from tests.serving_frames import with_parts

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
PLAIN: dict[str, Any] = {
    "kind": "contract",
    "generation": "2022",
    "buyer_id": "21350238800019",
    "buyer_siren": "213502388",
    "buyer_name": "Commune de Rennes",
    "buyer_name_source": "cog",
    "buyer_kind": "local",
    "buyer_kind_basis": "cog",
    "object": "Nettoyage des écoles",
    "object_words": "nettoyage des ecoles",
    "cpv": "90910000",
    "cpv_division": "90",
    "contract_kind": "services",
    "amount_cents": 300_000_00,
    "amount_flag": "ok",
    "amount_kind": "price",
    "summable": True,
    "effective_on": date(2023, 3, 1),
    "effective_source": "notification",
    "published_on": date(2023, 4, 1),
    "duration_months": 48,
    "duration_source": "published",
    "estimated_end": date(2027, 3, 1),
    "chain_length": 1,
    "chain_rank": 1,
    "is_last_of_chain": True,
    "is_subsequent": False,
    "confidence": "high",
    "required": "yes",
    "social_status": "not_stated",
    "place_area": "commune:35238",
    "place_precision": "commune",
    "seat_area": "commune:35238",
    "department_code": "35",
    "region_code": "53",
    "trade": "cleaning",
    "trade_name": "Nettoyage",
    "hours_low": 400,
    "hours_central": 800,
    "hours_high": 1200,
    "hours_status": "to_confirm",
    "source_sha256": "0" * 64,
    "source_position": 0,
}


def write_views(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    """Register the tables a serving store is assembled from, holding ``rows``."""
    full = []
    for rank, row in enumerate(rows):
        key = f"{rank:020d}"
        whole = PLAIN | {"contract_key": key, "uid": key, "number": str(rank), "chain_id": key} | row
        full.append(with_parts(whole))
    schemas = {"contracts": TABLES["contracts"], "renewals": RENEWALS, "located": LOCATED, "hours": HOURS}
    for name, schema in schemas.items():
        connection.register(name, _table(full, schema))
    for name in ("holders", "modifications", "subcontracts", "rejects", "lineage", "sources"):
        connection.register(name, TABLES[name].empty_table())


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)
