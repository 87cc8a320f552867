"""Makes, in SQL, the tables a serving store is built from: as many contracts as asked, the same every time, nothing read but
the list of communes.

Figures are invented and say nothing of real purchasing. Sizes follow what is published of the national data: 26 773 buyers
and 193 799 holders for 1.54 M contracts, a few buyers with very many of them; words of objects have a long tail.
"""

from pathlib import Path

import duckdb

BUYERS, HOLDERS = 26_773, 193_799
NOUNS = """travaux fourniture maintenance entretien nettoyage construction réhabilitation rénovation aménagement prestations
maîtrise restauration transport collecte assurance location acquisition étude assistance voirie menuiserie plomberie
électricité peinture couverture charpente maçonnerie chauffage espaces gardiennage sécurité informatique logiciel
mobilier véhicules carburant denrées alimentaires impression téléphonie formation démolition désamiantage éclairage
assainissement eau déchets signalisation ascenseurs vitrerie isolation étanchéité"""
SITES = """école groupe collège lycée gymnase piscine médiathèque mairie hôtel hôpital ehpad crèche stade cimetière église
pont route zone logements résidence bâtiments cuisine siège laboratoire université gare port quai parc jardin salle station
déchèterie"""
CPVS = "45000000 45233140 45421000 45310000 45330000 45442100 90910000 90610000 77310000 55520000 60130000 79710000 72000000 39130000 34100000 09130000 15800000 71200000 71300000 50700000 66510000 33600000 79341000 80500000"

_COMMUNES = """
CREATE TEMP TABLE communes AS
SELECT CAST(row_number() OVER (ORDER BY code) - 1 AS INTEGER) AS no, code, departement AS dep, region AS reg, epci, nom AS name,
       codesPostaux[1] AS postal
FROM read_json(?, columns = {code: 'VARCHAR', departement: 'VARCHAR', region: 'VARCHAR', epci: 'VARCHAR', nom: 'VARCHAR',
                             type: 'VARCHAR', codesPostaux: 'VARCHAR[]'})
WHERE type = 'commune-actuelle'
"""

# hash(i, purpose) is a pseudo-random number per row and purpose: the same whatever the threads.
_DRAW = """
CREATE TEMP TABLE draw AS
WITH numbers AS (
    SELECT CAST(range AS INTEGER) AS i,
           CAST(floor({buyers} * pow((hash(range, 'buyer') % 1000000) / 1e6, 3)) AS INTEGER) AS buyer,
           CAST(hash(range, 'holder') % {holders} AS INTEGER) AS holder,
           CAST(hash(range, 'a') % 100 AS INTEGER) AS a, CAST(hash(range, 'b') % 100 AS INTEGER) AS b,
           CAST(hash(range, 'c') % 100 AS INTEGER) AS c,
           CAST(DATE '{as_of}' - CAST(hash(range, 'age') % 3650 AS INTEGER) AS DATE) AS notified,
           CAST(1 + hash(range, 'duration') % 60 AS INTEGER) AS months,
           CAST(round(exp(8 + (hash(range, 'x') % 10000 + hash(range, 'y') % 10000) / 2800.0)) AS BIGINT) * 100 AS cents
    FROM range({count})
)
SELECT n.*, md5(CAST(i AS VARCHAR))[:20] AS contract_key, k.code, k.dep, k.reg, k.postal, k.epci, k.name AS commune_name,
       lpad(CAST(200000000 + buyer AS VARCHAR), 9, '0') AS siren,
       CASE WHEN buyer % 20 = 0 THEN NULL ELSE 'Commune de ' || k.name END AS buyer_name,
       CASE WHEN holder % 7 = 0 THEN NULL ELSE 'Entreprise ' || upper(string_split('{sites}', ' ')[1 + holder % {site_count}]) || ' ' || holder END
           AS holder_name,
       string_split('{nouns}', ' ')[1 + CAST(hash(i, 'noun') % {noun_count} AS INTEGER)] || ' de ' || string_split('{nouns}', ' ')[1 + CAST(hash(i, 'n2') % {noun_count} AS INTEGER)]
           || ' pour ' || string_split('{sites}', ' ')[1 + CAST(hash(i, 'site') % {site_count} AS INTEGER)] || ' ' || k.name || ' lot ' || (i % 12)
           || CASE WHEN c < 50 THEN ' réf ' || (i % 200000) ELSE '' END AS object,
       CASE WHEN a < 3 THEN NULL ELSE string_split('{cpvs}', ' ')[1 + CAST(hash(i, 'cpv') % {cpv_count} AS INTEGER)] END AS cpv
FROM numbers n JOIN communes k ON k.no = (buyer * 7919) % {commune_count}
"""

