"""A draft may be abandoned by those who wrote it; what was published, or gone on with, stays."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from dentelle.foundations.journal.models import Entry
from dentelle.network.practices import actions
from dentelle.network.practices.dropping import batches, drop, drop_taken
from dentelle.network.practices.head_import import take_sheets
from dentelle.network.practices.models import Practice, PracticeVersion
from dentelle.network.practices.refusals import PracticeRefused
from tests.factories import NOW, NetworkFactory, NetworkSeatFactory
from tests.plans.making import uploaded, workbook_bytes
from tests.practices import making

pytestmark = pytest.mark.django_db


def taken(seat, member, at=NOW, named="F"):
    rows = [
        (f"{named}1", "Une navette", member.structure.name),
        (f"{named}2", "Un club", ""),
        (f"{named}3", "Un four", ""),
    ]
    file = uploaded(workbook_bytes(rows, ("N°", "Intitulé", "Structure porteuse")), "fiches.xlsx")
    return take_sheets(seat, file, leave_wrong=False, at=at)


def test_a_draft_is_abandoned_by_its_structure_from_its_page(facilitator, client_of):
    practice, client = making.draft(facilitator), client_of(facilitator)
    assert (
        "Abandonner ce brouillon"
        in client.get(reverse("practices:detail", kwargs={"pk": practice.pk})).content.decode()
    )
    done = client.post(reverse("practices:act", kwargs={"pk": practice.pk, "code": "abandonner"}))
    assert done["Location"] == reverse("practices:list")
    assert not Practice.objects.exists()
    assert Entry.objects.filter(act="practice.dropped").count() == 1


def test_the_next_version_is_abandoned_and_the_published_one_stays(facilitator):
    practice = making.published(facilitator)
    with pytest.raises(PracticeRefused):
        drop(facilitator, practice.pk, at=NOW)
    actions.write(facilitator, practice.pk, {**making.CONTENT, "title": "Autre titre"}, at=NOW)
    assert drop(facilitator, practice.pk, at=NOW) is False
    practice.refresh_from_db()
    assert [each.pk for each in practice.versions.all()] == [practice.published_id]


def test_what_is_submitted_or_somebody_elses_is_not_abandoned(facilitator, reader):
    waiting = making.submitted(facilitator)
    with pytest.raises(PracticeRefused):
        drop(facilitator, waiting.pk, at=NOW)
    mine = making.draft(facilitator)
    for other in (making.neighbour_of(facilitator), making.head_of(facilitator), reader):
        with pytest.raises(Http404):
            drop(other, mine.pk, at=NOW)
    theirs = actions.begin(making.head_of(facilitator), making.CONTENT, at=NOW, structure=facilitator.structure)
    with pytest.raises(Http404):
        drop(facilitator, theirs.pk, at=NOW)
    assert drop(making.head_of(facilitator), theirs.pk, at=NOW)


def test_a_spreadsheet_taken_by_mistake_is_abandoned_but_for_what_went_on(facilitator, client):
    seat = making.head_of(facilitator)
    later = NOW + timedelta(minutes=5)
    taken(seat, facilitator)
    kept = taken(seat, facilitator, at=later, named="G")
    assert kept.created == 3
    [latest, first] = batches(seat)
    assert (latest.count, first.count) == (3, 3)
    own = Practice.objects.get(structure=facilitator.structure, created_at=NOW)
    actions.write(facilitator, own.pk, making.CONTENT, at=later)
    with pytest.raises(Http404):
        drop_taken(NetworkSeatFactory(network=NetworkFactory(name="Autre réseau")), first.pk, at=later)
    with pytest.raises(Http404):
        drop_taken(seat, own.pk, at=later)
    client.force_login(seat.user)
    shown = client.get(reverse("practices:head-import")).content.decode()
    [latest, first] = batches(seat)
    assert first.count == 2
    assert reverse("practices:head-untake", kwargs={"pk": first.pk}) in shown
    client.post(reverse("practices:head-untake", kwargs={"pk": first.pk}))
    assert set(Practice.objects.values_list("created_at", flat=True)) == {NOW, later}
    assert PracticeVersion.objects.count() == 4
    assert Entry.objects.get(act="practice.untaken").facts == {"count": 2}
