"""What people do to the contacts of their structure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from dentelle.foundations.directory import access
from dentelle.foundations.directory.addresses import read_address
from dentelle.foundations.directory.bounces import LONGEST_REASON, read_bounces
from dentelle.foundations.directory.models import BounceKind, Contact, ContactEmail
from dentelle.foundations.directory.refusals import DirectoryRefused, EditedMeanwhile
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.actions import index


@dataclass(frozen=True, slots=True)
class ContactWords:
    """What a person types of a contact."""

    name: str
    function: str = ""
    is_manager: bool = False
    phone: str = ""


def add_contact(
    actor: Membership, organisation_pk: int, words: ContactWords, *, emails: Collection[str], on: date, at: datetime
) -> Contact:
    """Keep a contact of the member's structure, with its addresses, valid from ``on``. Raises DirectoryRefused."""
    addresses = list(dict.fromkeys(read_address(email) for email in emails))
    with transaction.atomic():
        organisation = access.organisation_editable_by(actor, organisation_pk)
        contact = Contact(structure=actor.structure, organisation=organisation, valid_from=on)
        _fill(contact, words)
        contact.save()
        ContactEmail.objects.bulk_create(
            ContactEmail(structure=actor.structure, contact=contact, address=address, valid_from=on)
            for address in addresses
        )
        _record("contact.added", contact, actor, at, addresses=len(addresses))
        index(contact)
    return contact


def update_contact(actor: Membership, pk: int, words: ContactWords, *, expected_revision: int, at: datetime) -> Contact:
    """Correct a name, a function or a telephone. Raises EditedMeanwhile when somebody saved it since."""
    with transaction.atomic():
        contact = access.contact_editable_by(actor, pk)
        moved = Contact.objects.filter(pk=pk, revision=expected_revision).update(revision=expected_revision + 1)
        if not moved:
            raise EditedMeanwhile
        _fill(contact, words)
        contact.revision = expected_revision + 1
        contact.save()
        _record("contact.updated", contact, actor, at)
        index(contact)
    return contact


def close_contact(actor: Membership, pk: int, *, on: date, at: datetime) -> Contact:
    """End a contact, and its open addresses with it. Ending it twice changes nothing and is recorded once."""
    with transaction.atomic():
        contact = access.contact_editable_by(actor, pk)
        if contact.valid_to is None:
            contact.valid_to = max(on, contact.valid_from)
            contact.save(update_fields=["valid_to"])
            for email in contact.emails.filter(valid_to=None):
                email.valid_to = max(on, email.valid_from)
                email.save(update_fields=["valid_to"])
            _record("contact.closed", contact, actor, at)
            index(contact)
    return contact


def add_email(actor: Membership, contact_pk: int, email: str, *, on: date, at: datetime) -> ContactEmail:
    """Give a contact one more address from ``on``. Raises DirectoryRefused when it has it already or has ended."""
    address = read_address(email)
    with transaction.atomic():
        contact = access.contact_editable_by(actor, contact_pk)
        if contact.valid_to is not None:
            raise DirectoryRefused("contact_ended", "Ce contact est clos : créez-en un nouveau.")
        if contact.emails.filter(address=address, valid_to=None).exists():
            raise DirectoryRefused("address_known", "Ce contact a déjà cette adresse.", "email")
        row = ContactEmail.objects.create(structure=actor.structure, contact=contact, address=address, valid_from=on)
        _record("contact.address_added", contact, actor, at, email=row.pk)
        index(contact)
    return row


def close_email(actor: Membership, email_pk: int, *, on: date, at: datetime) -> ContactEmail:
    """End one address of a contact. Ending it twice changes nothing and is recorded once."""
    with transaction.atomic():
        row = access.contact_email_editable_by(actor, email_pk)
        if row.valid_to is None:
            row.valid_to = max(on, row.valid_from)
            row.save(update_fields=["valid_to"])
            _record("contact.address_closed", row.contact, actor, at, email=row.pk)
            index(row.contact)
    return row


