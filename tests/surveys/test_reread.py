"""An answer is read again before it is sent, once sent, and once the campaign is closed, which is always said."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from dentelle.foundations.invitations.access import link_in_session
from dentelle.network.surveys import actions, closing, ending
from dentelle.network.surveys.models import Campaign, CampaignState, Response
from tests.factories import NOW, MembershipFactory, StructureFactory
from tests.practices.making import head_of
from tests.surveys import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
CLOSED = "Cette enquête est close depuis le"


def words(page):
    return " ".join(unescape(page.content.decode()).replace("\u202f", " ").replace("\xa0", " ").split())


def here(invitee, query=""):
    return reverse("surveys:answer", kwargs={"pk": invitee.campaign_id}) + query


def test_what_was_answered_is_read_again_before_and_after_it_is_sent(facilitator, client_of):
    invitee, client = making.asked(facilitator), client_of(facilitator)
    making.fill(invitee)
    shown = words(client.get(here(invitee, "?partie=fin")))
    assert "Un club d’entreprises" in shown
    assert "facilitateur ou facilitatrice" in shown
    assert f'href="{here(invitee)}?partie=experience"' in shown
    sent = client.post(here(invitee, "?partie=fin"), {"comment": "Sur six mois."})
    assert sent["Location"] == here(invitee, "?partie=fin")
    shown = words(client.get(sent["Location"]))
    assert "Votre réponse est envoyée" in shown
    assert "Un club d’entreprises" in shown


def test_answers_no_longer_asked_are_counted_before_they_go(facilitator, client_of):
    invitee, client = making.asked(facilitator), client_of(facilitator)
    making.fill(invitee)
    actions.save_part(invitee, "experience", 2, {**making.EXPERIENCE, "title": "Un second club"}, at=NOW)
    actions.submit(invitee, "", at=NOW)
    assert "ne comptera plus" not in words(client.get(here(invitee, "?partie=fin")))
    actions.save_part(invitee, "you", 1, {**making.YOU, "has_experience": "no"}, at=NOW)
    shown = words(client.get(here(invitee, "?partie=fin")))
    assert "ne comptera plus : 2 expériences" in shown
    assert "Un second club" not in shown


def test_who_was_typing_when_it_closed_is_told_and_reads_what_counts(facilitator, client_of):
    invitee, client = making.asked(facilitator), client_of(facilitator)
    making.answered(invitee)
    actions.save_part(invitee, "experience", 1, {"title": "Un club élargi"}, at=NOW)
    closing.close_campaign(head_of(facilitator), invitee.campaign_id, at=NOW)
    for query, typed in (
        ("?partie=experience&fois=2", {"aller": "retirer"}),
        ("?partie=experience", {"q-title": "Autre", "aller": "suite"}),
        ("?partie=fin", {"abandonner": "oui"}),
        ("?partie=fin", {"comment": ""}),
    ):
        told = client.post(here(invitee, query), typed)
        assert told.status_code == 409
        assert CLOSED in words(told)
    kept = client.post(
        reverse("surveys:draft", kwargs={"pk": invitee.campaign_id}) + "?partie=you", {"q-place": "Niort"}
    )
    assert "Cette enquête est close" in words(kept)
    shown = words(client.get(here(invitee)))
    assert "Vos derniers changements n’ont pas été envoyés" in shown
    assert "Un club d’entreprises" in shown
    assert "élargi" not in shown
    assert "Modifier" not in shown
    assert here(invitee) in words(client.get(reverse("surveys:list")))


def test_it_closes_between_the_page_and_the_act(facilitator, client_of, monkeypatch):
    """Read as open, closed before the write: the refusal leads to the page that says so."""
    from dentelle.network.surveys.refusals import SurveyRefused

    invitee = making.asked(facilitator)
    making.fill(invitee)

    def refuse(*args, **kwargs):
        raise SurveyRefused("closed", "Cette enquête est close.")

    monkeypatch.setattr(actions, "remove_time", refuse)
    assert (
        client_of(facilitator).post(here(invitee, "?partie=experience&fois=2"), {"aller": "retirer"}).status_code == 302
    )


def test_a_partner_reads_by_the_link_that_it_is_closed_and_what_was_sent(facilitator, client):
    invitee = making.linked(facilitator)
    making.bearer(invitee, client)
    making.answered(invitee)
    assert "Un club d’entreprises" in words(client.get(reverse("surveys:thanks")))
    campaign = Campaign.objects.get()
    after = NOW + timedelta(days=31)
    assert ending.close_ended(after) == 1
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CLOSED
    assert link_in_session(invitee.link_id, at=after) is not None
    assert link_in_session(invitee.link_id, at=after + closing.REOPENS + timedelta(days=1)) is None
    for page in ("surveys:by-link", "surveys:thanks"):
        shown = words(client.get(reverse(page)))
        assert CLOSED in shown
        assert "Un club d’entreprises" in shown


def test_an_anonymous_answer_is_not_shown_once_sent(facilitator, client_of):
    invitee, client = making.asked(facilitator, anonymous=True), client_of(facilitator)
    making.answered(invitee)
    closing.close_campaign(head_of(facilitator), invitee.campaign_id, at=NOW)
    shown = words(client.get(here(invitee)))
    assert "merci de votre réponse" in shown
    assert "Un club d’entreprises" not in shown
    assert "ce que vous avez répondu" not in words(client.get(reverse("surveys:list")))


def test_others_do_not_know_of_it_open_or_closed(facilitator, reader, client_of):
    invitee = making.asked(facilitator)
    other = MembershipFactory(facilitator=True, structure=StructureFactory())
    late = MembershipFactory(facilitator=True, structure=StructureFactory(network=facilitator.structure.network))
    closing.close_campaign(head_of(facilitator), invitee.campaign_id, at=NOW)
    for member in (other, late, reader):
        assert client_of(member).get(here(invitee)).status_code == 404
    draft = making.asked(facilitator, title="Une autre")
    Campaign.objects.filter(pk=draft.campaign_id).update(state=CampaignState.DRAFT, opened_on=None)
    assert client_of(facilitator).get(here(draft)).status_code == 404
    assert not Response.objects.exists()


def test_a_figure_that_is_none_is_told_in_plain_words(facilitator, client_of):
    invitee = making.asked(facilitator, "plie")
    told = words(
        client_of(facilitator).post(here(invitee, "?partie=people"), {"q-entries": "-3", "q-exits": "beaucoup"})
    )
    assert "Écrivez un nombre positif, ou 0." in told
    assert "Écrivez un nombre entier, en chiffres." in told
    assert "Assurez-vous" not in told
