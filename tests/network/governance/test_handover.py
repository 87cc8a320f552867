"""A handover as it is typed: the grid, and the lines pasted from a spreadsheet."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dentelle.network.governance.actions import sessions
from dentelle.network.governance.handover import read_lines
from dentelle.network.governance.models import Mandate, Office
from tests.factories import NOW, NetworkSeatFactory, StructureFactory
from tests.network.governance import making

pytestmark = pytest.mark.django_db
ADDRESS = "/gouvernance/mandats/passation/"


@pytest.fixture
def seat():
    return NetworkSeatFactory()


@pytest.fixture
def board(seat):
    making.mandate(seat)
    return making.body(seat)


@pytest.fixture
def client_of_head(seat):
    client = Client()
    client.force_login(seat.user)
    return client


def test_lines_pasted_with_their_titles_are_read_by_their_words(board):
    plie = StructureFactory(name="PLIE des Deux Rives")
    pasted = "Nom\tFonction\tInstance\tStructure\tMandat local\tGenre\nAna Ruiz\tPrésidente\tconseil d'administration\tplie des deux rives\tmaire\tF\nLuc Bel\t\tConseil d’administration\n"
    read = read_lines(pasted, [board], [plie])
    assert read.errors == ()
    assert [(place.full_name, place.role, place.body, place.structure, place.gender) for place in read.arrivals] == [
        ("Ana Ruiz", "president", board, plie, "woman"),
        ("Luc Bel", "member", board, None, ""),
    ]


def test_a_line_that_cannot_be_read_says_which_and_why(board):
    read = read_lines("Ana;reine;conseil\n;membre;Conseil d’administration\n", [board], [])
    assert read.arrivals == ()
    assert "Ligne 1" in read.errors[0]
    assert "«\xa0reine\xa0»" in read.errors[0]
    assert "le nom manque" in read.errors[1]


def test_a_name_alone_sits_in_the_body_chosen_for_all_and_is_refused_at_its_line_without_one(board):
    pasted = "Éloïse Brémond\nAna Ruiz;présidente;conseil\n"
    read = read_lines(pasted, [board], [])
    assert [place.full_name for place in read.arrivals] == ["Ana Ruiz"]
    [error] = read.errors
    assert "Ligne 1 (Éloïse Brémond)" in error
    assert "l’instance manque" in error
    again = read_lines(pasted, [board], [], default=board)
    assert [(place.full_name, place.role, place.body) for place in again.arrivals] == [
        ("Éloïse Brémond", "member", board),
        ("Ana Ruiz", "president", board),
    ]


def test_words_people_use_are_read_and_those_that_may_mean_two_things_are_refused(board):
    here, there = StructureFactory(name="PLIE des Deux Rives"), StructureFactory(name="PLIE du Bocage")
    read = read_lines("Ana Ruiz;adjointe;Conseil;plie rives", [board], [here, there])
    assert read.errors == ()
    [place] = read.arrivals
    assert (place.role, place.elected_as, place.structure) == ("member", "adjointe", here)
    [error] = read_lines("Ana Ruiz;membre;Conseil;PLIE", [board], [here, there]).errors
    assert "PLIE des Deux Rives, PLIE du Bocage" in error


def test_a_name_typed_beside_an_office_that_goes_on_is_refused_at_its_line(seat, board, client_of_head):
    stays = making.office(seat, board, name="Reste")
    typed = {
        "name": "Mandat 2032",
        "starts_on": "2032-04-01",
        f"sort-{stays.pk}": "reste",
        f"nom-{stays.pk}": "Reprend",
    }
    answer = client_of_head.post(ADDRESS, typed)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f'id="faux-{stays.pk}"' in shown
    assert "Prise par une autre personne" in shown
    assert 'value="Reprend"' in shown
    assert Mandate.objects.count() == 1


def test_the_grid_keeps_replaces_and_ends_in_one_act(seat, board, client_of_head):
    stays, leaves, gives = (making.office(seat, board, name=name) for name in ("Reste", "Part", "Cède"))
    assert client_of_head.get(ADDRESS).status_code == 200
    typed = {
        "name": "Mandat 2032",
        "starts_on": "2032-04-01",
        "lines": "Arrive;membre;Conseil d’administration",
        f"sort-{stays.pk}": "reste",
        f"sort-{leaves.pk}": "part",
        f"sort-{gives.pk}": "remplace",
        f"nom-{gives.pk}": "Reprend",
        f"genre-{gives.pk}": "woman",
    }
    answer = client_of_head.post(ADDRESS, {**typed, "confirme": "1"})
    mandate = Mandate.objects.get(name="Mandat 2032")
    assert answer["Location"] == reverse("governance:mandate", args=[mandate.pk])
    assert set(mandate.offices.values_list("full_name", "gender")) == {
        ("Reste", ""),
        ("Reprend", "woman"),
        ("Arrive", ""),
    }
    assert set(Office.objects.exclude(mandate=mandate).values_list("ends_on", flat=True)) == {date(2032, 3, 31)}


def test_a_grid_refused_comes_back_as_typed_and_changes_nothing(seat, board, client_of_head):
    gives = making.office(seat, board, name="Cède")
    typed = {
        "name": "Mandat 2032",
        "starts_on": "2032-04-01",
        "lines": "X;reine\nY;membre;Conseil d’administration;Inconnue",
        f"sort-{gives.pk}": "remplace",
        f"mandat-{gives.pk}": "maire de Parthenay",
    }
    answer = client_of_head.post(ADDRESS, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Donnez le nom de qui prend la place de Cède" in page
    assert "maire de Parthenay" in page
    assert "Ligne 1" in page
    assert "Ligne 2" in page
    assert Mandate.objects.count() == 1
    gives.refresh_from_db()
    assert gives.ends_on is None


def test_the_handover_read_again_says_who_takes_which_function_in_whose_stead_and_the_sessions_that_move(
    seat, board, client_of_head
):
    gives = making.office(seat, board, name="Ana Ruiz", role="vice_president")
    sessions.plan_session(seat, board, starts_at=NOW + timedelta(days=60), place="", at=NOW)
    typed = {
        "name": "Mandat suivant",
        "starts_on": making.today().isoformat(),
        "lines": "Sofia Lind;présidente;Conseil d’administration",
        f"sort-{gives.pk}": "remplace",
        f"nom-{gives.pk}": "Luc Bel",
        f"genre-{gives.pk}": "man",
    }
    shown = " ".join(client_of_head.post(ADDRESS, typed).content.decode().split())
    assert "Luc Bel, vice-présidence, Conseil d’administration, à la place d’Ana Ruiz" in shown
    assert "homme · sans structure" in shown
    assert "Sofia Lind, présidence, Conseil d’administration <br>" in shown
    assert "séance passe au nouveau mandat</h2>" in shown
    assert "20 janvier 2027" in shown


def test_a_day_before_the_mandate_and_a_missing_name_are_told_with_what_is_wrong_in_the_grid(
    seat, board, client_of_head
):
    gives = making.office(seat, board, name="Cède")
    typed = {"name": "", "starts_on": "2026-01-01", "lines": "X;reine", f"sort-{gives.pk}": "remplace"}
    shown = client_of_head.post(ADDRESS, typed).content.decode()
    for wrong in ("finit avant que le suivant commence", "Donnez le nom de qui prend la place de Cède", "Ligne 1"):
        assert wrong in shown, wrong
    assert shown.count('<li><a href="#id_name">') == 1
