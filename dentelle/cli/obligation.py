"""``dentelle obligation``: is a social condition mandatory for this contract?"""

from __future__ import annotations

import argparse

from dentelle.cli.answering import checked_format, plain_parameter, write, write_json, write_list
from dentelle.cli.main import UsageError
from dentelle.cli.reading import read_choice, read_date, read_number
from dentelle.rules.dated import ParameterError
from dentelle.rules.obligation import Exemption, ExemptionCode, Obligation, ObligationRefused, social_obligation
from dentelle.rules.thresholds import BuyerKind, ContractKind
from dentelle.rules.wording import euros_before_tax


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; values are read by hand so that refusals are French and say what to write."""
    parser.allow_abbrev = False
    parser.add_argument("--amount", metavar="EUROS", help="montant estimé hors taxes")
    parser.add_argument("--buyer", metavar="central|local|utility", help="famille de l’acheteur ; inconnue si absente")
    parser.add_argument("--contract", metavar="works|supplies|services|concession", help="ce qui est acheté")
    parser.add_argument("--launched", metavar="AAAA-MM-JJ", help="date de lancement de la consultation")
    parser.add_argument("--duration-months", metavar="MOIS", help="durée d’exécution")
    parser.add_argument("--exemption", metavar="CODE", help="dérogation : " + ", ".join(ExemptionCode))
    parser.add_argument("--reason", metavar="TEXTE", help="motif de la dérogation")
    parser.add_argument("--annual-purchases", metavar="EUROS", help="achats annuels de l’acheteur, pour le SPASER")
    parser.add_argument("--format", default="text", metavar="text|json", help="forme de la réponse (text)")


def run(arguments: argparse.Namespace) -> int:
    """Answer and return 0; raise UsageError for what cannot be asked."""
    form = checked_format(arguments.format)
    launched = read_date(arguments.launched, "--launched")
    if launched is None:
        raise UsageError("--launched manque : la date de lancement de la consultation décide du seuil.")
    code = read_choice(arguments.exemption, "--exemption", ExemptionCode)
    if code is None and arguments.reason is not None:
        raise UsageError("--reason se donne avec --exemption.")
    try:
        answer = social_obligation(
            launched_on=launched,
            amount=read_number(arguments.amount, "--amount"),
            buyer_kind=read_choice(arguments.buyer, "--buyer", BuyerKind),
            contract_kind=read_choice(arguments.contract, "--contract", ContractKind),
            duration_months=read_number(arguments.duration_months, "--duration-months"),
            exemption=None if code is None else Exemption(code, arguments.reason or ""),
            annual_purchases=read_number(arguments.annual_purchases, "--annual-purchases"),
        )
    except (ObligationRefused, ParameterError) as refusal:
        raise UsageError(str(refusal)) from refusal
    if form == "json":
        write_json({**answer.to_json(), "parameters": [plain_parameter(value) for value in answer.parameters]})
    else:
        _write(answer)
    return 0


def _write(answer: Obligation) -> None:
    heads = {
        True: "Oui : une condition sociale est obligatoire.",
        False: "Non : une condition sociale n’est pas obligatoire.",
        None: "À vérifier : il manque un fait pour conclure.",
    }
    write(heads[answer.required])
    if answer.threshold is not None:
        note = " (projection, à confirmer)" if answer.projected else ""
        write(f"Seuil européen : {euros_before_tax(answer.threshold)}{note}")
    write_list("Pourquoi", answer.because)
    write_list("Ce que Dentelle ne sait pas", answer.unknowns)
    write_list(
        "Sources",
        (f"{value.label} : {value.reference.title} ({value.status.label})" for value in answer.parameters),
    )
