"""« Pourquoi pas plus, pourquoi pas moins »: the volume beside its neighbours and what the territory can supply."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

from dentelle.rules.calibration.request import Counts
from dentelle.rules.calibration.result import Calibration
from dentelle.rules.comparators import national_shares
from dentelle.rules.dated import parameter
from dentelle.rules.wording import NBSP, hours, number, percent, plural, sentence

FEW = 5


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Comparable contracts: ``scope`` names them (« nettoyage, même département, 2024-2026 »).

    ``hours_per_100k`` lists closed calibrations when known; open data only tell how many carried a clause.
    """

    scope: str
    hours_per_100k: tuple[Decimal, ...] = ()
    contracts: int = 0
    with_clause: int = 0


@dataclass(frozen=True, slots=True)
class LocalSupply:
    """Who could do the hours here: people available for the trade, insertion structures; None when unknown."""

    source: str
    people: int | None = None
    structures: int | None = None


def why_not_more_nor_less(
    calibration: Calibration, neighbours: Neighbours | None = None, supply: LocalSupply | None = None
) -> tuple[str, ...]:
    """Return French sentences on both sides of the volume; what is not known is said not to be."""
    if calibration.counts is Counts.INTERNSHIP_HOURS:
        return (
            sentence("Ces heures viennent d'une grille de stage : elles ne se comparent pas à des heures d'insertion."),
        )
    texts = [
        *_against_neighbours(calibration, neighbours),
        *_against_supply(calibration, supply),
        *_own_bounds(calibration),
    ]
    return tuple(sentence(text) for text in texts)


def _against_neighbours(calibration: Calibration, neighbours: Neighbours | None) -> list[str]:
    own = calibration.equivalents.hours_per_100k
    if neighbours is None:
        return ["Aucun contrat voisin n'a été comparé."]
    texts = []
    known = neighbours.hours_per_100k
    if known and own is not None:
        middle = median(known)
        side = "autant que" if own == middle else "plus que" if own > middle else "moins que"
        caution = " Peu de contrats : à lire avec prudence." if len(known) < FEW else ""
        texts.append(
            f"{number(own, 1)} h pour 100 000 € : {side} la médiane de {number(middle, 1)} h de "
            f"{plural(len(known), 'contrat voisin', 'contrats voisins')} ({neighbours.scope}, de {number(min(known), 1)} à "
            f"{number(max(known), 1)} h).{caution}"
        )
    elif known:
        texts.append("Le montant n'est pas connu : les heures pour 100 000 € ne se comparent pas aux contrats voisins.")
    else:
        texts.append(
            f"Les heures des contrats voisins ne sont pas connues ({neighbours.scope}) : les données ouvertes ne les publient pas."
        )
    if neighbours.contracts:
        share = Fraction(neighbours.with_clause, neighbours.contracts)
        national = national_shares()[-1]
        texts.append(
            f"{number(neighbours.with_clause)} des {plural(neighbours.contracts, 'contrat comparable', 'contrats comparables')} "
            f"({neighbours.scope}) portaient une considération sociale, soit {percent(share, 1)} ; "
            f"moyenne nationale {national.in_force_from.year} : {percent(national.number, 1)}."
        )
    return texts


def _against_supply(calibration: Calibration, supply: LocalSupply | None) -> list[str]:
    if supply is None or (supply.people is None and supply.structures is None):
        return [
            "Pourquoi pas plus : les personnes et les structures disponibles ici ne sont pas connues, demandez-les aux prescripteurs."
        ]
    texts = []
    if supply.people is not None:
        per_person = parameter("comparators.hours_per_participant").known_values()[-1]
        needed = -(-Fraction(calibration.hours) // Fraction(per_person.number))
        verdict = (
            "le volume est tenable"
            if supply.people >= needed
            else "le volume dépasse l'offre locale, visez moins ou étalez"
        )
        texts.append(
            f"Pourquoi pas plus : {hours(calibration.hours)} demandent environ {plural(int(needed), 'personne', 'personnes')} "
            f"(moyenne nationale de {hours(per_person.number)} par personne en {per_person.in_force_from.year}) ; "
            f"{plural(supply.people, 'personne disponible', 'personnes disponibles')} ({supply.source}) : {verdict}."
        )
    if supply.structures == 0:
        texts.append(
            f"Aucune structure d'insertion connue pour ce métier ({supply.source}) : comptez sur l'embauche directe."
        )
    elif supply.structures is not None:
        texts.append(
            f"{plural(supply.structures, 'structure locale peut', 'structures locales peuvent')} appuyer l'entreprise ({supply.source})."
        )
    return texts


def _minimum(calibration: Calibration) -> Decimal:
    if calibration.request.minimum_hours is not None:
        return Decimal(calibration.request.minimum_hours)
    used = [value.number for value in calibration.parameters if value.path == "clause.minimum_hours"]
    return used[0] if used else parameter("clause.minimum_hours").latest().number


def _own_bounds(calibration: Calibration) -> list[str]:
    texts = []
    minimum = _minimum(calibration)
    if calibration.hours < minimum:
        texts.append(f"Pourquoi pas moins : le volume est déjà sous {hours(minimum)}, un autre levier servirait mieux.")
    else:
        texts.append(f"Pourquoi pas moins : sous {hours(minimum)}, un parcours n'a plus le temps de se faire.")
    feasible = calibration.feasibility
    if feasible is None:
        texts.append("La durée n'est pas connue : le nombre de personnes présentes à la fois ne se calcule pas.")
    else:
        texts.append(
            f"Sur {number(feasible.weeks, 1)}{NBSP}semaines, ces heures occupent en moyenne {number(feasible.people_at_once, 1)} "
            f"{'personne' if feasible.people_at_once < 2 else 'personnes'} à la fois."
        )
    return texts
