"""The levers a buyer may pull, and which ones fit a given purchase, in order and with reasons.

Eleven families of clause; each says its article, when it fits, what it asks, what it counts, and how sure we are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dentelle.rules.dated import ParameterUnknownAt, Status, parameter
from dentelle.rules.levers_catalogue import CATALOGUE, Lever, LeverCode
from dentelle.rules.thresholds import ContractKind
from dentelle.rules.wording import hours, number, percent, sentence


class Fit(StrEnum):
    """How well a lever suits the facts known."""

    ADVISED = "advised"
    POSSIBLE = "possible"
    UNSUITABLE = "unsuitable"


@dataclass(frozen=True, slots=True)
class LeverFacts:
    """What is known of a purchase; None means unknown and never counts against a lever.

    ``hours`` is the calibrated volume; ``structures`` the insertion structures of the territory for this trade;
    ``disability_structures`` the EA and ESAT; ``dependency_share`` the weight of the contract in their turnover.
    """

    on: date
    contract_kind: ContractKind | None = None
    hours: int | None = None
    minimum_hours: int | None = None
    labour_share: Decimal | None = None
    duration_months: Decimal | None = None
    structures: int | None = None
    disability_structures: int | None = None
    dependency_share: Decimal | None = None
    has_lots: bool | None = None
    social_services: bool | None = None
    private_buyer: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A lever with its fit, why, and what to mind."""

    lever: Lever
    fit: Fit
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]


def levers() -> tuple[Lever, ...]:
    """Return every lever, in the order of the catalogue."""
    return CATALOGUE


def lever(code: LeverCode | str) -> Lever:
    """Return one lever by its code."""
    return next(item for item in CATALOGUE if item.code == LeverCode(code))


def suggest_levers(facts: LeverFacts) -> tuple[Suggestion, ...]:
    """Return every lever with its fit for these facts, best first; among equals the order of the catalogue holds."""
    judged = [_judge(item, facts) for item in CATALOGUE]
    order = list(Fit)
    return tuple(sorted(judged, key=lambda suggestion: (order.index(suggestion.fit), -len(suggestion.reasons))))


def _judge(item: Lever, facts: LeverFacts) -> Suggestion:
    if facts.private_buyer != (item.code is LeverCode.PRIVATE_CLAUSE):
        reason = (
            "Contrat privé : le code de la commande publique ne s'applique pas."
            if facts.private_buyer
            else "Réservée aux contrats privés."
        )
        return _suggestion(item, Fit.UNSUITABLE, [reason], [])
    fit, reasons, cautions = _RULES[item.code](facts)
    if item.status is Status.TO_CONFIRM:
        cautions.append("Une partie de cette fiche est à confirmer.")
    return _suggestion(item, fit, reasons, cautions)


def _suggestion(item: Lever, fit: Fit, reasons: list[str], cautions: list[str]) -> Suggestion:
    return Suggestion(item, fit, tuple(map(sentence, reasons)), tuple(map(sentence, cautions)))


_SUPPLIES = "Une fourniture laisse peu de place à un stage chez le titulaire."
_Judgement = tuple[Fit, list[str], list[str]]


def _known(path: str, facts: LeverFacts) -> Decimal:
    """Return a value at the date of the facts, or today's practice for a date that precedes it: advice is given today."""
    known = parameter(path)
    try:
        return known.at(facts.on).number
    except ParameterUnknownAt:
        return known.latest().number


def _minimum(facts: LeverFacts) -> Decimal:
    if facts.minimum_hours is not None:
        return Decimal(facts.minimum_hours)
    return _known("clause.minimum_hours", facts)


def _too_few(facts: LeverFacts) -> bool:
    return facts.hours is not None and facts.hours < _minimum(facts)


def _condition(facts: LeverFacts) -> _Judgement:
    if facts.hours is None:
        return Fit.POSSIBLE, ["Le volume n'est pas calibré : commencez par là."], []
    if _too_few(facts):
        return Fit.UNSUITABLE, [f"{hours(facts.hours)} : sous le volume minimal utile de {hours(_minimum(facts))}."], []
    cautions = []
    if facts.duration_months is not None and facts.duration_months < 2:
        cautions.append("Exécution de moins de deux mois : peu de temps pour recruter.")
    return (
        Fit.ADVISED,
        [f"{hours(facts.hours)} : un volume utile, que tout candidat peut tenir par plusieurs voies."],
        cautions,
    )


def _criterion(facts: LeverFacts) -> _Judgement:
    intensive = _known("levers.labour_intensive_share", facts)
    cautions = [
        "Le critère doit être lié à l'objet du marché et l'exécution possible au moins en partie par des personnes en insertion (CE, 25/03/2013, n° 364950)."
    ]
    if facts.labour_share is not None and facts.labour_share >= intensive:
        return (
            Fit.POSSIBLE,
            [f"Main-d'œuvre à {percent(facts.labour_share)} : la qualité de l'insertion peut départager les offres."],
            cautions,
        )
    return Fit.POSSIBLE, ["Utile quand la qualité de l'accompagnement compte plus que le volume."], cautions


def _condition_and_criterion(facts: LeverFacts) -> _Judgement:
    if _too_few(facts):
        return Fit.UNSUITABLE, ["Le volume minimal utile n'est pas atteint."], []
    return (
        Fit.POSSIBLE,
        ["Un minimum pour tous, et des points à qui propose mieux."],
        ["Les heures offertes deviennent contractuelles."],
    )


