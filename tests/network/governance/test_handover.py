"""A handover as it is typed: the grid, and the lines pasted from a spreadsheet."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dentelle.network.governance.handover import read_lines
from dentelle.network.governance.models import Mandate, Office
from tests.factories import NetworkSeatFactory, StructureFactory
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
    assert "« reine »" in read.errors[0]
    assert "« conseil »" in read.errors[0]
    assert "le nom manque" in read.errors[1]


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
    answer = client_of_head.post(ADDRESS, typed)
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
        "lines": "X;reine",
        f"sort-{gives.pk}": "remplace",
        f"mandat-{gives.pk}": "maire de Parthenay",
    }
    answer = client_of_head.post(ADDRESS, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Donnez le nom de qui prend la place de Cède" in page
    assert "maire de Parthenay" in page
    assert Mandate.objects.count() == 1
    gives.refresh_from_db()
    assert gives.ends_on is None
