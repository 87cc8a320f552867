"""Contracts made from a seed, straight into the canonical shape: for measuring marts, never for saying anything true.

Needs come back with a known rhythm (some late, some early, some never), so a back-test on them has a known answer.
"""

import datetime as dt
from pathlib import Path

import duckdb
import pyarrow as pa

from dentelle.opendata.decp.schema import CONTRACTS

SEED = 20261121
LAST_DAY = dt.date(2026, 10, 31)
FIRST_YEAR = 2015
BUYERS = 26_773  # published count of January 2026

_WORDS = [
    "menuiserie",
    "peinture",
    "toiture",
    "chauffage",
    "climatisation",
    "plomberie",
    "electricite",
    "ascenseurs",
    "vitrerie",
    "serrurerie",
    "carrelage",
    "platrerie",
    "charpente",
    "couverture",
    "etancheite",
    "isolation",
    "facade",
    "ravalement",
    "terrassement",
    "voirie",
    "enrobes",
    "signalisation",
    "assainissement",
    "eau",
    "potable",
    "reseaux",
    "eclairage",
    "feux",
    "espaces",
    "verts",
    "elagage",
    "tonte",
    "fleurissement",
    "arrosage",
    "piscine",
    "gymnase",
    "stade",
    "tribune",
    "ecole",
    "college",
    "lycee",
    "creche",
    "restaurant",
    "scolaire",
    "cantine",
    "repas",
    "denrees",
    "viande",
    "poisson",
    "legumes",
    "fruits",
    "pain",
    "laitiers",
    "boissons",
    "nettoyage",
    "vitres",
    "linge",
    "blanchisserie",
    "vetements",
    "chaussures",
    "uniformes",
    "protection",
    "papier",
    "enveloppes",
    "mobilier",
    "bureau",
    "copieurs",
    "toner",
    "impression",
    "affiches",
    "magazine",
    "communication",
    "site",
    "internet",
    "logiciel",
    "licences",
    "serveurs",
    "stockage",
    "sauvegarde",
    "telephonie",
    "mobile",
    "fibre",
    "radio",
    "camera",
    "videosurveillance",
    "alarme",
    "incendie",
    "extincteurs",
    "defibrillateurs",
    "gardiennage",
    "accueil",
    "transport",
    "autocars",
    "scolaires",
    "personnes",
    "handicapees",
    "vehicules",
    "pneumatiques",
    "carburant",
    "gaz",
    "granules",
    "bois",
    "collecte",
    "dechets",
    "tri",
    "verre",
    "compostage",
    "conteneurs",
    "bacs",
    "desherbage",
    "deratisation",
    "analyses",
    "laboratoire",
    "reactifs",
    "dispositifs",
    "perfusion",
    "pansements",
    "implants",
    "orthopedie",
    "imagerie",
    "scanner",
    "vaccins",
    "medicaments",
    "assurances",
    "dommages",
    "responsabilite",
    "flotte",
    "juridique",
    "audit",
    "comptabilite",
    "formation",
    "langues",
    "insertion",
    "accompagnement",
    "diagnostic",
    "amiante",
    "plomb",
    "topographie",
    "geotechnique",
    "controle",
    "coordination",
    "securite",
    "paysage",
    "urbanisme",
    "foncier",
    "demolition",
    "desamiantage",
    "debroussaillage",
    "curage",
    "pompage",
    "digues",
    "ponts",
]

_CPV = [
    "45233141",
    "45233140",
    "45261210",
    "45331000",
    "45310000",
    "45442100",
    "45421000",
    "45214210",
    "45212222",
    "45111100",
    "77310000",
    "77340000",
    "77311000",
    "90910000",
    "90911200",
    "90511000",
    "90500000",
    "55524000",
    "55523100",
    "79710000",
    "60130000",
    "60112000",
    "15000000",
    "15100000",
    "15300000",
    "15800000",
    "30192000",
    "30197630",
    "39130000",
    "39160000",
    "33140000",
    "33600000",
    "33696500",
    "34110000",
    "34350000",
    "09310000",
    "09123000",
    "48000000",
    "72000000",
    "72267000",
    "64212000",
    "79340000",
    "79800000",
    "66510000",
    "71000000",
    "71200000",
    "71300000",
    "71600000",
    "79411000",
    "80500000",
    "85312000",
    "50000000",
    "50700000",
    "50750000",
    "98310000",
    "18110000",
]


