"""Acts on structures and their people. Accounts are opened by whoever runs the installation; nobody signs up alone."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations import access
from dentelle.foundations.organisations.handover import Move, portfolios
from dentelle.foundations.organisations.models import (
    Membership,
    Network,
    NetworkSeat,
    Role,
    Structure,
    StructureStatus,
)


class AccountRefused(Exception):
    """The account cannot be opened so; ``code`` is stable, the message is for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class PersonRefused(Exception):
    """This cannot be done to a person of a structure; ``code`` is stable, the message is for the manager."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@transaction.atomic
def change_role(manager: Membership, pk: int, *, role: str, at: datetime) -> Membership:
    """Give somebody of the manager's structure another role; there is always somebody left to manage it."""
    person = _held(manager, pk)
    if role not in Role.values:
        raise PersonRefused("role", "Choisissez un rôle dans la liste.")
    if role == person.role:
        return person
    _keep_a_manager(person)
    before, person.role = person.role, role
    person.save(update_fields=["role"])
    record(
        "membership.role_changed",
        person,
        at=at,
        actor=manager.user,
        structure=person.structure,
        role=role,
        before=before,
        user=person.user_id,
    )
    return person


@transaction.atomic
def remove_person(manager: Membership, pk: int, *, at: datetime) -> None:
    """End somebody's membership of the manager's structure, at once; what they did stays under their name."""
    person = _held(manager, pk)
    _keep_a_manager(person)
    record(
        "membership.removed",
        person,
        at=at,
        actor=manager.user,
        structure=person.structure,
        role=person.role,
        user=person.user_id,
    )
    person.delete()


@transaction.atomic
def hand_over(
    from_user: User, to_user: User, structure: Structure, *, manager: Membership, at: datetime
) -> dict[str, int]:
    """Move all that a person carries in a structure to another of its people; return how many of each kind moved.

    Rooms say what they move (``handover.register``), each object keeping its authors and its history.
    """
    giver, receiver = (
        Membership.objects.select_for_update().filter(user=user, structure=structure).first()
        for user in (from_user, to_user)
    )
    if manager.structure_id != structure.pk or not access.may_manage(manager) or giver is None:
        raise PersonRefused("not_here", "Cette personne n’est pas de votre structure.")
    if receiver is None or receiver.role not in access.CARRIERS or not to_user.is_active:
        raise PersonRefused("receiver", "Choisissez qui reçoit : une personne de la structure qui y agit.")
    if from_user == to_user:
        raise PersonRefused("same", "Choisissez une autre personne que celle qui transmet.")
    move = Move(from_user, to_user, structure, manager.user, at)
    moved = {part.code: part.carry(move) for part in portfolios()}
    record(
        "membership.handed_over",
        giver,
        at=at,
        actor=manager.user,
        structure=structure,
        to_user=to_user.pk,
        from_user=from_user.pk,
        moved=sum(moved.values()),
        **moved,
    )
    return moved


def _held(manager: Membership, pk: int) -> Membership:
    # two managers removing each other at once must not leave a structure without one
    Structure.objects.select_for_update().get(pk=manager.structure_id)
    return access.person_managed_by(manager, pk)


def _keep_a_manager(person: Membership) -> None:
    if person.role != Role.MANAGER:
        return
    others = Membership.objects.filter(structure=person.structure_id, role=Role.MANAGER, user__is_active=True)
    if not others.exclude(pk=person.pk).exists():
        raise PersonRefused(
            "last_manager", "Personne d’autre n’est responsable ici : donnez d’abord ce rôle à quelqu’un."
        )


@transaction.atomic
def open_network_seat(
    *, email: str, full_name: str, password: str, network_name: str, at: datetime
) -> tuple[NetworkSeat, bool]:
    """Seat a person at the head of a network, making the network and the account that do not exist yet.

    Return the seat and whether anything was made. Raises AccountRefused.
    """
    _check_person(email, full_name)
    if not network_name.strip():
        raise AccountRefused("network", "Donnez le nom du réseau.")
    network, _ = Network.objects.get_or_create(name=network_name.strip())
    user = _account(email, full_name, password, at)
    return seat_at(network, user, by=None, at=at)


@transaction.atomic
def seat_at(network: Network, user: User, *, by: User | None, at: datetime) -> tuple[NetworkSeat, bool]:
    """Seat a person at the head of a network; a seat they hold is returned as it is. Whoever calls has checked the right to."""
    seat, made = NetworkSeat.objects.get_or_create(user=user, network=network)
    if made:
        record("network_seat.opened", seat, at=at, actor=by, structure=None, network=network.pk, user=user.pk)
    return seat, made


@transaction.atomic
def join(structure: Structure, user: User, role: str, *, by: User | None, at: datetime) -> tuple[Membership, bool]:
    """Give a person a role in a structure; a role they hold there is kept. Whoever calls has checked the right to."""
    membership, made = Membership.objects.get_or_create(user=user, structure=structure, defaults={"role": role})
    if made:
        record("membership.created", membership, at=at, actor=by, structure=structure, role=role)
    return membership, made


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
    user = _account(email, full_name, password, at, structure)
    return join(structure, user, role, by=None, at=at)


def open_outside_account(*, email: str, full_name: str, password: str, at: datetime) -> User:
    """Open the account of somebody who will act for an outside organisation; one that exists is returned as it is."""
    _check_person(email, full_name)
    return _account(email, full_name, password, at)


def _account(email: str, full_name: str, password: str, at: datetime, structure: Structure | None = None) -> User:
    """The account of that address, made and recorded when there is none."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = _new_user(email, full_name, password)
        record("account.created", user, at=at, actor=None, structure=structure)
    return user


def _check_person(email: str, full_name: str) -> None:
    try:
        validate_email(email)
    except ValidationError as refused:
        raise AccountRefused("email", f"« {email} » n’est pas une adresse électronique.") from refused
    if not full_name.strip():
        raise AccountRefused("name", "Donnez le nom de la personne.")


def _check(*, email: str, full_name: str, structure_name: str, role: str) -> None:
    _check_person(email, full_name)
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
