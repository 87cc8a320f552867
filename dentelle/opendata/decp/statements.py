"""The SQL of the canonical tables that is too long to be read inside ``build``, and how a query becomes a file."""

from pathlib import Path
from typing import Final

import pyarrow as pa

from dentelle.opendata.decp import values
from dentelle.opendata.decp.schema import TABLES

ROW_GROUP: Final = 61_440
# Beyond so many different values in a row group, what a dictionary saves is less than what gathering it costs.
DICTIONARY: Final = 1000


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def joined(columns: str) -> str:
    """Columns as one text in which absence cannot be taken for emptiness."""
    parts, depth, current = [], 0, ""
    for sign in columns:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            parts.append(current)
            current = ""
        else:
            current += sign
    parts.append(current)
    return ", '\x1e', ".join(
        f"coalesce(({part.strip()})::VARCHAR, '\x00')".replace("'\x00'", "chr(1)") for part in parts
    )


def copy(statement: str, into: Path, table: str) -> str:
    """Write a query as a canonical table, columns and types as the contract fixes them, contract keys (bytes until here) as text."""
    columns = ", ".join(
        f"{_WRITTEN.get(field.name, field.name)}::{_type(field.type)} AS {field.name}" for field in TABLES[table]
    )
    target = quoted(str(into / f"{table}.parquet"))
    return f"""
        COPY (SELECT {columns} FROM ({statement})) TO {target}
        (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP}, DICTIONARY_SIZE_LIMIT {DICTIONARY})"""


_WRITTEN: Final = {"contract_key": "lower(hex(contract_key))"}


def _type(kind: pa.DataType) -> str:
    return {"string": "VARCHAR", "bool": "BOOLEAN", "int32": "INTEGER", "int64": "BIGINT", "date32[day]": "DATE"}[
        str(kind)
    ]


NAMES: Final = r"""
    WITH given AS (
        SELECT buyer_id AS identifier, buyer_name AS name, coalesce(notified_on, published_on) AS seen FROM staged_records
        WHERE buyer_name IS NOT NULL AND regexp_full_match(buyer_id, '[0-9]{14}')
        UNION ALL
        SELECT holder_id, holder_name, coalesce(notified_on, published_on) FROM staged_records
        WHERE lone_holder AND holder_name IS NOT NULL
        UNION ALL
        SELECT h.holder_id, h.holder_name, coalesce(r.notified_on, r.published_on) FROM staged_holders h
        JOIN staged_records r USING (source_key, part, local)
        WHERE h.holder_name IS NOT NULL AND regexp_full_match(h.holder_id, '[0-9]{14}')
    ), counted AS (
        SELECT identifier, name, count(*) AS count, max(seen) AS last_seen FROM given GROUP BY 1, 2
        UNION ALL
        SELECT substr(identifier, 1, 9), name, count(*), max(seen) FROM given GROUP BY 1, 2
    )
    SELECT identifier, name, count, last_seen,
           row_number() OVER (PARTITION BY identifier ORDER BY contains(name, '�'), count DESC, last_seen DESC NULLS LAST, name)::INT AS rank
    FROM counted
"""

PLACED: Final = """
    CREATE TEMP VIEW placed AS
    SELECT r.*, base, first_index, first_line, base + local AS row_id,
           coalesce(m.contract_key, core) AS contract_key, coalesce(kept, true) AS kept
    FROM keyed_records r JOIN parts USING (source_key, part) LEFT JOIN moved m ON m.row_id = base + local
"""

SOURCES: Final = """
    SELECT source_sha256, source_name, bytes, format, generation, read, rejected FROM described ORDER BY source_rank
"""

LINEAGE: Final = """
    SELECT source_sha256, (local + first_index)::BIGINT AS record_index,
           CASE WHEN format = 'xml' THEN position + first_line + 1 ELSE position END AS position, record_hash,
           CASE WHEN kept THEN 'kept' ELSE coalesce(o.outcome, 'duplicate') END AS outcome, contract_key
    FROM placed JOIN described USING (source_key) LEFT JOIN outcomes o USING (row_id)
"""