def contracts_relation(connection: duckdb.DuckDBPyConnection, rows: int, seed: int = SEED) -> duckdb.DuckDBPyRelation:
    """About ``rows`` contracts over 2015-2026, in the columns of ``decp.schema.CONTRACTS``."""
    connection.execute(
        "CREATE OR REPLACE MACRO u(key, salt) AS (hash(key, salt, " + str(seed) + ") % 1000000) / 1000000.0"
    )
    words = ",".join(f"'{word}'" for word in _WORDS)
    codes = ",".join(f"'{code}'" for code in _CPV)
    needs = round(rows / 2.82)
    connection.execute(
        _NEEDS.format(
            needs=needs, words=words, codes=codes, buyers=BUYERS, word_count=len(_WORDS), codes_count=len(_CPV)
        )
    )
    connection.execute(_TURNS.format(last=LAST_DAY, first=FIRST_YEAR))
    connection.execute(_ROWS)
    columns = ", ".join(
        f"CAST({name} AS {_TYPES[CONTRACTS.field(name).type]}) AS {name}"
        if name in _MADE
        else f"CAST(NULL AS {_TYPES[CONTRACTS.field(name).type]}) AS {name}"
        for name in CONTRACTS.names
    )
    return connection.sql(f"SELECT {columns} FROM made")


def write_contracts(path: Path, rows: int, seed: int = SEED) -> int:
    """Write the generated contracts to one Parquet file; return how many."""
    with duckdb.connect() as connection:
        contracts_relation(connection, rows, seed).write_parquet(str(path), compression="zstd")
        return int(connection.execute("SELECT count(*) FROM made").fetchone()[0])


_TYPES = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
}

# a need: a buyer, a CPV, four to seven words, a rhythm. Half the needs belong to a tenth of the buyers.
_NEEDS = """
CREATE OR REPLACE TEMP TABLE needs AS
WITH drawn AS (
  SELECT n, CAST(floor({buyers} * pow(u(n, 1), 2.5)) AS INT) AS buyer, [{codes}][1 + CAST(floor(u(n, 2) * {codes_count}) AS INT)] AS cpv
  FROM range({needs}) t(n)
)
SELECT n, buyer, cpv,
  CASE WHEN buyer % 40 = 0 THEN '11' WHEN buyer % 25 = 0 THEN '39' WHEN buyer % 3 = 0 THEN '20' ELSE '21' END || lpad(CAST(buyer AS VARCHAR), 7, '0') AS siren,
  [[{words}][1 + CAST(floor(u(n, 10 + k) * {word_count}) AS INT)] FOR k IN range(4 + CAST(u(n, 3) * 3 AS INT))] AS words,
  [12, 12, 24, 36, 36, 48, 48, 48][1 + CAST(floor(u(n, 4) * 8) AS INT)] AS months,
  CASE WHEN cpv LIKE '45%' THEN 0.12 ELSE 0.72 END AS comes_back,
  CAST(floor(u(n, 5) * 132) AS INT) AS first_month,
  CAST(10 ** (4.2 + 2.2 * u(n, 6)) AS BIGINT) * 100 AS cents,
  1 + CAST(u(n, 7) < 0.12 AS INT) * CAST(1 + floor(u(n, 8) * 6) AS INT) AS lots
FROM drawn
"""

