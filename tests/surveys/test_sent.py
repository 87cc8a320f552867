"""What was sent stands: changed, asked back or closed upon, it counts as it was sent until it is sent again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dentelle.network.surveys import actions, closing, inviting, queries
from dentelle.network.surveys.awaited import awaits
from dentelle.network.surveys.models import Answer, Invitee, Response, ResponseState
from dentelle.network.surveys.reading import being_written, given
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.network.surveys.results import results_of
from tests.factories import NOW
from tests.practices.making import head_of
from tests.surveys import making

pytestmark = pytest.mark.django_db


def title_sent():
    return Answer.objects.get(question__code="title", occurrence=1).value


def changed(invitee, **values):
    actions.save_part(invitee, "experience", 1, {**making.EXPERIENCE, **values}, at=NOW)
    return Response.objects.get(invitee=invitee)


def test_changing_an_answer_leaves_the_one_sent_until_it_is_sent_again(facilitator):
    invitee = making.asked(facilitator)
    making.answered(invitee)
    response = changed(invitee, title="Un autre titre")
    assert (response.state, title_sent()) == (ResponseState.SUBMITTED, "Un club d’entreprises")
    assert being_written(response)["title", 1] == "Un autre titre"
    assert [each.response for each in queries.responses_of(invitee.campaign)] == [response]
    sent = actions.submit(invitee, "", at=NOW)
    assert (sent.version, sent.working, title_sent()) == (2, None, "Un autre titre")
    lines = {line.label: line for part in queries.said(sent) for line in part.lines}
    assert lines["En une ligne, qu’avez-vous fait ?"].before == "Un club d’entreprises"
    assert lines["Racontez"].before == ""


def test_closing_never_takes_away_an_answer_being_changed(facilitator):
    invitee = making.asked(facilitator)
    making.answered(invitee)
    changed(invitee, title="Un autre titre")
    closing.close_campaign(head_of(facilitator), invitee.campaign_id, at=NOW)
    closing.erase_unsent(NOW + timedelta(days=30))
    response = Response.objects.get()
    assert (response.working, title_sent()) == (None, "Un club d’entreprises")
    assert results_of(invitee.campaign, head=True).read == 1


def test_an_answer_opened_again_and_left_as_it_was_holds_no_change(facilitator):
    invitee = making.asked(facilitator)
    making.answered(invitee)
    assert changed(invitee, title="Un autre titre").working is not None
    assert changed(invitee).working is None
    assert actions.submit(invitee, "", at=NOW).version == 1


def test_changes_may_be_dropped_and_a_part_told_twice_taken_out_beside_the_answer_sent(facilitator):
    invitee = making.asked(facilitator)
    making.fill(invitee)
    actions.save_part(invitee, "experience", 2, {**making.EXPERIENCE, "title": "Une navette"}, at=NOW)
    response = actions.submit(invitee, "", at=NOW)
    actions.remove_time(invitee, "experience", 1, at=NOW)
    response.refresh_from_db()
    assert being_written(response)["title", 1] == "Une navette"
    assert ("title", 2) not in being_written(response)
    assert title_sent() == "Un club d’entreprises"
    actions.drop_changes(invitee)
    response.refresh_from_db()
    assert being_written(response) == given(response)


def test_an_answer_asked_back_counts_as_sent_and_is_marked(facilitator):
    invitee = making.asked(facilitator)
    response = making.answered(invitee)
    seat = head_of(facilitator)
    actions.send_back(seat, response.pk, "En quelle année ?", at=NOW)
    [waiting] = awaits(facilitator, NOW)
    assert "reprendre" in waiting.sentence
    closing.close_campaign(seat, invitee.campaign_id, at=NOW)
    found = results_of(invitee.campaign, head=True)
    assert (found.answered, found.read, found.returned) == (1, 1, 1)
    [line] = queries.responses_of(invitee.campaign)
    assert line.response.get_state_display() == "à reprendre"
    assert actions.check(seat, response.pk, at=NOW).returned == ""


def test_the_author_reads_that_changes_are_not_sent(facilitator, client_of):
    invitee = making.asked(facilitator)
    making.answered(invitee)
    [line] = queries.asked_of(facilitator, today=NOW.date())
    assert line.state == "envoyée"
    assert awaits(facilitator, NOW) == []
    changed(invitee, title="Un autre titre")
    [line] = queries.asked_of(facilitator, today=NOW.date())
    assert "des changements attendent" in line.state
    assert "pas envoyés" in awaits(facilitator, NOW)[0].sentence
    here = f"{reverse('surveys:answer', kwargs={'pk': invitee.campaign_id})}?partie="
    client = client_of(facilitator)
    page = client.get(f"{here}experience").content.decode()
    assert "Un autre titre" in page
    assert "Vos changements sont gardés à côté" in page
    client.post(f"{here}fin", {"abandonner": "oui"})
    assert "Un autre titre" not in client.get(f"{here}experience").content.decode()


def test_an_invitation_answered_or_of_a_closed_campaign_is_not_withdrawn(facilitator):
    seat = head_of(facilitator)
    campaign = making.campaign(facilitator, seat=seat)
    done, silent = (making.linked(facilitator, f"{name}@essai.example", of=campaign) for name in ("fait", "muet"))
    making.answered(done)
    with pytest.raises(SurveyRefused):
        inviting.withdraw(seat, campaign.pk, done.pk, at=NOW)
    closing.close_campaign(seat, campaign.pk, at=NOW)
    with pytest.raises(SurveyRefused):
        inviting.withdraw(seat, campaign.pk, silent.pk, at=NOW)
    found = results_of(campaign, head=True)
    assert (found.answered, found.invited) == (1, 2)


def test_the_address_of_who_answered_may_be_forgotten_and_its_answer_stays(facilitator):
    invitee = making.linked(facilitator)
    making.answered(invitee)
    inviting.forget_address(head_of(facilitator), invitee.campaign_id, invitee.pk, at=NOW)
    assert Invitee.objects.get().email == ""
    invitee.link.refresh_from_db()
    assert invitee.link.revoked_at == NOW
    found = results_of(invitee.campaign, head=True)
    assert (found.answered, found.invited, found.read) == (1, 1, 1)
