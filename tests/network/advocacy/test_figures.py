"""A figure noted wrong is corrected or taken out; what an edition printed stays as it was."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from dentelle.network.advocacy.actions import figures, proposals
from dentelle.network.advocacy.content import cited
from dentelle.network.advocacy.models import Figure
from dentelle.network.advocacy.refusals import AdvocacyRefused
from tests.factories import NOW
from tests.network.advocacy import making

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"advocacy:{name}", args=args)


@pytest.fixture
def head(seat, client):
    client.force_login(seat.user)
    with time_machine.travel(NOW):
        yield client


def typed(**changed):
    said = {
        "label": "Emplois de nuit",
        "value": "13",
        "unit": "%",
        "definition": "Part des emplois.",
        "source": "Observatoire",
    }
    return said | {"as_of": timezone.localdate(NOW).isoformat()} | changed


@pytest.fixture
def whole(author, seat):
    """A proposal that cites a contribution and a figure noted by hand."""
    paper, _, ask = making.whole(seat, author)
    figure = making.figure(seat, paper)
    proposals.cite(seat, ask.pk, kind="figure", key=figure.pk, excerpt="", at=NOW)
    making.written(seat, ask, measure="Ouvrir la ligne [1][2].")
    return paper, ask, figure


def test_a_figure_noted_wrong_is_corrected_where_it_stands(whole, head):
    paper, ask, figure = whole
    assert at("figure-change", figure.pk) in head.get(at("figures", paper.pk)).content.decode()
    assert head.post(at("figure-change", figure.pk), typed(value="")).status_code == 422
    page = head.post(at("figure-change", figure.pk), typed(), follow=True).content.decode()
    assert "Relisez la proposition 1" in page
    [kept] = Figure.objects.all()
    assert (kept.pk, kept.value, ask.citations.get(number=2).figure_id) == (figure.pk, "13", figure.pk)


def test_a_figure_an_edition_printed_is_corrected_by_another(whole, seat, head):
    paper, ask, figure = whole
    first = making.edition(seat, paper)
    assert "L’édition 1 l’imprime" in head.get(at("figure-change", figure.pk)).content.decode()
    page = head.post(at("figure-change", figure.pk), typed(), follow=True).content.decode()
    assert "L’édition 1 garde l’ancien" in page
    assert "corrigé depuis" in page
    figure.refresh_from_db()
    assert (figure.value, figure.replaced_by.value) == ("12", "13")
    assert ask.citations.get(number=2).figure_id == figure.replaced_by_id
    second = making.edition(seat, paper)
    assert [each["title"] for made in (first, second) for each in cited(made.content) if each.get("figure")] == [
        "Emplois de nuit\u00a0: 12 %",
        "Emplois de nuit\u00a0: 13 %",
    ]


def test_a_figure_replaced_is_neither_cited_nor_corrected_again(whole, seat, head):
    paper, _, figure = whole
    making.edition(seat, paper)
    head.post(at("figure-change", figure.pk), typed())
    assert head.get(at("figure-change", figure.pk)).status_code == 404
    other = making.proposal(seat, paper, title="Une autre")
    page = head.get(at("proposal", other.pk)).content.decode()
    assert f"figure:{figure.pk}" not in page
    assert f"figure:{Figure.objects.get(value='13').pk}" in page


def test_a_figure_nothing_cites_is_removed(seat, author, head):
    paper = making.opened(seat)
    figure = making.figure(seat, paper)
    assert at("figure-remove", figure.pk) in head.get(at("figures", paper.pk)).content.decode()
    head.post(at("figure-remove", figure.pk))
    assert not Figure.objects.exists()


def test_a_figure_cited_or_printed_stays(whole, seat, head):
    paper, _, figure = whole
    with pytest.raises(AdvocacyRefused, match="La proposition 1 le cite"):
        figures.remove_figure(seat, figure.pk, at=NOW)
    making.edition(seat, paper)
    with pytest.raises(AdvocacyRefused, match="L’édition 1 l’imprime"):
        figures.remove_figure(seat, figure.pk, at=NOW)
    assert at("figure-remove", figure.pk) not in head.get(at("figures", paper.pk)).content.decode()


def test_a_figure_dentelle_computed_is_taken_again_not_typed_over(seat, head, author):
    paper = making.opened(seat)
    figure = proposals.take_measure(seat, paper.pk, "network:members", at=NOW)
    assert head.get(at("figure-change", figure.pk)).status_code == 404
    with pytest.raises(AdvocacyRefused, match="relevez-le de nouveau"):
        figures.correct_figure(seat, figure.pk, proposals.Typed("a", "1", "", "b", "c", NOW.date()), at=NOW)
