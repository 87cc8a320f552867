"""The fictional network, its structures and its people."""

from datetime import datetime

from django.db import transaction

from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from dentelle.foundations.organisations.actions import open_account
from dentelle.foundations.organisations.models import Membership

NETWORK = "Réseau fictif de l’emploi dans les territoires"


@transaction.atomic
def create_demo_accounts(at: datetime) -> list[Membership]:
    """Create the network, structures and accounts of ``accounts/demo.py``; those that exist are left as they are."""
    return [
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
    ]
