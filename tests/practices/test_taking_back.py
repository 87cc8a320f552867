"""A sheet that awaits review leaves it by an act that says so, never by a save."""

import pytest
from django.http import Http404
from django.urls import reverse

from dentelle.foundations.journal.models import Entry
from dentelle.network.practices import actions, agreeing
from dentelle.network.practices.access import versions_to_review
from dentelle.network.practices.models import VersionState
from dentelle.network.practices.refusals import PracticeRefused
from tests.factories import NOW
from tests.practices import making

pytestmark = pytest.mark.django_db
TAKE_BACK = "Reprendre la fiche\u202f: elle ne sera plus à relire"


def shown(client, practice):
    page = client.get(reverse("practices:detail", args=[practice.pk]), {"version": practice.versions.first().number})
    return page.content.decode().replace("&#8239;", "\u202f")


def state(practice):
    return practice.versions.first().state


def test_no_main_button_pulls_a_sheet_out_of_review(facilitator, client_of):
    practice = making.submitted(facilitator)
    page = shown(client_of(facilitator), practice)
    assert "Compléter la fiche" not in page
    assert reverse("practices:edit", args=[practice.pk]) not in page
    assert TAKE_BACK in page


def test_a_sheet_taken_back_leaves_the_reviewers_and_may_be_written_again(facilitator, client_of):
    practice, neighbour = making.submitted(facilitator), making.neighbour_of(facilitator)
    client = client_of(facilitator)
    done = client.post(reverse("practices:act", args=[practice.pk, "reprendre"]), follow=True)
    assert done.redirect_chain[-1][0] == reverse("practices:edit", args=[practice.pk])
    assert "elle n’est plus à relire" in done.content.decode()
    assert state(practice) == VersionState.DRAFT
    assert not versions_to_review(neighbour).exists()
    assert Entry.objects.filter(act="practice.taken_back", actor=facilitator.user).exists()
    actions.submit(facilitator, practice.pk, at=NOW)
    assert versions_to_review(neighbour).count() == 1


def test_saving_a_page_opened_before_the_sheet_was_submitted_keeps_it_in_review_and_what_was_typed(
    facilitator, client_of
):
    practice = making.submitted(facilitator)
    saved = client_of(facilitator).post(
        reverse("practices:edit", args=[practice.pk]), {"title": "Un titre tapé entre-temps"}
    )
    assert saved.status_code == 422
    assert "reprenez-la avant de la modifier" in saved.content.decode()
    assert "Un titre tapé entre-temps" in saved.content.decode()
    assert state(practice) == VersionState.SUBMITTED


def test_the_form_of_a_sheet_in_review_is_not_opened(facilitator, client_of):
    for practice in (making.submitted(facilitator), making.reviewed(facilitator)):
        opened = client_of(facilitator).get(reverse("practices:edit", args=[practice.pk]))
        assert opened["Location"] == reverse("practices:detail", args=[practice.pk]) + "?version=1"


def test_only_what_awaits_review_is_taken_back_and_by_its_own_people(facilitator):
    practice = making.submitted(facilitator)
    with pytest.raises(Http404):
        actions.take_back(making.neighbour_of(facilitator), practice.pk, at=NOW)
    for other in (making.draft(facilitator), making.reviewed(facilitator), making.published(facilitator)):
        with pytest.raises(PracticeRefused, match="plus à relire"):
            actions.take_back(facilitator, other.pk, at=NOW)


def test_a_sheet_taken_back_no_longer_asks_for_an_agreement_and_asks_again_once_proposed(facilitator):
    seat = making.head_of(facilitator)
    practice = actions.begin(seat, making.CONTENT, at=NOW, structure=facilitator.structure)
    actions.submit(seat, practice.pk, at=NOW)
    actions.take_back(seat, practice.pk, at=NOW)
    assert not agreeing.asked_of(facilitator).exists()
    actions.submit(seat, practice.pk, at=NOW)
    assert agreeing.asked_of(facilitator).count() == 1
