"""Purchase plans of fictional buyers, as spreadsheets such as buyers keep: dropped, checked and written through the doors."""

import io
from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.intake import actions
from dentelle.foundations.intake.droppers import Dropper
from dentelle.foundations.intake.models import Drop
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.plans.target import PurchasePlanTarget

TITLES = (
    "N° projet", "Intitulé du marché", "Type de marché", "Service prescripteur", "Montant estimé (€ HT)", "Durée du marché",
    "Lancement prévisionnel", "Code CPV", "Clause sociale (O/N)", "Observations",
)  # fmt: skip
# (object, kind, service, euros or words, duration, months from now to the launch, CPV, clause foreseen, remark)
PURCHASES: tuple[tuple[str, str, str, int | str, str, int | None, str, str, str], ...] = (
    ("Entretien des espaces verts, secteurs nord et sud", "Services", "Cadre de vie", 620_000, "1 an reconductible 3 fois", 4, "77310000-6", "oui", "marché actuel fini en septembre"),
    ("Nettoyage des bâtiments communaux", "Services", "Moyens généraux", 780_000, "4 ans", 6, "90910000-9", "oui", ""),
    ("Restauration scolaire", "Services", "Éducation", 1_450_000, "36 mois", 9, "55524000-9", "", "étudier un lot réservé"),
    ("Rénovation thermique du groupe scolaire Jean-Moulin", "Travaux", "Bâtiments", 6_100_000, "24 mois", 5, "", "", "programme en cours"),
    ("Réfection de la toiture du gymnase", "Travaux", "Bâtiments", 310_000, "5 mois", 3, "45261000-4", "", ""),
    ("Travaux de voirie, programme annuel", "Travaux", "Voirie", 1_900_000, "4 ans", 7, "45233140-2", "", "accord-cadre à bons de commande"),
    ("Peinture intérieure des écoles", "Travaux", "Bâtiments", 145_000, "12 mois", 2, "45442100-8", "", ""),
    ("Gardiennage des parkings et du théâtre", "Services", "Culture", 260_000, "36 mois", 8, "79713000-5", "", ""),
    ("Collecte des encombrants", "Services", "Propreté", 420_000, "48 mois", 10, "90511000-2", "", ""),
    ("Maîtrise d’œuvre de la médiathèque", "Services", "Bâtiments", 540_000, "30 mois", 4, "71200000-0", "", ""),
    ("Démolition de l’îlot de la Gare", "Travaux", "Aménagement", 480_000, "7 mois", 11, "45111100-9", "", "quartier prioritaire"),
    ("Acquisition de véhicules utilitaires", "Fournitures", "Garage", 180_000, "", 6, "34100000-8", "", ""),
    ("Fourniture de mobilier scolaire", "Fournitures", "Éducation", 95_000, "24 mois", 5, "39160000-1", "", ""),
    ("Impression du magazine municipal", "Services", "Communication", 72_000, "24 mois", 3, "79810000-5", "", ""),
    ("Blanchisserie de l’EHPAD", "Services", "CCAS", "à définir", "36 mois", 9, "98310000-9", "", "attendre le budget"),
    ("Plantation d’arbres et de haies", "", "Cadre de vie", 88_000, "", 10, "", "", ""),
    ("Entretien des ascenseurs", "Services", "Bâtiments", 64_000, "48 mois", 12, "50750000-7", "", ""),
    ("Réaménagement du pôle jeunesse (peinture, sols souples, cloisons)", "Travaux", "Bâtiments", 230_000, "6 mois", 5, "", "", ""),
    ("Assurances de la collectivité", "Services", "Affaires juridiques", 350_000, "48 mois", 8, "66510000-8", "", ""),
    ("Formation des agents", "Services", "Ressources humaines", 60_000, "36 mois", None, "80500000-9", "", "date à fixer"),
    ("Transport vers la piscine et les sorties scolaires", "Services", "Éducation", 210_000, "36 mois", 6, "60130000-8", "", ""),
    ("Signalétique du centre-ville", "", "Aménagement", "à préciser", "", None, "", "", ""),
)  # fmt: skip
# what a second buyer left to correct before writing
UNREADABLE = (
    ("Ménage des crèches", "Services", "Petite enfance", "entre 90 et 140 k€", "24 mois", 5, "90910000-9", "", ""),
    ("Ravalement de l’hôtel de ville", "Travaux neufs", "Bâtiments", 260_000, "8 mois", 4, "45443000-4", "", ""),
    ("Tonte des stades", "Services", "Sports", 84_000, "3 saisons", 7, "77314000-4", "", ""),
)


def load_plans(writer: Membership, buyers: Sequence[Organisation], *, at: datetime) -> int:
    """Drop and write the plan of the first buyer for next year, leave that of the second to be corrected; lines written."""
    year = at.year + 1
    first = _drop(writer, buyers[0], PURCHASES, year=year, at=at)
    actions.ask_write(Dropper(writer.user, membership=writer), first, PurchasePlanTarget(), at=at)
    if len(buyers) > 1:
        _drop(writer, buyers[1], (*UNREADABLE, *PURCHASES[4:9]), year=year, at=at)
    return len(PURCHASES)


def _drop(
    writer: Membership, buyer: Organisation, purchases: Sequence[tuple[object, ...]], *, year: int, at: datetime
) -> Drop:
    content = _workbook(f"{buyer.name} : programmation des achats {year}", purchases, at.date())
    return actions.receive(
        Dropper(writer.user, membership=writer),
        PurchasePlanTarget(),
        SimpleUploadedFile(f"programmation-{year}.xlsx", content),
        structure=writer.structure,
        organisation=buyer,
        options={"year": year},
        at=at,
    )


def _workbook(title: str, purchases: Sequence[tuple[object, ...]], today: date) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(today.year, 1, 1)})  # noqa: DTZ001 (the same bytes all year long)
        sheet = book.add_worksheet("Programmation")
        sheet.write(0, 0, title)
        sheet.write_row(2, 0, TITLES)
        for rank, (subject, kind, service, amount, duration, months, cpv, clause, remark) in enumerate(
            purchases, start=1
        ):
            launch = _month(today, months) if isinstance(months, int) else ""
            number = f"P{rank:02d}"
            sheet.write_row(
                rank + 2, 0, (number, subject, kind, service, amount, duration, launch, cpv, clause, remark)
            )
    return out.getvalue()


def _month(today: date, months: int) -> str:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return f"{month + 1:02d}/{year}"
