"""The only way to organisations and contacts: organisations are shared by all, contacts belong to a structure."""

from django.http import Http404

from dentelle.foundations.directory.models import (
    Contact,
    ContactEmail,
    ContactQuerySet,
    Organisation,
    OrganisationQuerySet,
)
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role

WRITERS = (Role.FACILITATOR.value, Role.MANAGER.value)
MOST_SIGNPOSTS = 50  # a merge leaves one signpost at most; more means that something else wrote the table


def may_write(membership: Membership) -> bool:
    """Say whether the member's role allows changing organisations and contacts."""
    return membership.role in WRITERS


def may_make(actor: Membership | NetworkSeat) -> bool:
    """Say whether somebody may make the organisation of a SIRET: members who write, and the head of a network."""
    return isinstance(actor, NetworkSeat) or may_write(actor)


def organisations_visible_to(viewer: Membership | NetworkSeat) -> OrganisationQuerySet:
    """Return the organisations a member or the head of a network finds: all of them, but those merged into another."""
    return Organisation.objects.living()


def current(organisation: Organisation) -> Organisation:
    """Return the record an organisation was merged into, however many times; itself when it was not."""
    for _ in range(MOST_SIGNPOSTS):
        if organisation.merged_into is None:
            return organisation
        organisation = organisation.merged_into
    raise RuntimeError(f"organisation {organisation.pk}: merged in a circle")


def organisation_visible_to(membership: Membership, pk: int) -> Organisation:
    """Return one organisation, or 404; for one that was merged, the record that was kept."""
    found = Organisation.objects.select_related("merged_into").filter(pk=pk).first()
    if found is None:
        raise Http404
    return current(found)


def organisation_editable_by(membership: Membership, pk: int) -> Organisation:
    """Return one organisation the member may change, or 404."""
    if not may_write(membership):
        raise Http404
    return organisation_visible_to(membership, pk)


def contacts_visible_to(membership: Membership) -> ContactQuerySet:
    """Return the contacts of the member's structure."""
    return Contact.objects.filter(structure_id=membership.structure_id)


def contact_editable_by(membership: Membership, pk: int) -> Contact:
    """Return a contact of the member's structure they may change, or 404."""
    found = contacts_visible_to(membership).select_related("organisation").filter(pk=pk).first()
    if found is None or not may_write(membership):
        raise Http404
    return found


def contact_email_editable_by(membership: Membership, pk: int) -> ContactEmail:
    """Return an address of a contact of the member's structure they may change, or 404."""
    found = (
        ContactEmail.objects.filter(structure_id=membership.structure_id, pk=pk)
        .select_related("contact__organisation")
        .first()
    )
    if found is None or not may_write(membership):
        raise Http404
    return found
