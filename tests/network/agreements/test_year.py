"""A year of an agreement: readings that are final or not, what was missing, and a review that tells it as it stood."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from dentelle.foundations.journal.models import Entry
from dentelle.network.agreements.actions import commitments
from dentelle.network.agreements.actions.amending import AddedCommitment, AddedParty, Additions, amend_agreement
from dentelle.network.agreements.actions.commitments import finish_action, state_outcome, state_target
from dentelle.network.agreements.actions.meetings import MeetingContent, correct_meeting, hold_meeting
from dentelle.network.agreements.actions.readings import count_reading, fill_readings, give_reading
from dentelle.network.agreements.models import CommitteeMeeting, Indicator, Reading
from dentelle.network.agreements.queries import sheet_of
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.review.writing import review_content
from tests.contracts import making as contracts
from tests.factories import NOW, MembershipFactory
from tests.network.agreements import making
from tests.network.agreements.awaited import answered, measured

TODAY = NOW.date()
LATER = NOW + timedelta(days=60)  # 20 January 2027
pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return MembershipFactory(manager=True)


def lock(agreement, at: datetime = NOW):
    return {**making.lock(agreement), "at": at}


def give(member, agreement, indicator, day, value, at=NOW):
    known = {"day": day, "value": Decimal(value), "source": "tableau de suivi"}
    return give_reading(member, agreement.pk, indicator.pk, **known, **lock(agreement, at))


def missing(member, agreement, on=TODAY):
    (line,) = sheet_of(member, agreement.pk, on).indicators
    return [period.last for period in line.missing]


def reviewed(member, agreement, year, on=TODAY):
    return review_content(sheet_of(member, agreement.pk, on), year, on=on)


def measure(content):
    return content["articles"][0]["engagements"][0]["indicateurs"][0]


def test_a_reading_of_a_period_under_way_clears_nothing_and_says_it_is_partial(member):
    agreement, indicator = measured(member)
    reading = give(member, agreement, indicator, TODAY, 6)
    assert reading.is_partial
    assert missing(member, agreement) == [date(2026, 9, 30)]
    assert missing(member, agreement, LATER.date()) == [date(2026, 9, 30), date(2026, 12, 31)]
    assert not give(member, agreement, indicator, TODAY, 9, LATER).is_partial
    assert missing(member, agreement, LATER.date()) == [date(2026, 9, 30)]


def test_every_period_left_out_since_the_first_reading_is_owed(member):
    agreement, indicator = measured(member)
    give(member, agreement, indicator, date(2026, 3, 1), 4)
    assert missing(member, agreement) == [date(2026, 6, 30), date(2026, 9, 30)]


def test_the_clock_counts_again_what_was_counted_before_its_end(member):
    agreement, indicator = measured(member, known="hours_obligated")
    contracts.running(member, hours=100, notified_on=date(2026, 10, 1))
    count_reading(member, agreement.pk, indicator.pk, day=TODAY, **lock(agreement))
    contracts.running(member, hours=50, notified_on=date(2026, 12, 1))
    assert fill_readings(at=NOW) == 1  # the third quarter, which was owed
    assert fill_readings(at=LATER) == 1
    last = Reading.objects.get(ends_on=date(2026, 12, 31))
    assert (last.value, last.is_partial) == (150, False)


def test_the_last_period_of_an_agreement_that_ends_with_it_is_owed(member):
    agreement = making.local(member, ends_on=date(2026, 12, 31))
    making.indicator(member, agreement.commitments.get())
    assert missing(member, agreement, LATER.date())[-1] == date(2026, 12, 31)


@pytest.mark.parametrize("unit", ["people", "count"])
def test_a_part_of_a_person_is_refused_at_its_field(unit, member):
    agreement, indicator = measured(member, unit=unit)
    with pytest.raises(AgreementRefused) as refused:
        give(member, agreement, indicator, date(2026, 9, 1), "3.5")
    assert (refused.value.code, refused.value.field) == ("not_whole", "value")
    with pytest.raises(AgreementRefused):
        making.indicator(member, agreement.commitments.get(), unit=unit, target=Decimal("3.5"))


def test_the_review_prints_every_period_of_the_year_and_marks_what_is_disputed(member):
    agreement, indicator = measured(member, target=Decimal(40), target_for="year", adds_up=True)
    for month, value in ((3, 10), (6, 12)):
        give(member, agreement, indicator, date(2026, month, 1), value)
    disputed = Reading.objects.get(value=12)
    answered(making.partner_seat(), agreement, disputed, "disputed", "Deux en double")
    content = reviewed(member, agreement, 2026)
    line = measure(content)
    assert [each["valeur"] for each in line["releves"]] == ["10 personnes", "12 personnes", "non relevé"]
    assert line["releves"][1]["reponse"] == "contesté : Deux en double"
    assert line["cible"] == "40 personnes sur l’année"
    assert line["total"].startswith("Total des relevés de 2026 : 22 personnes (")
    assert "contesté" in line["total"]
    assert (content["releves"], content["contestes"]) == ("2\u00a0relevés donnés", "1\u00a0contesté")


def test_what_does_not_add_up_has_no_total_and_an_unknown_target_span_is_said(member):
    agreement, indicator = measured(member, target=Decimal(40))
    for month in (3, 6):
        give(member, agreement, indicator, date(2026, month, 1), 5)
    line = measure(reviewed(member, agreement, 2026))
    assert line["total"].startswith("Pas de total")
    assert line["cible"] == "40 personnes sans dire si c’est par trimestre ou par an"
    state_target(member, agreement.pk, indicator.pk, target_for="period", adds_up=True, **lock(agreement))
    line = measure(reviewed(member, agreement, 2026))
    assert line["cible"] == "40 personnes par trimestre"
    assert "10 personnes" in line["total"]


def test_shares_never_add_up(member):
    agreement, _ = measured(member)
    with pytest.raises(AgreementRefused) as refused:
        making.indicator(member, agreement.commitments.get(), unit="percent", adds_up=True)
    assert refused.value.code == "adds_up"


def test_the_review_of_a_year_tells_it_as_it_stood_at_its_end(member):
    agreement = making.local(member, starts_on=date(2025, 1, 1))
    promised = agreement.commitments.get()
    known = {"side": "own", "what": "Ouvrir une permanence", "due_on": date(2025, 9, 1)}
    action = commitments.add_action(member, agreement.pk, promised.pk, **known, **lock(agreement))
    action.added_on = date(2025, 1, 1)
    action.save()
    finish_action(member, agreement.pk, action.pk, on=date(2026, 7, 25), **lock(agreement))
    state_outcome(member, agreement.pk, promised.pk, outcome="kept", lesson="Enfin", **lock(agreement))
    past, present = reviewed(member, agreement, 2025), reviewed(member, agreement, 2026)
    said = past["articles"][0]["engagements"][0]
    assert (past["tenus"], past["actions_faites"][0], said["resultat"]) == ("0\u00a0tenu", "0", "en cours")
    assert said["actions"][0]["etat"].startswith("en retard")
    assert said["lecon"] is None
    assert present["tenus"] == "1\u00a0tenu"
    assert "25\u00a0juillet 2026" in present["articles"][0]["engagements"][0]["actions"][0]["etat"]


def test_a_result_seen_on_an_earlier_day_is_that_years_and_does_not_replace_the_last(member):
    agreement = making.local(member, starts_on=date(2025, 1, 1))
    promised = agreement.commitments.get()
    state_outcome(member, agreement.pk, promised.pk, outcome="kept", lesson="", **lock(agreement))
    state_outcome(
        member,
        agreement.pk,
        promised.pk,
        outcome="partly",
        lesson="À moitié",
        seen_on=date(2025, 12, 31),
        **lock(agreement),
    )
    promised.refresh_from_db()
    assert promised.outcome == "kept"
    assert reviewed(member, agreement, 2025)["articles"][0]["engagements"][0]["resultat"] == "tenu en partie"


@pytest.mark.parametrize("held_on", [date(2031, 1, 1), date(1990, 5, 2)])
def test_a_committee_nobody_can_have_held_that_day_is_refused(held_on, member):
    agreement = making.local(member)
    with pytest.raises(AgreementRefused) as refused:
        hold_meeting(member, agreement.pk, MeetingContent("steering", held_on), **lock(agreement))
    assert refused.value.field == "held_on"


def test_a_committee_noted_wrongly_is_corrected_and_what_was_noted_is_kept(member):
    agreement = making.local(member)
    noted = MeetingContent("steering", date(2026, 5, 4), decisions="Une permanence")
    meeting = hold_meeting(member, agreement.pk, noted, **lock(agreement))
    right = MeetingContent("steering", date(2026, 5, 5), decisions="Deux permanences")
    correct_meeting(member, agreement.pk, meeting.pk, right, **lock(agreement))
    kept = CommitteeMeeting.objects.get()
    assert (kept.held_on, kept.decisions) == (date(2026, 5, 5), "Deux permanences")
    assert (kept.former[0]["held_on"], kept.former[0]["decisions"]) == ("2026-05-04", "Une permanence")
    entry = Entry.objects.get(act="agreement.meeting_corrected")
    assert "permanence" not in str(entry.facts)


def amended(member, agreement, **known):
    known = {"new_end": None, "article_pk": None, "new_text": "", **known}
    return amend_agreement(member, agreement.pk, signed_on=TODAY, reason="Aller plus loin", **known, **lock(agreement))


def test_an_amendment_that_ends_before_the_start_is_refused_at_its_field(member):
    head = making.head_of(member)
    frame = making.framework(head, last=date(2029, 12, 31))
    agreement = making.local(member, under=frame, starts_on=date(2027, 1, 1))
    with pytest.raises(AgreementRefused) as refused:
        amended(member, agreement, new_end=date(2026, 12, 1))
    assert (refused.value.code, refused.value.field) == ("before_start", "new_end")


def test_an_amendment_adds_a_commitment_a_party_and_a_territory(member):
    agreement = making.local(member)
    article, joins = agreement.articles.get(), making.organisation("00000043", "Mission locale d’essai")
    added = Additions(
        places=["commune:79191"],
        commitment=AddedCommitment(article.pk, "Tenir une permanence", "coordination", "agence"),
        party=AddedParty(joins, "other", False, {"Signataire de plus": "présidence"}),
    )
    amendment = amended(member, agreement, additions=added)
    agreement.refresh_from_db()
    assert agreement.places == ["commune:79191"]
    assert agreement.commitments.get(amendment=amendment).text == "Tenir une permanence"
    assert agreement.parties.get(amendment=amendment).signatories.get().signed_on == TODAY
    (line,) = sheet_of(member, agreement.pk, TODAY).amendments
    assert "Mission locale d’essai" in line.adds
    assert agreement.signed_on == TODAY


def test_a_party_joins_with_those_who_signed_for_it(member):
    agreement = making.local(member)
    joins = making.organisation("00000043", "Commune d’essai")
    with pytest.raises(AgreementRefused) as refused:
        amended(member, agreement, additions=Additions(party=AddedParty(joins, "other", True, {"Une seule": ""})))
    assert refused.value.field == "signatories"
    assert agreement.amendments.count() == 0


def test_what_dentelle_counts_says_itself_whether_it_adds_up(member):
    agreement, _ = measured(member, known="hours_obligated")
    making.indicator(member, agreement.commitments.get(), known="buyers_with_clause", adds_up=True)
    assert list(Indicator.objects.values_list("known", "adds_up").order_by("pk")) == [
        ("hours_obligated", True),
        ("buyers_with_clause", False),
    ]
