"""The SQL that lays the serving store out: one function per table, each run once on the connection being written.

Reads views named as the canonical tables (``contracts``, ``holders``, ``modifications``, ``subcontracts``, ``rejects``,
``lineage``, ``sources``) plus ``renewals``, ``located`` and ``hours``; ``holders`` has one column more, ``holder_name_source``
(``holders.holder_columns``). Writes tables of the attached schema ``store``.

Everything is found by the order rows lie in, not by an index: the file keeps the least and greatest value of every block of
122 880 rows, so a table sorted by what is asked answers from one block. Row numbers follow the estimated end, which is
what nearly every page filters and sorts on.
"""

from collections.abc import Callable, Iterator

import duckdb

Statement = str | Callable[[duckdb.DuckDBPyConnection], str]

# Words too common to tell one purchase from another; ignored in what is searched as in what is stored.
STOP_WORDS = (
    "a", "au", "aux", "avec", "ce", "ces", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "n", "ou",
    "par", "pour", "qu", "que", "s", "sa", "ses", "son", "sur", "un", "une",
)  # fmt: skip

ENUMS = {
    "answer": ("yes", "to_check", "no"),
    "trust": ("high", "medium", "low"),
    "social": ("considered", "none", "not_stated"),
}

# SQL that turns any text into lower-case words without accents, separated by one space.
WORDS_OF = (
    "trim(regexp_replace(replace(replace(strip_accents(lower({0})), 'œ', 'oe'), 'æ', 'ae'), '[^a-z0-9]+', ' ', 'g'))"
)


def statements() -> Iterator[tuple[str, Statement]]:
    """Yield (step name in French, SQL or what writes it once the previous steps are done) in the order they must run."""
    for name, values in ENUMS.items():
        yield "types", f"CREATE TYPE store.{name} AS ENUM ({', '.join(repr(value) for value in values)})"
    yield "territoires", AREAS
    yield "acheteurs", BUYERS
    yield "titulaires", NAMES
    yield "ordre", ORDERED
    yield "mots", TOKENS
    yield "mots", TERMS
    yield "mots", POSTINGS
    yield "mots", COMMON
    yield "mots", "DROP TABLE tokens"
    yield "marchés", "CREATE TEMP VIEW laid AS " + PURCHASES
    yield "marchés", empty_purchases
    yield "marchés", "INSERT INTO store.purchases SELECT * FROM laid ORDER BY row_id"
    yield "clés", KEYS
    yield "chaînes", CHAINS
    yield "titulaires", HOLDERS
    yield "modifications", MODIFICATIONS
    yield "sous-traitance", SUBCONTRACTS
    yield "sources", SOURCE_LINES
    yield "sources", "CREATE TABLE store.sources AS SELECT * FROM sources ORDER BY source_name, source_sha256"
    yield "rejets", "CREATE TABLE store.rejects AS SELECT * FROM rejects ORDER BY source_sha256, record_index"


AREAS = """
CREATE TABLE store.areas AS
SELECT CAST(row_number() OVER (ORDER BY area) - 1 AS INTEGER) AS area_id, area
FROM (SELECT place_area AS area FROM located UNION SELECT seat_area FROM located) WHERE area IS NOT NULL ORDER BY area
"""

# A buyer is its SIREN; one whose SIRET is unreadable is known by what was published.
BUYERS = """
CREATE TABLE store.buyers AS
SELECT CAST(row_number() OVER (ORDER BY lower(buyer_name) NULLS LAST, buyer_key) - 1 AS INTEGER) AS buyer_no, *
FROM (
    SELECT coalesce(buyer_siren, buyer_id) AS buyer_key, any_value(buyer_siren) AS buyer_siren,
           arg_max(buyer_name, (effective_on, buyer_name)) AS buyer_name,
           arg_max(buyer_name_source, (effective_on, buyer_name)) AS buyer_name_source,
           arg_max(buyer_kind, (effective_on, buyer_name)) AS buyer_kind, count(*) AS contracts
    FROM renewals WHERE coalesce(buyer_siren, buyer_id) IS NOT NULL GROUP BY 1
)
ORDER BY buyer_no
"""