_RENEWALS = """
CREATE TEMP TABLE renewals AS
SELECT contract_key, siren || '00017' || i AS uid, 'contract' AS kind, CAST(i AS VARCHAR) AS number, 1 AS lot_rank,
       siren || '00017' AS buyer_id, siren AS buyer_siren, buyer_name,
       CASE WHEN buyer_name IS NULL THEN 'unknown' ELSE 'published' END AS buyer_name_source,
       CASE WHEN buyer % 10 = 9 THEN 'unknown' ELSE 'local' END AS buyer_kind, 'siren_family' AS buyer_kind_basis,
       object, cpv, cpv[:2] AS cpv_division,
       CASE WHEN cpv IS NULL THEN 'unknown' WHEN cpv[:2] = '45' THEN 'works' ELSE 'services' END AS contract_kind,
       'Procédure adaptée' AS procedure, a < 15 AS is_framework, false AS is_subsequent,
       CAST(300000000 + holder AS VARCHAR) || '00011' AS holder_id, holder_name,
       CASE WHEN holder_name IS NULL THEN 'unknown' ELSE 'published' END AS holder_name_source, 1 AS holder_count,
       CASE WHEN b < 4 THEN NULL ELSE cents END AS amount_cents,
       CASE WHEN b < 4 THEN 'missing' ELSE 'ok' END AS amount_flag,
       CASE WHEN a < 15 THEN 'ceiling' ELSE 'price' END AS amount_kind, b >= 4 AND a >= 15 AS summable,
       CASE WHEN b < 4 THEN NULL ELSE cents END AS need_amount_cents, 1 AS need_lots,
       notified AS notified_on, notified + 12 AS published_on, notified AS effective_on,
       'notification' AS effective_source, months AS duration_months,
       CASE WHEN c < 8 THEN 'cpv_median' ELSE 'published' END AS duration_source, NULL::VARCHAR AS duration_level,
       CASE WHEN c = 99 THEN NULL ELSE CAST(notified + to_months(months) AS DATE) END AS estimated_end,
       CASE WHEN c = 99 THEN NULL ELSE strftime(notified + to_months(months), '%Y-%m') END AS estimated_end_month,
       CASE WHEN c = 99 THEN NULL ELSE CAST(notified + to_months(months - 4) AS DATE) END AS estimated_launch,
       CASE WHEN c = 99 THEN NULL ELSE CAST(notified + to_months(months - 8) AS DATE) END AS prepare_from,
       CASE WHEN i % 4 = 3 THEN md5(CAST(i - 1 AS VARCHAR))[:20] ELSE contract_key END AS chain_id,
       CASE WHEN i % 4 >= 2 THEN 2 ELSE 1 END AS chain_length, CASE WHEN i % 4 = 3 THEN 2 ELSE 1 END AS chain_rank,
       CASE WHEN i % 4 = 3 THEN md5(CAST(i - 1 AS VARCHAR))[:20] END AS chain_previous_key,
       CASE WHEN i % 4 = 3 THEN notified - 900 END AS chain_previous_on, notified AS chain_first_on,
       CASE WHEN i % 4 = 2 THEN md5(CAST(i + 1 AS VARCHAR))[:20] END AS chain_next_key, 60 AS chain_score,
       i % 4 <> 2 AS is_last_of_chain, 'searched' AS chain_status,
       CASE WHEN c < 20 THEN 'low' WHEN c < 70 THEN 'medium' ELSE 'high' END AS confidence, c % 4 AS confidence_score,
       'notified' AS confidence_reasons,
       CASE WHEN b < 4 OR cpv IS NULL THEN 'to_check' WHEN cents > 21600000 THEN 'yes' ELSE 'no' END AS required,
       216000 AS threshold_eur, 'to_confirm' AS threshold_status, 'above_threshold' AS obligation_basis,
       CASE WHEN b < 60 THEN 'not_stated' WHEN b < 85 THEN 'none' ELSE 'considered' END AS social_status,
       b >= 85 AS social_clause, false AS social_criterion, b = 99 AS reserved, CASE WHEN i % 50 = 0 THEN 1 ELSE 0 END
           AS modification_count,
       NULL::VARCHAR AS belongs_by
FROM draw
"""

_CONTRACTS = """
CREATE TEMP TABLE contracts AS
SELECT contract_key, CASE WHEN b < 60 THEN '2019' ELSE '2022' END AS generation, 'Marché' AS nature,
       trim(regexp_replace(strip_accents(lower(object)), '[^a-z0-9]+', ' ', 'g')) AS object_words,
       'Sans objet' AS techniques, 'Sans objet' AS modalities, NULL::VARCHAR AS framework_number,
       CAST(cents // 100 AS VARCHAR) AS amount_published, cents AS initial_amount_cents, 'published' AS duration_flag,
       months AS initial_duration_months, NULL::DATE AS modified_on, code AS place_code, 'commune' AS place_kind,
       commune_name AS place_name, 3 AS offers_received, '' AS flags, repeat('0', 63) || (i % 8) AS source_sha256,
       CAST(i AS BIGINT) * 1060 AS source_position
FROM draw
"""

