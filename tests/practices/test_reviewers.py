"""A sheet is reviewed by somebody who neither told it, nor wrote it, nor agreed to it."""

from html import unescape
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from dentelle.network.practices import actions, agreeing
from dentelle.network.practices.access import versions_to_review
from dentelle.network.practices.awaited import head_awaits
from dentelle.network.practices.from_answers import begin_from_answer
from dentelle.network.practices.models import PracticeVersion, VersionState
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.network.surveys import actions as surveys_actions
from tests.factories import NOW, MembershipFactory, NetworkSeatFactory
from tests.practices import making
from tests.surveys import making as surveys

pytestmark = pytest.mark.django_db
INSIDE = "(de la structure qui la porte)"


@pytest.fixture
def seat(facilitator):
    return making.head_of(facilitator)


@pytest.fixture
def colleague(facilitator):
    return MembershipFactory(facilitator=True, structure=facilitator.structure)


@pytest.fixture
def neighbour(facilitator):
    return making.neighbour_of(facilitator)


def submitted(viewer, practice):
    actions.write(viewer, practice.pk, making.CONTENT, at=NOW)
    actions.submit(viewer, practice.pk, at=NOW)
    return practice


def refused(viewer, practice, why):
    with pytest.raises(PracticeRefused, match=why) as told:
        actions.review(viewer, practice.pk, making.PROFILE, "", at=NOW)
    assert told.value.code == "told"
    assert "à la tête de réseau" in str(told.value)
    with pytest.raises(PracticeRefused, match=why):
        actions.send_back(viewer, practice.pk, "À reprendre.", at=NOW)
    assert not versions_to_review(viewer).exists()
    assert practice.versions.get().state == VersionState.SUBMITTED


def reviewed(viewer, practice):
    assert versions_to_review(viewer).exists()
    return actions.review(viewer, practice.pk, making.PROFILE, "", at=NOW)


def shown(client, practice, name="detail"):
    return unescape(client.get(reverse(f"practices:{name}", kwargs={"pk": practice.pk}), follow=True).content.decode())


# -- who may not


def test_who_answered_the_survey_a_sheet_was_drawn_from_does_not_review_it(facilitator, colleague, seat):
    invitee = surveys.asked(facilitator)
    surveys.fill(invitee)
    response = surveys_actions.submit(invitee, "", at=NOW, actor=facilitator.user)
    practice = submitted(seat, begin_from_answer(seat, response.pk, "experience", 1, at=NOW))
    refused(facilitator, practice, "tirée de votre réponse")
    assert reviewed(colleague, practice).reviewer == colleague.user


def test_who_answered_by_a_link_to_their_address_does_not_review_it(facilitator, neighbour, seat):
    response = surveys.answered(surveys.linked(facilitator, neighbour.user.email))
    practice = submitted(seat, begin_from_answer(seat, response.pk, "experience", 1, at=NOW))
    refused(neighbour, practice, "tirée de votre réponse")
    assert reviewed(facilitator, practice).reviewer == facilitator.user


def test_another_answer_of_the_same_person_bars_nobody_from_this_sheet(facilitator, colleague, seat):
    first = surveys.asked(facilitator)
    surveys.fill(first)
    surveys_actions.submit(first, "", at=NOW, actor=facilitator.user)
    practice = making.submitted(colleague)
    assert reviewed(facilitator, practice).reviewer == facilitator.user


def test_who_wrote_the_draft_before_another_does_not_review_it(facilitator, colleague):
    practice = submitted(colleague, making.draft(facilitator))
    assert practice.versions.get().author == colleague.user
    refused(facilitator, practice, "Vous avez écrit")
    refused(colleague, practice, "Vous avez écrit")


