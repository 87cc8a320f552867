"""Readings of indicators: counted by Dentelle or typed with their source."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.models import Seat
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, StructureStatus
from dentelle.network.agreements.access import Viewer, indicators_of, is_partner_of
from dentelle.network.agreements.actions.changing import Change, changing
from dentelle.network.agreements.known import KNOWN
from dentelle.network.agreements.lateness import missing_periods
from dentelle.network.agreements.models import Agreement, Indicator, Reading, ReadingAnswer
from dentelle.network.agreements.periods import Period, period_of
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import AgreementState, Side
from dentelle.network.agreements.wholes import check_whole

READ = (AgreementState.SIGNED, AgreementState.ENDED, AgreementState.TERMINATED)
BOTH = (Side.AUTHOR, Side.PARTNER)


def give_reading(
    actor: Viewer,
    pk: int,
    indicator_pk: int,
    *,
    day: date,
    value: Decimal,
    source: str,
    expected_revision: int,
    at: datetime,
) -> Reading:
    """Type the value of the period ``day`` falls in, with its source; giving it again corrects it and asks for an answer again.

    Given before the end of the period it is partial: it shows as such and is owed again once the period is over.
    Raises AgreementRefused, EditedMeanwhile.
    """
    with changing(actor, pk, expected_revision=expected_revision, at=at, sides=BOTH, states=READ) as change:
        indicator = _indicator(change, indicator_pk)
        if indicator.known:
            raise AgreementRefused(
                "known", "Dentelle compte cet indicateur\u00a0: demandez-lui de le relever.", "value"
            )
        if not source.strip():
            raise AgreementRefused("source", "Dites d’où vient cette valeur.", "source")
        if value < 0:
            raise AgreementRefused("negative", "Une valeur relevée n’est pas négative.", "value")
        check_whole(indicator, value, "value")
        period = _period(change, indicator, day, timezone.localdate(at))
        reading = _write(
            indicator, period, value, source.strip(), by=actor.user, at=at, by_partner=isinstance(actor, Seat)
        )
        change.record("agreement.reading_given", reading, indicator=indicator.pk, ends_on=period.last.isoformat())
    return reading


def count_reading(
    actor: Membership, pk: int, indicator_pk: int, *, day: date, expected_revision: int, at: datetime
) -> Reading:
    """Have Dentelle count the period ``day`` falls in, from the structure's own register as it is now.

    Raises AgreementRefused, EditedMeanwhile.
    """
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=READ) as change:
        indicator = _indicator(change, indicator_pk)
        counted = KNOWN.get(indicator.known)
        if counted is None:
            raise AgreementRefused(
                "typed", "Dentelle ne sait pas compter cet indicateur\u00a0: saisissez-le avec sa source."
            )
        period = _period(change, indicator, day, timezone.localdate(at))
        value = counted.count(actor.structure_id, period)
        reading = _count(indicator, period, value, by=actor.user, at=at)
        change.record(
            "agreement.reading_counted",
            reading,
            indicator=indicator.pk,
            value=int(value),
            ends_on=period.last.isoformat(),
        )
    return reading


def fill_readings(*, at: datetime) -> int:
    """Count what Dentelle knows for every period that is over and has no final reading; return how many. Safe to repeat."""
    today = timezone.localdate(at)
    filled = 0
    waiting = Indicator.objects.exclude(known="").filter(
        commitment__agreement__state=AgreementState.SIGNED,
        commitment__agreement__structure__status=StructureStatus.APPROVED,
    )
    for indicator in waiting.select_related("commitment__agreement__structure").prefetch_related("readings"):
        agreement = indicator.commitment.agreement
        counted = KNOWN.get(indicator.known)
        if counted is None or agreement.structure is None:
            continue
        for period in missing_periods(agreement, indicator, today):
            _fill(agreement, indicator, counted.count(agreement.structure.pk, period), period, at)
            filled += 1
    return filled


@transaction.atomic
def _fill(agreement: Agreement, indicator: Indicator, value: int, period: Period, at: datetime) -> None:
    # whoever has the page open sees that it changed; and the row of the agreement first, as every other act takes it
    Agreement.objects.filter(pk=agreement.pk).update(revision=F("revision") + 1, updated_at=at)
    reading = _count(indicator, period, value, by=None, at=at)
    record(
        "agreement.reading_filled",
        agreement,
        at=at,
        actor=None,
        structure=agreement.structure,
        reading=reading.pk,
        value=value,
        ends_on=period.last.isoformat(),
    )


def owes(change: Change, by_partner: bool) -> bool:
    """Say whether the actor stands on the side asked for; among outside parties, only the partner does."""
    if isinstance(change.actor, Seat):
        return by_partner and is_partner_of(change.actor, change.agreement)
    return not by_partner


def _indicator(change: Change, pk: int) -> Indicator:
    found = indicators_of(change.agreement).filter(pk=pk).first()
    if found is None or not owes(change, found.owed_by == "partner"):
        raise Http404
    return found


def _period(change: Change, indicator: Indicator, day: date, today: date) -> Period:
    period = period_of(indicator.frequency, day)
    agreement = change.agreement
    if period.first > today:
        raise AgreementRefused("future", "Cette période n’a pas commencé.", "day")
    if agreement.starts_on and period.last < agreement.starts_on:
        raise AgreementRefused("before", "Cette période précède la convention.", "day")
    if agreement.last_day and period.first > agreement.last_day:
        raise AgreementRefused("after", "Cette période suit la fin de la convention.", "day")
    return period


def _count(indicator: Indicator, period: Period, value: int, *, by: User | None, at: datetime) -> Reading:
    source = f"{KNOWN[indicator.known].source}, compté le {timezone.localdate(at):%d/%m/%Y}"
    return _write(indicator, period, Decimal(value), source, by=by, at=at, by_dentelle=True)


def _write(
    indicator: Indicator,
    period: Period,
    value: Decimal,
    source: str,
    *,
    by: User | None,
    at: datetime,
    by_dentelle: bool = False,
    by_partner: bool = False,
) -> Reading:
    reading, _ = Reading.objects.update_or_create(
        indicator=indicator,
        ends_on=period.last,
        defaults={
            "structure": indicator.structure,
            "starts_on": period.first,
            "value": value,
            "source": source,
            "by_dentelle": by_dentelle,
            "by_partner": by_partner,
            "recorded_by": by,
            "recorded_at": at,
            "answer": ReadingAnswer.NONE,
            "answer_words": "",
            "answered_by": None,
            "answered_at": None,
        },
    )
    return reading
