"""What people find of the directory: organisations (shared by all), contacts (of their structure)."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.directory import access, learning
from dentelle.foundations.directory.identifiers import shown
from dentelle.foundations.directory.models import Contact, Organisation
from dentelle.foundations.search.registry import SHARED, Document, Hit, register, structure_scope


def _organisations() -> QuerySet[Organisation]:
    return Organisation.objects.prefetch_related("merged")


def _text_of_organisation(organisation: Organisation) -> Document | None:
    if organisation.merged_into_id is not None:
        return None
    # a merged duplicate is still known by its own name and number
    merged = list(organisation.merged.all())
    commune = learning.commune_name(organisation.commune_code)
    return Document(
        title=organisation.name,
        words=" ".join([commune, *(row.name for row in merged)]),
        identifiers=tuple(row.identifier for row in (organisation, *merged)),
        scopes=(SHARED,),
    )


def _hit_of_organisation(organisation: Organisation) -> Hit:
    commune = learning.commune_name(organisation.commune_code)
    detail = " · ".join(filter(None, (shown(organisation.identifier), commune)))
    return Hit(organisation.name, detail, reverse("directory:detail", kwargs={"pk": organisation.pk}))


def _visible_organisations(viewer: Any) -> QuerySet[Organisation]:
    return access.organisations_visible_to(viewer).prefetch_related("merged")


def _contacts() -> QuerySet[Contact]:
    return Contact.objects.select_related("organisation").prefetch_related("emails")


def _text_of_contact(contact: Contact) -> Document | None:
    if contact.valid_to is not None:
        return None
    addresses = [email.address for email in contact.emails.all() if email.valid_to is None]
    return Document(
        title=contact.name,
        words=" ".join([contact.function, contact.organisation.name, *addresses]),
        identifiers=tuple(filter(None, (contact.phone,))),
        scopes=(structure_scope(contact.structure_id),),
    )


def _hit_of_contact(contact: Contact) -> Hit:
    detail = " · ".join(filter(None, (contact.function, contact.organisation.name)))
    return Hit(contact.name, detail, reverse("directory:detail", kwargs={"pk": contact.organisation_id}) + "#contacts")


def _visible_contacts(viewer: Any) -> QuerySet[Contact]:
    return access.contacts_visible_to(viewer).select_related("organisation").prefetch_related("emails")


register(
    "organisation",
    label="Organisations",
    queryset=_organisations,
    text_of=_text_of_organisation,
    visible_to=_visible_organisations,
    hit_of=_hit_of_organisation,
    order=10,
    all_url=lambda text: f"{reverse('directory:list')}?{urlencode({'texte': text})}",
)
register(
    "contact",
    label="Contacts",
    queryset=_contacts,
    text_of=_text_of_contact,
    visible_to=_visible_contacts,
    hit_of=_hit_of_contact,
    order=40,
)
