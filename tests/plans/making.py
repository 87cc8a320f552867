"""Purchase plans for tests, made the way people make them: a spreadsheet dropped, checked, written."""

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from dentelle.foundations.directory.models import NameSource, Organisation, Seat, SeatRole
from dentelle.foundations.intake import actions
from dentelle.foundations.intake.droppers import Dropper
from dentelle.foundations.intake.models import Drop
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.plans.models import PlanLine, PurchasePlan
from dentelle.thread.plans.target import PurchasePlanTarget
from tests.factories import NOW, UserFactory

TARGET = PurchasePlanTarget()
TITLES = ("N°", "Objet", "Nature", "Montant estimé HT", "Durée (mois)", "Date de lancement", "CPV", "Service")
LINES: tuple[tuple[object, ...], ...] = (
    ("27-01", "Entretien des espaces verts", "Services", 480000, 48, "01/03/2027", "77310000", "Cadre de vie"),
    ("27-02", "Réfection de la toiture de l’école", "Travaux", 250000, 8, "15/02/2027", "", "Bâtiments"),
    ("27-03", "Nettoyage des locaux", "Services", "à définir", 36, "T2 2027", "90910000-9", "Moyens généraux"),
    ("27-04", "Acquisition de véhicules", "Fournitures", 90000, "", "", "34100000", "Moyens généraux"),
)


def buyer(siret: str = "21350238800019", name: str = "Ville de Rennes") -> Organisation:
    """A buyer; the same SIRET gives the same one."""
    found = Organisation.objects.filter(siret=siret).first()
    return found or Organisation.objects.create(
        siret=siret,
        siren=siret[:9],
        name=name,
        sort_name=name.casefold(),
        commune_code="35238",
        name_source=NameSource.TYPED,
        created_at=NOW,
        updated_at=NOW,
    )


def seat_at(organisation: Organisation) -> Seat:
    """Somebody new who buys for an organisation."""
    return Seat.objects.create(user=UserFactory(), organisation=organisation, role=SeatRole.BUYER, opened_at=NOW)


def workbook_bytes(lines: Sequence[Sequence[object]] = LINES, titles: Sequence[str] = TITLES) -> bytes:
    """A workbook as a buyer keeps it: a line of title, an empty one, then the table."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Programmation")
        sheet.write_row(0, 0, ["Programmation des achats"])
        for number, row in enumerate((titles, *lines), start=2):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def uploaded(content: bytes, name: str = "plan.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def dropped(
    actor: Membership,
    lines: Sequence[Sequence[object]] = LINES,
    titles: Sequence[str] = TITLES,
    *,
    year: int = 2027,
    of: Organisation | None = None,
    at: datetime = NOW,
) -> Drop:
    """A plan dropped by a member, read, not written."""
    return actions.receive(
        Dropper(actor.user, membership=actor),
        TARGET,
        uploaded(workbook_bytes(lines, titles)),
        structure=actor.structure,
        organisation=of or buyer(),
        options={"year": year},
        at=at,
    )


def written(actor: Membership, drop: Drop, *, at: datetime = NOW) -> PurchasePlan:
    """The plan of a drop, written."""
    done = actions.ask_write(Dropper(actor.user, membership=actor), drop, TARGET, at=at)
    return PurchasePlan.objects.get(pk=int(done.leads_to))


def plan(actor: Membership, *arguments: object, **known: object) -> PurchasePlan:
    """A plan dropped and written."""
    return written(actor, dropped(actor, *arguments, **known))  # type: ignore[arg-type]


def line(of: PurchasePlan, reference: str) -> PlanLine:
    return of.lines.get(reference=reference)


def organisation_without_kind() -> Organisation:
    """A buyer whose number says nothing of what it is."""
    return buyer("18560021200012", "Chambre d’essai")
