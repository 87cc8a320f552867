"""What comes after an agreement, whether it was written as its renewal or not."""

from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from dentelle.network.agreements.models import Agreement, AgreementQuerySet, Party, PartySide
from dentelle.network.agreements.states import SIGNED_STATES, AgreementState


def with_last_day(agreements: AgreementQuerySet) -> AgreementQuerySet:
    """Have each carry ``until``: its last day in force, None while it has none."""
    return agreements.annotate(until=Coalesce("ended_on", "ends_on"))


def is_followed() -> Exists:
    """Say in a query whether an agreement is renewed, or another with the same people goes on after it."""
    others = with_last_day(Agreement.objects.exclude(state=AgreementState.ABANDONED).filter(is_example=False))
    partners = Party.objects.filter(agreement=OuterRef(OuterRef("pk")), side=PartySide.PARTNER).values("organisation")
    same = Q(level="framework", network=OuterRef("network")) | Q(
        level="local",
        structure=OuterRef("structure"),
        parties__side=PartySide.PARTNER,
        parties__organisation__in=partners,
    )
    after = Q(until__gt=Coalesce(OuterRef("ended_on"), OuterRef("ends_on")))
    return Exists(others.filter(Q(renews=OuterRef("pk")) | (same & after & Q(level=OuterRef("level")))))


def last_of_the_line(agreement: Agreement) -> Agreement:
    """Return the signed agreement with the same people that goes on the longest: itself when none follows."""
    known = with_last_day(Agreement.objects.filter(state__in=SIGNED_STATES, is_example=False, level=agreement.level))
    if agreement.is_framework:
        line = known.filter(network=agreement.network)
    else:
        partners = agreement.parties.filter(side=PartySide.PARTNER).values("organisation")
        line = known.filter(structure=agreement.structure).filter(
            Q(pk=agreement.pk) | Q(parties__side=PartySide.PARTNER, parties__organisation__in=partners)
        )
    return line.order_by(F("until").desc(nulls_last=True), "pk").first() or agreement


def renewal_start(agreement: Agreement) -> date | None:
    """Return the first day of what would renew an agreement: the day after the last that is signed with the same people."""
    last = last_of_the_line(agreement).last_day
    return last + timedelta(days=1) if last else None
