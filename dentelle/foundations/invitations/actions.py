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
from dentelle.foundations.invitations.access import MAY_INVITE, invitation_of, invitation_opened_by
from dentelle.foundations.invitations.models import Grant, Invitation
from dentelle.foundations.invitations.tokens import fingerprint, new_token
from dentelle.foundations.journal.actions import record
from dentelle.foundations.messages.actions import send
from dentelle.foundations.messages.models import MessageKind
from dentelle.foundations.organisations.models import Membership, Role

INVITATION_LIFE = timedelta(days=14)
# invitations a structure may send in a day: a large team, not a mailing list
PER_DAY = 50


class InvitationRefused(Exception):
    """The invitation cannot be sent or accepted so; ``code`` is stable, ``field`` names the box to mend when there is one."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


def role_label(invitation: Invitation) -> str:
    """Return the role offered, in words."""
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
    email = email.strip().lower()
    _check(actor, email=email, role=role, grant=grant, at=at)
    waiting = Invitation.objects.filter(
        structure=actor.structure, email=email, grant=grant, role=role, organisation=organisation
    ).filter(accepted_at=None, revoked_at=None)
    if waiting.exists():
        raise InvitationRefused(
            "waiting", "Cette personne est déjà invitée : renvoyez l’invitation de la liste.", "email"
        )
    invitation = Invitation(
        structure=actor.structure,
        grant=grant,
        organisation=organisation,
        role=role,
        email=email,
        invited_by=actor.user,
        created_at=at,
    )
    _issue(invitation, site=site, at=at)
    record("invitation.sent", invitation, at=at, actor=actor.user, structure=invitation.structure, **_facts(invitation))
    return invitation


@transaction.atomic
def send_again(actor: Membership, pk: int, *, site: str, at: datetime) -> Invitation:
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
def revoke(actor: Membership, pk: int, *, at: datetime) -> bool:
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
    if invitation.organisation is None:
        held, made = Membership.objects.get_or_create(
            user=user, structure=invitation.structure, defaults={"role": invitation.role}
        )
        if made:
            record("membership.created", held, at=at, actor=user, structure=invitation.structure, role=invitation.role)
        return
    open_seat(user, invitation.organisation, invitation.role, by=user, structure=invitation.structure, at=at)


def _check(actor: Membership, *, email: str, role: str, grant: Grant, at: datetime) -> None:
    if actor.role not in MAY_INVITE:
        raise InvitationRefused("role", "Seule une personne responsable de la structure invite.")
    try:
        validate_email(email)
    except ValidationError as refused:
        raise InvitationRefused("email", f"« {email} » n’est pas une adresse électronique.", "email") from refused
    known = Role.values if grant == Grant.MEMBER else SeatRole.values
    if role not in known:
        raise InvitationRefused("role", f"« {role} » n’est pas un rôle : {', '.join(known)}.", "role")
    if grant == Grant.MEMBER and actor.structure.memberships.filter(user__email__iexact=email).exists():
        raise InvitationRefused("member", "Cette personne fait déjà partie de la structure.", "email")
    _check_pace(actor, at)


def _check_pace(actor: Membership, at: datetime) -> None:
    sent = Invitation.objects.filter(structure=actor.structure, created_at__gt=at - timedelta(days=1)).count()
    if sent >= PER_DAY:
        raise InvitationRefused("too_many", f"{PER_DAY} invitations sont déjà parties aujourd’hui. Reprenez demain.")


def _issue(invitation: Invitation, *, site: str, at: datetime) -> None:
    token = new_token()
    invitation.token_hash = fingerprint(token)
    invitation.created_at, invitation.expires_at = at, at + INVITATION_LIFE
    invitation.save()
    whom = invitation.organisation.name if invitation.organisation else invitation.structure.name
    context = {
        "whom": whom,
        "structure": invitation.structure.name,
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
