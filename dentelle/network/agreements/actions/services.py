"""Lines of « qui fait quoi »: a structure says what it does, and what its partners do on its ground."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.network.agreements.access import may_write, service_line_editable_by
from dentelle.network.agreements.models import Public, Service, ServiceLine
from dentelle.network.agreements.refusals import AgreementRefused


def declare_service(
    actor: Membership,
    *,
    organisation: Organisation | None,
    service: str,
    public: str,
    places: Sequence[str],
    detail: str,
    at: datetime,
) -> ServiceLine:
    """Say that somebody does something for somebody on places; ``organisation`` None is the structure itself. Raises AgreementRefused."""
    if not may_write(actor):
        raise Http404
    if service not in Service.values or public not in Public.values:
        raise AgreementRefused("service", "Choisissez le service et le public dans les listes.", "service")
    if not places:
        raise AgreementRefused("places", "Dites où.", "places")
    with transaction.atomic():
        same = ServiceLine.objects.filter(
            structure=actor.structure, organisation=organisation, service=service, public=public, ended_on=None
        )
        if any(set(each.places) == set(places) for each in same):
            raise AgreementRefused("twice", "Cette ligne est déjà sur la carte.", "service")
        line = ServiceLine.objects.create(
            structure=actor.structure,
            organisation=organisation,
            service=service,
            public=public,
            places=list(places),
            detail=detail.strip(),
            declared_on=timezone.localdate(at),
            declared_by=actor.user,
        )
        record(
            "service_line.declared",
            line,
            at=at,
            actor=actor.user,
            structure=actor.structure,
            service=service,
            public=public,
        )
    return line


def end_service(actor: Membership, pk: int, *, at: datetime) -> ServiceLine:
    """Take a line off the map; it is kept, with its last day."""
    with transaction.atomic():
        line = service_line_editable_by(actor, pk)
        line.ended_on = timezone.localdate(at)
        line.save(update_fields=["ended_on"])
        record("service_line.ended", line, at=at, actor=actor.user, structure=actor.structure, service=line.service)
    return line