def test_who_wrote_a_former_version_does_not_review_the_next(facilitator, colleague):
    practice = making.published(facilitator)
    actions.write(colleague, practice.pk, making.CONTENT, at=NOW)
    actions.submit(colleague, practice.pk, at=NOW)
    with pytest.raises(PracticeRefused, match="Vous avez écrit"):
        actions.review(facilitator, practice.pk, making.PROFILE, "", at=NOW)


def test_who_agreed_for_the_structure_does_not_review_it(facilitator, colleague, seat):
    practice = actions.begin(seat, making.CONTENT, at=NOW, structure=facilitator.structure)
    actions.submit(seat, practice.pk, at=NOW)
    agreeing.agree(facilitator, practice.pk, at=NOW)
    refused(facilitator, practice, "Vous avez donné l’accord")
    assert reviewed(colleague, practice).reviewer == colleague.user


def test_who_reviewed_it_does_not_agree_to_it_and_reads_who_does(facilitator, colleague, seat, client_of):
    practice = actions.begin(seat, making.CONTENT, at=NOW, structure=facilitator.structure)
    actions.submit(seat, practice.pk, at=NOW)
    reviewed(facilitator, practice)
    with pytest.raises(PracticeRefused, match="quelqu’un d’autre de votre structure"):
        agreeing.agree(facilitator, practice.pk, at=NOW)
    page = shown(client_of(facilitator), practice)
    assert "quelqu’un d’autre de votre structure donne l’accord" in page
    assert "Je suis d’accord pour publier" not in page
    agreeing.agree(colleague, practice.pk, at=NOW)
    actions.publish(seat, practice.pk, at=NOW)


def test_a_person_of_the_head_who_wrote_it_is_not_awaited_to_review_it_and_another_is(facilitator, seat):
    actions.submit(seat, making.draft(seat).pk, at=NOW)
    assert "practice.review" not in [line.kind for line in head_awaits(seat, NOW)]
    other = NetworkSeatFactory(network=seat.network)
    assert "practice.review" in [line.kind for line in head_awaits(other, NOW)]


# -- the pages


def test_the_sheet_says_why_one_may_not_review_it_and_who_may(facilitator, neighbour, client_of):
    practice = making.submitted(facilitator)
    mine, other = client_of(facilitator), client_of(neighbour)
    review = reverse("practices:review", kwargs={"pk": practice.pk})
    assert "Vous avez écrit dans cette fiche\u00a0: sa relecture revient à" in shown(mine, practice)
    assert f'href="{review}"' not in shown(mine, practice)
    assert "sa relecture revient à" in shown(mine, practice, "review")
    assert f'href="{review}"' in shown(other, practice)
    assert "sa relecture revient à" not in shown(other, practice)


def test_a_review_from_inside_the_structure_is_said_as_such(facilitator, colleague, neighbour, seat, client_of):
    practice = making.submitted(facilitator)
    reviewed(colleague, practice)
    actions.publish(seat, practice.pk, at=NOW)
    assert INSIDE in shown(client_of(neighbour), practice)


def test_a_review_from_elsewhere_says_nothing_more(facilitator, neighbour, client_of):
    page = shown(client_of(neighbour), making.published(facilitator))
    assert "relue le" in page
    assert INSIDE not in page


def test_a_sheet_of_the_head_reviewed_by_the_head_says_so(seat, neighbour, client_of):
    practice = making.submitted(seat)
    reviewed(NetworkSeatFactory(network=seat.network), practice)
    assert "(de la tête de réseau, qui la porte)" in shown(client_of(neighbour), practice)


def test_what_was_reviewed_before_says_who_bears_it_as_people_are_placed(facilitator, colleague):
    inside, outside = making.submitted(facilitator), making.reviewed(facilitator, title="Ailleurs")
    reviewed(colleague, inside)
    PracticeVersion.objects.update(reviewed_inside=False)
    import_module("dentelle.network.practices.migrations.0008_reviewed_by_who_bears_it").say_who_bears(apps, None)
    assert [each.versions.get().reviewed_inside for each in (inside, outside)] == [True, False]
