"""What the marts give back: one schema per table, one comment per column.

Conventions of ``dentelle.opendata.decp.schema`` hold: codes are text, money is integer cents before tax, lists are joined
by ``|``, a missing value is null and never 0 nor an empty string. Sentences are not stored: a column whose comment lists
``codes`` holds codes, and ``wording.py`` gives the French for each. ``SCHEMA_VERSION`` changes with any column.
"""

import pyarrow as pa

SCHEMA_VERSION = 2

# where a contract is: the area its codes allow us to name, never finer. « kind:code », kinds commune, postal, epci,
# department, region, country. A commune, a postal code and an EPCI are matched to a territory through territory.py.
_PLACE = [
    (
        "place_area",
        pa.string(),
    ),  # place of execution, e.g. commune:59350, postal:59000, department:59; null when unknown
    ("place_precision", pa.string()),  # commune | postal | department | region | country | unknown
    ("seat_area", pa.string()),  # the buyer's seat, e.g. commune:59350 (COG, SIRENE), epci:200093201; null when unknown
    ("commune_code", pa.string()),  # place of execution when it is exactly one commune, else null
    (
        "department_code",
        pa.string(),
    ),  # department of the place; of the seat when the place is unknown or the whole country
    ("region_code", pa.string()),  # region, same rule
    (
        "belongs_by",
        pa.string(),
    ),  # why it is in the territory asked: place | seat; whole country: what department_code rests on
]

RENEWALS = pa.schema(
    [
        # identity
        ("contract_key", pa.string()),
        ("uid", pa.string()),
        ("kind", pa.string()),  # contract | concession
        ("number", pa.string()),
        ("lot_rank", pa.int32()),
        # who buys
        ("buyer_id", pa.string()),  # SIRET as published
        ("buyer_siren", pa.string()),
        ("buyer_name", pa.string()),  # null when no source names it
        (
            "buyer_name_source",
            pa.string(),
        ),  # published | learnt (another record of the same buyer) | cog | sirene | unknown
        ("buyer_kind", pa.string()),  # central | local | utility | unknown
        ("buyer_kind_basis", pa.string()),  # geographic_code | legal_category | siren_family | unknown
        ("buyer_kind_status", pa.string()),  # certain | to_confirm | unknown
        # what
        ("object", pa.string()),
        ("cpv", pa.string()),
        ("cpv_division", pa.string()),
        ("contract_kind", pa.string()),  # works | supplies | services | concession | unknown (no CPV)
        ("procedure", pa.string()),
        ("is_framework", pa.bool_()),
        (
            "is_subsequent",
            pa.bool_(),
        ),  # order under a framework agreement: comes back with the framework, not by itself
        ("holder_id", pa.string()),  # first holder
        ("holder_name", pa.string()),  # null when no source names it
        (
            "holder_name_source",
            pa.string(),
        ),  # published | learnt (another record names its SIRET or SIREN) | cog | sirene | unknown
        ("holder_count", pa.int32()),
        # how much: an award (or a framework's ceiling), never an estimate of the next contract
        ("amount_cents", pa.int64()),
        ("amount_flag", pa.string()),  # as in contracts
        ("amount_kind", pa.string()),  # price | ceiling
        ("summable", pa.bool_()),
        ("need_amount_cents", pa.int64()),  # sum over the lots sharing kind and uid: what a threshold is compared with
        ("need_lots", pa.int32()),  # how many lots that sum takes; null sum when one of them has an unusable amount
        # when
        ("notified_on", pa.date32()),
        ("published_on", pa.date32()),
        ("effective_on", pa.date32()),
        ("effective_source", pa.string()),  # notification | signature | publication | number_year | none
        ("duration_months", pa.int32()),  # the one used, null when none could be
        ("duration_source", pa.string()),  # published | cpv_median | none
        ("duration_level", pa.string()),  # CPV prefix whose median was used (« 45233 », « * » = all), else null
        ("estimated_end", pa.date32()),  # effective_on + duration, day clamped to the month; null without either
        ("estimated_end_month", pa.string()),  # YYYY-MM
        ("estimated_launch", pa.date32()),  # when the consultation that replaces it should start, even in the past
        ("prepare_from", pa.date32()),  # when its preparation must start
        # the chain of contracts of the same need
        ("chain_id", pa.string()),  # contract_key of the oldest known contract of the chain (itself when alone)
        ("chain_length", pa.int32()),
        ("chain_rank", pa.int32()),  # 1 = oldest
        ("chain_previous_key", pa.string()),
        ("chain_previous_on", pa.date32()),  # effective_on of the previous contract
        ("chain_first_on", pa.date32()),  # effective_on of the oldest
        ("chain_next_key", pa.string()),  # the contract that already replaced it, else null
        ("chain_score", pa.int32()),  # likeness of the link with the previous contract, 0..100
        ("is_last_of_chain", pa.bool_()),  # false: already replaced, does not come back again by itself
        ("chain_status", pa.string()),  # searched | block_too_large | no_words | no_date
        # how sure
        ("confidence", pa.string()),  # low | medium | high
        ("confidence_score", pa.int32()),  # signs met (rules.confidence)
        ("confidence_reasons", pa.string()),  # codes, joined by |
        # is a social condition mandatory at the next consultation
        ("required", pa.string()),  # yes | no | to_check
        ("threshold_eur", pa.int64()),  # null when buyer or contract kind leaves several
        (
            "threshold_status",
            pa.string(),
        ),  # certain | to_confirm (launch beyond the last published thresholds: projection)
        ("obligation_basis", pa.string()),  # code: above_threshold, below_threshold, near_threshold, amount_unusable…
        # what was said last time
        ("social_status", pa.string()),  # considered | none | not_stated
        ("social_clause", pa.bool_()),
        ("social_criterion", pa.bool_()),
        ("reserved", pa.bool_()),
        ("modification_count", pa.int32()),
        *_PLACE,
    ]
)

