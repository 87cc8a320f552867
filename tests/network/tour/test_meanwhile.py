"""Two people of the head of a network on one form of the Tour: neither replaces unread what the other wrote."""

from datetime import time

import pytest
import time_machine
from django.urls import reverse

from dentelle.network.tour.actions import stages
from dentelle.network.tour.actions.stages import Item
from dentelle.network.tour.models import Registration, Stage, Tour
from dentelle.network.tour.vocabulary import StageState
from tests.factories import NOW, NetworkSeatFactory
from tests.forms import said_of, sent_back, text
from tests.network.tour import making

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def seat():
    return NetworkSeatFactory()


@pytest.fixture
def mine(seat, client_of):
    return client_of(seat)


@pytest.fixture
def hers(seat, client_of):
    """Another person who runs the network."""
    return client_of(NetworkSeatFactory(network=seat.network))


def at(name, *args):
    return reverse(f"tour:{name}", args=args)


def titles(stage: Stage) -> list[str]:
    return list(stage.programme.values_list("title", flat=True))


def test_a_stage_both_wrote_is_shown_to_the_second_and_saved_knowingly(seat, mine, hers):
    stage = making.stage(seat, state=StageState.DRAFT)
    address = at("stage-change", stage.pk)
    opened = mine.get(address)
    theirs = sent_back(hers.get(address), "title", title="Étape de Lille", begins="10:00", host="")
    assert hers.post(address, theirs).status_code == 302
    conflict = mine.post(
        address, sent_back(opened, "title", title="Étape du Nord", summary="Une journée\r\nde travail")
    )
    assert conflict.status_code == 409
    assert said_of(conflict, "Titre") == ["Étape de Lille", "Étape du Nord"]
    assert said_of(conflict, "Commence à") == ["10:00"]
    assert Stage.objects.get().title == "Étape de Lille"
    assert mine.post(address, sent_back(conflict, "title")).status_code == 302
    kept = Stage.objects.get()
    assert (kept.title, kept.summary, kept.begins) == ("Étape du Nord", "Une journée\r\nde travail", time(10))


def test_days_hours_places_and_choices_left_alone_are_no_writing_of_one_s_own(seat, mine, hers):
    stage = making.stage(seat, state=StageState.DRAFT, capacity=30)
    address = at("stage-change", stage.pk)
    opened = mine.get(address)
    theirs = {"day": "2026-12-20", "begins": "11:15", "finishes": "", "capacity": "40", "audience": "members"}
    assert hers.post(address, sent_back(hers.get(address), "title", **theirs)).status_code == 302
    assert mine.post(address, sent_back(opened, "title", place="Arras")).status_code == 302
    kept = Stage.objects.get()
    assert (f"{kept.day}", kept.begins, kept.finishes) == ("2026-12-20", time(11, 15), None)
    assert (kept.capacity, kept.audience, kept.place) == (40, "members", "Arras")


def test_a_stage_that_took_place_corrected_twice_is_shown_to_the_second(seat, mine, hers):
    stage = making.stage(seat, state=StageState.HELD, days=-3)
    address = at("stage-change", stage.pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "title", place="Arras", reason="Erreur"))
    conflict = mine.post(address, sent_back(opened, "title", place="Lens", reason="Erreur"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Lieu") == ["Arras", "Lens"]
    assert mine.post(address, sent_back(conflict, "title")).status_code == 302
    assert Stage.objects.get().place == "Lens"


def test_a_tour_written_by_two_keeps_both(seat, mine, hers):
    address = at("tour-change", making.tour(seat).pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "name", aim="Entendre les acheteurs"))
    assert mine.post(address, sent_back(opened, "name", name="Le Tour")).status_code == 302
    kept = Tour.objects.get()
    assert (kept.name, kept.aim) == ("Le Tour", "Entendre les acheteurs")
    assert mine.post(address, sent_back(opened, "name", aim="Autre chose")).status_code == 409


# -- rows saved together


def test_rows_saved_meanwhile_in_a_programme_are_shown_and_none_goes(seat, mine, hers):
    stage = making.stage(seat)
    stages.write_programme(seat, stage.pk, [Item("Accueil", time(9, 30))], at=NOW)
    address = at("programme", stage.pk)
    opened = mine.get(address)
    theirs = {"form-1-title": "Ateliers", "form-1-speaker": "Ida Morel"}
    assert hers.post(address, sent_back(hers.get(address), "form-0-title", **theirs)).status_code == 302
    mine_typed = sent_back(opened, "form-0-title", **{"form-1-title": "Clôture", "form-2-title": "Ateliers"})
    conflict = mine.post(address, mine_typed)
    assert conflict.status_code == 409
    assert "Ateliers (Ida Morel)" in text(conflict)
    again = sent_back(conflict, "form-0-title")
    assert [again[f"form-{row}-title"] for row in range(3)] == [["Accueil"], ["Clôture"], ["Ateliers"]]
    assert again["form-0-hour"] == ["09:30"]
    assert titles(stage) == ["Accueil", "Ateliers"]
    assert mine.post(address, again).status_code == 302
    assert titles(stage) == ["Accueil", "Clôture", "Ateliers"]


def test_a_row_typed_as_another_saved_it_stays_when_the_programme_is_sent_again(seat, mine, hers):
    stage = making.stage(seat)
    address = at("programme", stage.pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "form-0-title", **{"form-0-title": "Accueil"}))
    both = {"form-0-title": "Accueil", "form-1-title": "Clôture"}
    conflict = mine.post(address, sent_back(opened, "form-0-title", **both))
    assert mine.post(address, sent_back(conflict, "form-0-title")).status_code == 302
    assert titles(stage) == ["Accueil", "Clôture"]


def test_a_programme_nobody_touched_meanwhile_is_saved_at_once(seat, mine):
    stage = making.stage(seat)
    stages.write_programme(seat, stage.pk, [Item("Accueil", time(9, 30)), Item("Clôture")], at=NOW)
    address = at("programme", stage.pk)
    assert mine.post(address, sent_back(mine.get(address), "form-0-title")).status_code == 302


def test_who_came_ticked_by_two_keeps_what_each_ticked(seat, mine, hers):
    stage = making.stage(seat, days=-1)
    ana, bo, cleo = (
        Registration.objects.create(stage=stage, full_name=name, registered_at=NOW) for name in ("Ana", "Bo", "Cleo")
    )
    address = at("attendance", stage.pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "present", present=[ana.pk, cleo.pk]))
    mine.post(address, sent_back(opened, "present", present=[bo.pk, cleo.pk]))
    assert list(stage.registrations.filter(attended=True)) == [cleo]
