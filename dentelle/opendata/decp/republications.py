"""Rows that share a number and are one contract all the same: what is proved is merged, what is not is counted once.

After exact repetitions are merged (``build``), the rows left under one number of one buyer are lots, or one contract told several times. Three
answers, from the surest to the most careful:

* **Co-holders sent apart** (proved): same object, amount, notification and publication, one holder a record, no modification. One contract, which
  has all these holders.
* **Correction** (proved): same holders, object and notification, each version published after all copies of the former ones, another amount, no
  modification of a former version, a usable amount in the last. The last is current, the others are superseded.
* **Doubt**: the same amount under the same object, or the same holder under the same object or on the same day, unless two lot numbers tell them
  apart. Rows stay, and only the smallest amount counts: whichever of « repeated », « corrected » and « lots » is true, at least that was awarded.

Different holders *and* different objects, or different holders and amounts, are lots: each counts.

Everything is windows and equalities over the few rows that share a number: linear, whatever the size of a block.
"""

from typing import Final

# Bumped when a rule of the build changes what the same sources give: a data set made before is then built again by the next import.
RULES_VERSION: Final = 1

VERSIONS: Final = """
    CREATE TEMP TABLE versions AS
    WITH shared AS (
        SELECT block FROM places WHERE kept AND block IS NOT NULL GROUP BY block HAVING count(*) > 1
    ), told AS (
        SELECT p.contract_key, p.block, p.kept, p.modified, r.*
        FROM places p JOIN shared USING (block) JOIN (
            SELECT base + local AS row_id, r.source_key, holders_key, holder_count, object_words, lot_mark, amount_cents, amount_flag, filled, flags,
                   CASE WHEN notified_on <= {limit} THEN notified_on END AS notified_on,
                   CASE WHEN published_on <= {limit} THEN published_on END AS published_on
            FROM staged_records r JOIN parts USING (source_key, part)
        ) r USING (row_id)
    )
    SELECT contract_key, any_value(block) AS block, any_value(holders_key) AS holders_key, any_value(holder_count) AS holder_count,
           any_value(lot_mark) AS lot_mark, max(object_words) FILTER (kept) AS object_words, max(amount_cents) FILTER (kept) AS amount_cents,
           max(amount_flag) FILTER (kept) AS amount_flag, max(filled) FILTER (kept) AS filled, max(notified_on) AS notified_on,
           min(published_on) AS first_published, max(published_on) AS published_on, bool_or(modified) AS modified,
           count(*) AS copies, count(DISTINCT source_key) AS sources,
           flatten(list(string_split(flags, '|')) FILTER (flags IS NOT NULL)) AS flags
    FROM told GROUP BY contract_key
"""

# One row for each version that is part of another contract, and what it is there.
REPUBLISHED: Final = """
    CREATE TEMP TABLE republished AS
    WITH apart AS (
        SELECT block, object_words, notified_on, published_on, amount_cents,
               min(contract_key) AS unit, string_agg(holders_key, '|' ORDER BY holders_key) AS holders
        FROM versions WHERE amount_flag = 'ok' AND object_words IS NOT NULL AND notified_on IS NOT NULL
        GROUP BY ALL HAVING count(*) > 1 AND bool_and(holder_count = 1 AND NOT modified)
    ), units AS (
        SELECT v.*, a.unit IS NOT NULL AS is_apart, coalesce(a.unit, v.contract_key) AS unit, coalesce(a.holders, v.holders_key) AS holders
        FROM versions v LEFT JOIN apart a
          ON a.block = v.block AND a.object_words = v.object_words AND a.notified_on = v.notified_on
         AND a.published_on IS NOT DISTINCT FROM v.published_on AND a.amount_cents = v.amount_cents AND v.amount_flag = 'ok'
    ), editions AS (
        SELECT block, holders, object_words, notified_on, unit, max(published_on) AS published_on, min(first_published) AS first_published,
               any_value(amount_flag) AS amount_flag, bool_or(modified) AS modified
        FROM units WHERE holders <> '' AND object_words IS NOT NULL AND notified_on IS NOT NULL GROUP BY 1, 2, 3, 4, 5
    ), followed AS (
        SELECT *, first_published > lag(published_on) OVER series AS follows, lead(unit) OVER series IS NULL AS is_last
        FROM editions WINDOW series AS (PARTITION BY block, holders, object_words, notified_on ORDER BY published_on, unit)
    ), corrected AS (
        SELECT block, holders, object_words, notified_on, arg_min(unit, published_on) AS head, arg_max(unit, published_on) AS last
        FROM followed GROUP BY 1, 2, 3, 4
        HAVING count(*) > 1 AND count(published_on) = count(*) AND bool_and(coalesce(follows, true))
           AND bool_and(CASE WHEN is_last THEN amount_flag = 'ok' ELSE NOT modified END)
    ), placed AS (
        SELECT u.*, coalesce(c.head, u.unit) AS new_key, c.last IS NULL OR u.unit = c.last AS is_current, c.last IS NOT NULL AS is_corrected
        FROM units u LEFT JOIN corrected c USING (block, holders, object_words, notified_on)
        WHERE u.is_apart OR c.last IS NOT NULL
    )
    SELECT *, row_number() OVER (PARTITION BY new_key ORDER BY is_current DESC, filled DESC, contract_key)::INT AS holder_rank
    FROM placed
"""

