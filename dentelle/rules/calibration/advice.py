"""What to look at before writing the clause: minimum volume, feasibility, shaky values, and where each value comes from."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from dentelle.rules.calibration.request import CalibrationRequest, Counts
from dentelle.rules.calibration.result import CalibrationWarning, Feasibility, Part
from dentelle.rules.dated import Parameters, ParameterValue, Status
from dentelle.rules.wording import NBSP, day, decimal_of, euros, hours, number, percent, plural, sentence

WEEKS_PER_MONTH = Fraction(52, 12)


def feasibility(request: CalibrationRequest, due: int, weekly_hours: Decimal) -> Feasibility | None:
    """Return the average number of people at once: hours ÷ (weeks × 35 h). None when the duration is unknown."""
    if request.duration_months is None:
        return None
    weeks = Fraction(request.duration_months) * WEEKS_PER_MONTH
    people = due / (weeks * Fraction(weekly_hours))
    share = people / Fraction(request.workforce) if request.workforce is not None else None
    return Feasibility(
        weeks=decimal_of(weeks, 1),
        people_at_once=decimal_of(people, 2),
        share_of_workforce=decimal_of(share, 4) if share is not None else None,
    )


def warnings_for(
    request: CalibrationRequest,
    due: int,
    parts: tuple[Part, ...],
    feasible: Feasibility | None,
    counts: Counts,
    parameters: Parameters,
) -> tuple[CalibrationWarning, ...]:
    """Return what deserves a second look, most serious first."""
    found: list[tuple[str, str]] = []
    if counts is Counts.INSERTION_HOURS:
        found.extend(_below_minimum(request, due, parts, parameters))
    if feasible is not None:
        found.extend(_hard_to_fit(feasible, parameters))
    if request.programme is not None and request.effort_rate is not None:
        found.extend(_below_programme(request, parameters))
    found.extend(_shaky(parameters.used))
    return tuple(CalibrationWarning(code, sentence(message)) for code, message in found)


def _below_minimum(
    request: CalibrationRequest, due: int, parts: tuple[Part, ...], parameters: Parameters
) -> list[tuple[str, str]]:
    if request.minimum_hours is not None:
        minimum = Decimal(request.minimum_hours)
    else:
        minimum = parameters.get("clause.minimum_hours").number
    if request.no_labour_reason is not None and due == 0:
        return [("NO_LABOUR", "Aucune part de main-d'œuvre n'est connue pour cet achat : pas de clause en heures.")]
    if due < minimum:
        return [
            (
                "BELOW_MINIMUM",
                f"{hours(due)} : moins que le volume minimal utile de {hours(minimum)}. Préférez un autre levier : clause sociale "
                "de formation, clause de stage, lot réservé, ou regroupement de lots.",
            )
        ]
    small = [part.label for part in parts if part.kind != "order" and part.hours < minimum]
    if small:
        names = ", ".join(small)
        return [
            (
                "PART_BELOW_MINIMUM",
                f"Sous le volume minimal de {hours(minimum)} : {names}. Portez la clause sur les autres.",
            )
        ]
    return []


def _hard_to_fit(feasible: Feasibility, parameters: Parameters) -> list[tuple[str, str]]:
    found = []
    shortest = parameters.get("clause.minimum_weeks").number
    if feasible.weeks < shortest:
        found.append(
            (
                "TOO_SHORT",
                f"{plural(feasible.weeks, 'semaine', 'semaines')} d'exécution : moins de {number(shortest)}, peu de place pour une intégration.",
            )
        )
    if feasible.share_of_workforce is None:
        return found
    notice = parameters.get("clause.workforce_share_notice").number
    warning = parameters.get("clause.workforce_share_warning").number
    share = feasible.share_of_workforce
    people = (
        f"{plural(feasible.people_at_once, 'personne', 'personnes')} en insertion à la fois, "
        f"{percent(share, 1)} de l'effectif prévu"
    )
    if share > warning:
        found.append(
            ("TOO_MANY_AT_ONCE", f"{people} : au-delà de {percent(warning)}, la clause sera difficile à tenir.")
        )
    elif share > notice:
        found.append(
            ("MANY_AT_ONCE", f"{people} : entre {percent(notice)} et {percent(warning)}, à préparer avec l'entreprise.")
        )
    return found


def _below_programme(request: CalibrationRequest, parameters: Parameters) -> list[tuple[str, str]]:
    if request.programme is None or request.effort_rate is None:
        return []
    target = parameters.get(f"programmes.{request.programme.value}")
    if request.effort_rate >= target.number:
        return []
    return [
        (
            "BELOW_PROGRAMME",
            f"Taux d'effort de {percent(request.effort_rate)} : sous le minimum de {percent(target.number)} ({target.label}).",
        )
    ]


def _shaky(used: Iterable[ParameterValue]) -> list[tuple[str, str]]:
    names = [named(value) for value in used if value.status is Status.TO_CONFIRM and value.override is None]
    return [("TO_CONFIRM", f"Valeurs à confirmer : {' ; '.join(names)}.")] if names else []


def named(value: ParameterValue) -> str:
    """Return the label of a parameter, a trade's share called by its full name."""
    if not value.path.startswith("trades."):
        return value.label
    acronym = value.label[1:2].isupper()
    return f"Part de main-d'œuvre, {value.label if acronym else value.label[:1].lower() + value.label[1:]}"


def shown(value: ParameterValue) -> str:
    """Write the value of a parameter with its unit, the French way."""
    return shown_as(value.value, value.unit)


def shown_as(raw: object, unit: str) -> str:
    """Write a raw value in a unit, the French way."""
    if isinstance(raw, bool):
        return "oui" if raw else "non"
    if not isinstance(raw, int | Decimal):
        return day(raw) if hasattr(raw, "isoformat") else str(raw)  # type: ignore[arg-type]
    written = {
        "share": percent(raw),
        "hour": hours(raw),
        "euro_per_hour": f"{euros(raw)}/h",
        "euro_before_tax": f"{euros(raw)} HT",
        "month": f"{number(raw)}{NBSP}mois",
        "week": plural(raw, "semaine", "semaines"),
    }
    return written.get(unit, number(raw))


def sources(used: Iterable[ParameterValue]) -> list[str]:
    """Tell where each value used comes from, one sentence each; an override shows its author and its reason."""
    texts = []
    for value in used:
        if value.override is not None:
            own = value.override
            texts.append(
                f"{named(value)} : {shown(value)} au lieu de {shown_as(value.replaced, value.unit)}, décision de {own.author} « {own.reason} »."
            )
            continue
        projected = ", projection" if value.projected else ""
        texts.append(
            f"{named(value)} : {shown(value)} ({value.status.label}{projected}, depuis le {day(value.in_force_from)} ; {value.reference.title})."
        )
    return texts
