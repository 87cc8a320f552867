"""A sheet made of an answer leads back to it, and the answer to its sheet, for those who may read both."""

import pytest
from django.urls import reverse

from dentelle.network.practices import actions, dropping
from dentelle.network.practices.from_answers import begin_from_answer
from dentelle.network.surveys.models import Response
from tests.factories import NOW
from tests.practices import making
from tests.surveys import making as surveys

pytestmark = pytest.mark.django_db
AGAIN = "En faire une fiche pratique"
LABEL = "tirée d’une réponse à une enquête"


def pages(client, seat, response, practice):
    """What the head reads on the page of the answer, then on that of the sheet."""
    client.force_login(seat.user)
    answer = client.get(reverse("surveys:response", args=[response.pk])).content.decode()
    return answer, client.get(reverse("practices:head-detail", args=[practice.pk])).content.decode()


def test_the_answer_and_its_sheet_lead_to_each_other(facilitator, client):
    seat = making.head_of(facilitator)
    response = surveys.answered(surveys.asked(facilitator))
    practice = begin_from_answer(seat, response.pk, "experience", 1, at=NOW)
    answer, sheet = pages(client, seat, response, practice)
    assert f'<a href="{reverse("practices:head-detail", args=[practice.pk])}">Un club d’entreprises</a>' in answer
    assert "brouillon" in answer
    assert AGAIN not in answer
    assert f'<a href="{reverse("surveys:response", args=[response.pk])}">la réponse de {facilitator.structure}' in sheet


def test_an_answer_whose_sheet_was_abandoned_offers_one_again(facilitator, client):
    seat = making.head_of(facilitator)
    response = surveys.answered(surveys.asked(facilitator))
    practice = begin_from_answer(seat, response.pk, "experience", 1, at=NOW)
    dropping.drop(seat, practice.pk, at=NOW)
    client.force_login(seat.user)
    assert AGAIN in client.get(reverse("surveys:response", args=[response.pk])).content.decode()


def test_each_part_of_an_answer_names_its_own_sheet(facilitator, client):
    seat = making.head_of(facilitator)
    invitee = surveys.asked(facilitator)
    surveys.fill(invitee)
    surveys.actions.save_part(invitee, "experience", 2, {**surveys.EXPERIENCE, "title": "Une navette"}, at=NOW)
    response = surveys.actions.submit(invitee, "", at=NOW)
    practice = begin_from_answer(seat, response.pk, "experience", 2, at=NOW)
    answer, _ = pages(client, seat, response, practice)
    assert answer.count(AGAIN) == 1
    assert answer.index(AGAIN) < answer.index("Fiche pratique faite de cette réponse")


def test_a_member_who_may_not_read_the_answer_reads_the_label_alone(facilitator, client_of):
    seat = making.head_of(facilitator)
    response = surveys.answered(surveys.asked(facilitator))
    practice = begin_from_answer(seat, response.pk, "experience", 1, at=NOW)
    actions.write(seat, practice.pk, making.CONTENT, at=NOW)
    actions.submit(seat, practice.pk, at=NOW)
    shown = client_of(making.neighbour_of(facilitator)).get(reverse("practices:detail", args=[practice.pk]))
    assert LABEL in shown.content.decode()
    assert "/enquetes-du-reseau/" not in shown.content.decode()


def test_an_anonymous_answer_is_named_by_its_survey_only_and_once_it_may_be_read(facilitator, client):
    seat = making.head_of(facilitator)
    surveys.several(facilitator, 5, anonymous=True)
    response = Response.objects.first()
    practice = begin_from_answer(seat, response.pk, "experience", 1, at=NOW)
    _, sheet = pages(client, seat, response, practice)
    assert ">la réponse à l’enquête «" in sheet
    Response.objects.exclude(pk=response.pk).delete()
    client.force_login(seat.user)
    hidden = client.get(reverse("practices:head-detail", args=[practice.pk])).content.decode()
    assert LABEL in hidden
    assert reverse("surveys:response", args=[response.pk]) not in hidden
