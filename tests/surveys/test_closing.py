"""Closing tells what it leaves and says the day it was done; opening again is possible while it is fair."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.invitations.models import MagicLink
from dentelle.network.surveys import actions, closing, inviting
from dentelle.network.surveys.models import Campaign, CampaignState, Response
from dentelle.network.surveys.refusals import SurveyRefused
from tests.factories import NOW
from tests.practices.making import head_of
from tests.surveys import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]

LATER = (NOW + timedelta(days=60)).date()


def words(page):
    return " ".join(page.content.decode().replace("\u202f", " ").replace("\xa0", " ").split())


def test_closing_is_asked_about_once_what_it_leaves_is_told(facilitator, client):
    seat = head_of(facilitator)
    campaign = making.campaign(facilitator, seat=seat)
    making.answered(making.linked(facilitator, "a@essai.example", of=campaign))
    making.fill(making.linked(facilitator, "b@essai.example", of=campaign))
    client.force_login(seat.user)
    here = reverse("surveys:close", kwargs={"pk": campaign.pk})
    shown = words(client.get(here))
    assert "1 réponse envoyée compte" in shown
    assert "1 réponse commencée et jamais envoyée ne compte pas" in shown
    assert "Vous pourrez la rouvrir" in shown
    assert Campaign.objects.get().state == CampaignState.OPEN
    client.post(here)
    assert Campaign.objects.get().closed_on == timezone.localdate(NOW)
    assert client.get(here)["Location"] == reverse("surveys:campaign", kwargs={"pk": campaign.pk})


def test_the_day_told_is_the_day_it_was_closed(facilitator, client_of):
    campaign = making.campaign(facilitator)
    closing.close_campaign(head_of(facilitator), campaign.pk, at=NOW)
    client = client_of(facilitator)
    on = NOW.strftime("%Y")
    for page in ("surveys:list", "surveys:results"):
        known = {"pk": campaign.pk} if page.endswith("results") else {}
        shown = words(client.get(reverse(page, kwargs=known)))
        assert f"lose le {timezone.localdate(NOW).day} " in shown
        assert on in shown


def test_a_campaign_opens_again_with_a_reason_those_asked_read(facilitator, client, client_of):
    invitee = making.linked(facilitator)
    seat = head_of(facilitator)
    inviting.invite_structures(seat, invitee.campaign_id, at=NOW)
    making.fill(invitee)
    closing.close_campaign(seat, invitee.campaign_id, at=NOW)
    client.force_login(seat.user)
    here = reverse("surveys:reopen", kwargs={"pk": invitee.campaign_id})
    assert client.post(here, {"closes_on": LATER.isoformat(), "reason": " "}).status_code == 422
    assert client.post(here, {"closes_on": "2020-01-01", "reason": "Trop tôt"}).status_code == 422
    client.post(here, {"closes_on": LATER.isoformat(), "reason": "Trois plans n’avaient pas reçu le lien."})
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.closed_on, campaign.closes_on) == (CampaignState.OPEN, None, LATER)
    assert Response.objects.get().answers.exists()
    assert timezone.localdate(MagicLink.objects.get(pk=invitee.link_id).open_until) == LATER
    shown = words(client_of(facilitator).get(reverse("surveys:answer", kwargs={"pk": campaign.pk})))
    assert "Trois plans n’avaient pas reçu le lien." in shown


def test_a_campaign_no_longer_opens_again_after_a_week(facilitator):
    seat = head_of(facilitator)
    campaign = making.campaign(facilitator, seat=seat)
    closing.close_campaign(seat, campaign.pk, at=NOW)
    with pytest.raises(SurveyRefused):
        closing.reopen(seat, campaign.pk, closes_on=LATER, reason="Oubli", at=NOW + timedelta(days=8))


def test_an_anonymous_campaign_whose_answers_could_be_read_does_not_open_again(facilitator):
    seat = head_of(facilitator)
    campaign = making.several(facilitator, 5, anonymous=True)
    closing.close_campaign(seat, campaign.pk, at=NOW)
    with pytest.raises(SurveyRefused):
        closing.reopen(seat, campaign.pk, closes_on=LATER, reason="Oubli", at=NOW)


def test_who_answered_by_a_link_is_told_when_it_is_read_and_until_when_it_may_be_changed(facilitator, client):
    invitee = making.linked(facilitator)
    making.bearer(invitee, client)
    actions.save_part(invitee, "you", 1, {**making.YOU, "has_experience": "no"}, at=NOW)
    actions.submit(invitee, "", at=NOW)
    shown = words(client.get(reverse("surveys:thanks")))
    assert "peut la lire dès maintenant" in shown
    assert "si l’enquête n’est pas close avant" in shown


def test_a_reminder_says_why_nobody_was_written_to(facilitator, client):
    seat = head_of(facilitator)
    campaign = making.campaign(facilitator, seat=seat)
    inviting.invite_structures(seat, campaign.pk, at=NOW)
    client.force_login(seat.user)
    remind = reverse("surveys:act", kwargs={"pk": campaign.pk, "code": "relancer"})
    assert "l’enquête est dans leur journée" in words(client.post(remind, follow=True))
    making.linked(facilitator, of=campaign)
    assert "1 adresse a déjà reçu" in words(client.post(remind, follow=True))


def test_addresses_pasted_from_a_mailbox_are_read_with_their_names(facilitator):
    seat = head_of(facilitator)
    campaign = making.campaign(facilitator, seat=seat)
    pasted = (
        "Jean Dupont <Jean@essai.example>, Durand, Anne <anne@essai.example>; rh@essai.example\nachats@essai.example"
    )
    done = inviting.invite_addresses(seat, campaign.pk, pasted, kind="buyer", region_code="", site=making.SITE, at=NOW)
    assert (done.count, done.refused) == (4, ())


def test_no_two_boxes_of_the_page_of_a_campaign_have_the_same_name_for_a_screen_reader(facilitator, client):
    import re

    seat = head_of(facilitator)
    campaign = making.campaign(facilitator, seat=seat)
    client.force_login(seat.user)
    page = client.get(reverse("surveys:campaign", kwargs={"pk": campaign.pk})).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'label[^>]* for="([^"]+)"', page)) <= set(ids)