APPLIED: Final = (
    """
    CREATE TABLE outcomes AS
    SELECT row_id, CASE WHEN is_current THEN 'co_holder' ELSE 'superseded' END AS outcome, holder_rank
    FROM places JOIN republished USING (contract_key) WHERE NOT is_current OR (kept AND holder_rank > 1)
    """,
    "UPDATE places SET contract_key = new_key, kept = kept AND holder_rank = 1 FROM republished r WHERE places.contract_key = r.contract_key",
    "DELETE FROM merged WHERE contract_key IN (SELECT contract_key FROM republished)",
    """
    INSERT INTO merged
    SELECT new_key, sum(copies), max(sources), bool_or(copies > sources),
           array_to_string(list_sort(list_distinct(list_concat(
               coalesce(flatten(list(flags) FILTER (is_current AND flags IS NOT NULL)), []),
               CASE WHEN bool_or(is_corrected) THEN ['corrected_by_republication'] ELSE [] END,
               CASE WHEN bool_or(is_current AND is_apart) THEN ['co_holders_apart'] ELSE [] END))), '|')
    FROM republished GROUP BY new_key
    """,
    """
    CREATE TEMP TABLE gathered AS
    SELECT new_key AS contract_key, count(*)::INT AS co_count FROM republished WHERE is_current AND is_apart GROUP BY 1
    """,
)

LOTS: Final = """
    CREATE TEMP TABLE lots AS
    SELECT contract_key,
           row_number() OVER (PARTITION BY block ORDER BY notified_on NULLS LAST, amount_cents NULLS LAST, contract_key)::INT AS lot_rank
    FROM (
        SELECT coalesce(new_key, v.contract_key) AS contract_key, v.block, v.notified_on, v.amount_cents
        FROM versions v LEFT JOIN republished r USING (contract_key) WHERE coalesce(holder_rank, 1) = 1
    )
    QUALIFY count(*) OVER (PARTITION BY block) > 1
"""

# ``place`` orders the rows by amount, ``price`` is the place of the first of the same amount: the first of each likeness is the one that counts.
DOUBTED: Final = r"""
    CREATE TEMP TABLE doubted AS
    WITH lines AS (
        SELECT contract_key, block, lot_mark, object_words, notified_on, holders, row_number() OVER (ORDER BY cents, contract_key) AS place,
               rank() OVER (ORDER BY cents) AS price
        FROM (
            SELECT coalesce(new_key, v.contract_key) AS contract_key, v.block, v.lot_mark, v.object_words, v.notified_on, v.amount_cents, v.amount_flag,
                   nullif(regexp_replace(coalesce(r.holders, v.holders_key), '\b([0-9]{9})[0-9]{5}\b', '\1', 'g'), '') AS holders
            FROM versions v LEFT JOIN republished r USING (contract_key) WHERE coalesce(holder_rank, 1) = 1
        ) v LEFT JOIN changed g USING (contract_key)
        CROSS JOIN LATERAL (
            SELECT CASE WHEN g.amount IS NULL THEN v.amount_cents ELSE g.amount.cents END AS cents,
                   CASE WHEN g.amount IS NULL THEN v.amount_flag ELSE g.amount.flag END AS flag
        )
        WHERE flag = 'ok'
    ), compared AS (
        SELECT *,
               CASE WHEN holders IS NOT NULL AND object_words IS NOT NULL
                    THEN min(place) OVER (PARTITION BY block, holders, object_words) END AS same_need,
               CASE WHEN holders IS NOT NULL AND lot_mark IS NULL
                    THEN min(place) OVER (PARTITION BY block, holders, notified_on)
                    WHEN holders IS NOT NULL
                    THEN least(min(place) OVER (PARTITION BY block, holders, notified_on, lot_mark),
                               min(place) FILTER (lot_mark IS NULL) OVER (PARTITION BY block, holders, notified_on)) END AS same_day,
               CASE WHEN object_words IS NOT NULL
                    THEN min(place) OVER (PARTITION BY block, object_words, price) END AS same_price
        FROM lines
    )
    SELECT contract_key,
           CASE WHEN least(same_need, same_day, same_price) < price THEN 'in_doubt' ELSE 'repeated' END AS doubt
    FROM compared
    WHERE coalesce(same_need < place, false) OR coalesce(same_day < place, false) OR coalesce(same_price < place, false)
"""