SUBCONTRACTS: Final = """
    SELECT contract_key, s.rank, s.number, subcontractor_id, subcontractor_id_kind,
           CASE WHEN s.notified_on <= {limit} THEN s.notified_on END AS notified_on, s.duration_months, s.amount_cents, s.amount_published
    FROM staged_subcontracts s JOIN placed USING (source_key, part, local) WHERE kept
"""

HOLDERS: Final = """
    WITH given AS (
        SELECT contract_key, row_id, kept, 1 AS rank, holder_id, 'SIRET' AS holder_id_kind, true AS holder_id_valid, holder_name
        FROM placed WHERE lone_holder
        UNION ALL
        SELECT contract_key, row_id, kept, h.rank, h.holder_id, h.holder_id_kind, h.holder_id_valid, h.holder_name
        FROM staged_holders h JOIN placed USING (source_key, part, local) WHERE h.modification = 0
    ), told AS (
        SELECT contract_key, coalesce(o.holder_rank, rank) AS rank, holder_id, holder_id_kind, holder_id_valid, substr(holder_id, 1, 9) AS siren,
               holder_name, g.holders_rank IS NULL AS current
        FROM given h LEFT JOIN changed g USING (contract_key) LEFT JOIN outcomes o ON o.row_id = h.row_id AND o.outcome = 'co_holder'
        WHERE kept OR o.row_id IS NOT NULL
        UNION ALL
        SELECT contract_key, (100 * modification_rank + rank)::INT, holder_id, holder_id_kind, holder_id_valid, substr(holder_id, 1, 9),
               holder_name, current
        FROM changed_holders
    )
    SELECT contract_key, rank, holder_id, holder_id_kind, holder_id_valid,
           CASE WHEN holder_id_kind IS DISTINCT FROM 'SIRET' THEN NULL WHEN holder_id_valid THEN siren
                WHEN regexp_full_match(holder_id, '[0-9]{14}') THEN siren END AS holder_siren,
           holder_name, current
    FROM told
"""