# its turns: each award waits for the end of the one before, sooner or later than published
_TURNS = """
CREATE OR REPLACE TEMP TABLE turns AS
WITH RECURSIVE walk AS (
  SELECT n, 0 AS turn, CAST(DATE '{first}-01-01' + to_months(first_month) AS DATE) + CAST(floor(u(n, 9) * 28) AS INT) AS on_day FROM needs
  UNION ALL
  SELECT walk.n, turn + 1, CAST(on_day + to_months(months + CASE WHEN u(walk.n, 100 + turn) < 0.25 THEN -CAST(months / 4 AS INT) ELSE CAST(floor(u(walk.n, 200 + turn) * 6) AS INT) - 1 END) AS DATE)
  FROM walk JOIN needs USING (n) WHERE u(walk.n, 300 + turn) < comes_back AND on_day < DATE '{last}'
)
SELECT * FROM walk WHERE on_day <= DATE '{last}'
"""

_ROWS = """
CREATE OR REPLACE TEMP TABLE made AS
WITH lotted AS (
  SELECT *, n * 100 + turn AS deal, siren || '00015' AS buyer, unnest(range(1, lots + 1)) AS lot FROM turns JOIN needs USING (n)
)
SELECT
  left(md5(deal || '-' || lot), 20) AS contract_key, buyer || year(on_day) || 'M' || deal AS uid, 'contract' AS kind,
  CASE WHEN on_day < DATE '2024-01-01' THEN '2019' ELSE '2022' END AS generation, year(on_day) || 'M' || deal AS number, lot AS lot_rank,
  buyer AS buyer_id, true AS buyer_id_valid, siren AS buyer_siren,
  CASE WHEN on_day < DATE '2024-01-01' THEN 'Acheteur fictif ' || siren END AS buyer_name, 'Marché' AS nature,
  -- each turn is worded again: a tenth of the words go, a year or a stock phrase comes
  array_to_string(list_filter(words, lambda word, i: i = 1 OR u(deal, 40 + i) > 0.1), ' ') || CASE WHEN u(deal, 29) < 0.4 THEN ' travaux' ELSE ' prestations' END || CASE WHEN u(deal, 20) < 0.3 THEN ' ' || year(on_day) ELSE '' END || CASE WHEN lots > 1 THEN ' lot ' || lot ELSE '' END AS object_words,
  object_words AS object, CASE WHEN u(deal, 21) < 0.015 THEN NULL ELSE cpv END AS cpv, left(CASE WHEN u(deal, 21) < 0.015 THEN NULL ELSE cpv END, 2) AS cpv_division,
  'Appel d''offres ouvert' AS procedure, u(deal, 22) < 0.3 AS is_framework, CASE WHEN u(deal, 23) < 0.05 THEN 'AC' || n END AS framework_number,
  CASE WHEN u(deal, 24) < 0.5 THEN 'postal' WHEN u(deal, 24) < 0.85 THEN 'commune' WHEN u(deal, 24) < 0.97 THEN 'department' ELSE NULL END AS place_kind,
  CASE WHEN u(deal, 24) < 0.85 THEN lpad(CAST(1 + hash(siren) % 95 AS VARCHAR), 2, '0') || lpad(CAST(1 + hash(siren, 1) % 370 AS VARCHAR), 3, '0')
       WHEN u(deal, 24) < 0.97 THEN lpad(CAST(1 + hash(siren) % 95 AS VARCHAR), 2, '0') END AS place_code,
  CASE WHEN u(deal, 25) < 0.06 THEN NULL ELSE on_day END AS notified_on, on_day + 20 AS published_on,
  CASE WHEN u(deal, 25) < 0.06 THEN on_day + 20 ELSE on_day END AS effective_on, CASE WHEN u(deal, 25) < 0.06 THEN 'publication' ELSE 'notification' END AS effective_source,
  CASE WHEN u(deal, 26) < 0.04 THEN NULL ELSE months END AS duration_months, CASE WHEN u(deal, 26) < 0.04 THEN 'missing' ELSE 'published' END AS duration_flag,
  CASE WHEN u(deal, 26) < 0.04 THEN NULL ELSE months END AS initial_duration_months,
  CASE WHEN u(deal, 27) < 0.02 THEN 100 ELSE cents END AS amount_cents, CASE WHEN u(deal, 27) < 0.02 THEN 'too_small' ELSE 'ok' END AS amount_flag,
  CASE WHEN u(deal, 22) < 0.3 THEN 'ceiling' ELSE 'price' END AS amount_kind, u(deal, 27) >= 0.02 AND u(deal, 22) >= 0.3 AS summable, cents AS initial_amount_cents, 0 AS modification_count,
  CASE WHEN on_day < DATE '2024-01-01' OR u(deal, 28) < 0.1 THEN 'not_stated' WHEN u(deal, 28) < 0.3 THEN 'considered' ELSE 'none' END AS social_status,
  CASE WHEN on_day < DATE '2024-01-01' OR u(deal, 28) < 0.1 THEN NULL ELSE u(deal, 28) < 0.25 END AS social_clause,
  CASE WHEN on_day < DATE '2024-01-01' OR u(deal, 28) < 0.1 THEN NULL ELSE u(deal, 28) BETWEEN 0.2 AND 0.3 END AS social_criterion,
  CASE WHEN on_day < DATE '2024-01-01' OR u(deal, 28) < 0.1 THEN NULL ELSE false END AS reserved,
  1 AS holder_count, '38' || lpad(CAST(hash(n) % 1000000000000 AS VARCHAR), 12, '0') AS holder_id, repeat('0', 64) AS source_sha256, deal AS source_position
FROM lotted
"""
_MADE = frozenset(
    [
        "contract_key",
        "uid",
        "kind",
        "generation",
        "number",
        "lot_rank",
        "buyer_id",
        "buyer_id_valid",
        "buyer_siren",
        "buyer_name",
        "nature",
        "object_words",
        "object",
        "cpv",
        "cpv_division",
        "procedure",
        "is_framework",
        "framework_number",
        "place_kind",
        "place_code",
        "notified_on",
        "published_on",
        "effective_on",
        "effective_source",
        "duration_months",
        "duration_flag",
        "initial_duration_months",
        "amount_cents",
        "amount_flag",
        "amount_kind",
        "summable",
        "initial_amount_cents",
        "modification_count",
        "social_status",
        "social_clause",
        "social_criterion",
        "reserved",
        "holder_count",
        "holder_id",
        "source_sha256",
        "source_position",
    ]
)