def _reserved(count: int | None, facts: LeverFacts, name: str) -> _Judgement:
    full = _known("levers.reservation_structures", facts)
    lot = _known("levers.lot_structures", facts)
    ceiling = _known("levers.dependency_share", facts)
    half = _known("levers.reserved_minimum_share", facts)
    cautions = [f"L'avis cite l'article ; le titulaire emploie au moins {percent(half)} de ces travailleurs (R2113-7)."]
    if facts.contract_kind is ContractKind.CONCESSION:
        cautions.append("Pour une concession, vérifiez l'article applicable.")
    if count is None:
        return (
            Fit.POSSIBLE,
            [f"Le nombre de {name} du territoire n'est pas connu : interrogez-les avant d'écrire."],
            cautions,
        )
    if facts.dependency_share is not None and facts.dependency_share >= ceiling:
        cautions.append(
            f"Le contrat pèserait {percent(facts.dependency_share)} de l'activité d'une structure : préférez un lot."
        )
    elif count > full:
        return Fit.ADVISED, [f"{number(count)} {name} : assez pour réserver le marché entier."], cautions
    if count > lot:
        reason = f"{number(count)} {name} : assez pour réserver un lot."
        return (Fit.ADVISED if facts.has_lots is not False else Fit.POSSIBLE), [reason], cautions
    if count == 0:
        return (
            Fit.UNSUITABLE,
            [f"Aucune structure connue parmi les {name} : la consultation resterait sans offre."],
            cautions,
        )
    reason = f"{number(count)} {name} : trop peu pour une vraie concurrence, à étudier de gré à gré avec elles."
    return Fit.POSSIBLE, [reason], cautions


def _reserved_siae(facts: LeverFacts) -> _Judgement:
    return _reserved(facts.structures, facts, "structures d'insertion (SIAE)")


def _reserved_disability(facts: LeverFacts) -> _Judgement:
    return _reserved(facts.disability_structures, facts, "structures adaptées (EA, ESAT)")


def _reserved_prison(facts: LeverFacts) -> _Judgement:
    if facts.contract_kind is ContractKind.WORKS:
        return Fit.UNSUITABLE, ["Production en détention : des travaux sur site ne s'y prêtent pas."], []
    return (
        Fit.POSSIBLE,
        ["Production en atelier : façonnage, conditionnement, blanchisserie."],
        ["L'article et les conditions sont à vérifier avant de publier."],
    )


def _reserved_ess(facts: LeverFacts) -> _Judgement:
    longest = _known("levers.reserved_ess_months", facts)
    cautions = [f"Durée maximale de {number(longest)} mois."]
    if facts.social_services is not True:
        fit = Fit.UNSUITABLE if facts.social_services is False else Fit.POSSIBLE
        return fit, ["Ne vaut que pour certains services de santé, sociaux ou culturels."], cautions
    if facts.duration_months is not None and facts.duration_months > longest:
        return (
            Fit.UNSUITABLE,
            [f"Durée de {number(facts.duration_months)} mois : au-delà de {number(longest)} mois."],
            cautions,
        )
    return Fit.ADVISED, ["Service de santé, social ou culturel : la réservation est ouverte."], cautions


def _insertion_service(facts: LeverFacts) -> _Judgement:
    if facts.contract_kind is ContractKind.SUPPLIES:
        return Fit.UNSUITABLE, ["L'objet du marché est un service d'insertion : une fourniture n'en est pas un."], []
    return (
        Fit.POSSIBLE,
        ["L'objet devient l'insertion elle-même ; le chantier ou le service n'en est que le support."],
        [],
    )


def _training(facts: LeverFacts) -> _Judgement:
    cautions = ["Ce sont des heures de stage : elles ne s'ajoutent jamais aux heures d'insertion."]
    if facts.contract_kind is ContractKind.SUPPLIES:
        return Fit.POSSIBLE, [_SUPPLIES], cautions
    if _too_few(facts):
        return (
            Fit.ADVISED,
            ["Volume trop petit pour une clause d'insertion : accueillir un jeune en formation reste possible."],
            cautions,
        )
    return Fit.POSSIBLE, ["Pour accueillir des jeunes sous statut scolaire."], cautions


def _internship(facts: LeverFacts) -> _Judgement:
    cautions = ["Heures de stage, comptées à part.", "Pratique locale : vérifiez qu'elle existe chez vous."]
    if facts.contract_kind is ContractKind.SUPPLIES:
        return Fit.POSSIBLE, [_SUPPLIES], cautions
    if _too_few(facts):
        return Fit.ADVISED, ["Volume trop petit pour une clause d'insertion : un stage peut suffire."], cautions
    return Fit.POSSIBLE, ["En complément, là où des stagiaires cherchent une place."], cautions


def _private(facts: LeverFacts) -> _Judgement:
    minimum = _minimum(facts)
    if facts.hours is not None and facts.hours < minimum:
        return Fit.POSSIBLE, [f"{hours(facts.hours)} : sous {hours(minimum)}, regroupez plusieurs opérations."], []
    return Fit.ADVISED, ["Contrat privé : l'engagement se prend par convention ou par charte."], []


_RULES = {
    LeverCode.EXECUTION_CONDITION: _condition,
    LeverCode.AWARD_CRITERION: _criterion,
    LeverCode.CONDITION_AND_CRITERION: _condition_and_criterion,
    LeverCode.RESERVED_SIAE: _reserved_siae,
    LeverCode.RESERVED_DISABILITY: _reserved_disability,
    LeverCode.RESERVED_PRISON: _reserved_prison,
    LeverCode.RESERVED_ESS: _reserved_ess,
    LeverCode.INSERTION_SERVICE: _insertion_service,
    LeverCode.TRAINING_CLAUSE: _training,
    LeverCode.INTERNSHIP_CLAUSE: _internship,
    LeverCode.PRIVATE_CLAUSE: _private,
}

__all__ = ["Fit", "Lever", "LeverCode", "LeverFacts", "Suggestion", "lever", "levers", "suggest_levers"]
