"""``dentelle decp renewals``: which contracts of a territory come back, when, and what the next one will owe."""

import argparse
from typing import Any

from dentelle.cli.main import UsageError
from dentelle.cli.marts_common import (
    add_common,
    areas_frame,
    day,
    desk,
    euros,
    month,
    print_table,
    short,
    territory_of,
    write_rows,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    add_window(parser)
    parser.add_argument("--mandatory", action="store_true", help="seulement si une condition sociale sera obligatoire")
    parser.add_argument(
        "--cpv",
        metavar="PREFIX",
        help="début du code CPV, par exemple 9091 (les concessions, sans CPV publié, sont alors écartées)",
    )
    parser.add_argument("--buyer", metavar="SIREN", help="un acheteur, par son SIREN ou son SIRET")


def add_window(parser: argparse.ArgumentParser) -> None:
    """--from, --months: the window of estimated ends."""
    parser.add_argument(
        "--from", dest="start", metavar="AAAA-MM", help="premier mois de fin estimée (défaut : ce mois)"
    )
    parser.add_argument("--months", type=int, default=24, metavar="N", help="nombre de mois (défaut : 24)")


def run(arguments: argparse.Namespace) -> int:
    """0 when the question could be answered, even by nothing; 2 when badly asked."""
    import narwhals.stable.v2 as nw

    from dentelle.opendata.engines import to_arrow
    from dentelle.opendata.marts import schema
    from dentelle.opendata.marts.renewals import renewals
    from dentelle.opendata.marts.rules_tables import foresight

    as_of, window = day(arguments.as_of), window_of(arguments)
    if arguments.cpv is not None and not (arguments.cpv.isdigit() and 2 <= len(arguments.cpv) <= 8):
        raise UsageError(f"« {arguments.cpv} » n’est pas un début de CPV : de deux à huit chiffres sont attendus.")
    if arguments.buyer is not None and not (arguments.buyer.isdigit() and len(arguments.buyer) in (9, 14)):
        raise UsageError(f"« {arguments.buyer} » n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
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
            names=opened.table("names"),
        )
        rows = found.rows
        if arguments.mandatory:
            rows = rows.filter(nw.col("required") == "yes")
        if arguments.cpv:
            rows = rows.filter(nw.col("cpv").str.starts_with(arguments.cpv))
        if arguments.buyer:
            column = "buyer_siren" if len(arguments.buyer) == 9 else "buyer_id"
            rows = rows.filter(nw.col(column) == arguments.buyer)
        answer = to_arrow(rows, schema.RENEWALS).sort_by(
            [("estimated_end", "ascending"), ("contract_key", "ascending")]
        )
        report = to_arrow(found.chain_report, schema.CHAIN_REPORT).to_pylist()
    lines = answer.to_pylist()
    if arguments.format == "table":
        _print(lines, "France entière" if territory is None else territory.name, report)
    else:
        write_rows(lines, schema.RENEWALS.names, arguments.format)
    return 0


def window_of(arguments: argparse.Namespace) -> Any:
    """The window of months asked."""
    from dentelle.opendata.marts.parameters import Window

    if not 1 <= arguments.months <= 240:
        raise UsageError(f"« {arguments.months} » mois : un nombre de 1 à 240 est attendu.")
    year, first = month(arguments.start, day(arguments.as_of))
    return Window.starting(year, first, arguments.months)


def _print(rows: list[dict[str, Any]], where: str, report: list[dict[str, Any]]) -> None:
    from dentelle.opendata.marts.wording import AWARDS_NOT_ESTIMATES, CONFIDENCE, REQUIRED
    from dentelle.rules.wording import plural

    print(f"{where} : {plural(len(rows), 'marché', 'marchés')} dont la fin estimée tombe dans la période.")
    if rows:
        lines = [
            [
                row["estimated_end_month"],
                f"{row['prepare_from']:%Y-%m}",
                short(row["buyer_name"] or row["buyer_id"] or "acheteur inconnu", 32),
                short(row["object"], 58),
                row["cpv"] or ("concession" if row["contract_kind"] == "concession" else ""),
                euros(row["amount_cents"]) + (" max." if row["amount_kind"] == "ceiling" else ""),
                REQUIRED[row["required"]] + (" *" if row["threshold_status"] == "to_confirm" else ""),
                CONFIDENCE[row["confidence"]],
                f"{row['chain_length']}",
            ]
            for row in rows
        ]
        headers = [
            "fin est.",
            "préparer",
            "acheteur",
            "objet",
            "CPV",
            "montant HT",
            "obligatoire",
            "confiance",
            "suite",
        ]
        print_table(headers, lines, right=frozenset({5, 8}))
    print(AWARDS_NOT_ESTIMATES)
    if any(row["threshold_status"] == "to_confirm" for row in rows):
        print("* seuil européen postérieur à 2027 : projection du dernier seuil connu, à confirmer.")
    given_up = [line for line in report if line["treatment"] == "too_large"]
    if given_up:
        worst = max(given_up, key=lambda line: line["contracts"])
        print(
            f"Suites non recherchées dans {plural(len(given_up), 'ensemble trop grand', 'ensembles trop grands')} ; "
            f"le plus grand : {worst['block']} ({plural(worst['contracts'], 'marché', 'marchés')})."
        )
