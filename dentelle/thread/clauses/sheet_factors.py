"""Coefficients, thresholds and quantities as lines of a calculation: value, source, date, status, and who changed what."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from dentelle.rules.calibration.advice import named, shown, shown_as
from dentelle.rules.dated import ParameterValue
from dentelle.rules.wording import day, euros_before_tax, hours, number, plural, sentence
from dentelle.thread.clauses.models import CalibrationMethod
from dentelle.thread.clauses.sheet import Factor

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


def factor(value: ParameterValue) -> Factor:
    """Return one parameter value as it is shown."""
    ranged = value.low is not None or value.high is not None
    own = value.override
    replaced = f" au lieu de {shown_as(value.replaced, value.unit)}" if own is not None else ""
    return Factor(
        path=value.path,
        label=sentence(named(value)),
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


def enters(value: ParameterValue) -> bool:
    """Whether a value enters the calculation itself; the others convert its result or judge it."""
    return value.path.startswith(_ENTERING)


def given(cleaned: dict[str, Any]) -> Iterable[Factor]:
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


def facts(cleaned: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield what is known of the contract: buyer, amount, duration, launch."""
    if cleaned.get("buyer_label"):
        yield "Acheteur", cleaned["buyer_label"]
    whole = cleaned["whole_amount"]
    if whole is not None:
        published = whole == cleaned.get("amount")
        yield AMOUNT_LABELS[cleaned["amount_origin"] if published else "estimate"], euros_before_tax(whole)
    if cleaned.get("need_amount") is not None and cleaned["need_amount"] != whole:
        yield "Ensemble des lots, comparé au seuil", euros_before_tax(cleaned["need_amount"])
    if cleaned.get("duration_months"):
        yield "Durée", plural(cleaned["duration_months"], "mois", "mois")
    yield "Consultation lancée le", day(cleaned["launched_on"])
