"""``dentelle decp backtest``: what foreseeing at a past date would have been worth."""

import argparse
import sys
from typing import Any

from dentelle.cli.main import UsageError
from dentelle.cli.marts_common import (
    Desk,
    add_common,
    areas_frame,
    day,
    desk,
    number,
    print_table,
    territory_of,
    write_rows,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    parser.add_argument("--at", required=True, metavar="AAAA-MM-JJ", help="jour où l’on se place pour prévoir")
    parser.add_argument("--months", type=int, default=24, metavar="N", help="mois jugés après ce jour (défaut : 24)")


def run(arguments: argparse.Namespace) -> int:
    """0 when something could be judged; 2 when badly asked or when the data reach too short."""
    from dentelle.opendata.engines import to_arrow
    from dentelle.opendata.marts import schema
    from dentelle.opendata.marts.backtest import NothingToCompare, backtest

    if not 1 <= arguments.months <= 120:
        raise UsageError(f"« {arguments.months} » mois : un nombre de 1 à 120 est attendu.")
    with desk(arguments, ground=bool(arguments.territory)) as opened:
        territory = territory_of(opened, arguments.territory)
        inside = None if territory is None else _inside(opened, territory.communes)
        try:
            judged = backtest(
                opened.table("contracts"),
                opened.table("modifications"),
                at=day(arguments.at),
                months=arguments.months,
                inside=inside,
            )
        except NothingToCompare as refusal:
            raise UsageError(str(refusal)) from refusal
        rows = to_arrow(judged.rows, schema.BACKTEST).to_pylist()
    rows.sort(key=lambda row: ["all", "high", "medium", "low"].index(row["confidence"]))
    if arguments.format == "table":
        where = "France entière" if territory is None else territory.name
        _print(rows, judged.caveats, judged.window_months, where)
    else:
        write_rows(rows, schema.BACKTEST.names, arguments.format)
        for caveat in judged.caveats:
            print(caveat, file=sys.stderr)
    return 0


def _inside(opened: Desk, communes: frozenset[str]) -> Any:
    """The contracts located in a set of communes, by their place of execution or by their buyer's seat."""
    from dentelle.opendata.engines import keep
    from dentelle.opendata.marts.buyers import buyer_columns, buyer_facts
    from dentelle.opendata.marts.location import located, within

    frames = opened.frames
    assert frames is not None  # noqa: S101 (a territory opens the ground)
    contracts = opened.table("contracts")
    facts = keep(buyer_facts(contracts, frames.communes, frames.epcis, frames.legal_units))
    places = located(buyer_columns(contracts, facts), frames.communes, frames.postal_codes, frames.former_codes)
    return keep(within(keep(places), areas_frame(opened, communes)).select("contract_key"))


def _print(rows: list[dict[str, Any]], caveats: tuple[str, ...], months: int, where: str) -> None:
    from dentelle.opendata.marts.backtest import TOLERANCE_MONTHS
    from dentelle.opendata.marts.wording import CONFIDENCE

    def share(value: float | None) -> str:
        return "—" if value is None else f"{100 * value:.1f} %".replace(".", ",")

    lines = [
        [
            CONFIDENCE.get(row["confidence"], "toutes"),
            number(row["known"]),
            number(row["foreseen"]),
            f"{number(row['foreseen_renewed'])} / {number(row['foreseen'])}",
            share(row["precision"]),
            f"{number(row['renewed_foreseen'])} / {number(row['renewed'])}",
            share(row["recall"]),
            "—" if row["median_error_months"] is None else f"{row['median_error_months']:g}".replace(".", ","),
            number(row["sample"]),
        ]
        for row in rows
    ]
    print(f"{where} : jugé sur {months} mois, à {TOLERANCE_MONTHS} mois près.")
    headers = ["confiance", "connus", "prévus", "prévus et revenus", "précision", "revenus et prévus", "rappel"]
    print_table([*headers, "écart médian (mois)", "paires"], lines, right=frozenset(range(1, 9)))
    for caveat in caveats:
        print(f"• {caveat}")
