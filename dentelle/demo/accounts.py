"""The fictional network, its structures and its people."""

from datetime import datetime

from django.db import transaction

from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS, DEMO_NETWORK, DEMO_PASSWORD, NETWORK_HEAD, SEAT_ROLES
from dentelle.foundations.organisations.models import Coverage, Device, Membership, Network, Structure
from dentelle.foundations.structures.actions import open_account, open_network_seat, open_outside_account
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
# structure → address and telephone written on its papers; numbers nobody is given
REACH = {
    "Maison de l’emploi du Bocage": ("4 rue des Tisserands (fictive), 79300 Bressuire", "05 36 49 10 01"),
    "PLIE des Deux Rives": ("12 quai de la Sèvre (fictif), 79000 Niort", "05 36 49 10 02"),
    "Communauté de communes de Haute-Gâtine": ("1 place du Marché (fictive), 79200 Parthenay", "05 36 49 10 03"),
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
        if person.role not in (NETWORK_HEAD, *SEAT_ROLES)
    ]
    for person in DEMO_ACCOUNTS:
        if person.role in SEAT_ROLES:  # the organisation they act for comes with the directory
            open_outside_account(email=person.email, full_name=person.full_name, password=DEMO_PASSWORD, at=at)
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
        structure.address, structure.phone = REACH[name]
        structure.email = f"accueil@{structure.slug}.demo.dentelle.example"
        structure.save(update_fields=["kind", "address", "phone", "email"])
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
