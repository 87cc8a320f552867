"""Acts on magic links: send, open, renew, close. Each writes one line of journal in its transaction."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.invitations import purposes
from dentelle.foundations.invitations.access import gives_access, link_known_by, link_opened_by
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.invitations.tokens import fingerprint, new_token
from dentelle.foundations.journal.actions import record
from dentelle.foundations.messages.actions import send
from dentelle.foundations.messages.models import MessageKind
from dentelle.foundations.organisations.models import Network, Structure

# the e-mail must be opened within this; after it another one is asked in one click
LINK_LIFE = timedelta(days=7)
PER_ADDRESS, PER_ADDRESS_IN = 5, timedelta(hours=1)


class LinkRefused(Exception):
    """The link cannot be sent so; ``code`` is stable, the message is for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@transaction.atomic
def send_link(
    purpose: str,
    subject: Model,
    *,
    email: str,
    structure: Structure | None,
    actor: User,
    open_until: datetime,
    site: str,
    at: datetime,
    organisation: Organisation | None = None,
    network: Network | None = None,
) -> MagicLink:
    """Send ``email`` a link that opens ``subject`` for ``purpose`` until ``open_until``; ``site`` begins its address.

    It is given by ``structure``, or by the head of ``network``. The caller has checked that ``actor`` may share ``subject``. Raises LinkRefused.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as refused:
        raise LinkRefused("email", f"« {email} » n’est pas une adresse électronique.") from refused
    if open_until <= at:
        raise LinkRefused("open_until", "Choisissez une date à venir pour la fin de l’accès.")
    if not purposes.known(purpose):
        raise ValueError(f"no purpose is called {purpose!r}")
    if _too_many(email, at):
        raise LinkRefused(
            "too_many", "Plusieurs liens viennent déjà de partir à cette adresse. Réessayez dans une heure."
        )
    link = MagicLink(
        structure=structure,
        network=network,
        organisation=organisation,
        purpose=purpose,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        email=email,
        sent_by=actor,
        open_until=open_until,
    )
    _issue(link, site=site, at=at)
    record("link.sent", _subject(link), at=at, actor=actor, structure=link.structure, link=link.first.pk)
    return link


@transaction.atomic
def open_link(token: str, *, at: datetime) -> MagicLink | None:
    """Use a link up: return it the first time, None ever after and for any token that opens nothing."""
    link = link_opened_by(token, at=at)
    # of two clicks at once, one opens
    if link is None or not MagicLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None).update(used_at=at):
        return None
    link.used_at = at
    record("link.opened", _subject(link), at=at, actor=None, structure=link.structure, link=link.first.pk)
    return link


@transaction.atomic
def renew_link(token: str, *, site: str, at: datetime) -> MagicLink | None:
    """Send a new link to the address of a former one, as long as the structure gives access; None when nothing was sent.

    What it returns must not show: whoever asks is told the same thing in every case. The links sent before and not used
    no longer open.
    """
    former = link_known_by(token)
    if former is None or not gives_access(former.first, at=at) or _too_many(former.email, at):
        return None
    link = _another(former.first, site=site, at=at)
    record("link.renewed", _subject(link), at=at, actor=None, structure=link.structure, link=link.first.pk)
    return link


@transaction.atomic
def send_again(first: MagicLink, *, site: str, actor: User | None, at: datetime) -> MagicLink | None:
    """Send another link to the address of ``first``, as a reminder; None when it gives no access any more, or too many left.

    The caller has checked that ``actor`` (None for the clock) may. The links sent before and not used no longer open.
    """
    if first.origin_id is not None:
        raise ValueError("remind with the first link")
    if not gives_access(first, at=at) or _too_many(first.email, at):
        return None
    link = _another(first, site=site, at=at)
    record("link.sent", _subject(link), at=at, actor=actor, structure=link.structure, link=first.pk)
    return link


def _another(first: MagicLink, *, site: str, at: datetime) -> MagicLink:
    _family(first).filter(used_at=None, revoked_at=None).update(expires_at=at)
    link = MagicLink(
        structure=first.structure,
        network=first.network,
        organisation=first.organisation,
        purpose=first.purpose,
        subject_type=first.subject_type,
        subject_id=first.subject_id,
        email=first.email,
        origin=first,
        sent_by=first.sent_by,
        open_until=first.open_until,
    )
    _issue(link, site=site, at=at)
    return link


@transaction.atomic
def revoke_link(link: MagicLink, *, actor: User, at: datetime) -> bool:
    """Close a link, its renewals and the sessions they opened, at once. False when it was closed already."""
    closed = _family(link.first).filter(revoked_at=None).update(revoked_at=at)
    if closed:
        record("link.revoked", _subject(link), at=at, actor=actor, structure=link.structure, link=link.first.pk)
    return bool(closed)


def prolong(firsts: QuerySet[Any], *, open_until: datetime) -> None:
    """Give access until later through links (``firsts``: their keys) and their renewals, those that end before.

    For whoever prolongs what they open, in that act's transaction, which leaves its own line.
    """
    links = MagicLink.objects.filter(Q(pk__in=firsts) | Q(origin__in=firsts), open_until__lt=open_until)
    links.update(open_until=open_until)


def _issue(link: MagicLink, *, site: str, at: datetime) -> None:
    token = new_token()
    link.token_hash = fingerprint(token)
    link.created_at = at
    link.expires_at = min(at + LINK_LIFE, link.open_until)
    link.save()
    title = purposes.title_of(link)
    if title is None:
        raise ValueError(f"{link.subject_type} {link.subject_id} has nothing to show for {link.purpose}")
    context = {
        "title": title,
        "structure": link.house,
        "sender": link.sent_by.full_name,
        "address": urljoin(site, reverse("invitations:link", kwargs={"token": token})),
        "expires_at": link.expires_at,
        "open_until": link.open_until,
    }
    subject = f"{link.house} : {title}"
    send(
        MessageKind.IMMEDIATE,
        link.email,
        subject,
        "invitations/mail/link.txt",
        context,
        at=at,
        structure=link.structure,
    )


def _family(first: MagicLink) -> QuerySet[MagicLink]:
    return MagicLink.objects.filter(Q(pk=first.pk) | Q(origin=first))


def _too_many(email: str, at: datetime) -> bool:
    return MagicLink.objects.filter(email=email, created_at__gt=at - PER_ADDRESS_IN).count() >= PER_ADDRESS


def _subject(link: MagicLink) -> Model:
    """Return what the link opens: acts are written in its history, where people look for them."""
    return apps.get_model(link.subject_type).objects.filter(pk=link.subject_id).first() or link
