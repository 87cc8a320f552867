"""The staging tables: what a block of a source becomes before sources are compared."""

from pathlib import Path
from typing import Final

import pyarrow as pa

STRING: Final = pa.string()
BOOL: Final = pa.bool_()
DATE: Final = pa.date32()
INTEGER: Final = pa.int32()

STAGED_RECORDS: Final = pa.schema(
    [
        ("source_key", pa.int64()),
        ("part", pa.int32()),
        ("local", pa.int32()),
        ("position", pa.int64()),
        ("record_hash", pa.string()),
        ("kind", pa.string()),
        ("generation", pa.string()),
        ("number", pa.string()),
        ("buyer_id", pa.string()),
        ("buyer_id_valid", pa.bool_()),
        ("buyer_name", pa.string()),
        ("nature", pa.string()),
        ("object", pa.string()),
        ("object_words", pa.string()),
        ("lot_mark", pa.int32()),  # the number after « lot » in the object
        ("cpv", pa.string()),
        ("procedure", pa.string()),
        ("techniques", pa.string()),
        ("modalities", pa.string()),
        ("ccag", pa.string()),
        ("price_form", pa.string()),
        ("price_types", pa.string()),
        ("framework_number", pa.string()),
        ("place_code", pa.string()),
        ("place_kind", pa.string()),
        ("place_name", pa.string()),
        ("notified_on", pa.date32()),
        ("published_on", pa.date32()),
        ("duration_months", pa.int32()),
        ("duration_flag", pa.string()),
        ("amount_cents", pa.int64()),
        ("amount_published", pa.string()),
        ("amount_flag", pa.string()),
        ("social_status", pa.string()),
        ("social_clause", pa.bool_()),
        ("social_criterion", pa.bool_()),
        ("reserved", pa.bool_()),
        ("environment_status", pa.string()),
        ("offers_received", pa.int32()),
        ("consortium", pa.string()),
        ("subcontracting_declared", pa.bool_()),
        ("innovative", pa.bool_()),
        ("holders_key", pa.string()),
        ("holder_count", pa.int32()),
        ("holder_id", pa.string()),
        ("holder_name", pa.string()),
        ("lone_holder", pa.bool_()),  # the only holder, of right SIRET: it has no row in the holders staged
        ("modified", pa.bool_()),
        ("filled", pa.int32()),  # how many of FILLED the record gives
        ("flags", pa.string()),
    ]
)
STAGED_HOLDERS: Final = pa.schema(
    [
        ("source_key", pa.int64()),
        ("part", pa.int32()),
        ("local", pa.int32()),
        ("modification", pa.int32()),  # 0 for the holders of the contract itself
        ("rank", pa.int32()),
        ("holder_id", pa.string()),
        ("holder_id_kind", pa.string()),
        ("holder_id_valid", pa.bool_()),
        ("holder_name", pa.string()),
    ]
)
STAGED_MODIFICATIONS: Final = pa.schema(
    [
        ("source_key", pa.int64()),
        ("part", pa.int32()),
        ("local", pa.int32()),
        ("rank", pa.int32()),
        ("number", pa.string()),
        ("notified_on", pa.date32()),
        ("published_on", pa.date32()),
        ("amount_cents", pa.int64()),
        ("amount_published", pa.string()),
        ("amount_flag", pa.string()),
        ("duration_months", pa.int32()),
        ("holders_key", pa.string()),
        ("reason", pa.string()),
    ]
)
STAGED_SUBCONTRACTS: Final = pa.schema(
    [
        ("source_key", pa.int64()),
        ("part", pa.int32()),
        ("local", pa.int32()),
        ("rank", pa.int32()),
        ("number", pa.string()),
        ("subcontractor_id", pa.string()),
        ("subcontractor_id_kind", pa.string()),
        ("notified_on", pa.date32()),
        ("duration_months", pa.int32()),
        ("amount_cents", pa.int64()),
        ("amount_published", pa.string()),
    ]
)
STAGED_REJECTS: Final = pa.schema(
    [
        ("source_key", pa.int64()),
        ("part", pa.int32()),
        ("local", pa.int32()),
        ("byte_offset", pa.int64()),
        ("line", pa.int64()),
        ("defect", pa.string()),
        ("excerpt", pa.string()),
    ]
)
STAGED: Final = {
    "records": STAGED_RECORDS,
    "holders": STAGED_HOLDERS,
    "modifications": STAGED_MODIFICATIONS,
    "subcontracts": STAGED_SUBCONTRACTS,
    "rejects": STAGED_REJECTS,
}
# What makes one copy of a record fuller than another.
FILLED: Final = (
    "nature", "object", "cpv", "procedure", "techniques", "modalities", "ccag", "price_form", "price_types", "framework_number", "place_code",
    "place_kind", "place_name", "notified_on", "published_on", "duration_months", "amount_published", "offers_received", "consortium",
    "subcontracting_declared", "innovative", "holder_id", "buyer_name", "holder_name",
)  # fmt: skip


def staged_rows(folder: Path, table: str) -> list[pa.Table]:
    """The rows of one staging table of one source, as they were written: mapped, never copied into memory."""
    return [pa.ipc.open_file(pa.memory_map(str(path))).read_all() for path in sorted(folder.glob(f"{table}-*.arrow"))]