NAMES = """
CREATE TEMP TABLE holder_names AS
SELECT CAST(row_number() OVER (ORDER BY lower(holder_name), holder_name) - 1 AS INTEGER) AS holder_no, holder_name
FROM (SELECT DISTINCT holder_name FROM renewals WHERE holder_name IS NOT NULL)
"""

ORDERED = """
CREATE TEMP TABLE ordered AS
SELECT CAST(row_number() OVER (ORDER BY estimated_end NULLS LAST, contract_key) - 1 AS INTEGER) AS row_id, contract_key
FROM renewals
"""

PURCHASES = """
SELECT
    o.row_id, r.contract_key, r.uid, r.kind, c.generation, r.number, r.lot_rank,
    r.buyer_id, b.buyer_no, CASE WHEN b.buyer_name IS NOT NULL THEN b.buyer_no END AS buyer_rank, r.buyer_siren, r.buyer_name, r.buyer_name_source, r.buyer_kind, r.buyer_kind_basis,
    r.object, CAST(r.cpv AS INTEGER) AS cpv, r.contract_kind, c.nature, r.procedure, c.techniques, c.modalities,
    r.is_framework, c.framework_number, r.is_subsequent,
    r.holder_id, r.holder_name, r.holder_name_source, n.holder_no, r.holder_count,
    r.amount_cents, c.amount_published, r.amount_flag, r.amount_kind, r.summable, c.initial_amount_cents,
    r.need_amount_cents, r.need_lots,
    r.notified_on, r.published_on, r.effective_on, r.effective_source,
    CAST(r.duration_months AS SMALLINT) AS duration_months, r.duration_source, r.duration_level, c.duration_flag,
    c.initial_duration_months,
    r.estimated_end, r.estimated_launch, r.prepare_from,
    r.chain_id, r.chain_length, r.chain_rank, r.chain_previous_key, r.chain_previous_on, r.chain_first_on,
    r.chain_next_key, r.chain_score, r.is_last_of_chain, r.chain_status,
    CAST(r.confidence AS store.trust) AS confidence, r.confidence_score, r.confidence_reasons,
    CAST(r.required AS store.answer) AS required, r.threshold_eur, r.threshold_status, r.obligation_basis,
    CAST(r.social_status AS store.social) AS social_status, r.social_clause, r.social_criterion, r.reserved,
    r.modification_count, c.modified_on, c.place_code, c.place_kind, c.place_name, c.offers_received,
    l.place_area, l.place_precision, l.seat_area, l.commune_code, l.department_code, l.region_code,
    p.area_id AS place_area_id, s.area_id AS seat_area_id,
    h.trade, h.trade_name, h.hours_low, h.hours_central, h.hours_high,
    h.hours_low_parts, h.hours_central_parts, h.hours_high_parts, h.hours_status, h.hours_excluded,
    c.flags, c.source_sha256, c.source_position, coalesce(w.common_words, 0) AS common_words
FROM ordered o
JOIN renewals r USING (contract_key)
JOIN contracts c USING (contract_key)
LEFT JOIN located l USING (contract_key)
LEFT JOIN hours h USING (contract_key)
LEFT JOIN store.buyers b ON b.buyer_key = coalesce(r.buyer_siren, r.buyer_id)
LEFT JOIN common w ON w.row_id = o.row_id
LEFT JOIN holder_names n ON n.holder_name = r.holder_name
LEFT JOIN store.areas p ON p.area = l.place_area
LEFT JOIN store.areas s ON s.area = l.seat_area
"""

# Texts every line of a list shows. Stored as they are: reading fifty scattered lines then costs a third of the time it
# takes to open fifty compressed blocks of each.
_PLAIN = {
    "contract_key",
    "object",
    "buyer_id",
    "buyer_name",
    "holder_id",
    "holder_name",
    "amount_published",
    "place_area",
}


