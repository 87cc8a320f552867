"""Readings of indicators: counted by Dentelle or typed with their source, then confirmed or disputed by the other side."""

from datetime import date, datetime
from decimal import Decimal

from django.http import Http404

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.organisations.models import Membership
from dentelle.network.agreements.access import Viewer, indicators_of, is_partner_of, readings_of
from dentelle.network.agreements.actions.changing import Change, changing
from dentelle.network.agreements.known import KNOWN
from dentelle.network.agreements.models import Indicator, Reading, ReadingAnswer
from dentelle.network.agreements.periods import Period, period_of
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import AgreementState, Side

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
        period = _period(change, indicator, day, at.date())
        reading = _write(change, indicator, period, value, source.strip(), by_dentelle=False)
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
        period = _period(change, indicator, day, at.date())
        value = counted.count(actor, period)
        source = f"{counted.source}, compté le {at:%d/%m/%Y}"
        reading = _write(change, indicator, period, Decimal(value), source, by_dentelle=True)
        change.record(
            "agreement.reading_counted",
            reading,
            indicator=indicator.pk,
            value=int(value),
            ends_on=period.last.isoformat(),
        )
    return reading


def answer_reading(
    actor: Viewer, pk: int, reading_pk: int, *, answer: str, words: str, expected_revision: int, at: datetime
) -> Reading:
    """Confirm or dispute a reading the other side gave; disputing says why. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, sides=BOTH, states=READ) as change:
        reading = readings_of(change.agreement).filter(pk=reading_pk).first()
        if reading is None or not _owes(change, not reading.by_partner):
            raise Http404
        if answer not in (ReadingAnswer.CONFIRMED, ReadingAnswer.DISPUTED):
            raise AgreementRefused("answer", "Confirmez ce relevé, ou contestez-le.", "answer")
        if answer == ReadingAnswer.DISPUTED and not words.strip():
            raise AgreementRefused("words", "Dites ce que vous contestez\u00a0: l’autre partie le lira.", "words")
        reading.answer, reading.answer_words = answer, words.strip()
        reading.answered_by, reading.answered_at = actor.user, at
        reading.save(update_fields=["answer", "answer_words", "answered_by", "answered_at"])
        change.record("agreement.reading_answered", reading, answer=answer)
    return reading


def _owes(change: Change, by_partner: bool) -> bool:
    """Say whether the actor stands on the side asked for; among outside parties, only the partner does."""
    if isinstance(change.actor, Seat):
        return by_partner and is_partner_of(change.actor, change.agreement)
    return not by_partner


def _indicator(change: Change, pk: int) -> Indicator:
    found = indicators_of(change.agreement).filter(pk=pk).first()
    if found is None or not _owes(change, found.owed_by == "partner"):
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


def _write(
    change: Change, indicator: Indicator, period: Period, value: Decimal, source: str, *, by_dentelle: bool
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
            "by_partner": isinstance(change.actor, Seat),
            "recorded_by": change.actor.user,
            "recorded_at": change.at,
            "answer": ReadingAnswer.NONE,
            "answer_words": "",
            "answered_by": None,
            "answered_at": None,
        },
    )
    return reading
