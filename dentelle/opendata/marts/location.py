"""Where a contract is: the finest area its codes prove, never a guess.

An area is « kind:code » (commune, postal, epci, department, region, country). A contract belongs to a territory when its
area lies inside it; a postal code shared by several communes belongs to the territory of any of them, and its precision
says so. A contract located « in department 59 » is therefore counted in the department and its region, in no commune.
"""

import narwhals.stable.v2 as nw
import pyarrow as pa

from dentelle.opendata.engines import Frame


def located(contracts: Frame, communes: Frame, postal_codes: Frame, former_codes: Frame) -> Frame:
    """``schema.LOCATED``: one row per contract.

    ``contracts`` needs contract_key, place_kind, place_code and seat_area (``buyers.buyer_columns``).
    """
    code = nw.col("place_code")
    tried = contracts.select("contract_key", "place_kind", "seat_area", "place_code").with_columns(
        # a leading zero is the most frequent loss: 1630 is 01630, department 1 is 01
        asked=nw.when(nw.col("place_kind").is_in(["commune", "postal", "arrondissement"]))
        .then(code.str.zfill(5))
        .when(nw.col("place_kind").is_in(["department", "region"]))
        .then(code.str.zfill(2))
        .otherwise(code)
    )
    place = _with_place(tried, communes, postal_codes, former_codes)
    return _with_names(place, communes)


def _with_place(tried: Frame, communes: Frame, postal_codes: Frame, former_codes: Frame) -> Frame:
    current = communes.select(asked="code", direct="code")
    former = former_codes.select(asked="former", now="code")
    shared = postal_codes.group_by("postal_code").agg(sharing=nw.len(), only=nw.col("commune").min())
    departments = communes.select(department="department").unique()
    regions = communes.select(asked="region", region="region").unique()
    kind = nw.col("place_kind")
    as_commune = kind.is_in(["commune", "arrondissement"]) & ~nw.col("commune").is_null()
    as_postal = (kind == "postal") & ~nw.col("sharing").is_null()
    asked = nw.col("asked")
    prefix = (
        nw.when(asked.str.starts_with("97") | asked.str.starts_with("98"))
        .then(asked.str.slice(0, 3))
        .when((kind == "postal") & (asked.str.starts_with("200") | asked.str.starts_with("201")))
        .then(nw.lit("2A"))
        .when((kind == "postal") & (asked.str.starts_with("202") | asked.str.starts_with("206")))
        .then(nw.lit("2B"))
        .otherwise(asked.str.slice(0, 2))
    )
    within = kind.is_in(["commune", "postal", "arrondissement", "canton", "department"])
    found = (
        tried.join(current, on="asked", how="left")
        .join(former, on="asked", how="left")
        .join(shared, left_on="asked", right_on="postal_code", how="left")
        .with_columns(commune=nw.coalesce("direct", "now"), prefix=nw.when(within).then(prefix))
        .join(departments.with_columns(known=nw.lit(1)), left_on="prefix", right_on="department", how="left")
        .join(regions, on="asked", how="left")
    )
    is_department = ~nw.col("known").is_null()
    is_region = (kind == "region") & ~nw.col("region").is_null()
    is_france = (kind == "country") & asked.is_in(["FR", "FRA", "France", "FRANCE"])
    precision = (
        nw.when(as_commune)
        .then(nw.lit("commune"))
        .when(as_postal)
        .then(nw.lit("postal"))
        .when(is_department)
        .then(nw.lit("department"))
        .when(is_region)
        .then(nw.lit("region"))
        .when(is_france)
        .then(nw.lit("country"))
        .otherwise(nw.lit("unknown"))
    )
    where = (
        nw.when(as_commune)
        .then(nw.concat_str([nw.lit("commune:"), nw.col("commune")]))
        .when(as_postal)
        .then(nw.concat_str([nw.lit("postal:"), asked]))
        .when(is_department)
        .then(nw.concat_str([nw.lit("department:"), nw.col("prefix")]))
        .when(is_region)
        .then(nw.concat_str([nw.lit("region:"), asked]))
        .when(is_france)
        .then(nw.lit("country:FR"))
    )
    exact = nw.when(as_commune).then(nw.col("commune")).when(as_postal & (nw.col("sharing") == 1)).then(nw.col("only"))
    return found.select(
        "contract_key",
        "seat_area",
        place_area=where,
        place_precision=precision,
        commune_code=exact,
        # every commune of a postal code is nearly always in one department: the first one's is shown
        witness=nw.when(as_commune).then(nw.col("commune")).when(as_postal).then(nw.col("only")),
        coarse=nw.when(is_department).then(nw.col("prefix")),
        coarse_region=nw.when(is_region).then(asked),
    )


