"""DECP records of the fictional buyers, in the two generations, defects included.

Everything follows from ``seed`` and ``today``: the same day gives the same files. Dates are counted back from today, so
that the demonstration never grows old.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from dentelle.demo.buyers import SORTS, Buyer, Company
from dentelle.demo.needs import NEEDS, Need

Record = dict[str, Any]
FIRST_YEAR_OF_2022_FORMAT = 2024
HISTORY_YEARS = 9
PLACES = (
    "de la commune",
    "des bâtiments communaux",
    "du centre",
    "du quartier des Tilleuls",
    "du secteur de la gare",
    "de la rue des Lavoirs",
    "du pôle Simone-Veil",
    "du site de la Fontaine",
)


@dataclass(slots=True)
class Award:
    """One award before it is written in one format or the other."""

    buyer: Buyer
    need: Need
    number: str
    object: str
    notified: date
    months: int
    amount: int
    holders: list[Company]
    framework: bool
    social: tuple[str, ...]
    offers: int
    modifications: list[tuple[date, int, int]] = field(default_factory=list)  # date, new amount, new months


def awards(
    random: Random, buyers: list[Buyer], companies: list[Company], *, today: date, needs_per_buyer: int
) -> Iterator[Award]:
    """Every award of the last years: each buyer keeps a few needs, met again and again at their own period."""
    by_code = {need.code: need for need in NEEDS}
    for buyer in buyers:
        codes = list(SORTS[buyer.sort])
        random.shuffle(codes)
        for rank, code in enumerate(codes[:needs_per_buyer]):
            # the first need is old enough to have been published with names, so that the buyer is known by its own
            youngest = 365 * 4 if rank == 0 else 200
            start = today - timedelta(days=random.randint(youngest, 365 * HISTORY_YEARS))
            yield from _life_of_a_need(random, buyer, by_code[code], companies, start, today)


def _life_of_a_need(
    random: Random, buyer: Buyer, need: Need, companies: list[Company], start: date, today: date
) -> Iterator[Award]:
    place = random.choice(PLACES)
    town = f" ({buyer.commune_name})" if random.random() < 0.5 else ""
    wording = random.choice(need.objects).format(places=place) + town
    months = random.choice(need.months)
    scale = buyer.weight * random.lognormvariate(0, 0.55)
    incumbents = random.sample(companies, 3)
    while start < today - timedelta(days=20):
        yield from _one_wave(random, buyer, need, wording, start, months, scale, incumbents, companies)
        if not need.period:
            return
        start += timedelta(days=int(months * 30.44) + random.randint(-60, 75))
        scale *= random.uniform(1.0, 1.12)


def _one_wave(
    random: Random,
    buyer: Buyer,
    need: Need,
    wording: str,
    start: date,
    months: int,
    scale: float,
    incumbents: list[Company],
    companies: list[Company],
) -> Iterator[Award]:
    lots = (
        random.sample(need.lots, min(len(need.lots), random.randint(2, 8)))
        if need.lots and random.random() < 0.6
        else [""]
    )
    number = f"{start.year}{random.randint(10_000, 99_999)}"
    amount = max(4_000.0, need.median * scale * months / max(need.months[-1], 1))
    claused = random.random() * 100 < need.claused * (1.25 if amount > 200_000 else 0.55) * (
        1.3 if start.year >= 2025 else 0.8
    )
    for rank, lot in enumerate(lots):
        share = random.uniform(0.5, 1.5) / len(lots)
        keeps = random.random() < 0.55
        holders = [random.choice(incumbents) if keeps else random.choice(companies)]
        if random.random() < 0.06:
            holders.append(random.choice(companies))
        award = Award(
            buyer=buyer,
            need=need,
            number=f"{number}{chr(65 + rank) if lot else ''}",
            object=f"{wording} – lot {rank + 1} : {lot}" if lot else wording,
            notified=start + timedelta(days=random.randint(0, 12)),
            months=months,
            amount=int(round(amount * share, -2 if amount > 50_000 else -1)) or 4_000,
            holders=holders,
            framework=random.random() * 100 < need.framework,
            social=_considerations(random, need, claused),
            offers=random.randint(1, 9),
        )
        if random.random() < 0.06:
            later = award.notified + timedelta(days=random.randint(60, 300))
            award.modifications.append(
                (later, int(award.amount * random.uniform(1.02, 1.18)), months + random.choice((0, 0, 3, 6)))
            )
        yield award


def _considerations(random: Random, need: Need, claused: bool) -> tuple[str, ...]:
    if not claused:
        return ("Pas de considération sociale",) if random.random() < 0.78 else ()
    if need.code == "insertion":
        return ("Marché réservé",)
    return random.choice(
        (("Clause sociale",), ("Clause sociale",), ("Clause sociale", "Critère social"), ("Critère social",))
    )


def as_2022(random: Random, award: Award) -> Record:
    """The record as a buyer publishes it since 2024."""
    record: Record = {
        "id": award.number,
        "acheteur": {"id": award.buyer.siret},
        "nature": "Marché",
        "objet": award.object,
        "codeCPV": award.need.cpv,
        "techniques": {"technique": ["Accord-cadre" if award.framework else "Sans objet"]},
        "modalitesExecution": {"modaliteExecution": ["Bons de commande" if award.framework else "Sans objet"]},
        "marcheInnovant": False,
        "attributionAvance": False,
        "sousTraitanceDeclaree": random.random() < 0.08,
        "ccag": award.need.ccag,
        "offresRecues": award.offers,
        "typeGroupementOperateurs": "Solidaire" if len(award.holders) > 1 else "Pas de groupement",
        "procedure": _procedure(award),
        "lieuExecution": _place(random, award),
        "dureeMois": award.months,
        "dateNotification": award.notified.isoformat(),
        "datePublicationDonnees": (award.notified + timedelta(days=random.randint(5, 70))).isoformat(),
        "montant": award.amount,
        "typesPrix": {"typePrix": ["Définitif révisable"]},
        "formePrix": "Unitaire" if award.framework else "Forfaitaire",
        "titulaires": [{"titulaire": {"id": holder.siret, "typeIdentifiant": "SIRET"}} for holder in award.holders],
        "considerationsSociales": {"considerationSociale": list(award.social)},
        "considerationsEnvironnementales": {"considerationEnvironnementale": ["Clause environnementale"]},
    }
    if award.modifications:
        record["modifications"] = [
            {
                "modification": {
                    "id": rank,
                    "dateNotificationModification": on.isoformat(),
                    "datePublicationDonneesModification": on.isoformat(),
                    "montant": amount,
                    "dureeMois": months,
                }
            }
            for rank, (on, amount, months) in enumerate(award.modifications, 1)
        ]
    return record


def as_2019(random: Random, award: Award) -> Record:
    """The record as published until 2023: names are there, considerations are not."""
    record: Record = {
        "id": f"{award.number}00",
        "_type": "Marché",
        "acheteur": {"id": award.buyer.siret, "nom": award.buyer.name},
        "nature": "Accord-cadre" if award.framework else "Marché",
        "objet": award.object[:256],
        "codeCPV": award.need.cpv,
        "procedure": _procedure(award),
        "lieuExecution": _place(random, award) | {"nom": award.buyer.commune_name},
        "dureeMois": award.months,
        "dateNotification": f"{award.notified.isoformat()}+01:00",
        "datePublicationDonnees": f"{(award.notified + timedelta(days=20)).isoformat()}+01:00",
        "montant": award.amount,
        "formePrix": "Révisable",
        "titulaires": [
            {"typeIdentifiant": "SIRET", "id": holder.siret, "denominationSociale": holder.name}
            for holder in award.holders
        ],
        "modifications": [],
    }
    if award.modifications:
        record["modifications"] = [
            {
                "objetModification": "Prestations supplémentaires",
                "dateNotificationModification": on.isoformat(),
                "datePublicationDonneesModification": on.isoformat(),
                "montant": amount,
                "dureeMois": months,
            }
            for on, amount, months in award.modifications
        ]
    return record


def _procedure(award: Award) -> str:
    return "Procédure adaptée" if award.amount < 216_000 else "Appel d'offres ouvert"


def _place(random: Random, award: Award) -> Record:
    draw = random.random()
    if award.buyer.sort in {"department", "state"} or draw < 0.08:
        return {"code": award.buyer.department, "typeCode": "Code département"}
    return {"code": award.buyer.commune_code, "typeCode": "Code commune"}
