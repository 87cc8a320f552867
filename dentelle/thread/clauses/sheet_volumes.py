"""A volume of hours in the words of those who read it: ranges, weeks, jobs, steps, parts, other hypotheses."""

import re
from collections.abc import Iterable
from decimal import Decimal

from dentelle.rules.calibration import Alternative, Calibration, Counts
from dentelle.rules.calibration.advice import shown
from dentelle.rules.wording import euros_before_tax, hours, number, sentence, years_in_full
from dentelle.thread.clauses.sheet import BuyerFigure, Measure, Step, Variant

# « Main-d’œuvre : 1 000 000 € HT × 50 % = 500 000 €. » A lot's name may hold a colon: the last one before the sum counts.
_STEP = re.compile(
    r"(?P<label>.+)[\s\u00a0]*:[\s\u00a0]*(?P<formula>[^:=]+?)[\s\u00a0]*=[\s\u00a0]*(?P<value>[^:=]+?)\.?"
)


def unit_of(calibration: Calibration) -> str:
    """Return what the hours are: of insertion, or of internship."""
    return "d’insertion" if calibration.counts is Counts.INSERTION_HOURS else "de stage"


def range_sentence(calibration: Calibration) -> str:
    """Return the sentence of the bounds and of the hours that depend on optional tranches."""
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


def plain_sentence(calibration: Calibration) -> str:
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


def for_a_buyer(calibration: Calibration) -> Iterable[BuyerFigure]:
    """Yield weeks, jobs and hours: the three figures a buyer remembers."""
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


def step(text: str) -> Step:
    """Return one explained sentence as a line of arithmetic, or as it is when it holds no operation."""
    found = _STEP.fullmatch(text)
    if found is None:
        return Step(text, "", "")
    return Step(found["label"].strip(), found["formula"].strip(), found["value"].strip())


def parts(calibration: Calibration) -> Iterable[tuple[str, ...]]:
    """Yield lots, tranches or orders with their share of the hours."""
    kinds = {"lot": "lot", "firm": "ferme", "optional": "optionnelle", "order": "commande"}
    for part in calibration.parts:
        yield part.label, kinds[part.kind], euros_before_tax(part.amount), hours(part.hours)


def measures(calibration: Calibration) -> Iterable[Measure]:
    """Yield the volume in every unit in use."""
    same = calibration.equivalents
    yield Measure("weeks", "Semaines de travail", number(same.weeks, 1), "à 35 h par semaine".replace(" h", "\u00a0h"))
    yield Measure("months", "Mois de travail", number(same.months, 1), "à 151,67\u00a0h par mois")
    by_path = {value.path: value for value in calibration.parameters}
    yield Measure(
        "fte", "Équivalents temps plein", number(same.fte, 2), f"à {shown(by_path['clause.fte_hours'])} par an"
    )
    if calibration.request.years > 1:
        yield Measure(
            "per_year", "Heures par an", hours(same.hours_per_year), f"sur {years_in_full(calibration.request.years)}"
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


def variant(other: Alternative, base: Calibration) -> Variant:
    """Return another hypothesis beside the calculation kept."""
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
