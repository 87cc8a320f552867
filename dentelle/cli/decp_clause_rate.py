"""``dentelle decp clause-rate``: how often a social consideration is written here, beside comparable territories."""

import argparse
import re
from typing import Any

from dentelle.cli.main import UsageError
from dentelle.cli.marts_common import Desk, add_common, desk, number, print_table, short, territory_of, write_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    parser.add_argument(
        "--comparables", type=int, default=5, metavar="N", help="territoires de population voisine (défaut : 5)"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when the question could be answered; 2 when badly asked."""
    from dentelle.opendata.engines import keep, to_arrow
    from dentelle.opendata.marts import schema
    from dentelle.opendata.marts.buyers import buyer_columns, buyer_facts
    from dentelle.opendata.marts.clause_rate import clause_rate
    from dentelle.opendata.marts.location import located

    if not 0 <= arguments.comparables <= 50:
        raise UsageError(f"« {arguments.comparables} » territoires comparables : un nombre de 0 à 50 est attendu.")
    with desk(arguments) as opened:
        frames = opened.frames
        assert frames is not None  # noqa: S101 (desk opens the ground unless told not to)
        contracts = opened.table("contracts")
        territories = opened.session.arrow(_territories(opened, arguments))
        facts = keep(buyer_facts(contracts, frames.communes, frames.epcis, frames.legal_units))
        places = located(buyer_columns(contracts, facts), frames.communes, frames.postal_codes, frames.former_codes)
        rates = clause_rate(contracts, keep(places), facts, territories)
        rows = to_arrow(rates, schema.CLAUSE_RATE).to_pylist()
    order = {"asked": 0, "comparable": 1, "national": 2}
    dimensions = ["all", "buyer_kind", "cpv_division", "amount_band", "year"]
    rows.sort(
        key=lambda row: (order[row["role"]], row["territory"], dimensions.index(row["dimension"]), _rank(row["value"]))
    )
    if arguments.format == "table":
        _print(rows)
    else:
        write_rows(rows, schema.CLAUSE_RATE.names, arguments.format)
    return 0


def _territories(opened: Desk, arguments: argparse.Namespace) -> Any:
    """The areas of the territory asked and of its comparables, as one Arrow table."""
    import pyarrow as pa

    from dentelle.opendata.ground import parse_territory
    from dentelle.opendata.marts.clause_rate import RATE_AREAS, comparables
    from dentelle.opendata.marts.location import areas_of

    asked = territory_of(opened, arguments.territory)
    if asked is None or opened.ground is None:
        return RATE_AREAS.empty_table()
    others = comparables(opened.ground, asked.kind, asked.code, number=arguments.comparables)
    known = [
        (asked.spec, asked.name, "asked", asked.communes),
        *(
            (near.spec, near.name, "comparable", parse_territory(opened.ground, [near.spec]).communes)
            for near in others
        ),
    ]
    rows = [
        {"territory": spec, "territory_name": name, "role": role, "area": area}
        for spec, name, role, communes in known
        for area in areas_of(communes, opened.tables["communes"], opened.tables["postal_codes"])["area"].to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=RATE_AREAS)


def _rank(value: str) -> tuple[bool, int, str]:
    """Numbers and bands in order of size, then texts, then what is not known."""
    start = re.match(r"[0-9]+", value)
    return value in ("unknown", "unusable"), int(start[0]) if start else 0, value


def _worded(dimension: str, value: str) -> str:
    """The value of a dimension as a reader says it."""
    from dentelle.opendata.marts.wording import BUYER_KIND, RATE_UNKNOWN

    if dimension == "all":
        return ""
    if dimension == "buyer_kind":
        return BUYER_KIND.get(value, value)
    if value in ("unknown", "unusable"):
        return RATE_UNKNOWN[dimension]
    if dimension != "amount_band":
        return value
    low, _, high = value.removesuffix("+").partition("-")
    if not high:
        return f"{number(int(low))} € et plus"
    return f"moins de {number(int(high))} €" if low == "0" else f"{number(int(low))} à {number(int(high))} €"


def _print(rows: list[dict[str, Any]]) -> None:
    from dentelle.opendata.marts.wording import RATE_DIMENSION, RATE_ROLE

    lines = []
    for row in rows:
        if row["dimension"] != "all" and row["role"] == "comparable":
            continue
        rate = "non calculable" if row["rate"] is None else f"{100 * row['rate']:.1f} %".replace(".", ",")
        lines.append(
            [
                short(row["territory_name"], 30),
                RATE_ROLE[row["role"]],
                RATE_DIMENSION[row["dimension"]],
                _worded(row["dimension"], row["value"]),
                rate + (" (peu)" if row["small_count"] and row["rate"] is not None else ""),
                f"{number(row['considered'])} / {number(row['stated'])}",
                number(row["not_stated"]),
                f"{100 * (row['coverage'] or 0):.0f} %",
            ]
        )
    headers = ["territoire", "rôle", "par", "valeur", "taux", "oui / renseignés", "non renseigné", "couverture"]
    print_table(headers, lines, right=frozenset({4, 5, 6, 7}))
    print(
        "Taux = marchés à considération sociale ÷ marchés qui disent oui ou non ; « non renseigné » n’est pas « non »."
    )
    print("« (peu) » : moins de 30 marchés renseignés, lire les nombres plutôt que le taux.")
