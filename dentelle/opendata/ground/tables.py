"""The ground as tables to join with: one row per commune, postal code, former code or SIREN."""

import pyarrow as pa
import pyarrow.compute as pc

from dentelle.opendata.ground.areas import AREAS

NO_AREAS = AREAS.empty_table()

COMMUNES = pa.schema(
    [
        ("commune_code", pa.string()),
        ("commune_name", pa.string()),
        ("department_code", pa.string()),
        ("department_name", pa.string()),
        ("region_code", pa.string()),
        ("region_name", pa.string()),
        ("epci_code", pa.string()),
        ("epci_name", pa.string()),
        ("ept_code", pa.string()),
        ("ept_name", pa.string()),
        ("population", pa.int64()),
        ("siren", pa.string()),
        ("zone", pa.string()),  # metro | drom | com
    ]
)


def communes(rows: pa.Table, parents: dict[str, pa.Table]) -> pa.Table:
    """Return ``COMMUNES``: every current commune with the names of what it belongs to."""
    columns = {"commune_code": rows["code"], "commune_name": rows["name"]}
    for kind, table in parents.items():
        codes = rows[f"{kind}_code"]
        columns[f"{kind}_code"] = codes
        columns[f"{kind}_name"] = table["name"].take(pc.index_in(codes, value_set=table["code"].combine_chunks()))
    for name in ("population", "siren", "zone"):
        columns[name] = rows[name]
    return pa.table({name: columns[name] for name in COMMUNES.names}, schema=COMMUNES)


def postal(rows: pa.Table) -> pa.Table:
    """Return postal_code, commune_code, share, share_basis: the shares of a postal code sum to 1.

    ``share`` is the part of the postal code's inhabitants taken to live in the commune. It is an estimate: a commune with
    several postal codes is spread evenly over them. ``share_basis`` is ``single`` (the code serves one commune),
    ``population``, or ``equal`` when a commune has no published population.
    """
    served: dict[str, list[tuple[str, float | None]]] = {}
    for code, joined, population in zip(
        rows["code"].to_pylist(), rows["postal_codes"].to_pylist(), rows["population"].to_pylist(), strict=True
    ):
        postal_codes = joined.split("|") if joined else []
        for postal_code in postal_codes:
            weight = population / len(postal_codes) if population is not None else None
            served.setdefault(postal_code, []).append((code, weight))
    lines = []
    for postal_code, members in sorted(served.items()):
        weights = [weight for _, weight in members if weight is not None]
        total = sum(weights)
        weighted = len(weights) == len(members) and total > 0
        basis = "single" if len(members) == 1 else "population" if weighted else "equal"
        for code, weight in members:
            share = weight / total if weighted and weight is not None else 1 / len(members)
            lines.append((postal_code, code, share, basis))
    columns = list(zip(*lines, strict=True)) or [(), (), (), ()]
    return pa.table(
        {
            "postal_code": pa.array(columns[0], pa.string()),
            "commune_code": pa.array(columns[1], pa.string()),
            "share": pa.array(columns[2], pa.float64()),
            "share_basis": pa.array(columns[3], pa.string()),
        }
    )


def former(rows: pa.Table) -> pa.Table:
    """Return former_code, commune_code, type (replaced, delegated, associated, municipal_arrondissement)."""
    return pa.table({"former_code": rows["code"], "commune_code": rows["current_code"], "type": rows["type"]})


def sirens(commune_rows: pa.Table, *grouping_rows: pa.Table) -> pa.Table:
    """Return siren, commune_code, name, kind (commune, epci, ept), seat_basis.

    ``seat_basis`` is ``itself`` for a commune and ``largest_member`` for a grouping: its seat is not published in the
    source, its most populous member stands for it. Departments and regions are absent: their SIREN is not in the source
    and is not guessed.
    """
    parts = [
        pa.table(
            {
                "siren": commune_rows["siren"],
                "commune_code": commune_rows["code"],
                "name": commune_rows["name"],
                "kind": commune_rows["kind"],
                "seat_basis": pa.array(["itself"] * commune_rows.num_rows, pa.string()),
            }
        ).filter(pc.is_valid(commune_rows["siren"]))
    ]
    parts += [
        pa.table(
            {
                "siren": rows["siren"],
                "commune_code": rows["chief_code"],
                "name": rows["name"],
                "kind": rows["kind"],
                "seat_basis": pa.array(["largest_member"] * rows.num_rows, pa.string()),
            }
        )
        for rows in grouping_rows
    ]
    return pa.concat_tables(parts).combine_chunks()
