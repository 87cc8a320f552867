"""``dentelle calibrate``: how many hours of insertion, by what arithmetic, from which sources?"""

from __future__ import annotations

import argparse
import json
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from dentelle.cli.answering import checked_format, plain, plain_parameter, write, write_json, write_list
from dentelle.cli.main import UsageError
from dentelle.cli.reading import read_choice, read_date, read_number, read_share, read_whole
from dentelle.rules.calibration import (
    Alternative,
    Calibration,
    CalibrationRefused,
    CalibrationRequest,
    Counts,
    Lot,
    Member,
    Method,
    Order,
    Programme,
    Rounding,
    Tranche,
    TrancheKind,
    alternatives,
    calibrate,
    why_not_more_nor_less,
)
from dentelle.rules.dated import ParameterError
from dentelle.rules.levers import Fit, LeverFacts, Suggestion, suggest_levers
from dentelle.rules.trades import contract_kind_of_cpv, trades
from dentelle.rules.wording import hours, number, plural


class ProgrammeName(StrEnum):
    """Short names of the programmes on the command line."""

    NPNRU = "npnru"
    GUP = "gup"


_PROGRAMMES = {ProgrammeName.NPNRU: Programme.NPNRU_WORKS, ProgrammeName.GUP: Programme.NPNRU_GUP}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; values are read by hand so that refusals are French and say what to write."""
    parser.allow_abbrev = False
    add = parser.add_argument
    add("--amount", metavar="EUROS", help="montant hors taxes : 1000000, « 1 000 000 », « 1,2 M€ »")
    add("--labour-share", metavar="PART", help="part de main-d’œuvre : 0,5 ou 50 %%")
    add("--trade", metavar="MÉTIER", help="métier, à défaut de part de main-d’œuvre (dentelle/rules/parameters/trades)")
    add("--cpv", metavar="CODE", help="code CPV, à défaut de métier")
    add("--effort", metavar="PART", help="taux d’effort : 0,05 ou 5 %%")
    add("--programme", metavar="npnru|gup", help="taux d’effort d’un programme : travaux NPNRU ou gestion urbaine")
    add("--hourly-cost", metavar="EUROS", help="coût horaire tout compris")
    add("--hours-worked", metavar="HEURES", help="heures de production prévues, au lieu d’un montant")
    add("--transferred-hours", metavar="HEURES", help="heures du personnel repris, avec --hours-worked")
    add("--posts", metavar="NOMBRE", help="postes à temps plein, au lieu d’un montant")
    add("--training-grid", action="store_true", help="grille de la clause sociale de formation (heures de stage)")
    add("--years", metavar="ANNÉES", help="durée en années (1) ; 1,5 pour dix-huit mois")
    add("--per-year", action="store_true", help="montants et heures donnés pour une année")
    add("--lot", action="append", default=[], metavar="MONTANT[:PART]", help="un lot ; répétable")
    add("--lots", metavar="JSON", help='lots en JSON : [{"label", "amount", "labour_share"|"trade"}]')
    add("--tranche", action="append", default=[], metavar="MONTANT:firm|optional", help="une tranche ; répétable")
    add("--order", action="append", default=[], metavar="DATE:MONTANT", help="une commande d’accord-cadre ; répétable")
    add("--step-eur", metavar="EUROS", help="pas de commande, avec --hours-per-step")
    add("--hours-per-step", metavar="HEURES", help="heures par pas entier commandé")
    add("--member", action="append", default=[], metavar="NOM:POIDS", help="un cotraitant ; répétable")
    add("--round-to", metavar="1|5|7|10|50|35|151.67", help="arrondi du total (1 h)")
    add("--minimum", metavar="HEURES", help="volume minimal utile")
    add("--duration-months", metavar="MOIS", help="durée d’exécution, pour la faisabilité")
    add("--workforce", metavar="NOMBRE", help="effectif prévu en même temps, pour la faisabilité")
    add("--on", metavar="AAAA-MM-JJ", help="date des paramètres (aujourd’hui)")
    add("--format", default="text", metavar="text|json", help="forme de la réponse (text)")


def run(arguments: argparse.Namespace) -> int:
    """Answer and return 0; raise UsageError for what cannot be asked."""
    form = checked_format(arguments.format)
    request = _request(arguments)
    on = read_date(arguments.on, "--on") or datetime.now(UTC).date()
    try:
        result = calibrate(request, on)
        others = alternatives(request, on)
        levers = suggest_levers(_facts(result))
        comparison = why_not_more_nor_less(result)
    except (CalibrationRefused, ParameterError) as refusal:
        raise UsageError(str(refusal)) from refusal
    if form == "json":
        write_json(_json(result, others, levers, comparison))
    else:
        _write(result, others, levers, comparison)
    return 0


def _facts(result: Calibration) -> LeverFacts:
    request = result.request
    shares = [value.number for value in result.parameters if value.path.startswith("trades.")]
    return LeverFacts(
        on=result.on,
        contract_kind=None if request.cpv is None else contract_kind_of_cpv(request.cpv),
        hours=result.hours if result.counts is Counts.INSERTION_HOURS else None,
        minimum_hours=request.minimum_hours,
        labour_share=request.labour_share or (shares[0] if len(shares) == 1 else None),
        duration_months=request.duration_months,
        has_lots=bool(request.lots) or None,
    )


def _request(arguments: argparse.Namespace) -> CalibrationRequest:
    programme = read_choice(arguments.programme, "--programme", ProgrammeName)
    return CalibrationRequest(
        method=_method(arguments),
        amount=read_number(arguments.amount, "--amount"),
        labour_share=read_share(arguments.labour_share, "--labour-share"),
        trade=_trade(arguments.trade),
        cpv=arguments.cpv,
        effort_rate=read_share(arguments.effort, "--effort"),
        programme=None if programme is None else _PROGRAMMES[programme],
        hourly_cost=read_number(arguments.hourly_cost, "--hourly-cost"),
        hours_worked=read_number(arguments.hours_worked, "--hours-worked"),
        transferred_hours=read_number(arguments.transferred_hours, "--transferred-hours"),
        posts=read_number(arguments.posts, "--posts"),
        years=_years(arguments.years),
        per_year=arguments.per_year,
        lots=_lots(arguments),
        tranches=tuple(_tranche(text, rank) for rank, text in enumerate(arguments.tranche, 1)),
        members=tuple(_member(text) for text in arguments.member),
        orders=tuple(_order(text) for text in arguments.order),
        step_eur=read_number(arguments.step_eur, "--step-eur"),
        hours_per_step=read_number(arguments.hours_per_step, "--hours-per-step"),
        rounding=read_choice(_dotted(arguments.round_to), "--round-to", Rounding) or Rounding.UNIT,
        minimum_hours=read_whole(arguments.minimum, "--minimum"),
        duration_months=read_number(arguments.duration_months, "--duration-months"),
        workforce=read_number(arguments.workforce, "--workforce"),
    )


def _years(text: str | None) -> Decimal | int:
    value = read_number(text, "--years")
    if value is None:
        return 1
    return int(value) if value == value.to_integral_value() else value


def _trade(text: str | None) -> str | None:
    """Accept the code of a trade or its French label, accents and case aside."""
    if text is None:
        return None
    codes: dict[str, str] = {}
    for known in trades():
        codes[_folded(known.code)] = known.code
        codes[_folded(known.label)] = known.code
    folded = _folded(text)
    if folded in codes:
        return codes[folded]
    near = dict.fromkeys(codes[name] for name in get_close_matches(folded, codes, n=4, cutoff=0.5))
    hint = f"proches : {', '.join(near)}" if near else "docs/sources.md les liste"
    raise UsageError(f"--trade : le métier « {text[:40]} » n’existe pas ({hint}).")


def _folded(text: str) -> str:
    plain_text = unicodedata.normalize("NFKD", text.replace("_", " ").replace("’", "'").casefold())
    return " ".join("".join(letter for letter in plain_text if not unicodedata.combining(letter)).split())


def _dotted(text: str | None) -> str | None:
    return None if text is None else text.strip().replace(",", ".")


def _method(arguments: argparse.Namespace) -> Method:
    """Find the method from what is given; two starting points at once are refused."""
    asked = {
        Method.POSTS: arguments.posts is not None,
        Method.HOURS_WORKED: arguments.hours_worked is not None or arguments.transferred_hours is not None,
        Method.TRAINING_GRID: arguments.training_grid,
        Method.ORDERS: bool(arguments.order),
    }
    found = [method for method, given in asked.items() if given]
    if len(found) > 1:
        raise UsageError("Choisissez un seul point de départ : --posts, --hours-worked, --training-grid ou --order.")
    if not found:
        return Method.AMOUNT
    other = {
        Method.POSTS: "--posts",
        Method.HOURS_WORKED: "--transferred-hours" if arguments.hours_worked is None else "--hours-worked",
    }.get(found[0])
    if arguments.amount is not None and other is not None:
        raise UsageError(
            f"Choisissez un seul point de départ : --amount ou {other} ; le calcul par {other} n’utilise pas le montant."
        )
    if found[0] is Method.HOURS_WORKED and arguments.transferred_hours is not None:
        return Method.STAFF_TRANSFER
    return found[0]


def _needed(text: str, option: str) -> Decimal:
    value = read_number(text, option)
    if value is None:
        raise UsageError(f"{option} : un montant manque.")
    return value


def _lots(arguments: argparse.Namespace) -> tuple[Lot, ...]:
    rows = []
    for rank, text in enumerate(arguments.lot, 1):
        amount, _, share = text.partition(":")
        rows.append(Lot(f"Lot {rank}", _needed(amount, "--lot"), read_share(share or None, "--lot")))
    return (*rows, *_json_lots(arguments.lots, len(rows)))


def _json_lots(text: str | None, known: int) -> tuple[Lot, ...]:
    if text is None:
        return ()
    try:
        rows = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise UsageError('--lots : JSON illisible ; attendu [{"amount": 6000000, "labour_share": 0.5}, …].') from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError("--lots : une liste d’objets est attendue.")
    lots = []
    for rank, row in enumerate(rows, known + 1):
        unknown = sorted(set(row) - {"label", "amount", "labour_share", "trade"})
        if unknown:
            raise UsageError(f"--lots : champ inconnu « {unknown[0][:40]} ».")
        if not all(isinstance(value, str | None) for value in row.values()) or row.get("amount") is None:
            raise UsageError(f"--lots : le lot {rank} n’a pas de montant lisible.")
        lots.append(
            Lot(
                row.get("label") or f"Lot {rank}",
                _needed(row["amount"], "--lots"),
                read_share(row.get("labour_share"), "--lots"),
                row.get("trade"),
            )
        )
    return tuple(lots)


def _tranche(text: str, rank: int) -> Tranche:
    amount, separator, kind_text = text.rpartition(":")
    kind = read_choice(kind_text if separator else "", "--tranche", TrancheKind)
    if kind is None:
        raise UsageError("--tranche : écrivez MONTANT:firm ou MONTANT:optional.")
    return Tranche(f"Tranche {rank}", _needed(amount, "--tranche"), kind)


def _member(text: str) -> Member:
    label, separator, weight = text.rpartition(":")
    if not separator or not label.strip():
        raise UsageError("--member : écrivez NOM:POIDS, par exemple « Alpha:60 ».")
    value = _needed(weight.replace("%", "").strip(), "--member")
    return Member(label.strip(), value)


def _order(text: str) -> Order:
    day, separator, amount = text.partition(":")
    ordered_on = read_date(day, "--order") if separator else None
    if ordered_on is None:
        raise UsageError("--order : écrivez DATE:MONTANT, par exemple 2026-03-10:200000.")
    return Order(ordered_on, _needed(amount, "--order"))


def _json(
    result: Calibration, others: tuple[Alternative, ...], levers: tuple[Suggestion, ...], comparison: tuple[str, ...]
) -> dict[str, Any]:
    told = result.equivalents
    feasible = result.feasibility
    return {
        "hours": result.hours,
        "exact_hours": plain(result.exact_hours),
        "minutes": result.minutes,
        "counts": result.counts.value,
        "conditional_hours": result.conditional_hours,
        "low_hours": result.low_hours,
        "high_hours": result.high_hours,
        "weeks": plain(told.weeks),
        "months": plain(told.months),
        "fte": plain(told.fte),
        "hours_per_year": plain(told.hours_per_year),
        "hours_per_100k": plain(told.hours_per_100k),
        "feasibility": None
        if feasible is None
        else {
            "weeks": plain(feasible.weeks),
            "people_at_once": plain(feasible.people_at_once),
            "share_of_workforce": plain(feasible.share_of_workforce),
        },
        "parts": [
            {"label": part.label, "kind": part.kind, "amount": plain(part.amount), "hours": part.hours}
            for part in result.parts
        ],
        "members": [
            {"label": member.label, "share": plain(member.share), "hours": member.hours} for member in result.members
        ],
        "warnings": [{"code": warning.code, "message": warning.message} for warning in result.warnings],
        "alternatives": [{"label": item.label, "hours": item.calibration.hours} for item in others],
        "levers": [
            {
                "code": item.lever.code.value,
                "label": item.lever.label,
                "fit": item.fit.value,
                "reasons": list(item.reasons),
            }
            for item in levers
        ],
        "comparison": list(comparison),
        "explanation": list(result.explanation),
        "parameters": [plain_parameter(value) for value in result.parameters],
        "on": result.on.isoformat(),
        "digest": result.digest,
    }


def _write(
    result: Calibration, others: tuple[Alternative, ...], levers: tuple[Suggestion, ...], comparison: tuple[str, ...]
) -> None:
    told = result.equivalents
    write(f"{number(result.hours)} {result.counts.label}")
    per_100k = "" if told.hours_per_100k is None else f" ; {number(told.hours_per_100k)} h pour 100 000 €"
    write(
        f"soit {plural(told.weeks, 'semaine', 'semaines')}, {number(told.months)} mois à temps plein, {number(told.fte)} ETP{per_100k}"
    )
    if result.conditional_hours:
        write(f"et {hours(result.conditional_hours)} si les tranches optionnelles sont affermies")
    write_list("Par partie", (f"{part.label} : {hours(part.hours)}" for part in result.parts))
    write_list("Par cotraitant", (f"{member.label} : {hours(member.hours)}" for member in result.members))
    write_list("À surveiller", (warning.message for warning in result.warnings))
    write_list("Calcul", result.arithmetic)
    write_list("Pourquoi pas plus, pourquoi pas moins", comparison)
    write_list("Autrement", (f"{item.label} : {hours(item.calibration.hours)}" for item in others))
    advised = [item for item in levers if item.fit is Fit.ADVISED]
    write_list("Leviers conseillés", (f"{item.lever.label} : {' '.join(item.reasons)}" for item in advised))
    write_list("Sources", result.sources)
