"""Readings answered: several confirmed at once, one contested at a time, and never another value than the one that was seen."""

from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dentelle.foundations.journal.models import Entry
from dentelle.network.agreements.actions.answering import answer_readings
from dentelle.network.agreements.actions.readings import give_reading
from dentelle.network.agreements.models import Reading
from dentelle.network.agreements.refusals import AgreementRefused, EditedMeanwhile
from dentelle.network.agreements.seen import Seen
from tests.factories import NOW, MembershipFactory
from tests.network.agreements import making
from tests.network.agreements.awaited import answered, measured
from tests.network.agreements.test_pages import post

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def member():
    return MembershipFactory(manager=True)


def give(member, agreement, indicator, month, value=12, at=NOW):
    known = {"day": date(2026, month, 1), "value": Decimal(value), "source": "tableau de suivi"}
    return give_reading(member, agreement.pk, indicator.pk, **known, **{**making.lock(agreement), "at": at})


@pytest.fixture
def waiting(member):
    """An agreement, what is measured, and nine readings the partner has not answered."""
    agreement, indicator = measured(member, frequency="monthly")
    return agreement, indicator, [give(member, agreement, indicator, month) for month in range(1, 10)]


def ticked(readings):
    return [str(Seen.of(each)) for each in readings]


def answers():
    return list(Reading.objects.order_by("ends_on").values_list("answer", flat=True))


def told():
    return Entry.objects.filter(act="agreement.reading_answered").count()


def said(answer):
    return " ".join(unescape(answer.content.decode()).replace("\u202f", " ").replace("\xa0", " ").split())


def test_several_readings_are_ticked_and_confirmed_at_once_with_a_line_of_history_each(waiting, client_of):
    agreement, _, readings = waiting
    browser = client_of(making.partner_seat())
    page = browser.get(reverse("agreements:seat-detail", args=[agreement.pk]))
    assert "Répondre à 9 relevés" in said(page)
    form = browser.get(reverse("agreements:seat-act", args=[agreement.pk, "reponse"])).content.decode()
    assert form.count('type="checkbox" name="readings"') == 9
    given = {"readings": ticked(readings[:8]), "answer": "confirmed"}
    done = browser.post(reverse("agreements:seat-act", args=[agreement.pk, "reponse"]), given, follow=True)
    assert "8 relevés confirmés." in said(done)
    assert answers() == ["confirmed"] * 8 + ["none"]
    assert told() == 8
    assert {each.facts["reading"] for each in Entry.objects.filter(act="agreement.reading_answered")} == {
        each.pk for each in readings[:8]
    }


def test_confirming_nine_readings_costs_what_confirming_two_does(waiting):
    agreement, _, readings = waiting
    seat, costs = making.partner_seat(), []
    for some in (readings[:2], readings[2:]):
        with CaptureQueriesContext(connection) as asked:
            answer_readings(seat, agreement.pk, [Seen.of(each) for each in some], answer="confirmed", words="", at=NOW)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_reading_corrected_meanwhile_is_not_confirmed_nor_those_ticked_with_it_and_only_it_loses_its_tick(
    member, waiting, client_of
):
    agreement, indicator, readings = waiting
    seen = ticked(readings)
    corrected = give(member, agreement, indicator, 3, 99, at=LATER)
    browser = client_of(making.partner_seat())
    refused = post(browser, "seat-act", agreement, "reponse", readings=seen, answer="confirmed")
    assert refused.status_code == 409
    assert "« Personnes orientées » du 01/03/2026 au 31/03/2026" in said(refused)
    assert set(answers()) == {"none"}
    form = refused.context["form"]
    kept = [each.data["value"] for each in form["readings"].subwidgets if each.data["selected"]]
    assert sorted(kept) == sorted(set(seen) - {ticked([readings[2]])[0]})
    assert post(browser, "seat-act", agreement, "reponse", readings=kept, answer="confirmed").status_code == 302
    corrected.refresh_from_db()
    assert (corrected.answer, answers().count("confirmed")) == ("none", 8)


def test_what_changes_elsewhere_in_the_agreement_refuses_nothing(member, waiting):
    agreement, indicator, readings = waiting
    seen = [Seen.of(each) for each in readings]
    give(member, agreement, indicator, 10)
    done = answer_readings(making.partner_seat(), agreement.pk, seen, answer="confirmed", words="", at=NOW)
    assert len(done) == 9


def test_confirming_twice_confirms_once(waiting, client_of):
    agreement, _, readings = waiting
    browser = client_of(making.partner_seat())
    given = {"readings": ticked(readings), "answer": "confirmed"}
    address = reverse("agreements:seat-act", args=[agreement.pk, "reponse"])
    browser.post(address, given)
    again = browser.post(address, given, follow=True)
    assert "C’était déjà confirmé." in said(again)
    assert told() == 9


def test_a_colleague_s_objection_is_not_confirmed_over_unseen(waiting):
    agreement, _, (first, *_) = waiting
    seen = Seen.of(first)
    answered(making.partner_seat(), agreement, first, "disputed", "Trois en double")
    with pytest.raises(EditedMeanwhile):
        answer_readings(making.partner_seat(), agreement.pk, [seen], answer="confirmed", words="", at=LATER)
    first.refresh_from_db()
    assert (first.answer, first.answer_words) == ("disputed", "Trois en double")
    assert answered(making.partner_seat(), agreement, first, "confirmed").answer_words == ""


@pytest.mark.parametrize(
    ("count", "words", "code"), [(2, "Trois en double", "one_at_a_time"), (1, " ", "words"), (0, "", "readings")]
)
def test_one_reading_is_contested_at_a_time_with_its_reason(waiting, count, words, code):
    agreement, _, readings = waiting
    seen = [Seen.of(each) for each in readings[:count]]
    with pytest.raises(AgreementRefused) as refused:
        answer_readings(making.partner_seat(), agreement.pk, seen, answer="disputed", words=words, at=NOW)
    assert refused.value.code == code
    assert set(answers()) == {"none"}


def test_the_reading_an_e_mail_asks_about_is_ticked_and_nothing_else_is(waiting, client_of):
    agreement, _, readings = waiting
    address = reverse("agreements:seat-act", args=[agreement.pk, "reponse"]) + f"?reading={readings[4].pk}"
    form = client_of(making.partner_seat()).get(address).context["form"]
    chosen = [each.data["value"] for each in form["readings"].subwidgets if each.data["selected"]]
    assert chosen == ticked([readings[4]])


@pytest.mark.parametrize("typed", ["", "12", "x.1.none", "1.1.maybe", "1.1.none.2", "²." + "9" * 30 + ".none"])
def test_what_no_page_wrote_is_refused_at_its_field(waiting, client_of, typed):
    agreement, _, _ = waiting
    given = {"readings": typed, "answer": "confirmed"}
    answer = post(client_of(making.partner_seat()), "seat-act", agreement, "reponse", **given)
    assert answer.status_code == 422
    assert 'href="#id_readings"' in answer.content.decode()


def test_a_reading_of_another_agreement_is_not_answered_from_this_one(member, waiting):
    agreement, _, _ = waiting
    writer = MembershipFactory(manager=True)
    elsewhere, indicator = measured(writer)
    other = give(writer, elsewhere, indicator, 9)
    with pytest.raises(Http404):
        answer_readings(making.partner_seat(), agreement.pk, [Seen.of(other)], answer="confirmed", words="", at=NOW)
