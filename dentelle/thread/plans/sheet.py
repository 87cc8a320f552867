"""One line in full: the calibration it would give, its obligation, the words to paste, what the buyer wrote."""

from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from dentelle.rules.launch import consultation_months
from dentelle.rules.trades import trade as trade_named
from dentelle.rules.wording import day, euros_before_tax, plural, sentence
from dentelle.thread.clauses.engine import ComputationRefused, compute
from dentelle.thread.clauses.forms import CalibrationForm
from dentelle.thread.clauses.sheet_build import obligation_view
from dentelle.thread.plans.actions import needs_of
from dentelle.thread.plans.models import LINE_KINDS, NO_HOURS, PlanLine
from dentelle.thread.plans.prefill import calibrate_url, typed_of
from dentelle.thread.plans.pricing import LineFacts, Priced, obligation_of, price
from dentelle.thread.plans.rows import facts_of
from dentelle.thread.plans.wording import Facilitator, Wording, wording_of

TRADE_BASIS = {
    "chosen": "choisi par une personne",
    "cpv": "d’après le code CPV",
    "words": "d’après les mots de l’objet, à confirmer",
}


@dataclass(frozen=True, slots=True)
class LineSheet:
    """Everything the page of a line shows. ``sheet`` is the calibration's own, None when hours cannot be computed."""

    line: PlanLine
    priced: Priced
    sheet: dict[str, Any] | None
    obligation: dict[str, Any]
    wording: Wording
    calibrate_url: str
    facts: tuple[tuple[str, str, str], ...]
    missing: tuple[str, ...]
    own: tuple[tuple[str, str], ...]
    changed_since: bool


def line_sheet(line: PlanLine, *, today: date) -> LineSheet:
    """Return a line computed today; ``changed_since`` says that the list, computed earlier, shows another result."""
    facts = facts_of(line, line.plan, needs_of(line))
    priced = price(facts, today=today)
    typed = typed_of(line, facts, priced, today=today)
    sheet = _calibrated(typed)
    shown = (
        sheet["obligation"]
        if sheet
        else asdict(obligation_view(obligation_of(facts, today=today, kind=priced.contract_kind)))
    )
    structure = line.plan.structure
    hours = priced.hours
    return LineSheet(
        line=line,
        priced=priced,
        sheet=sheet,
        obligation={"obligation": shown},
        wording=wording_of(
            priced.lever,
            hours.central if hours else None,
            Facilitator(structure.name, structure.email, structure.phone),
            mandatory=priced.required == "yes",
        ),
        calibrate_url=calibrate_url(typed),
        facts=tuple(_facts(line, facts, priced)),
        missing=tuple(sentence(text) for text in _missing(facts, priced)),
        own=tuple((title, line.own[title]) for title in line.plan.titles if line.own.get(title)),
        changed_since=(line.required, line.hours_central) != (priced.required, hours.central if hours else None),
    )


def _calibrated(typed: dict[str, str]) -> dict[str, Any] | None:
    """The calibration « Calibrer » would open, computed the same way; None when its facts do not allow one."""
    if not typed.get("amount") or not typed.get("trade"):
        return None
    form = CalibrationForm(typed)
    if not form.is_valid():
        return None
    try:
        return compute(form.cleaned_data, author="").sheet
    except ComputationRefused:
        return None


def _facts(line: PlanLine, facts: LineFacts, priced: Priced) -> list[tuple[str, str, str]]:
    """(label, value, where it comes from); unknown is said."""
    unknown = "non renseigné"
    trade = trade_named(priced.trade.code).label if priced.trade.code else unknown
    kind = LINE_KINDS.get(line.kind) or (LINE_KINDS[priced.contract_kind.value] if priced.contract_kind else unknown)
    amount, amount_from = unknown, ""
    if priced.total_cents is not None:
        amount = euros_before_tax(Fraction(priced.total_cents, 100))
        if facts.amount_cents is None:
            amount_from = "montant annuel sur toute la durée"
    rows = [
        ("Montant estimé", amount, amount_from),
        ("Durée", plural(facts.duration_months, "mois", "mois") if facts.duration_months else unknown, ""),
        ("Nature", kind, "" if line.kind or not priced.contract_kind else "déduite"),
        ("Métier", trade, TRADE_BASIS.get(priced.trade.basis, "")),
        ("Code CPV", line.cpv or unknown, ""),
        (
            "Lancement",
            day(priced.expected) if priced.expected else unknown,
            f"{consultation_months()} mois avant le début prévu, usage à confirmer"
            if priced.expected and facts.launched_on is None
            else "",
        ),
        ("À préparer dès", day(priced.prepare_from) if priced.prepare_from else unknown, ""),
        ("Clause déjà prévue", line.social or unknown, "écrit par l’acheteur" if line.social else ""),
    ]
    return [(label, sentence(value), sentence(source)) for label, value, source in rows]


def _missing(facts: LineFacts, priced: Priced) -> list[str]:
    texts = []
    if priced.no_hours:
        texts.append(f"Heures non calculées : {NO_HOURS[priced.no_hours]}.")
    if priced.trade.candidates:
        names = ", ".join(trade_named(code).label.lower() for code in priced.trade.candidates)
        texts.append(
            f"L'objet parle de plusieurs métiers ({names}) : choisissez celui qui domine, ou calibrez par lots."
        )
    if priced.expected is None:
        texts.append(
            "Aucune date n'est donnée : le mois où agir n'est pas connu, et l'obligation est jugée au plus tôt."
        )
    if facts.lots_unpriced:
        texts.append("Un lot de la même référence n'a pas de montant : le total à comparer au seuil n'est pas connu.")
    return texts
