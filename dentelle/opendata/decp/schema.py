"""The canonical DECP tables: what every import writes and every mart reads.

One row of ``contracts`` is one contract or one lot in its current state, so an amount is counted once whatever the number
of holders. Codes are text. Money is integer cents; an amount as published is kept beside it as text. Lists are joined by
``|``. A missing value is null, never 0 nor an empty string. ``dataset.SCHEMA_VERSION`` changes with any column.
"""

import pyarrow as pa

CONTRACTS = pa.schema(
    [
        # identity
        ("contract_key", pa.string()),  # 20 hex digits, stable between imports: digest of kind, buyer, number and lot
        ("uid", pa.string()),  # buyer SIRET + number: a convention, shared by the lots of one contract
        ("kind", pa.string()),  # contract | concession
        ("generation", pa.string()),  # 2019 | 2022
        ("number", pa.string()),  # the buyer's own number, trimmed
        ("lot_rank", pa.int32()),  # 1… among the rows that share kind and uid
        ("buyer_id", pa.string()),  # as published, trimmed
        ("buyer_id_valid", pa.bool_()),  # 14 digits and right key
        ("buyer_siren", pa.string()),  # first 9 digits, null when buyer_id is not 14 digits
        ("buyer_name", pa.string()),  # as published (2019 only), null otherwise
        # what is bought
        ("nature", pa.string()),
        ("object", pa.string()),
        ("object_words", pa.string()),  # lower case, no accents, words separated by one space
        ("cpv", pa.string()),  # 8 digits, null when missing or malformed
        ("cpv_division", pa.string()),  # first 2 digits of cpv
        ("procedure", pa.string()),
        ("techniques", pa.string()),
        ("modalities", pa.string()),
        ("ccag", pa.string()),
        ("price_form", pa.string()),
        ("price_types", pa.string()),
        ("is_framework", pa.bool_()),
        ("framework_number", pa.string()),
        # where
        ("place_code", pa.string()),
        ("place_kind", pa.string()),  # postal | commune | arrondissement | canton | department | region | country
        ("place_name", pa.string()),
        # when: dates are dates, never future nor ancient ones (those are null, flagged)
        ("notified_on", pa.date32()),  # notification, or signature of a concession
        ("published_on", pa.date32()),
        (
            "effective_on",
            pa.date32(),
        ),  # notification, else publication, else 1 July of the year in the number, else null
        ("effective_source", pa.string()),  # notification | signature | publication | number_year | none
        ("duration_months", pa.int32()),  # current total, null when missing or absurd
        ("duration_flag", pa.string()),  # published | missing | absurd
        ("initial_duration_months", pa.int32()),
        # how much, before tax
        ("amount_cents", pa.int64()),  # current; null when missing, unreadable or beyond what 64 bits hold
        ("amount_published", pa.string()),  # current, as written in the source
        (
            "amount_flag",
            pa.string(),
        ),  # ok | missing | not_positive | too_small | placeholder | too_large | repeated | in_doubt
        ("amount_kind", pa.string()),  # price | ceiling (framework agreements: an estimated maximum)
        ("summable", pa.bool_()),  # amount_flag ok and amount_kind price: the only rows a sum may take
        ("initial_amount_cents", pa.int64()),
        ("modification_count", pa.int32()),
        ("modified_on", pa.date32()),  # last modification applied
        # considerations: "none" (said so) is not "not_stated" (left empty, or 2019 format)
        ("social_status", pa.string()),  # considered | none | not_stated
        ("social_clause", pa.bool_()),  # null when not_stated
        ("social_criterion", pa.bool_()),
        ("reserved", pa.bool_()),
        ("environment_status", pa.string()),  # considered | none | not_stated
        # others
        ("offers_received", pa.int32()),
        ("consortium", pa.string()),
        ("subcontracting_declared", pa.bool_()),
        ("innovative", pa.bool_()),
        ("holder_count", pa.int32()),
        ("holder_id", pa.string()),  # first current holder, for lists; all of them are in holders
        ("holder_name", pa.string()),
        # trust
        ("flags", pa.string()),  # defect codes of check.py met on the records behind this row
        ("source_sha256", pa.string()),
        ("source_position", pa.int64()),  # byte offset of the record (line for XML)
        ("record_hash", pa.string()),
    ]
)

HOLDERS = pa.schema(
    [
        ("contract_key", pa.string()),
        ("rank", pa.int32()),
        ("holder_id", pa.string()),
        ("holder_id_kind", pa.string()),  # SIRET | TVA | TAHITI | RIDET | FRWF | IREP | HORS-UE | UE | unknown
        ("holder_id_valid", pa.bool_()),
        ("holder_siren", pa.string()),
        ("holder_name", pa.string()),
        ("current", pa.bool_()),  # false for a holder a modification replaced
    ]
)

MODIFICATIONS = pa.schema(
    [
        ("contract_key", pa.string()),
        ("rank", pa.int32()),  # order of application
        ("number", pa.string()),
        ("notified_on", pa.date32()),
        ("published_on", pa.date32()),
        ("amount_cents", pa.int64()),  # new total, not the difference
        ("amount_published", pa.string()),
        ("duration_months", pa.int32()),
        ("replaces_holders", pa.bool_()),
        ("reason", pa.string()),
    ]
)

SUBCONTRACTS = pa.schema(
    [
        ("contract_key", pa.string()),
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

REJECTS = pa.schema(
    [
        ("source_sha256", pa.string()),
        ("source_name", pa.string()),
        ("record_index", pa.int64()),  # 0-based in its source, null when the break is not inside a record
        ("byte_offset", pa.int64()),  # JSON
        ("line", pa.int64()),  # XML and NDJSON
        ("defect", pa.string()),  # a code of check.py
        ("reason", pa.string()),  # one French sentence: what, why
        ("excerpt", pa.string()),  # at most 200 characters of the record
    ]
)

LINEAGE = pa.schema(
    [
        ("source_sha256", pa.string()),
        ("record_index", pa.int64()),
        ("position", pa.int64()),
        ("record_hash", pa.string()),
        ("outcome", pa.string()),  # kept | duplicate | superseded | co_holder
        ("contract_key", pa.string()),
    ]
)

SOURCES = pa.schema(
    [
        ("source_sha256", pa.string()),
        ("source_name", pa.string()),
        ("bytes", pa.int64()),
        ("format", pa.string()),  # json | ndjson | xml
        ("generation", pa.string()),
        ("read", pa.int64()),
        ("rejected", pa.int64()),
    ]
)

# Names learned from records that carry them (2019), so that those that do not (2022) can be named.
NAMES = pa.schema(
    [
        ("identifier", pa.string()),  # 14 digits (establishment) or 9 (legal unit)
        ("name", pa.string()),
        ("count", pa.int64()),
        ("last_seen", pa.date32()),
        (
            "rank",
            pa.int32(),
        ),  # 1 is the name to show: whole accents first, then the most frequent, then the most recent
    ]
)

TABLES: dict[str, pa.Schema] = {
    "contracts": CONTRACTS,
    "holders": HOLDERS,
    "modifications": MODIFICATIONS,
    "subcontracts": SUBCONTRACTS,
    "rejects": REJECTS,
    "lineage": LINEAGE,
    "sources": SOURCES,
    "names": NAMES,
}
