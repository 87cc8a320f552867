"""What pages, PDF and Word show of a calibration: one frozen sheet of French texts, kept as it was when it was saved."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dentelle.rules.calibration import Alternative, Calibration, Counts
from dentelle.rules.calibration.advice import shown, shown_as
from dentelle.rules.dated import ParameterValue
from dentelle.rules.levers import Fit, Suggestion
from dentelle.rules.obligation import Obligation
from dentelle.rules.wording import day, euros_before_tax, hours, number, plural, sentence
from dentelle.thread.clauses.models import CalibrationMethod

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
AMOUNT_LABELS = {
    "estimate": "Montant estimé",
    "award": "Prix attribué au contrat précédent",
    "ceiling": "Plafond de l’accord-cadre précédent",
}
AMOUNT_SOURCES = {
    "estimate": "Saisi pour ce calibrage",
    "award": "Données essentielles : prix attribué au contrat précédent, pas une estimation du prochain",
    "ceiling": "Données essentielles : plafond de l'accord-cadre précédent, rarement atteint",
}
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_STEP = re.compile(
    r"(?P<label>[^:=]+?)[\s\u00a0]*:[\s\u00a0]*(?P<formula>[^=]+?)[\s\u00a0]*=[\s\u00a0]*(?P<value>.+?)\.?"
)


@dataclass(frozen=True, slots=True)
class Factor:
    """One coefficient or threshold with all that lets a reader judge it."""

    path: str
    label: str
    value: str
    range: str
    source: str
    url: str
    dated: str
    status: str
    status_label: str
    notes: str
    override: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic; a sentence alone has no formula."""

    label: str
    formula: str
    value: str


@dataclass(frozen=True, slots=True)
class Measure:
    """The volume in another unit."""

    code: str
    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class BuyerFigure:
    """One figure for a buyer: weeks, jobs, hours."""

    value: str
    unit: str
    counts: str


@dataclass(frozen=True, slots=True)
class Variant:
    """The same contract under another hypothesis, beside the calculation kept."""

    label: str
    hours: str
    change: str
    weeks: str
    fte: str
    per_100k: str
    notice: str


@dataclass(frozen=True, slots=True)
class ObligationView:
    """Is a social condition mandatory, and how sure is that."""

    code: str
    answer: str
    status: str
    because: tuple[str, ...]
    unknowns: tuple[str, ...]
    parameters: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class LeverView:
    """One way of asking for social performance, with how well it fits. At most one is ``recommended``."""

    code: str
    short: str
    label: str
    article: str
    fits: str
    asks: str
    written_in: str
    counts: str
    fit: str
    fit_label: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    status: str
    source: str
    recommended: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A calibration as it is read. ``hours`` and the bounds are numbers for the page's figures; the rest is text."""

    hours: int
    low_hours: int | None
    high_hours: int | None
    conditional_hours: int
    counts: str
    answer: str
    answer_range: str
    plain: str
    method: str
    method_label: str
    amount_origin: str
    facts: tuple[tuple[str, str], ...]
    factors: tuple[Factor, ...]
    conversions: tuple[Factor, ...]
    arithmetic: tuple[Step, ...]
    parts: tuple[tuple[str, ...], ...]
    measures: tuple[Measure, ...]
    buyer: tuple[BuyerFigure, ...]
    below_minimum: bool
    notices: tuple[str, ...]
    variants: tuple[Variant, ...]
    more: tuple[str, ...]
    less: tuple[str, ...]
    obligation: ObligationView
    levers: tuple[LeverView, ...]
    unknowns: tuple[str, ...]
    on: str


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
        answer=f"{hours(calibration.hours)} {_of(calibration)}",
        answer_range=_range(calibration),
        plain=_plain(calibration),
        method=sentence(METHOD_SENTENCES[CalibrationMethod(cleaned["method"])]),
        method_label=CalibrationMethod(cleaned["method"]).label,
        amount_origin=cleaned["amount_origin"],
        facts=tuple(_facts(cleaned)),
        factors=(*_given(cleaned), *(factor(value) for value in calibration.parameters if _enters(value))),
        conversions=tuple(factor(value) for value in calibration.parameters if not _enters(value)),
        arithmetic=tuple(_step(text) for text in steps),
        parts=tuple(_parts(calibration)),
        measures=tuple(_measures(calibration)),
        buyer=tuple(_for_a_buyer(calibration)),
        below_minimum=bool(codes & {"BELOW_MINIMUM", "NO_LABOUR"}),
        notices=tuple(warning.message for warning in calibration.warnings),
        variants=tuple(_variant(other, calibration) for other in alternatives),
        more=more,
        less=less,
        obligation=_obligation(obligation),
        levers=tuple(_lever(suggestion, rank) for rank, suggestion in enumerate(levers)),
        unknowns=tuple(_unknowns(calibration, obligation)),
        on=day(calibration.on),
    )


