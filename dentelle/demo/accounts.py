"""The fictional network, its structures and its people."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, Network, Structure

NETWORK = "Réseau fictif de l’emploi dans les territoires"


@transaction.atomic
def create_demo_accounts(at: datetime) -> list[Membership]:
    """Create the network, structures and accounts of ``accounts/demo.py``; those that exist are left as they are."""
    network, _ = Network.objects.get_or_create(name=NETWORK)
    memberships = []
    for person in DEMO_ACCOUNTS:
        structure, is_new = Structure.objects.get_or_create(
            slug=slugify(person.structure), defaults={"name": person.structure, "network": network}
        )
        if is_new:
            record("structure.created", structure, at=at, actor=None, structure=structure)
        user = User.objects.filter(email=person.email).first()
        if user is None:
            user = User.objects.create_user(person.email, DEMO_PASSWORD, full_name=person.full_name)
            record("account.created", user, at=at, actor=None, structure=structure)
        membership, is_new = Membership.objects.get_or_create(
            user=user, structure=structure, defaults={"role": person.role}
        )
        if is_new:
            record("membership.created", membership, at=at, actor=None, structure=structure, role=person.role)
        memberships.append(membership)
    return memberships
