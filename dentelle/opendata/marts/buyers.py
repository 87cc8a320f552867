"""Who buys: the buyer's kind, which decides the threshold, and its name when the file carries none.

The kind follows ``dentelle.opendata.buyers``: the geographic code (SIREN of communes and EPCI), else INSEE's legal
category (SIRENE loaded), else the family of the SIREN; its basis and status stay beside the answer.
"""

import narwhals.stable.v2 as nw

from dentelle.opendata.buyers import IN_GEOGRAPHIC_CODE, buyer_kind_table
from dentelle.opendata.engines import Frame


def buyer_facts(contracts: Frame, communes: Frame, epcis: Frame, legal_units: Frame) -> Frame:
    """One row per buyer_siren: name, its source, kind, its basis and status, and the seat's area when a source gives it.

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
        **_kind(),
        seat_area=nw.coalesce("cog_area", "epci_area", "unit_area"),
    )


def buyer_columns(contracts: Frame, facts: Frame) -> Frame:
    """``contracts`` with buyer_name completed, buyer_name_source, buyer_kind, its basis and status, and seat_area.

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
        buyer_kind_status=nw.coalesce("buyer_kind_status", nw.lit("unknown")),
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


def _kind() -> dict[str, nw.Expr]:
    """buyer_kind, buyer_kind_basis and buyer_kind_status, by the best thing known about the SIREN."""
    category = nw.col("legal_category")
    listed = ~nw.col("cog_name").is_null() | ~nw.col("epci_name").is_null()
    table = buyer_kind_table().to_pylist()

    def answers(column: str) -> tuple[nw.Expr, nw.Expr]:
        def by(basis: str, code: nw.Expr) -> nw.Expr:
            rows = {row["prefix"]: row[column] or "unknown" for row in table if row["basis"] == basis}
            return code.replace_strict(rows, default=None, return_dtype=nw.String)

        said = nw.coalesce(
            by("legal_category", category.str.slice(0, 4)), by("legal_category", category.str.slice(0, 2))
        )
        return said, by("siren_family", nw.col("buyer_siren").str.slice(0, 2))

    def chosen(first: str, pair: tuple[nw.Expr, nw.Expr]) -> nw.Expr:
        by_category, by_family = pair
        return (
            nw.when(listed)
            .then(nw.lit(first))
            .when(~category.is_null())
            .then(nw.coalesce(by_category, nw.lit("unknown")))
            .otherwise(nw.coalesce(by_family, nw.lit("unknown")))
        )

    return {
        "buyer_kind": chosen(str(IN_GEOGRAPHIC_CODE.kind), answers("kind")),
        "buyer_kind_status": chosen(IN_GEOGRAPHIC_CODE.status, answers("status")),
        "buyer_kind_basis": chosen(IN_GEOGRAPHIC_CODE.basis, answers("basis")),
    }
