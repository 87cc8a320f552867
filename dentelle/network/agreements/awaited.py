"""What agreements make people wait for: readings owed, readings disputed, agreements that end; for the head, frameworks that end."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.journal.sentences import prose_day
from dentelle.foundations.organisations.hats import NETWORK_SEAT
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.agreements.access import agreements_visible_to, may_write
from dentelle.network.agreements.lateness import late_period
from dentelle.network.agreements.models import Agreement, AgreementQuerySet, ReadingAnswer
from dentelle.network.agreements.states import AgreementState

KINDS = {
    "agreement.reading": "Relevé d’une convention",
    "agreement.disputed": "Relevé contesté",
    "agreement.answer": "Relevé du partenaire à confirmer",
    "agreement.ends": "Convention qui prend fin",
}
HEAD_KINDS = {"framework.ends": "Convention-cadre qui prend fin"}
NOTICE = timedelta(days=183)  # a renewal takes months: each party has its own deliberations
MOST = 500


def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return what the agreements of the member's structure call for; nothing to roles that may not write them."""
    if not may_write(membership):
        return []
    today = timezone.localdate(at)
    own = agreements_visible_to(membership).filter(structure_id=membership.structure_id, state=AgreementState.SIGNED)
    found = _with_renewal(own).prefetch_related("commitments__indicators__readings").order_by("pk")[:MOST]
    return [*(line for each in found for line in _of_readings(each, today)), *_ending(found, "agreement.ends", today)]


def awaits_head(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    """Return the frameworks of the network that end soon or are past their end, and that nothing renews yet."""
    today = timezone.localdate(at)
    own = agreements_visible_to(seat).frameworks().filter(state=AgreementState.SIGNED, is_example=False)
    return list(_ending(_with_renewal(own).order_by("pk")[:MOST], "framework.ends", today))


def _with_renewal(own: AgreementQuerySet) -> QuerySet[Any]:
    """Say of each agreement whether another renews it: ``renewed``."""
    others = Agreement.objects.exclude(state=AgreementState.ABANDONED).filter(renews=OuterRef("pk"))
    return own.annotate(renewed=Exists(others))


def _of_readings(agreement: Agreement, today: date) -> Iterator[Awaiting]:
    for commitment in agreement.commitments.all():
        for indicator in commitment.indicators.all():
            code = "compter" if indicator.known else "releve"
            late = late_period(agreement, indicator, today)
            if late is not None and indicator.owed_by == "own":
                why = f"« {indicator.name} » n’est pas relevé pour la période close le {prose_day(late.last)}."
                asked = f"?indicator={indicator.pk}&day={late.last}"
                yield _line("agreement.reading", indicator.pk, agreement, why, late.last, code, asked)
            for reading in indicator.readings.all():
                since = timezone.localdate(reading.answered_at or reading.recorded_at)
                if not reading.by_partner and reading.answer == ReadingAnswer.DISPUTED:
                    why = f"Le partenaire conteste « {indicator.name} » au {prose_day(reading.ends_on)}."
                    asked = f"?indicator={indicator.pk}&day={reading.ends_on}"
                    yield _line("agreement.disputed", reading.pk, agreement, why, since, code, asked)
                if reading.by_partner and reading.answer == ReadingAnswer.NONE:
                    why = f"Le partenaire a relevé « {indicator.name} » au {prose_day(reading.ends_on)}."
                    asked = f"?reading={reading.pk}"
                    yield _line("agreement.answer", reading.pk, agreement, why, since, "reponse", asked)


def _ending(found: Iterable[Any], kind: str, today: date) -> Iterator[Awaiting]:
    """One line for each that ends within the notice: to renew; or past its end: to note, or to renew."""
    ending = [each for each in found if each.ends_on and each.ends_on <= today + NOTICE and not each.renewed]
    for each in sorted(ending, key=lambda one: (one.ends_on, one.pk)):
        past = each.ends_on < today
        why = f"Elle {'a pris' if past else 'prend'} fin le {prose_day(each.ends_on)} et rien ne la renouvelle."
        since = each.ends_on - NOTICE
        if each.signed_on and each.signed_on > since:
            since = each.signed_on
        yield _line(kind, each.pk, each, why, min(since, today), "renouveler", "", due=each.ends_on)


_ACTION = {"compter": "Compter", "releve": "Donner le relevé", "reponse": "Répondre", "renouveler": "Préparer la suite"}


def _line(
    kind: str, pk: int, agreement: Agreement, why: str, since: date, code: str, asked: str, *, due: date | None = None
) -> Awaiting:
    return Awaiting(
        kind=kind,
        pk=pk,
        subject=agreement.title,
        about=agreement.reference,
        sentence=why,
        since=since,
        due=due,
        action=_ACTION[code],
        page="agreements:act",
        arguments={"pk": agreement.pk, "code": code},
        query=asked,
    )


register("agreements", kinds=KINDS, awaits=awaits)
register("frameworks", kinds=HEAD_KINDS, awaits=awaits_head, hat=NETWORK_SEAT)