def _with_names(place: Frame, communes: Frame) -> Frame:
    """Department and region of the place; the seat's when the place is unknown or the whole country."""
    by_commune = communes.select(witness="code", its_department="department", its_region="region")
    by_seat = communes.select(seat_commune="code", seat_department="department", seat_region="region")
    by_epci = (
        communes.filter(~nw.col("epci").is_null())
        .group_by("epci")
        .agg(low=nw.col("department").min(), high=nw.col("department").max())
        .filter(nw.col("low") == nw.col("high"))
        .select(seat_epci="epci", epci_department="low")
    )
    department_region = communes.select(department_code="department", region_of="region").unique()
    seat = nw.col("seat_area")
    seated = place.with_columns(
        seat_commune=nw.when(seat.str.starts_with("commune:")).then(seat.str.slice(8)),
        seat_epci=nw.when(seat.str.starts_with("epci:")).then(seat.str.slice(5)),
    )
    placed = ~nw.col("place_precision").is_in(["unknown", "country"])
    by_place = nw.coalesce("its_department", "coarse")
    of_seat = nw.coalesce("seat_department", "epci_department")
    return (
        seated.join(by_commune, on="witness", how="left")
        .join(by_seat, on="seat_commune", how="left")
        .join(by_epci, on="seat_epci", how="left")
        .with_columns(department_code=nw.when(placed).then(by_place).otherwise(of_seat))
        .join(department_region, on="department_code", how="left")
        .select(
            "contract_key",
            "place_area",
            "place_precision",
            "seat_area",
            "commune_code",
            "department_code",
            region_code=nw.coalesce("its_region", "coarse_region", "region_of"),
            belongs_by=nw.when(placed).then(nw.lit("place")).otherwise(nw.lit("seat")),
        )
    )


def areas_of(communes_inside: frozenset[str], communes: pa.Table, postal_codes: pa.Table) -> pa.Table:
    """The areas by which a contract belongs to a set of communes: one column ``area``, sorted.

    Every commune; every postal code one of them has; every EPCI, department and region wholly inside; the country when
    nothing is left out.
    """
    rows = communes.select(["code", "epci", "department", "region"]).to_pylist()
    areas = {f"commune:{code}" for code in communes_inside}
    for kind in ("epci", "department", "region"):
        outside = {row[kind] for row in rows if row["code"] not in communes_inside}
        inside = {row[kind] for row in rows if row["code"] in communes_inside}
        areas |= {f"{kind}:{code}" for code in inside - outside if code is not None}
    shared = zip(postal_codes["postal_code"].to_pylist(), postal_codes["commune"].to_pylist(), strict=True)
    areas |= {f"postal:{postal}" for postal, commune in shared if commune in communes_inside}
    if all(row["code"] in communes_inside for row in rows):
        areas.add("country:FR")
    return pa.table({"area": sorted(areas)}, schema=pa.schema([("area", pa.string())]))


def within(frame: Frame, areas: Frame) -> Frame:
    """The rows of ``frame`` (place_area, seat_area, belongs_by) inside ``areas``, belongs_by saying by which of the two."""
    by_place = areas.select(place_area="area", in_place=nw.lit(1))
    by_seat = areas.select(seat_area="area", in_seat=nw.lit(1))
    joined = frame.join(by_place, on="place_area", how="left").join(by_seat, on="seat_area", how="left")
    kept = joined.filter(~nw.col("in_place").is_null() | ~nw.col("in_seat").is_null())
    reason = nw.when(~nw.col("in_place").is_null()).then(nw.lit("place")).otherwise(nw.lit("seat"))
    return kept.with_columns(belongs_by=reason).drop("in_place", "in_seat")