def empty_purchases(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the SQL of the empty ``purchases`` table: the columns of the view, with the storage chosen for each."""
    described = connection.execute("DESCRIBE laid").fetchall()
    columns = ", ".join(
        f'"{name}" {kind}{" USING COMPRESSION uncompressed" if name in _PLAIN else ""}' for name, kind, *_ in described
    )
    return f"CREATE TABLE store.purchases ({columns})"


KEYS = """
CREATE TABLE store.keys AS
SELECT md5_number_lower(contract_key) AS key, row_id FROM ordered ORDER BY key, row_id
"""

_STOP = ", ".join(f"'{word}'" for word in STOP_WORDS)

TOKENS = f"""
CREATE TEMP TABLE tokens AS
SELECT DISTINCT word, row_id FROM (
    SELECT unnest(string_split(c.object_words, ' ')) AS word, o.row_id FROM contracts c JOIN ordered o USING (contract_key)
    UNION ALL
    SELECT b.word, o.row_id FROM ordered o JOIN renewals r USING (contract_key) JOIN (
        SELECT buyer_key, unnest(string_split({WORDS_OF.format("buyer_name")}, ' ')) AS word FROM store.buyers
        WHERE buyer_name IS NOT NULL) b ON b.buyer_key = coalesce(r.buyer_siren, r.buyer_id)
    UNION ALL
    SELECT h.word, o.row_id FROM ordered o JOIN renewals r USING (contract_key) JOIN (
        SELECT holder_name, unnest(string_split({WORDS_OF.format("holder_name")}, ' ')) AS word FROM holder_names) h
        USING (holder_name)
) WHERE word <> '' AND word NOT IN ({_STOP})
"""  # noqa: S608 (constants of this file)

# Words in more than one purchase in a hundred, sixty at most, are bits of a number on the purchase itself: looking half a
# million of them up in a list would cost more than reading the whole column.
TERMS = """
CREATE TABLE store.terms AS
SELECT CAST(row_number() OVER (ORDER BY word) - 1 AS INTEGER) AS term_id, word, rows,
       CASE WHEN rank <= 60 AND rows > (SELECT count(*) FROM ordered) / 100 AND rows > 1000 THEN rank - 1 END AS bit
FROM (
    SELECT word, count(*) AS rows, CAST(row_number() OVER (ORDER BY count(*) DESC, word) AS INTEGER) AS rank
    FROM tokens GROUP BY word
)
ORDER BY word
"""

# Terms are numbered in alphabetical order, so a prefix is a range of numbers.
POSTINGS = """
CREATE TABLE store.postings AS
SELECT t.term_id, k.row_id FROM tokens k JOIN store.terms t USING (word) WHERE t.bit IS NULL ORDER BY t.term_id, k.row_id
"""

COMMON = """
CREATE TEMP TABLE common AS
SELECT k.row_id, bit_or(CAST(1 AS BIGINT) << t.bit) AS common_words
FROM tokens k JOIN store.terms t USING (word) WHERE t.bit IS NOT NULL GROUP BY k.row_id
"""

CHAINS = """
CREATE TABLE store.chains AS
SELECT first.row_id AS first_row, member.row_id, p.chain_rank
FROM store.purchases p
JOIN ordered member ON member.row_id = p.row_id
JOIN ordered first ON first.contract_key = p.chain_id
WHERE p.chain_length > 1
ORDER BY first_row, chain_rank, member.row_id
"""

HOLDERS = """
CREATE TABLE store.holders AS
SELECT o.row_id, h.* EXCLUDE (contract_key) FROM holders h JOIN ordered o USING (contract_key) ORDER BY o.row_id, h.rank
"""

MODIFICATIONS = """
CREATE TABLE store.modifications AS
SELECT o.row_id, m.* EXCLUDE (contract_key) FROM modifications m JOIN ordered o USING (contract_key)
ORDER BY o.row_id, m.rank
"""

SUBCONTRACTS = """
CREATE TABLE store.subcontracts AS
SELECT o.row_id, s.* EXCLUDE (contract_key) FROM subcontracts s JOIN ordered o USING (contract_key)
ORDER BY o.row_id, s.rank
"""

SOURCE_LINES = """
CREATE TABLE store.source_lines AS
SELECT o.row_id, l.source_sha256, l.record_index, l.position, l.record_hash, l.outcome
FROM lineage l JOIN ordered o USING (contract_key)
ORDER BY o.row_id, l.source_sha256, l.record_index
"""
