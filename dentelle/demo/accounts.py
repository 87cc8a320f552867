"""The fictional network, its structures and its people."""

from datetime import datetime

from django.db import transaction

from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS, DEMO_NETWORK, DEMO_PASSWORD, NETWORK_HEAD
from dentelle.foundations.organisations.models import Coverage, Device, Membership, Network, Structure
from dentelle.foundations.structures.actions import open_account, open_network_seat
from dentelle.foundations.structures.approvals import create_structure
from dentelle.foundations.structures.structure_actions import append_coverage
from dentelle.opendata.ground.store import Ground

NETWORK = DEMO_NETWORK
# structure → its kind and the services it runs
STRUCTURES = {
    "Maison de l’emploi du Bocage": (
        "maison_emploi",
        (
            ("maison_emploi", "Maison de l’emploi du Bocage"),
            ("social_clause", "Guichet de la clause sociale du Bocage"),
        ),
    ),
    "PLIE des Deux Rives": (
        "plie",
        (("plie", "PLIE des Deux Rives"), ("social_clause", "Clause sociale des Deux Rives")),
    ),
    "Communauté de communes de Haute-Gâtine": ("epci", (("social_clause", "Clause sociale de Haute-Gâtine"),)),
}
REQUESTED = ("Association Relais du Marais", "association")


@transaction.atomic
def create_demo_accounts(at: datetime) -> list[Membership]:
    """Create the network, structures and accounts of ``accounts/demo.py``; those that exist are left as they are."""
    made = [
        open_account(
            email=person.email,
            full_name=person.full_name,
            password=DEMO_PASSWORD,
            structure_name=person.structure,
            network_name=NETWORK,
            role=person.role,
            at=at,
        )[0]
        for person in DEMO_ACCOUNTS
        if person.role != NETWORK_HEAD
    ]
    for person in DEMO_ACCOUNTS:
        if person.role == NETWORK_HEAD:
            open_network_seat(
                email=person.email,
                full_name=person.full_name,
                password=DEMO_PASSWORD,
                network_name=person.structure,
                at=at,
            )
    return made


@transaction.atomic
def describe_structures(at: datetime) -> bool:
    """Give the fictional structures their kind and services, and the network a request to decide on; once."""
    network = Network.objects.get(name=NETWORK)
    if Device.objects.filter(structure__network=network).exists():
        return False
    opened_on = at.date().replace(month=1, day=1)
    for name, (kind, devices) in STRUCTURES.items():
        structure = Structure.objects.get(network=network, name=name)
        structure.kind = kind
        structure.save(update_fields=["kind"])
        for nature, title in devices:
            Device.objects.create(
                structure=structure, kind=nature, name=title, opened_on=opened_on.replace(year=opened_on.year - 6)
            )
    create_structure(network, name=REQUESTED[0], kind=REQUESTED[1], approved=False, actor=None, at=at)
    return True


def declare_coverage(name: str, spec: str, *, ground: Ground, at: datetime) -> bool:
    """Say what a fictional structure covers, when nothing says it yet."""
    structure = Structure.objects.get(network__name=NETWORK, name=name)
    if Coverage.objects.filter(structure=structure).exists():
        return False
    author = structure.memberships.select_related("user").order_by("pk")[0].user
    append_coverage(
        structure,
        places=[spec],
        valid_from=at.date().replace(month=1, day=1),
        reason="Convention de la structure",
        author=author,
        ground=ground,
        at=at,
    )
    return True