def factor(value: ParameterValue) -> Factor:
    """Return one parameter value as it is shown."""
    ranged = value.low is not None or value.high is not None
    own = value.override
    replaced = f" au lieu de {shown_as(value.replaced, value.unit)}" if own is not None else ""
    return Factor(
        path=value.path,
        label=_label(value),
        value=shown(value),
        range=f"de {_bare(value.low_number, value.unit)} à {shown_as(value.high_number, value.unit)}" if ranged else "",
        source="Décision de la structure" if own else _held(value.reference.title),
        url="" if own else value.reference.url or "",
        dated=""
        if own
        else sentence(f"valeur du {value.in_force_from:%d/%m/%Y}, vérifiée le {value.last_checked:%d/%m/%Y}"),
        status="local_practice" if own else value.status.value,
        status_label="choix de la structure"
        if own
        else value.status.label + (", projection" if value.projected else ""),
        notes="" if own else _notes(value),
        override=sentence(f"{shown(value)}{replaced}, choisi par {own.author} : « {own.reason} »") if own else "",
    )


def _label(value: ParameterValue) -> str:
    if not value.path.startswith("trades."):
        return value.label
    name = value.label if value.label[1:2].isupper() else value.label[:1].lower() + value.label[1:]
    return f"Part de main-d’œuvre, {name}"


def _notes(value: ParameterValue) -> str:
    if value.path == "clause.hourly_cost_today":
        return _held(f"Sert seulement de coût haut, donc de borne basse des heures. {value.notes or ''}".strip())
    return _held(value.notes or "")


def _held(text: str) -> str:
    """Hold the thousands of a number together: « 1 607 h » never breaks after the 1."""
    return _THOUSANDS.sub("\u202f", sentence(text))


_ENTERING = (
    "trades.",
    "programmes.",
    "clause.effort_rate",
    "clause.hourly_cost",
    "clause.hours_per_post",
    "clause.training_grid.",
)


def _enters(value: ParameterValue) -> bool:
    """Whether a value enters the calculation itself; the others convert its result or judge it."""
    return value.path.startswith(_ENTERING)


def _given(cleaned: dict[str, Any]) -> Iterable[Factor]:
    """The quantities typed for the chosen method, first lines of the calculation."""
    method = cleaned["method"]
    hourly = (CalibrationMethod.HOURS_WORKED, CalibrationMethod.STAFF_TRANSFER)
    if method in (CalibrationMethod.AMOUNT, CalibrationMethod.TRAINING_GRID) and cleaned.get("amount") is not None:
        source = AMOUNT_SOURCES[cleaned["amount_origin"]]
        if cleaned["amount_origin"] == "estimate":
            yield _typed("Montant estimé", euros_before_tax(cleaned["amount"]), source)
        else:
            yield _typed("Montant", euros_before_tax(cleaned["amount"]), source, "to_confirm", "à estimer")
    if method in hourly and cleaned.get("hours_worked") is not None:
        yield _typed("Heures de production", hours(cleaned["hours_worked"]))
    if method == CalibrationMethod.STAFF_TRANSFER and cleaned.get("transferred_hours") is not None:
        yield _typed("Heures du personnel repris", hours(cleaned["transferred_hours"]))
    if method == CalibrationMethod.POSTS and cleaned.get("posts") is not None:
        yield _typed("Postes à temps plein", number(cleaned["posts"]))
    if method == CalibrationMethod.ORDERS and cleaned.get("step_eur") is not None:
        yield _typed("Pas de commande", euros_before_tax(cleaned["step_eur"]))
        yield _typed("Heures par pas", hours(cleaned["hours_per_step"] or 0))
    if cleaned.get("per_year") or (method == CalibrationMethod.POSTS and cleaned.get("years")):
        yield _typed("Années", number(cleaned.get("years") or 1))


