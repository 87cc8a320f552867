"""Contracts for tests, made the way people make them: through the actions."""

from datetime import date
from typing import Any

from dentelle.foundations.directory.models import NameSource, Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions import ContractContent, ObligationContent
from dentelle.thread.contracts.models import Contract, Holder, Obligation
from tests.factories import NOW

HOUR = 60


def organisation(name: str = "Commune de Saint-Élan", siren: str = "217900018") -> Organisation:
    """An organisation known by its SIREN; the same SIREN gives the same one."""
    found = Organisation.objects.filter(siren=siren).first()
    return found or Organisation.objects.create(
        siren=siren,
        name=name,
        sort_name=name.casefold(),
        name_source=NameSource.TYPED,
        created_at=NOW,
        updated_at=NOW,
    )


def company(number: int = 1) -> Organisation:
    """One of several companies."""
    return organisation(f"Bâtisseurs {number}", f"{900_000_000 + number}")


def contract(actor: Membership, **known: Any) -> Contract:
    """A draft."""
    content = ContractContent(**{"title": "Réfection du groupe scolaire", "buyer": organisation(), **known})
    return actions.create_contract(actor, content, at=NOW)


def obligation(actor: Membership, of: Contract, hours: int = 833, **known: Any) -> Obligation:
    """What the contract owes, in hours."""
    content = ObligationContent(due_minutes=hours * HOUR, **known)
    made = actions.add_obligation(actor, of.pk, content, expected_revision=of.revision, at=NOW)
    of.refresh_from_db()
    return made


def holder(actor: Membership, of: Contract, number: int = 1, **known: Any) -> Holder:
    """A company that signed."""
    made = actions.add_holder(actor, of.pk, company(number), expected_revision=of.revision, at=NOW, **known)
    of.refresh_from_db()
    return made


def running(actor: Membership, hours: int = 833, **known: Any) -> Contract:
    """A contract whose hours are being done."""
    known = {
        "notified_on": date(2026, 9, 1),
        "starts_on": date(2026, 10, 1),
        "ends_on": date(2027, 9, 30),
        **known,
    }
    made = contract(actor, **known)
    obligation(actor, made, hours)
    holder(actor, made)
    for code in ("notify", "start"):
        made = actions.move_contract(actor, made.pk, code, expected_revision=made.revision, at=NOW)
    return made