CONTRACTS: Final = f"""
    WITH rows AS (
        SELECT r.*, coalesce(lot_rank, 1) AS lot_rank, lot_rank IS NOT NULL AS is_lot,
               g.modification_count, g.modified_on, g.has_future, g.amount, g.duration_months AS new_duration, g.holders_rank,
               m.copies, m.sources, m.inside, m.flags AS merged_flags, k.number IS NOT NULL AS by_kinds, q.stem IS NOT NULL AS is_reissued,
               d.source_sha256, CASE WHEN d.format = 'xml' THEN position + first_line + 1 ELSE position END AS source_position,
               doubt, co_count, n.holder_count AS new_count, n.holder_id AS new_id, n.holder_name AS new_name,
               r.notified_on > {{limit}} OR r.published_on > {{limit}} AS is_future,
               CASE WHEN r.notified_on <= {{limit}} THEN r.notified_on END AS notified,
               CASE WHEN r.published_on <= {{limit}} THEN r.published_on END AS published,
               CASE WHEN r.notified_on IS NULL OR r.notified_on > {{limit}} THEN try_cast(regexp_extract(r.number, '^(20[0-9][0-9])', 1) AS INT) END AS number_year,
               CASE WHEN r.nature = 'Accord-cadre' OR r.techniques = 'Accord-cadre' THEN true
                    WHEN r.techniques IS NULL OR r.techniques = 'Sans objet' THEN false
                    ELSE regexp_matches(r.techniques, '(?i)accord.cadre') END AS framework
        FROM placed r
        JOIN described d USING (source_key)
        LEFT JOIN lots USING (contract_key)
        LEFT JOIN changed g USING (contract_key)
        LEFT JOIN merged m USING (contract_key)
        LEFT JOIN gathered USING (contract_key)
        LEFT JOIN doubted USING (contract_key)
        LEFT JOIN shared_by_kinds k ON k.buyer_id = r.buyer_id AND k.number = r.number
        LEFT JOIN reissued q ON r.generation = '2019' AND q.buyer_id = r.buyer_id AND q.stem = left(r.number, length(r.number) - 2)
             AND q.object_words = r.object_words
        LEFT JOIN (
            SELECT contract_key, count(*)::INT AS holder_count, arg_min(holder_id, rank) AS holder_id, arg_min(holder_name, rank) AS holder_name
            FROM changed_holders WHERE current GROUP BY contract_key
        ) n USING (contract_key)
        WHERE kept
    ), current AS (
        SELECT *,
               CASE WHEN amount IS NULL THEN amount_cents ELSE amount.cents END AS cents,
               CASE WHEN amount IS NULL THEN amount_published ELSE amount.published END AS written,
               CASE WHEN amount IS NULL THEN amount_flag ELSE amount.flag END AS flag,
               CASE WHEN number_year > year({{limit}}) THEN NULL ELSE number_year END AS plausible_year
        FROM rows
    )
    SELECT contract_key, CASE WHEN buyer_id IS NOT NULL AND number IS NOT NULL THEN concat(buyer_id, number) END AS uid,
           kind, generation, number, lot_rank, buyer_id, buyer_id_valid,
           CASE WHEN buyer_id_valid THEN substr(buyer_id, 1, 9)
                WHEN regexp_full_match(buyer_id, '[0-9]{{14}}') THEN substr(buyer_id, 1, 9) END AS buyer_siren, buyer_name,
           nature, object, object_words, cpv, substr(cpv, 1, 2) AS cpv_division, procedure, techniques, modalities, ccag, price_form, price_types,
           framework AS is_framework, framework_number, place_code, place_kind, place_name,
           notified AS notified_on, published AS published_on,
           coalesce(notified, published, make_date(plausible_year, 7, 1)) AS effective_on,
           CASE WHEN notified IS NOT NULL THEN CASE kind WHEN 'concession' THEN 'signature' ELSE 'notification' END
                WHEN published IS NOT NULL THEN 'publication' WHEN plausible_year IS NOT NULL THEN 'number_year' ELSE 'none' END AS effective_source,
           coalesce(new_duration, duration_months) AS duration_months,
           CASE WHEN new_duration IS NOT NULL THEN 'published' ELSE duration_flag END AS duration_flag,
           duration_months AS initial_duration_months,
           cents AS amount_cents, written AS amount_published, coalesce(doubt, flag) AS amount_flag,
           CASE WHEN framework THEN 'ceiling' ELSE 'price' END AS amount_kind,
           flag = 'ok' AND doubt IS NULL AND NOT framework AS summable, amount_cents AS initial_amount_cents,
           coalesce(modification_count, 0) AS modification_count, modified_on,
           social_status, social_clause, social_criterion, reserved, environment_status,
           offers_received, consortium, subcontracting_declared, innovative,
           CASE WHEN holders_rank IS NULL THEN coalesce(co_count, holder_count) ELSE coalesce(new_count, 0) END AS holder_count,
           CASE WHEN holders_rank IS NULL THEN holder_id ELSE new_id END AS holder_id,
           CASE WHEN holders_rank IS NULL THEN holder_name ELSE new_name END AS holder_name,
           nullif(concat_ws('|',
               CASE WHEN merged_flags IS NULL OR merged_flags = '' THEN flags ELSE merged_flags END,
               CASE WHEN notified_on IS NULL THEN 'date_missing' END,
               CASE WHEN is_future OR has_future THEN 'date_future' END,
               CASE WHEN published < notified THEN 'published_before_notified' END,
               CASE WHEN amount IS NOT NULL AND flag <> 'ok' THEN concat('amount_', flag) END,
               CASE WHEN flag = 'ok' AND cents <= {values.VERY_LOW_AMOUNT} THEN 'amount_very_low' END,
               CASE WHEN flag = 'ok' AND cents < {values.PUBLICATION_THRESHOLD} THEN 'amount_below_threshold' END,
               CASE WHEN flag = 'ok' AND cents > {values.VERY_LARGE_AMOUNT} THEN 'amount_very_large' END,
               CASE WHEN doubt IS NOT NULL THEN concat('amount_', doubt) END,
               CASE WHEN inside THEN 'repeated_in_source' END,
               CASE WHEN sources > 1 THEN 'repeated_across_sources' END,
               CASE WHEN is_lot THEN 'lots_share_number' END,
               CASE WHEN by_kinds THEN 'number_shared_by_kinds' END,
               CASE WHEN is_reissued THEN 'reissued_number' END), '') AS flags,
           source_sha256, source_position, record_hash
    FROM current
"""