def _typed(
    label: str, value: str, source: str = "Saisi pour ce calibrage", status: str = "local_practice", word: str = "saisi"
) -> Factor:
    return Factor(
        path="",
        label=label,
        value=value,
        range="",
        source=sentence(source),
        url="",
        dated="",
        status=status,
        status_label=word,
        notes="",
        override="",
    )


def _bare(low: Decimal, unit: str) -> str:
    return number(low * 100) if unit == "share" else number(low)


def _of(calibration: Calibration) -> str:
    return "d’insertion" if calibration.counts is Counts.INSERTION_HOURS else "de stage"


def _without(head: str, text: str) -> str:
    if not text.startswith(head):
        return text
    rest = text.removeprefix(head).lstrip(" \u00a0:")
    return rest[:1].upper() + rest[1:]


def _range(calibration: Calibration) -> str:
    texts = []
    if calibration.low_hours is not None and calibration.high_hours is not None:
        texts.append(
            f"Fourchette : de {hours(calibration.low_hours)} à {hours(calibration.high_hours)}, selon les bornes connues des coefficients."
        )
    if calibration.conditional_hours:
        texts.append(
            f"S'y ajoutent {hours(calibration.conditional_hours)} si les tranches optionnelles sont affermies."
        )
    if not texts:
        texts.append("Sans fourchette : les coefficients utilisés n'en donnent pas.")
    return sentence(" ".join(texts))


def _plain(calibration: Calibration) -> str:
    """The volume for a buyer who thinks in weeks and jobs."""
    if not calibration.hours:
        return "Aucune heure n’est calculée."
    weeks, fte = calibration.equivalents.weeks, calibration.equivalents.fte
    text = f"Cela représente {_count(weeks, 'semaine', 'semaines')} de travail à temps plein pour une personne"
    if calibration.feasibility is not None:
        people = calibration.feasibility.people_at_once
        over = _count(calibration.feasibility.weeks, "semaine", "semaines", 0)
        if people < Decimal("0.95"):
            text += f", soit {number(people * 100, 0)} % d'un emploi à temps plein pendant {over}"
        else:
            text += f", soit {_count(people, 'emploi', 'emplois')} à temps plein pendant {over}"
    else:
        text += (
            f", soit {number(fte, 2)} emploi à temps plein pendant un an"
            if fte < 2
            else f", soit {number(fte, 1)} emplois à temps plein pendant un an"
        )
    return sentence(text + ".")


def _for_a_buyer(calibration: Calibration) -> Iterable[BuyerFigure]:
    same, fit = calibration.equivalents, calibration.feasibility
    yield BuyerFigure(
        number(same.weeks, 0), "semaine" if same.weeks < 2 else "semaines", "de travail à temps plein pour une personne"
    )
    if fit is None:
        yield BuyerFigure(number(same.fte, 1), "emploi" if same.fte < 2 else "emplois", "à temps plein pendant un an")
    elif fit.people_at_once < Decimal("0.95"):
        yield BuyerFigure(
            number(fit.people_at_once * 100, 0),
            "%",
            f"d’un emploi à temps plein, pendant {number(fit.weeks, 0)}\u00a0semaines",
        )
    else:
        yield BuyerFigure(
            number(fit.people_at_once, 1),
            "emploi" if fit.people_at_once < 2 else "emplois",
            f"à temps plein, pendant {number(fit.weeks, 0)}\u00a0semaines",
        )
    yield BuyerFigure(number(calibration.hours), "h", "à écrire dans le contrat")


