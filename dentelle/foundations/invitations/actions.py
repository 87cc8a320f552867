"""Acts on invitations: invite, send again, withdraw, accept. Each writes one line of journal in its transaction."""

from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.actions import open_seat
from dentelle.foundations.directory.models import Organisation, SeatRole
from dentelle.foundations.invitations.access import (
    MAY_INVITE,
    Inviter,
    invitation_of,
    invitation_opened_by,
    invitations_visible_to,
)
from dentelle.foundations.invitations.models import Grant, Invitation
from dentelle.foundations.invitations.tokens import fingerprint, new_token
from dentelle.foundations.journal.actions import record
from dentelle.foundations.messages.actions import send
from dentelle.foundations.messages.models import MessageKind
from dentelle.foundations.organisations.access import structures_of
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.foundations.structures.actions import join, seat_at

INVITATION_LIFE = timedelta(days=14)
# invitations a structure, or the head of a network, may send in a day: a large team, not a mailing list
PER_DAY = 50


class InvitationRefused(Exception):
    """The invitation cannot be sent or accepted so; ``code`` is stable, ``field`` names the box to mend when there is one."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


def role_label(invitation: Invitation) -> str:
    """Return the role offered, in words."""
    if invitation.grant == Grant.NETWORK:
        return "tête de réseau"
    roles = Role if invitation.grant == Grant.MEMBER else SeatRole
    return str(roles(invitation.role).label)


@transaction.atomic
def invite(
    actor: Membership,
    *,
    email: str,
    role: str,
    site: str,
    at: datetime,
    organisation: Organisation | None = None,
) -> Invitation:
    """Invite ``email`` to a role in the actor's structure, or for ``organisation`` when one is given. Raises InvitationRefused.

    Whoever invites learns nothing about accounts: an address already known to the site is invited like any other.
    """
    grant = Grant.SEAT if organisation else Grant.MEMBER
    if actor.role not in MAY_INVITE:
        raise InvitationRefused("role", "Seule une personne responsable de la structure invite.")
    known = Role.values if grant == Grant.MEMBER else SeatRole.values
    if role not in known:
        raise InvitationRefused("role", f"« {role} » n’est pas un rôle : {', '.join(known)}.", "role")
    invitation = Invitation(structure=actor.structure, grant=grant, organisation=organisation, role=role)
    return _send(invitation, actor, email=email, site=site, at=at)


@transaction.atomic
def invite_from_network(
    head: NetworkSeat, *, email: str, structure_pk: int | None, site: str, at: datetime
) -> Invitation:
    """Invite ``email`` to answer for a structure of the head's network, or to sit beside them when none is given.

    Raises InvitationRefused; a structure of another network, or not at work, is refused like one that does not exist.
    """
    if structure_pk is None:
        invitation = Invitation(network=head.network, grant=Grant.NETWORK)
    else:
        structure = structures_of(head).approved().filter(pk=structure_pk).first()
        if structure is None:
            raise InvitationRefused("structure", "Choisissez une structure agréée du réseau.", "place")
        invitation = Invitation(network=head.network, structure=structure, grant=Grant.MEMBER, role=Role.MANAGER)
    return _send(invitation, head, email=email, site=site, at=at)


def _send(invitation: Invitation, actor: Inviter, *, email: str, site: str, at: datetime) -> Invitation:
    """Send a new invitation, once all that can be wrong with it has been looked for."""
    invitation.email = email = email.strip().lower()
    _check(invitation, email)
    _check_pace(actor, at)
    same = Invitation.objects.filter(
        grant=invitation.grant,
        structure=invitation.structure,
        organisation=invitation.organisation,
        role=invitation.role,
        email=email,
    )
    if invitation.grant == Grant.NETWORK:
        same = same.filter(network=invitation.network)
    if same.filter(accepted_at=None, revoked_at=None).exists():
        raise InvitationRefused(
            "waiting", "Cette personne est déjà invitée : renvoyez l’invitation de la liste.", "email"
        )
    invitation.invited_by = actor.user
    _issue(invitation, site=site, at=at)
    record("invitation.sent", invitation, at=at, actor=actor.user, structure=invitation.structure, **_facts(invitation))
    return invitation


@transaction.atomic
def send_again(actor: Inviter, pk: int, *, site: str, at: datetime) -> Invitation:
    """Send a new link for an invitation that waits or is too old; the former link no longer opens."""
    invitation = invitation_of(actor, pk)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationRefused("settled", "Cette invitation est déjà acceptée ou retirée : il n’y a rien à renvoyer.")
    _check_pace(actor, at)
    _issue(invitation, site=site, at=at)
    record(
        "invitation.sent_again",
        invitation,
        at=at,
        actor=actor.user,
        structure=invitation.structure,
        **_facts(invitation),
    )
    return invitation


@transaction.atomic
def revoke(actor: Inviter, pk: int, *, at: datetime) -> bool:
    """Withdraw an invitation at once. False when it was accepted or withdrawn already."""
    invitation = invitation_of(actor, pk)
    if not Invitation.objects.filter(pk=pk, accepted_at=None, revoked_at=None).update(revoked_at=at):
        return False
    record(
        "invitation.revoked", invitation, at=at, actor=actor.user, structure=invitation.structure, **_facts(invitation)
    )
    return True


def account_at(email: str) -> User | None:
    """Return the account that signs in with an address."""
    return User.objects.filter(email__iexact=email).first()


@transaction.atomic
def accept(token: str, *, actor: User | None, full_name: str = "", password: str = "", at: datetime) -> User:
    """Take up an invitation and return who now holds its role.

    Without an account at the address, one is made with ``full_name`` and ``password``; with one, ``actor`` must be its
    holder. Raises InvitationRefused: ``closed`` (unknown, old, withdrawn or accepted alike), ``sign_in``, ``other_person``,
    ``name``, ``password``.
    """
    invitation = invitation_opened_by(token, at=at)
    if invitation is None:
        raise InvitationRefused("closed", "Cette invitation ne s’ouvre plus.")
    user = account_at(invitation.email)
    if actor is not None and actor != user:
        raise InvitationRefused("other_person", "Cette invitation a été envoyée à une autre adresse que la vôtre.")
    if user is not None and (actor is None or not user.is_active):
        raise InvitationRefused("sign_in", "Connectez-vous avec cette adresse, puis acceptez l’invitation.")
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(accepted_at=at):
        raise InvitationRefused("closed", "Cette invitation ne s’ouvre plus.")
    if user is None:
        user = _new_account(invitation, full_name, password, at)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    _give(invitation, user, at)
    record("invitation.accepted", invitation, at=at, actor=user, structure=invitation.structure, **_facts(invitation))
    return user


def _new_account(invitation: Invitation, full_name: str, password: str, at: datetime) -> User:
    full_name = " ".join(full_name.split())
    if not full_name:
        raise InvitationRefused("name", "Donnez votre nom.", "full_name")
    try:
        validate_password(password, User(email=invitation.email, full_name=full_name))
    except ValidationError as refused:
        raise InvitationRefused("password", " ".join(refused.messages), "password") from refused
    user = User.objects.create_user(invitation.email, password, full_name=full_name)
    record("account.created", user, at=at, actor=user, structure=invitation.structure)
    return user


def _give(invitation: Invitation, user: User, at: datetime) -> None:
    if invitation.network is not None and invitation.grant == Grant.NETWORK:
        seat_at(invitation.network, user, by=user, at=at)
    elif invitation.organisation is not None:
        open_seat(user, invitation.organisation, invitation.role, by=user, structure=invitation.structure, at=at)
    elif invitation.structure is not None:
        join(invitation.structure, user, invitation.role, by=user, at=at)


def _check(invitation: Invitation, email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as refused:
        raise InvitationRefused("email", f"« {email} » n’est pas une adresse électronique.", "email") from refused
    there = User.objects.filter(email__iexact=email)
    if invitation.grant == Grant.MEMBER and there.filter(memberships__structure=invitation.structure).exists():
        raise InvitationRefused("member", "Cette personne fait déjà partie de la structure.", "email")
    if invitation.grant == Grant.NETWORK and there.filter(network_seats__network=invitation.network).exists():
        raise InvitationRefused("member", "Cette personne est déjà à la tête du réseau.", "email")


def _check_pace(actor: Inviter, at: datetime) -> None:
    sent = invitations_visible_to(actor).filter(created_at__gt=at - timedelta(days=1)).count()
    if sent >= PER_DAY:
        raise InvitationRefused("too_many", f"{PER_DAY} invitations sont déjà parties aujourd’hui. Reprenez demain.")


def _issue(invitation: Invitation, *, site: str, at: datetime) -> None:
    token = new_token()
    invitation.token_hash = fingerprint(token)
    invitation.created_at, invitation.expires_at = at, at + INVITATION_LIFE
    invitation.save()
    whom = invitation.place
    context = {
        "whom": whom,
        "structure": invitation.house,
        "role": role_label(invitation),
        "sender": invitation.invited_by.full_name,
        "address": urljoin(site, reverse("invitations:accept", kwargs={"token": token})),
        "expires_at": invitation.expires_at,
    }
    send(
        MessageKind.IMMEDIATE,
        invitation.email,
        f"{invitation.invited_by.full_name} vous invite sur Dentelle ({whom})",
        "invitations/mail/invitation.txt",
        context,
        at=at,
        structure=invitation.structure,
    )


def _facts(invitation: Invitation) -> dict[str, str]:
    return {"grant": invitation.grant, "role": invitation.role}