def mark_bounced(actor: Membership, email_pk: int, *, reason: str = "", at: datetime) -> ContactEmail:
    """Say by hand that an address bounces: nothing is written to it any more. Saying it twice is recorded once."""
    with transaction.atomic():
        row = access.contact_email_editable_by(actor, email_pk)
        if row.bounced_at is None:
            _bounce(row, BounceKind.PERMANENT, "", reason, at)
            _record("contact.bounced", row.contact, actor, at, email=row.pk)
    return row


def clear_bounce(actor: Membership, email_pk: int, *, at: datetime) -> ContactEmail:
    """Say that an address works again. An address that did not bounce is left as it is."""
    with transaction.atomic():
        row = access.contact_email_editable_by(actor, email_pk)
        if row.bounce_kind:
            row.bounced_at, row.bounce_kind, row.bounce_status, row.bounce_reason = None, "", "", ""
            row.save(update_fields=["bounced_at", "bounce_kind", "bounce_status", "bounce_reason"])
            _record("contact.bounce_cleared", row.contact, actor, at, email=row.pk)
    return row


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What a delivery-status mail changed: addresses of ours said to bounce for good, for a while, and those we do not know."""

    permanent: tuple[str, ...]
    temporary: tuple[str, ...]
    unknown: tuple[str, ...]


def take_delivery_status(actor: Membership, raw: bytes, *, at: datetime) -> BounceReport:
    """Read a delivery-status mail and mark the addresses of the member's structure it names. Others are never looked at.

    Raises DirectoryRefused when it is not such a mail.
    """
    if not access.may_write(actor):
        raise DirectoryRefused("reader", "Votre rôle permet de lire les contacts, pas de les modifier.")
    failures = {failure.address: failure for failure in read_bounces(raw)}
    marked: dict[str, list[str]] = {BounceKind.PERMANENT: [], BounceKind.TEMPORARY: []}
    with transaction.atomic():
        rows = ContactEmail.objects.filter(
            structure=actor.structure, address__in=failures, valid_to=None
        ).select_related("contact")
        for row in rows.order_by("pk"):
            failure = failures[row.address]
            marked[failure.kind].append(row.address)
            if row.bounced_at is None:
                _bounce(row, BounceKind(failure.kind), failure.status, failure.reason, at)
                act = "contact.bounced" if failure.kind == BounceKind.PERMANENT else "contact.delayed"
                _record(act, row.contact, actor, at, email=row.pk, status=failure.status)
    ours = {address for addresses in marked.values() for address in addresses}
    return BounceReport(
        tuple(sorted(set(marked[BounceKind.PERMANENT]))),
        tuple(sorted(set(marked[BounceKind.TEMPORARY]))),
        tuple(sorted(set(failures) - ours)),
    )


def _bounce(row: ContactEmail, kind: BounceKind, status: str, reason: str, at: datetime) -> None:
    row.bounced_at = at if kind == BounceKind.PERMANENT else None
    row.bounce_kind, row.bounce_status = kind, status
    row.bounce_reason = " ".join(reason.split())[:LONGEST_REASON]
    row.save(update_fields=["bounced_at", "bounce_kind", "bounce_status", "bounce_reason"])


def _fill(contact: Contact, words: ContactWords) -> None:
    name = " ".join(words.name.split())[:150]
    if not name:
        raise DirectoryRefused("name_needed", "Donnez le nom de la personne.", "name")
    contact.name = name
    contact.function = " ".join(words.function.split())[:150]
    contact.is_manager = words.is_manager
    contact.phone = " ".join(words.phone.split())[:30]


def _record(act: str, contact: Contact, actor: Membership, at: datetime, **facts: object) -> None:
    record(act, contact, at=at, actor=actor.user, structure=actor.structure, **facts)