def _count(value: Decimal, one: str, many: str, places: int = 1) -> str:
    return f"{number(value, places)} {one if value < 2 else many}"


def _facts(cleaned: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if cleaned.get("buyer_label"):
        yield "Acheteur", cleaned["buyer_label"]
    whole = cleaned["whole_amount"]
    if whole is not None:
        published = whole == cleaned.get("amount")
        yield AMOUNT_LABELS[cleaned["amount_origin"] if published else "estimate"], euros_before_tax(whole)
    if cleaned.get("duration_months"):
        yield "Durée", plural(cleaned["duration_months"], "mois", "mois")
    yield "Consultation lancée le", day(cleaned["launched_on"])


def _step(text: str) -> Step:
    found = _STEP.fullmatch(text)
    if found is None:
        return Step(text, "", "")
    return Step(found["label"].strip(), found["formula"].strip(), found["value"].strip())


def _parts(calibration: Calibration) -> Iterable[tuple[str, ...]]:
    kinds = {"lot": "lot", "firm": "ferme", "optional": "optionnelle", "order": "commande"}
    for part in calibration.parts:
        yield part.label, kinds[part.kind], euros_before_tax(part.amount), hours(part.hours)


def _measures(calibration: Calibration) -> Iterable[Measure]:
    same = calibration.equivalents
    yield Measure("weeks", "Semaines de travail", number(same.weeks, 1), "à 35 h par semaine".replace(" h", "\u00a0h"))
    yield Measure("months", "Mois de travail", number(same.months, 1), "à 151,67\u00a0h par mois")
    by_path = {value.path: value for value in calibration.parameters}
    yield Measure(
        "fte", "Équivalents temps plein", number(same.fte, 2), f"à {shown(by_path['clause.fte_hours'])} par an"
    )
    if calibration.request.years > 1:
        yield Measure(
            "per_year", "Heures par an", hours(same.hours_per_year), f"sur {calibration.request.years}\u00a0ans"
        )
    if calibration.feasibility is not None:
        fit = calibration.feasibility
        share = (
            f", {number(fit.share_of_workforce * 100, 1)}\u00a0% de l’effectif prévu" if fit.share_of_workforce else ""
        )
        yield Measure(
            "people",
            "Personnes présentes à la fois",
            number(fit.people_at_once, 1),
            f"en moyenne sur {number(fit.weeks, 0)} semaines{share}",
        )
    if same.hours_per_100k is not None:
        yield Measure(
            "per_100k",
            "Heures pour 100 000 €".replace(" €", "\u00a0€").replace("100 ", "100\u202f"),
            number(same.hours_per_100k, 1),
            "du montant hors taxes",
        )


def _variant(other: Alternative, base: Calibration) -> Variant:
    found = other.calibration
    difference = found.hours - base.hours
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    per_100k = found.equivalents.hours_per_100k
    low = next((warning.message for warning in found.warnings if warning.code == "BELOW_MINIMUM"), "")
    return Variant(
        label=other.label,
        hours=hours(found.hours),
        change=f"{sign}{hours(abs(difference))}" if difference else "identique",
        weeks=number(found.equivalents.weeks, 1),
        fte=number(found.equivalents.fte, 2),
        per_100k=number(per_100k, 1) if per_100k is not None else "non renseigné",
        notice="sous le volume minimal utile" if low else "",
    )


def _obligation(obligation: Obligation) -> ObligationView:
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
        yield sentence(f"{value.label} : {shown(value)} est à confirmer ({value.reference.title}).")
    if any(value.path == "clause.hourly_cost" and value.notes for value in calibration.parameters):
        cost = next(value for value in calibration.parameters if value.path == "clause.hourly_cost")
        if cost.override is None:
            yield sentence(f"{cost.label} : {cost.notes}")
    if calibration.feasibility is None:
        yield "La durée du contrat n’est pas renseignée : le nombre de personnes présentes à la fois n’est pas calculé."