_LOCATED = """
CREATE TEMP TABLE located AS
SELECT contract_key,
       CASE WHEN c < 50 THEN 'commune:' || code WHEN c < 80 THEN 'postal:' || postal WHEN c < 95 THEN 'department:' || dep END
           AS place_area,
       CASE WHEN c < 50 THEN 'commune' WHEN c < 80 THEN 'postal' WHEN c < 95 THEN 'department' ELSE 'unknown' END
           AS place_precision,
       CASE WHEN buyer % 3 = 0 AND epci IS NOT NULL THEN 'epci:' || epci ELSE 'commune:' || code END AS seat_area,
       CASE WHEN c < 50 THEN code END AS commune_code, dep AS department_code, reg AS region_code
FROM draw
"""

_OTHERS = (
    """CREATE TEMP TABLE hours AS SELECT contract_key, cpv[:2] AS trade, 'Métier ' || cpv[:2] AS trade_name,
       cents // 2000000 AS hours_low, cents // 1000000 AS hours_central, cents // 500000 AS hours_high,
       hours_low AS hours_low_parts, hours_central AS hours_central_parts, hours_high AS hours_high_parts,
       'to_confirm' AS hours_status, NULL::VARCHAR AS hours_excluded FROM draw WHERE cpv IS NOT NULL AND b >= 4""",
    """CREATE TEMP TABLE holders AS SELECT contract_key, 1 AS rank, CAST(300000000 + holder AS VARCHAR) || '00011' AS holder_id,
       'SIRET' AS holder_id_kind, false AS holder_id_valid, CAST(300000000 + holder AS VARCHAR) AS holder_siren, holder_name,
       true AS current, CASE WHEN holder_name IS NULL THEN 'unknown' ELSE 'published' END AS holder_name_source FROM draw""",
    """CREATE TEMP TABLE modifications AS SELECT contract_key, 1 AS rank, '1' AS number, notified + 200 AS notified_on,
       notified + 210 AS published_on, cents AS amount_cents, CAST(cents // 100 AS VARCHAR) AS amount_published,
       months AS duration_months, false AS replaces_holders, 'Avenant' AS reason FROM draw WHERE i % 50 = 0""",
    """CREATE TEMP TABLE subcontracts AS SELECT contract_key, 1 AS rank, '1' AS number, '30000000000011' AS subcontractor_id,
       'SIRET' AS subcontractor_id_kind, notified + 100 AS notified_on, 6 AS duration_months, cents // 10 AS amount_cents,
       CAST(cents // 1000 AS VARCHAR) AS amount_published FROM draw WHERE i % 40 = 0""",
    """CREATE TEMP TABLE lineage AS SELECT repeat('0', 63) || (i % 8) AS source_sha256, CAST(i AS BIGINT) AS record_index,
       CAST(i AS BIGINT) * 1060 AS position, contract_key AS record_hash, 'kept' AS outcome, contract_key FROM draw""",
    """CREATE TEMP TABLE sources AS SELECT repeat('0', 63) || range AS source_sha256, 'source-' || range || '.json' AS source_name,
       CAST(1000000 AS BIGINT) AS bytes, 'json' AS format, '2022' AS generation, CAST(200000 AS BIGINT) AS read,
       CAST(0 AS BIGINT) AS rejected FROM range(8)""",
    """CREATE TEMP TABLE rejects (source_sha256 VARCHAR, source_name VARCHAR, record_index BIGINT, byte_offset BIGINT,
       line BIGINT, defect VARCHAR, reason VARCHAR, excerpt VARCHAR)""",
    "DROP TABLE draw",
    "DROP TABLE communes",
)


def make(connection: duckdb.DuckDBPyConnection, contracts: int, communes_file: Path, as_of: str = "2026-11-21") -> None:
    """Create the canonical tables, ``renewals``, ``located`` and ``hours``, with ``contracts`` rows."""
    connection.execute(_COMMUNES, [str(communes_file)])
    (communes,) = connection.execute("SELECT count(*) FROM communes").fetchone() or (0,)
    connection.execute(
        _DRAW.format(
            count=contracts,
            buyers=BUYERS,
            holders=HOLDERS,
            as_of=as_of,
            commune_count=communes,
            nouns=" ".join(NOUNS.split()),
            noun_count=len(NOUNS.split()),
            sites=" ".join(SITES.split()),
            site_count=len(SITES.split()),
            cpvs=" ".join(CPVS.split()),
            cpv_count=len(CPVS.split()),
        )
    )
    for sql in (_RENEWALS, _CONTRACTS, _LOCATED, *_OTHERS):
        connection.execute(sql)
