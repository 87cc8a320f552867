"""Puts a computation, an obligation and levers into one sheet, in the words of its readers."""

from collections.abc import Iterable, Sequence
from typing import Any

from dentelle.rules.calibration import Alternative, Calibration
from dentelle.rules.calibration.advice import named, shown
from dentelle.rules.levers import Fit, Suggestion
from dentelle.rules.obligation import Obligation
from dentelle.rules.wording import day, hours, sentence
from dentelle.thread.clauses.models import CalibrationMethod
from dentelle.thread.clauses.sheet import LeverView, ObligationView, Sheet
from dentelle.thread.clauses.sheet_factors import enters, factor, facts, given
from dentelle.thread.clauses.sheet_volumes import (
    for_a_buyer,
    measures,
    parts,
    plain_sentence,
    range_sentence,
    step,
    unit_of,
    variant,
)

METHOD_SENTENCES = {
    CalibrationMethod.AMOUNT: "Heures = montant hors taxes × part de main-d'œuvre × taux d'effort ÷ coût horaire.",
    CalibrationMethod.LOTS: "Pour chaque lot : montant × part de main-d'œuvre × taux d'effort ÷ coût horaire ; le total est arrondi une fois.",
    CalibrationMethod.TRANCHES: "Pour chaque tranche : montant × part de main-d'œuvre × taux d'effort ÷ coût horaire ; chaque tranche est due, donc arrondie, pour elle-même.",
    CalibrationMethod.HOURS_WORKED: "Heures = heures de production × taux d'effort.",
    CalibrationMethod.POSTS: "Heures = nombre de postes × heures par an et par poste × années.",
    CalibrationMethod.STAFF_TRANSFER: "L'effort porte sur le personnel nouvellement affecté : (heures de production − heures du personnel repris) × taux d'effort.",
    CalibrationMethod.ORDERS: "Les heures suivent les commandes passées : elles se recalculent à chaque commande.",
    CalibrationMethod.TRAINING_GRID: "La grille de la clause sociale de formation donne un volume par tranche de montant : ce sont des heures de stage.",
}


def build_sheet(
    *,
    cleaned: dict[str, Any],
    calibration: Calibration,
    obligation: Obligation,
    alternatives: Sequence[Alternative],
    levers: Sequence[Suggestion],
    bounds: Sequence[str],
) -> Sheet:
    """Put a computation into the words of its readers."""
    codes = {warning.code for warning in calibration.warnings}
    steps = calibration.explanation[: len(calibration.explanation) - len(calibration.parameters)]
    less = tuple(_without("Pourquoi pas moins", text) for text in bounds if text.startswith("Pourquoi pas moins"))
    more = tuple(_without("Pourquoi pas plus", text) for text in bounds if not text.startswith("Pourquoi pas moins"))
    return Sheet(
        hours=calibration.hours,
        low_hours=calibration.low_hours,
        high_hours=calibration.high_hours,
        conditional_hours=calibration.conditional_hours,
        counts=calibration.counts.value,
        answer=f"{hours(calibration.hours)} {unit_of(calibration)}",
        answer_range=range_sentence(calibration),
        plain=plain_sentence(calibration),
        method=sentence(METHOD_SENTENCES[CalibrationMethod(cleaned["method"])]),
        method_label=CalibrationMethod(cleaned["method"]).label,
        amount_origin=cleaned["amount_origin"],
        facts=tuple(facts(cleaned)),
        factors=(*given(cleaned), *(factor(value) for value in calibration.parameters if enters(value))),
        conversions=tuple(factor(value) for value in calibration.parameters if not enters(value)),
        arithmetic=tuple(step(text) for text in steps),
        parts=tuple(parts(calibration)),
        measures=tuple(measures(calibration)),
        buyer=tuple(for_a_buyer(calibration)),
        below_minimum=bool(codes & {"BELOW_MINIMUM", "NO_LABOUR"}),
        notices=tuple(warning.message for warning in calibration.warnings),
        variants=tuple(variant(other, calibration) for other in alternatives),
        more=more,
        less=less,
        obligation=obligation_view(obligation),
        levers=tuple(_lever(suggestion, rank) for rank, suggestion in enumerate(levers)),
        unknowns=tuple(_unknowns(calibration, obligation)),
        on=day(calibration.on),
    )


def _without(head: str, text: str) -> str:
    if not text.startswith(head):
        return text
    rest = text.removeprefix(head).lstrip(" \u00a0:")
    return rest[:1].upper() + rest[1:]


def obligation_view(obligation: Obligation) -> ObligationView:
    """Return an obligation in the words of its readers."""
    if obligation.required is None:
        code, answer = (
            "to_check",
            "À vérifier : il manque un fait pour savoir si une condition sociale est obligatoire.",
        )
    elif obligation.required:
        code, answer = "yes", "Une condition sociale ou d'emploi est obligatoire dans ce contrat."
    elif obligation.exemption is not None:
        code, answer = "no", "La condition sociale n'est pas obligatoire : une dérogation est invoquée."
    else:
        code, answer = "no", "La condition sociale n'est pas obligatoire ; elle reste possible."
    return ObligationView(
        code=code,
        answer=sentence(answer),
        status=obligation.status.value,
        because=obligation.because,
        unknowns=obligation.unknowns,
        parameters=tuple(factor(value) for value in obligation.parameters),
    )


_FITS = {Fit.ADVISED: "conseillé", Fit.POSSIBLE: "possible", Fit.UNSUITABLE: "peu adapté"}


def _lever(suggestion: Suggestion, rank: int) -> LeverView:
    found = suggestion.lever
    return LeverView(
        code=found.code.value,
        short=found.short,
        label=found.label,
        article=found.article,
        fits=found.fits,
        asks=found.asks,
        written_in=found.written_in,
        counts=found.counts.label,
        fit=suggestion.fit.value,
        fit_label=_FITS[suggestion.fit],
        reasons=suggestion.reasons,
        cautions=suggestion.cautions,
        status=found.status.value,
        source=found.source,
        recommended=rank == 0 and suggestion.fit is Fit.ADVISED,
    )


def _unknowns(calibration: Calibration, obligation: Obligation) -> Iterable[str]:
    yield from obligation.unknowns
    shaky = [value for value in calibration.parameters if value.status.value == "to_confirm" and value.override is None]
    for value in shaky:
        yield sentence(f"{named(value)} : {shown(value)} est à confirmer ({value.reference.title}).")
    if any(value.path == "clause.hourly_cost" and value.notes for value in calibration.parameters):
        cost = next(value for value in calibration.parameters if value.path == "clause.hourly_cost")
        if cost.override is None:
            yield sentence(f"{cost.label} : {cost.notes}")
    if calibration.feasibility is None:
        yield "La durée du contrat n’est pas renseignée : le nombre de personnes présentes à la fois n’est pas calculé."
