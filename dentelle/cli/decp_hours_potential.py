"""``dentelle decp hours-potential``: how many hours the contracts that come back could carry."""

import argparse
import sys
from typing import Any

from dentelle.cli.decp_renewals import add_window, window_of
from dentelle.cli.marts_common import (
    add_common,
    areas_frame,
    day,
    desk,
    euros,
    number,
    print_table,
    short,
    territory_of,
    write_rows,
)

# what a line stands for; () is one line for the whole
GRAINS: dict[str, tuple[str, ...]] = {
    "detail": ("month", "trade", "buyer", "amount_kind"),
    "trade": ("trade",),
    "month": ("month",),
    "total": (),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    add_window(parser)
    parser.add_argument(
        "--by",
        choices=tuple(GRAINS),
        default="detail",
        help="une ligne par mois, métier, acheteur et nature de montant (detail), par métier, par mois, ou une seule",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when the question could be answered; 2 when badly asked."""
    from dentelle.opendata.engines import keep, to_arrow
    from dentelle.opendata.marts import schema
    from dentelle.opendata.marts.hours import hours_potential
    from dentelle.opendata.marts.renewals import renewals
    from dentelle.opendata.marts.rules_tables import foresight, hours_parameters

    as_of, window = day(arguments.as_of), window_of(arguments)
    with desk(arguments) as opened:
        territory = territory_of(opened, arguments.territory)
        areas = None if territory is None else areas_frame(opened, territory.communes)
        assert opened.frames is not None  # noqa: S101 (desk opens the ground unless told not to)
        found = renewals(
            opened.table("contracts"),
            opened.frames,
            foresight(),
            as_of=as_of,
            window=window,
            areas=areas,
            keep_replaced=True,
        )
        rates, come_back = hours_parameters(as_of), keep(found.rows)
        potential = hours_potential(come_back, rates, GRAINS[arguments.by])
        whole = hours_potential(come_back, rates, ())
        total = to_arrow(whole.rows, schema.HOURS_POTENTIAL).to_pylist()
        rows = to_arrow(potential.rows, schema.HOURS_POTENTIAL).to_pylist()
        excluded = to_arrow(potential.excluded, schema.HOURS_EXCLUDED).to_pylist()
    rows.sort(key=lambda row: tuple(row[name] or "" for name in ("month", "trade", "buyer_siren", "amount_kind")))
    if arguments.format == "table":
        _print(rows, total, excluded, "France entière" if territory is None else territory.name)
    else:
        write_rows(rows, schema.HOURS_POTENTIAL.names, arguments.format)
        for line in excluded:
            print(f"écartés, {line['reason']} : {line['contracts']}", file=sys.stderr)
    return 0


def _print(rows: list[dict[str, Any]], total: list[dict[str, Any]], excluded: list[dict[str, Any]], where: str) -> None:
    from dentelle.opendata.marts.wording import AMOUNT_KIND, AWARDS_NOT_ESTIMATES, HOURS_EXCLUDED, STATUS

    print(f"{where} : heures que les marchés qui reviennent pourraient porter (basse – centrale – haute).")
    lines = [
        [
            row["month"] or "tous",
            short(row["trade_name"] or "tous", 30),
            short(
                row["buyer_name"] or row["buyer_siren"] or ("acheteur inconnu" if row["amount_kind"] else "tous"), 34
            ),
            AMOUNT_KIND.get(row["amount_kind"] or "", "tous"),
            number(row["contracts"]),
            euros(row["amount_cents"]),
            _hours(row),
            STATUS[row["status"]],
        ]
        for row in rows
    ]
    headers = ["mois", "métier", "acheteur", "montants", "marchés", "total HT", "heures", "statut"]
    print_table(headers, lines, right=frozenset({4, 5, 6}))
    for row in total:
        print(f"Total : {_hours(row)}, arrondi une seule fois ; la somme des lignes arrondies peut en différer de peu.")
    for reason in sorted(excluded, key=lambda line: -line["contracts"]):
        print(f"Écartés : {number(reason['contracts'])} ({HOURS_EXCLUDED[reason['reason']]}).")
    print("Un maximum d’accord-cadre ne s’additionne pas à des montants attribués : ses heures sont une borne haute.")
    print(AWARDS_NOT_ESTIMATES)


def _hours(row: dict[str, Any]) -> str:
    return f"{number(row['hours_low'])} – {number(row['hours_central'])} – {number(row['hours_high'])} h"
