"""Who buys: the buyer's kind, which decides the threshold, and its name when the file carries none.

The kind comes from the best source at hand: INSEE's legal category (SIRENE loaded), the COG (SIREN of communes and EPCI),
else the family of the SIREN. The last two digits-based readings are recalled practice, not a published rule: the basis
stays beside the answer. An *entité adjudicatrice* acts as such by its activity, which no identifier tells: ``utility`` is
only given where the legal category is a network operator's, and everything doubtful is ``unknown``.
"""

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame

# INSEE legal categories, first two digits (level II), some with all four
CENTRAL_CATEGORIES = ("71", "7381", "7382", "7383", "7384", "7385", "7389")  # State, national administrative bodies
LOCAL_CATEGORIES = (
    "72",
    "7312",
    "7313",
    "7321",
    "7322",
    "7331",
    "7340",
    "7341",
    "7342",
    "7343",
    "7344",
    "7345",
    "7346",
)
LOCAL_CATEGORIES_SOCIAL = (
    "7347",
    "7348",
    "7349",
    "7351",
    "7352",
    "7353",
    "7354",
    "7355",
    "7356",
    "7357",
    "7361",
    "7362",
)
LOCAL_CATEGORIES_OTHER = ("7363", "7364", "7365", "7366", "7367", "7371", "7372", "7373", "7378")

# families of public SIREN (first two digits); those left out mix several kinds
CENTRAL_FAMILIES = ("11", "17")  # ministries, State services in the departments
LOCAL_FAMILIES = ("20", "21", "22", "23", "24", "25", "26", "28")  # local authorities, their groupings, hospitals, SDIS


def buyer_facts(contracts: Frame, communes: Frame, epcis: Frame, legal_units: Frame) -> Frame:
    """One row per buyer_siren: name, its source, kind, its basis, and the seat's area when a source gives it.

    ``contracts`` needs buyer_siren and buyer_name; the other frames are ``schema.COMMUNES``, ``EPCIS``, ``LEGAL_UNITS``.
    """
    sirens = contracts.filter(~nw.col("buyer_siren").is_null()).select("buyer_siren").unique()
    known_communes = _one_per_siren(
        communes.filter(~nw.col("siren").is_null()).select(
            "siren", cog_name=nw.col("name"), cog_area=nw.concat_str([nw.lit("commune:"), nw.col("code")])
        )
    )
    known_epcis = epcis.select(
        siren="code", epci_name="name", epci_area=nw.concat_str([nw.lit("epci:"), nw.col("code")])
    )
    units = legal_units.select(
        "siren",
        "legal_category",
        unit_name="name",
        unit_area=nw.when(~nw.col("commune").is_null()).then(nw.concat_str([nw.lit("commune:"), nw.col("commune")])),
    )
    joined = (
        sirens.join(known_communes, left_on="buyer_siren", right_on="siren", how="left")
        .join(known_epcis, left_on="buyer_siren", right_on="siren", how="left")
        .join(units, left_on="buyer_siren", right_on="siren", how="left")
        .join(_learnt_names(contracts), on="buyer_siren", how="left")
    )
    cog = nw.coalesce("cog_name", "epci_name")
    return joined.select(
        "buyer_siren",
        "learnt_name",
        known_name=nw.coalesce("unit_name", cog),
        known_name_source=nw.when(~nw.col("unit_name").is_null())
        .then(nw.lit("sirene"))
        .when(~cog.is_null())
        .then(nw.lit("cog")),
        buyer_kind=_kind(cog),
        buyer_kind_basis=_basis(cog),
        seat_area=nw.coalesce("cog_area", "epci_area", "unit_area"),
    )


def buyer_columns(contracts: Frame, facts: Frame) -> Frame:
    """``contracts`` with buyer_name completed, buyer_name_source, buyer_kind, buyer_kind_basis and seat_area.

    A published name is kept; else SIRENE's or the COG's; else the name another record of the same SIREN carries.
    """
    joined = contracts.join(facts, on="buyer_siren", how="left")
    published = ~nw.col("buyer_name").is_null()
    source = (
        nw.when(published)
        .then(nw.lit("published"))
        .when(~nw.col("known_name").is_null())
        .then(nw.col("known_name_source"))
        .when(~nw.col("learnt_name").is_null())
        .then(nw.lit("learnt"))
        .otherwise(nw.lit("unknown"))
    )
    return joined.with_columns(
        buyer_name_source=source,
        buyer_name=nw.coalesce("buyer_name", "known_name", "learnt_name"),
        buyer_kind=nw.coalesce("buyer_kind", nw.lit("unknown")),
        buyer_kind_basis=nw.coalesce("buyer_kind_basis", nw.lit("unknown")),
    ).drop("known_name", "known_name_source", "learnt_name")


def _one_per_siren(frame: Frame) -> Frame:
    numbered = frame.with_columns(one=nw.lit(1))
    ranked = numbered.with_columns(rank=nw.col("one").cum_sum().over("siren", order_by="cog_area"))
    return ranked.filter(nw.col("rank") == 1).drop("one", "rank")


def _learnt_names(contracts: Frame) -> Frame:
    """The name most often published for a SIREN; the first in alphabetical order when several tie."""
    named = contracts.filter(~nw.col("buyer_name").is_null(), ~nw.col("buyer_siren").is_null())
    counted = named.group_by("buyer_siren", "buyer_name").agg(times=nw.len())
    ordered = counted.with_columns(one=nw.lit(1), rare=-nw.col("times").cast(nw.Int64))
    ranked = ordered.with_columns(rank=nw.col("one").cum_sum().over("buyer_siren", order_by=["rare", "buyer_name"]))
    return ranked.filter(nw.col("rank") == 1).select("buyer_siren", learnt_name="buyer_name")


def _category_in(codes: tuple[str, ...]) -> nw.Expr:
    category = nw.col("legal_category")
    found = [category.str.starts_with(code) for code in codes]
    return nw.any_horizontal(*found, ignore_nulls=True)


def _kind(cog: nw.Expr) -> nw.Expr:
    family = nw.col("buyer_siren").str.slice(0, 2)
    local = LOCAL_CATEGORIES + LOCAL_CATEGORIES_SOCIAL + LOCAL_CATEGORIES_OTHER
    return (
        nw.when(_category_in(CENTRAL_CATEGORIES))
        .then(nw.lit("central"))
        .when(_category_in(local))
        .then(nw.lit("local"))
        .when(~nw.col("legal_category").is_null() & cog.is_null())
        .then(nw.lit("unknown"))
        .when(~cog.is_null() | family.is_in(LOCAL_FAMILIES))
        .then(nw.lit("local"))
        .when(family.is_in(CENTRAL_FAMILIES))
        .then(nw.lit("central"))
        .otherwise(nw.lit("unknown"))
    )


def _basis(cog: nw.Expr) -> nw.Expr:
    family = nw.col("buyer_siren").str.slice(0, 2)
    return (
        nw.when(~nw.col("legal_category").is_null())
        .then(nw.lit("legal_category"))
        .when(~cog.is_null())
        .then(nw.lit("cog"))
        .when(family.is_in(CENTRAL_FAMILIES + LOCAL_FAMILIES))
        .then(nw.lit("siren_family"))
        .otherwise(nw.lit("unknown"))
    )
