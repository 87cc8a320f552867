"""Figures that do not hold reach whoever checks the answers, beside what was said to explain them."""

from html import unescape

import pytest
from django.urls import reverse

from dentelle.network.surveys import actions, inviting
from dentelle.network.surveys.doubts import doubts_of
from dentelle.network.surveys.models import Invitee, Response
from tests.factories import NOW, MembershipFactory, StructureFactory
from tests.practices.making import head_of
from tests.surveys import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
WHY = "Fusion de deux plans en juin."
FIGURES = {"stock_start": 100, "entries": 50, "exits": 30, "stock_end": 120}


def sent(invitee, comment="", **changed):
    actions.save_part(invitee, "people", 1, {**FIGURES, **changed}, at=NOW)
    return actions.submit(invitee, comment, at=NOW)


def shown(browser, name, **known):
    return " ".join(unescape(browser.get(reverse(name, kwargs=known)).content.decode()).replace("\xa0", " ").split())


def test_the_head_reads_which_figure_surprises_why_and_what_was_said_of_it(facilitator, client_of):
    response = sent(making.asked(facilitator, "plie", year=2025), WHY, stock_end=500)
    page = shown(client_of(head_of(facilitator)), "surveys:response", pk=response.pk)
    assert "1 chiffre étonne" in page
    assert "vaut 500, mais" in page
    assert "donne 120." in page
    assert page.index("donne 120.") < page.index("L’explication donnée") < page.index(WHY)


def test_the_list_of_answers_marks_those_whose_figures_surprise_and_no_other(facilitator, client_of):
    invitee = making.asked(facilitator, "plie", year=2025)
    browser = client_of(head_of(facilitator))
    sent(invitee)
    assert "étonne" not in shown(browser, "surveys:campaign", pk=invitee.campaign_id)
    sent(invitee, WHY, stock_end=500)
    assert "1 chiffre étonne" in shown(browser, "surveys:campaign", pk=invitee.campaign_id)


def test_a_jump_from_the_year_before_is_told_to_the_head_too(facilitator):
    sent(making.asked(facilitator, "plie", year=2024))
    invitee = making.asked(facilitator, "plie", year=2025)
    response = sent(invitee, WHY, entries=90, stock_end=160)
    [doubt] = doubts_of(invitee.campaign, [response])[response.pk]
    assert "+80 %" in doubt.sentence


def test_the_spreadsheet_tells_beside_each_answer_what_surprises_in_it(facilitator, client_of):
    invitee = making.asked(facilitator, "plie", year=2025)
    sent(invitee, WHY, stock_end=500)
    known = {"pk": invitee.campaign_id, "form": "csv"}
    text = client_of(head_of(facilitator)).get(reverse("surveys:export", kwargs=known)).content.decode("utf-8-sig")
    header, line = text.splitlines()[:2]
    assert "Chiffres qui étonnent" in header
    assert "donne 120." in line.replace("\xa0", " ")


def test_what_surprises_costs_as_many_queries_for_one_answer_as_for_several(facilitator, assert_max_queries):
    seat = head_of(facilitator)
    structure = StructureFactory(network=facilitator.structure.network)
    others = [facilitator, MembershipFactory(facilitator=True, structure=structure)]
    for year in (2024, 2025):
        campaign = making.campaign(facilitator, "plie", seat=seat, year=year)
        inviting.invite_structures(seat, campaign.pk, at=NOW)
        for member in others:
            invitees = Invitee.objects.select_related("campaign__questionnaire", "structure")
            sent(invitees.get(campaign=campaign, structure=member.structure), WHY, stock_end=500)
    responses = list(Response.objects.filter(campaign=campaign))
    with assert_max_queries(4):
        assert len(doubts_of(campaign, responses)) == 2


def test_an_answer_sent_with_its_explanation_says_that_it_is_sent(facilitator, client_of):
    invitee = making.asked(facilitator, "plie", year=2025)
    sent(invitee, WHY, stock_end=500)
    end = f"{reverse('surveys:answer', kwargs={'pk': invitee.campaign_id})}?partie=fin"
    page = unescape(client_of(facilitator).get(end).content.decode())
    assert "Votre réponse est envoyée" in page.partition("<h1>")[2].partition("</h1>")[0]
    assert "Des chiffres étonnent" not in page
    assert "votre explication est partie avec eux" in page
