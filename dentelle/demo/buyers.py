"""Fictional public buyers and companies, placed on real communes."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from stdnum import luhn

# share of the needs each sort of buyer has, by code; « * » stands for all the others
SORTS: dict[str, tuple[str, ...]] = {
    "town": (
        "cleaning",
        "green",
        "trees",
        "roads",
        "school",
        "sports",
        "painting",
        "electric",
        "heating",
        "catering",
        "printing",
        "furniture",
        "supplies",
        "fuel",
        "vehicles",
        "lighting",
        "architect",
        "insertion",
        "planting",
        "demolition",
        "security",
    ),
    "grouping": (
        "waste",
        "pipes",
        "roads",
        "sports",
        "cleaning",
        "green",
        "school-bus",
        "architect",
        "software",
        "planting",
        "electricity",
        "moving",
        "insertion",
    ),
    "department": (
        "roads",
        "school",
        "cleaning",
        "catering",
        "training",
        "heating",
        "supplies",
        "architect",
        "furniture",
        "moving",
        "painting",
    ),
    "hospital": ("laundry", "medical", "cleaning", "catering", "heating", "security", "electric", "software", "waste"),
    "housing_office": ("housing", "painting", "cleaning", "green", "electric", "heating", "demolition", "insertion"),
    "state": ("cleaning", "security", "software", "moving", "training", "furniture", "heating"),
}


@dataclass(frozen=True, slots=True)
class Buyer:
    """A fictional buyer. ``weight`` scales its amounts (1 for a town of 20 000)."""

    siret: str
    name: str
    sort: str
    commune_code: str
    commune_name: str
    department: str
    weight: float


@dataclass(frozen=True, slots=True)
class Company:
    """A fictional company."""

    siret: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A real commune on which fictional buyers stand."""

    code: str
    name: str
    department: str
    population: int


def siret(siren8: str, number: int) -> str:
    """A SIRET with right keys from 8 digits and an establishment number."""
    siren = siren8 + luhn.calc_check_digit(siren8)
    body = f"{siren}{number:04d}"
    return body + luhn.calc_check_digit(body)


def _department_digits(department: str) -> str:
    return {"2A": "20", "2B": "20"}.get(department, department[:2])


def buyers_on(places: Sequence[Place], *, local_department: str) -> list[Buyer]:
    """Towns on every place; a grouping, a hospital and a housing office on the larger ones; a department and a State service once.

    SIREN follow the families of real ones (21 communes, 24 groupings, 22 departments, 26 hospitals, 17 State services) with
    commune numbers from 900 up, which no commune bears.
    """
    made: list[Buyer] = []
    rank_in_department: dict[str, int] = {}

    def add(place: Place, sort: str, family: str, name: str, weight: float) -> None:
        rank = rank_in_department.get(place.department, 0)
        rank_in_department[place.department] = rank + 1
        number = siret(f"{family}{_department_digits(place.department)}{9000 + rank:04d}"[:8], 1)
        made.append(Buyer(number, name, sort, place.code, place.name, place.department, weight))

    largest = {p.department: p for p in sorted(places, key=lambda p: p.population)}
    for place in places:
        weight = max(0.15, (place.population / 20_000) ** 0.75)
        add(place, "town", "21", f"Ville de {place.name} (fictive)", weight)
        if place.population >= 9_000:
            add(place, "grouping", "24", f"Communauté du pays de {place.name} (fictive)", weight * 1.6)
        if place.population >= 15_000:
            add(place, "housing_office", "27", f"Office de l’habitat de {place.name} (fictif)", weight * 1.3)
            add(place, "hospital", "26", f"Centre hospitalier de {place.name} (fictif)", weight * 1.4)
        if largest[place.department] is place:
            add(place, "department", "22", f"Département {place.department} (fictif)", weight * 2.2)
            if place.department == local_department:
                add(place, "state", "17", f"Service de l’État {place.department} (fictif)", weight)
    return made


SYLLABLES = (
    "Val",
    "Bel",
    "Mont",
    "Thou",
    "Ar",
    "Gen",
    "Sev",
    "Aut",
    "Boc",
    "Lys",
    "Mar",
    "Char",
    "Vend",
    "Lou",
    "Ro",
    "Ker",
)
ENDINGS = ("et", "ine", "ou", "ais", "ière", "on", "ault", "erie", "ac", "igny")
TRADES = (
    "Bâtiment",
    "Propreté",
    "Espaces verts",
    "Travaux publics",
    "Peinture",
    "Services",
    "Énergies",
    "Restauration",
    "Transports",
    "Études",
    "Fournitures",
    "Environnement",
)


def companies(random: Random, count: int) -> list[Company]:
    """``count`` fictional companies, SIREN from 000 10 000 up."""
    return [
        Company(
            siret(f"000{10_000 + index:05d}", random.randint(1, 40)),
            f"{random.choice(SYLLABLES)}{random.choice(ENDINGS)} {random.choice(TRADES)} (fictif)",
        )
        for index in range(count)
    ]
