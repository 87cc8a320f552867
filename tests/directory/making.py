"""Organisations and contacts for tests, made the way people make them: through the actions."""

from datetime import date
from typing import Any

from stdnum import luhn

from dentelle.foundations.directory import actions, contact_actions
from dentelle.foundations.directory.models import Contact, Organisation
from dentelle.foundations.organisations.models import Membership
from tests.factories import NOW

TODAY = date(2026, 11, 21)


def siren_of(number: int) -> str:
    """The fictional SIREN of this number: it begins with 000."""
    body = f"000{number:05d}"
    return body + luhn.calc_check_digit(body)


def siret_of(number: int, establishment: int = 1) -> str:
    """The fictional SIRET of this number."""
    body = f"{siren_of(number)}{establishment:04d}"
    return body + luhn.calc_check_digit(body)


def organisation(membership: Membership, number: int = 1, name: str = "", **more: Any) -> Organisation:
    """An organisation whose SIRET is fictional; ``identifier`` replaces it, ``kinds``, ``commune_code`` as in the action."""
    kinds = more.pop("kinds", ())
    identifier = more.pop("identifier", siret_of(number, more.pop("establishment", 1)))
    identity = actions.Identity(name=name or f"Organisation {number}", **more)
    return actions.find_or_create_by_siret(membership, identifier, identity=identity, kinds=kinds, at=NOW)[0]


def contact(membership: Membership, of: Organisation, name: str = "Jeanne Marchand", **more: Any) -> Contact:
    """A contact with one address."""
    emails = more.pop("emails", ("jeanne.marchand@essai.example",))
    words = contact_actions.ContactWords(name=name, **more)
    return contact_actions.add_contact(membership, of.pk, words, emails=emails, on=TODAY, at=NOW)
