"""Readings: counted or typed, confirmed or disputed by the other side, owed once the period is over."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from dentelle.network.agreements.actions.readings import count_reading, fill_readings, give_reading
from dentelle.network.agreements.known import KNOWN
from dentelle.network.agreements.models import Reading
from dentelle.network.agreements.periods import Frequency, last_complete, period_of
from dentelle.network.agreements.queries import sheet_of
from dentelle.network.agreements.refusals import AgreementRefused
from tests.contracts import making as contracts
from tests.factories import NOW, MembershipFactory
from tests.network.agreements import making
from tests.network.agreements.awaited import answered, measured, read

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(st.sampled_from(Frequency), DAYS)
def test_every_day_is_in_one_period_and_periods_follow_one_another(frequency, day):
    period = period_of(frequency, day)
    assert period.first <= day <= period.last
    assert period_of(frequency, period.first) == period_of(frequency, period.last) == period
    assert period.first.day == 1


@given(st.sampled_from(Frequency), DAYS, DAYS)
def test_what_is_owed_is_over_and_holds_a_day_of_the_agreement(frequency, since, on):
    period = last_complete(frequency, since=since, on=on)
    if period is not None:
        assert since <= period.last < on
    else:
        assert period_of(frequency, on).first <= since or on <= since


@pytest.fixture
def member(db):
    return MembershipFactory(manager=True)


def late(member, agreement, on=making.TODAY):
    (line,) = sheet_of(member, agreement.pk, on).indicators
    return line.late


def test_a_reading_is_late_from_the_end_of_the_period_until_it_is_given(member):
    agreement, indicator = measured(member)
    assert late(member, agreement, date(2026, 3, 31)) is None
    assert late(member, agreement, date(2026, 4, 1)).last == date(2026, 3, 31)
    assert late(member, agreement).last == date(2026, 9, 30)
    read(member, agreement, indicator)
    assert late(member, agreement) is None


def test_a_reading_says_its_source(member):
    agreement, indicator = measured(member)
    with pytest.raises(AgreementRefused) as refused:
        give_reading(
            member,
            agreement.pk,
            indicator.pk,
            day=date(2026, 9, 1),
            value=Decimal(1),
            source=" ",
            **making.lock(agreement),
        )
    assert refused.value.code == "source"


@pytest.mark.parametrize(
    ("day", "code"), [(date(2025, 12, 31), "before"), (date(2027, 1, 1), "future"), (date(2029, 1, 1), "future")]
)
def test_a_period_outside_the_agreement_or_to_come_is_refused(member, day, code):
    agreement, indicator = measured(member)
    with pytest.raises(AgreementRefused) as refused:
        give_reading(
            member, agreement.pk, indicator.pk, day=day, value=Decimal(1), source="suivi", **making.lock(agreement)
        )
    assert refused.value.code == code


def test_the_partner_disputes_with_a_reason_and_a_correction_asks_again(member):
    agreement, indicator = measured(member)
    given, seat = read(member, agreement, indicator), making.partner_seat()
    with pytest.raises(AgreementRefused):
        answered(seat, agreement, given, "disputed")
    answered(seat, agreement, given, "disputed", "Trois personnes comptées deux fois")
    read(member, agreement, indicator, 9)
    corrected = Reading.objects.get()
    assert (corrected.value, corrected.answer, corrected.answer_words) == (9, "none", "")
    assert answered(seat, agreement, corrected, "confirmed").answered_by == seat.user


def test_nobody_answers_their_own_reading_nor_gives_the_other_sides(member):
    agreement, indicator = measured(member)
    given, seat = read(member, agreement, indicator), making.partner_seat()
    with pytest.raises(Http404):
        answered(member, agreement, given, "confirmed")
    with pytest.raises(Http404):
        read(seat, agreement, indicator)


def test_another_party_than_the_partner_answers_nothing(member):
    agreement, indicator = measured(member)
    given = read(member, agreement, indicator)
    third = making.organisation("00000030", "Un tiers")
    agreement.parties.create(structure=member.structure, organisation=third, side="other")
    with pytest.raises(Http404):
        answered(making.partner_seat(third), agreement, given, "confirmed")


def test_dentelle_counts_the_register_over_the_period(member):
    agreement, indicator = measured(member, known="hours_obligated")
    contracts.running(member, hours=100)  # notified on 1 September 2026
    contracts.running(member, hours=50, notified_on=date(2026, 10, 1))
    stranger = MembershipFactory(manager=True)
    contracts.running(stranger, hours=700)
    counted = count_reading(member, agreement.pk, indicator.pk, day=date(2026, 8, 3), **making.lock(agreement))
    assert (counted.value, counted.by_dentelle) == (100, True)
    assert (counted.starts_on, counted.ends_on) == (date(2026, 7, 1), date(2026, 9, 30))
    with pytest.raises(AgreementRefused) as refused:
        read(member, agreement, indicator)
    assert refused.value.code == "known"


def test_the_clock_fills_what_dentelle_knows_once_the_period_is_over_and_once_only(member):
    agreement, indicator = measured(member, known="hours_obligated")
    measured(MembershipFactory(manager=True))  # typed: nobody counts it for them
    contracts.running(member, hours=100)
    assert [fill_readings(at=NOW), fill_readings(at=NOW)] == [1, 0]
    reading = Reading.objects.get()
    assert (reading.indicator, reading.value, reading.recorded_by) == (indicator, 100, None)
    assert "compté le 21/11/2026" in reading.source
    assert late(member, agreement) is None


@pytest.mark.parametrize(("code", "expected"), [("contracts_with_clause", 2), ("buyers_with_clause", 1)])
def test_dentelle_counts_contracts_and_buyers_once(member, code, expected):
    agreement, indicator = measured(member, known=code)
    for _ in range(2):
        contracts.running(member, hours=100)
    counted = count_reading(member, agreement.pk, indicator.pk, day=date(2026, 9, 3), **making.lock(agreement))
    assert counted.value == expected


def test_a_framework_has_nothing_dentelle_can_count(member):
    head = making.head_of(member)
    frame = making.complete(head, making.draft(head))
    promised = making.commitment(head, frame)
    with pytest.raises(AgreementRefused):
        making.indicator(head, promised, known="hours_obligated")
    assert set(KNOWN) == {"contracts_with_clause", "hours_obligated", "buyers_with_clause"}


def test_an_indicator_without_definition_or_source_is_refused(member):
    agreement = making.complete(member, making.draft(member))
    promised = making.commitment(member, agreement)
    for missing in ("name", "definition", "source", "unit"):
        with pytest.raises(AgreementRefused) as refused:
            making.indicator(member, promised, **{missing: ""})
        assert refused.value.code == missing