# Blocks too large to be compared pair by pair, and the largest one met whatever its fate.
CHAIN_REPORT = pa.schema(
    [
        ("block", pa.string()),  # buyer and CPV group
        ("contracts", pa.int64()),
        ("treatment", pa.string()),  # searched | split_by_cpv | too_large
    ]
)

# One row per contract: the areas it may be looked up by.
LOCATED = pa.schema([("contract_key", pa.string()), *_PLACE])

CLAUSE_RATE = pa.schema(
    [
        ("territory", pa.string()),  # « kind:code », or country:FR
        ("territory_name", pa.string()),
        ("role", pa.string()),  # asked | comparable | national
        ("dimension", pa.string()),  # all | buyer_kind | cpv_division | amount_band | year
        ("value", pa.string()),  # the value of that dimension, « all » for all
        ("total", pa.int64()),  # contracts = considered + none + not_stated
        ("considered", pa.int64()),  # numerator of rate
        ("none", pa.int64()),  # « Pas de considération sociale » said so
        ("not_stated", pa.int64()),  # left empty, or 2019 format
        ("stated", pa.int64()),  # considered + none: denominator of rate
        ("rate", pa.float64()),  # considered ÷ stated, null when nothing is stated
        ("coverage", pa.float64()),  # stated ÷ total, null when there is no contract
        ("small_count", pa.bool_()),  # fewer than SMALL_COUNT stated: read the counts, not the rate
    ]
)

# One row per month × trade × buyer × amount kind, or per some of these only (the others are then null).
HOURS_POTENTIAL = pa.schema(
    [
        ("month", pa.string()),  # YYYY-MM of the estimated end
        ("trade", pa.string()),  # code of the trade table
        ("trade_name", pa.string()),
        ("buyer_siren", pa.string()),
        ("buyer_name", pa.string()),
        ("amount_kind", pa.string()),  # price | ceiling (upper bound: orders may stay far below)
        ("contracts", pa.int64()),
        ("amount_cents", pa.int64()),
        ("hours_low", pa.int64()),  # rounded half up, once, at the end
        ("hours_central", pa.int64()),
        ("hours_high", pa.int64()),
        ("status", pa.string()),  # weakest status among the parameters used: certain | local_practice | to_confirm
    ]
)

# Contracts of the window that give no hours, and why.
HOURS_EXCLUDED = pa.schema(
    [
        (
            "reason",
            pa.string(),
        ),  # amount_unusable | amount_repeated | concession_without_cpv | no_cpv | no_trade | already_replaced | subsequent
        ("contracts", pa.int64()),
    ]
)

BACKTEST = pa.schema(
    [
        ("confidence", pa.string()),  # all | low | medium | high
        ("known", pa.int64()),  # contracts known at the date
        ("foreseen", pa.int64()),  # expected to end in the window
        ("foreseen_renewed", pa.int64()),  # of these, followed by a later contract of the chain within the tolerance
        ("renewed", pa.int64()),  # contracts really followed by a later one that starts in the window
        ("renewed_foreseen", pa.int64()),  # of these, foreseen within the tolerance
        ("precision", pa.float64()),  # foreseen_renewed ÷ foreseen, null without any
        ("recall", pa.float64()),  # renewed_foreseen ÷ renewed; « all » only, null per confidence
        ("median_error_months", pa.float64()),  # |real start − estimated end|, over foreseen contracts that came back
        ("sample", pa.int64()),  # number of pairs behind the median
    ]
)

# ---- what the marts read besides the canonical tables --------------------------------------------------------------------

COMMUNES = pa.schema(
    [
        ("code", pa.string()),
        ("name", pa.string()),
        ("department", pa.string()),
        ("region", pa.string()),
        ("epci", pa.string()),  # SIREN, null outside any
        ("population", pa.int64()),
        ("siren", pa.string()),
    ]
)

POSTAL_CODES = pa.schema([("postal_code", pa.string()), ("commune", pa.string())])

FORMER_CODES = pa.schema([("former", pa.string()), ("code", pa.string())])  # also municipal arrondissements

EPCIS = pa.schema([("code", pa.string()), ("name", pa.string())])  # code = SIREN

# SIREN of public buyers when SIRENE is loaded; empty otherwise.
LEGAL_UNITS = pa.schema(
    [
        ("siren", pa.string()),
        ("name", pa.string()),
        ("legal_category", pa.string()),  # 4 digits
        ("commune", pa.string()),  # of the seat
    ]
)
