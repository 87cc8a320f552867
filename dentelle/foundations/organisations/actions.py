"""Acts on structures and their people. Accounts are opened by whoever runs the installation; nobody signs up alone."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, Network, Role, Structure, StructureStatus


class AccountRefused(Exception):
    """The account cannot be opened so; ``code`` is stable, the message is for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@transaction.atomic
def open_account(
    *, email: str, full_name: str, password: str, structure_name: str, network_name: str, role: str, at: datetime
) -> tuple[Membership, bool]:
    """Give a person a role in a structure, making the network, the structure and the account that do not exist yet.

    A structure made so is approved: whoever runs the installation answers for it.
    Return the membership and whether anything was made. An account that exists keeps its name and its password; a
    membership that exists keeps its role. Raises AccountRefused.
    """
    _check(email=email, full_name=full_name, structure_name=structure_name, role=role)
    network, _ = Network.objects.get_or_create(name=network_name)
    structure, new_structure = Structure.objects.get_or_create(
        slug=slugify(structure_name),
        defaults={"name": structure_name, "network": network, "status": StructureStatus.APPROVED, "approved_at": at},
    )
    if new_structure:
        record("structure.created", structure, at=at, actor=None, structure=structure)
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = _new_user(email, full_name, password)
        record("account.created", user, at=at, actor=None, structure=structure)
    membership, made = Membership.objects.get_or_create(user=user, structure=structure, defaults={"role": role})
    if made:
        record("membership.created", membership, at=at, actor=None, structure=structure, role=role)
    return membership, made


def _check(*, email: str, full_name: str, structure_name: str, role: str) -> None:
    try:
        validate_email(email)
    except ValidationError as refused:
        raise AccountRefused("email", f"« {email} » n’est pas une adresse électronique.") from refused
    if not full_name.strip():
        raise AccountRefused("name", "Donnez le nom de la personne.")
    if not slugify(structure_name):
        raise AccountRefused("structure", "Donnez le nom de la structure, en lettres.")
    if role not in Role.values:
        raise AccountRefused("role", f"« {role} » n’est pas un rôle : {', '.join(Role.values)}.")


def _new_user(email: str, full_name: str, password: str) -> User:
    try:
        validate_password(password, User(email=email, full_name=full_name))
    except ValidationError as refused:
        raise AccountRefused("password", " ".join(refused.messages)) from refused
    return User.objects.create_user(email, password, full_name=full_name.strip())