def ground_tables() -> dict[str, pa.Table]:
    """Communes of the generated country: 95 departments of 370 communes, in 13 regions; the postal code is the code."""
    codes = [
        (f"{department:02d}", f"{department:02d}{number:03d}")
        for department in range(1, 96)
        for number in range(1, 371)
    ]
    communes = pa.table(
        {
            "code": [code for _, code in codes],
            "name": [f"Commune {code}" for _, code in codes],
            "department": [department for department, _ in codes],
            "region": [f"R{int(department) % 13:02d}" for department, _ in codes],
            "epci": [f"2{code[:4]}0000" for _, code in codes],
            "population": [100 + (int(code) * 7919) % 40_000 for _, code in codes],
            "siren": pa.array([None] * len(codes), pa.string()),
        }
    )
    postal = pa.table({"postal_code": communes["code"], "commune": communes["code"]})
    former = pa.table({"former": pa.array([], pa.string()), "code": pa.array([], pa.string())})
    epci = sorted(set(communes["epci"].to_pylist()))
    epcis = pa.table({"code": epci, "name": [f"Communauté {code}" for code in epci]})
    text = pa.string()
    units = pa.table({name: pa.array([], text) for name in ("siren", "name", "legal_category", "commune")})
    return {"communes": communes, "postal_codes": postal, "former_codes": former, "epcis": epcis, "legal_units": units}
