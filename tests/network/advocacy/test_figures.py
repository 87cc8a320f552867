"""A figure noted wrong is corrected or taken out; what an edition printed stays as it was."""

import html

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from dentelle.network.advocacy.actions import figures, proposals
from dentelle.network.advocacy.content import cited
from dentelle.network.advocacy.models import Figure
from dentelle.network.advocacy.readiness import gaps
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


def correct(head, pk, said, **kwargs):
    """What the page of a figure sends, opened just now."""
    opened = Figure.objects.get(pk=pk).revision
    return head.post(at("figure-change", pk), said | {"opened": opened}, **kwargs)


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
    assert correct(head, figure.pk, typed(value="")).status_code == 422
    page = correct(head, figure.pk, typed(), follow=True).content.decode()
    assert "Relisez la proposition 1" in page
    [kept] = Figure.objects.all()
    assert (kept.pk, kept.value, ask.citations.get(number=2).figure_id) == (figure.pk, "13", figure.pk)


def test_a_figure_an_edition_printed_is_corrected_by_another(whole, seat, head):
    paper, ask, figure = whole
    first = making.edition(seat, paper)
    assert "L’édition 1 l’imprime" in head.get(at("figure-change", figure.pk)).content.decode()
    page = correct(head, figure.pk, typed(), follow=True).content.decode()
    assert "L’édition 1 garde l’ancien" in page
    assert "corrigé depuis" in page
    figure.refresh_from_db()
    assert (figure.value, figure.replaced_by.value) == ("12", "13")
    assert ask.citations.get(number=2).figure_id == figure.replaced_by_id
    head.post(at("reread", ask.pk))
    second = making.edition(seat, paper)
    assert [each["title"] for made in (first, second) for each in cited(made.content) if each.get("figure")] == [
        "Emplois de nuit\u00a0: 12 %",
        "Emplois de nuit\u00a0: 13 %",
    ]


def test_a_figure_replaced_is_neither_cited_nor_corrected_again(whole, seat, head):
    paper, _, figure = whole
    making.edition(seat, paper)
    correct(head, figure.pk, typed())
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
        figures.correct_figure(
            seat, figure.pk, proposals.Typed("a", "1", "", "b", "c", NOW.date()), expected_revision=1, at=NOW
        )


# -- what was written and printed of a figure corrected since


def main_of(answer):
    """The words of a page, all spaces alike."""
    page = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(page).split())


def test_a_sentence_whose_figure_was_corrected_is_reread_before_an_edition(whole, seat, head):
    paper, ask, figure = whole
    making.written(seat, ask, finding="Ici, 12 % des emplois sont de nuit [2].", measure="Ouvrir la ligne [1].")
    correct(head, figure.pk, typed(value="13"))
    [gap] = gaps(paper)
    assert gap.sentences == ("Ici, 12 % des emplois sont de nuit.",)
    assert gap.url == f"{at('proposal', ask.pk)}#a-relire"
    with pytest.raises(AdvocacyRefused, match=r"\[2\] disait 12\s%, il dit 13\s%"):
        making.edition(seat, paper)
    assert "La source [2] disait 12 %, elle dit 13 %" in main_of(head.get(at("proposal", ask.pk)))
    making.written(seat, ask, finding="Ici, 13 % des emplois sont de nuit [2].", measure="Ouvrir la ligne [1].")
    assert gaps(paper) == ()
    assert "à relire" not in main_of(head.get(at("proposal", ask.pk)))


def test_a_sentence_that_still_holds_is_said_so_in_one_act_until_the_figure_changes_again(whole, seat, head):
    paper, ask, figure = whole
    correct(head, figure.pk, typed(value="13"))
    assert "C’est relu" in main_of(head.post(at("reread", ask.pk), follow=True))
    assert gaps(paper) == ()
    assert "Aucune phrase n’est à relire" in main_of(head.post(at("reread", ask.pk), follow=True))
    correct(head, figure.pk, typed(value="14"))
    assert [each.sentences for each in gaps(paper)] == [("Ouvrir la ligne.",)]
    correct(head, figure.pk, typed(value="13"))
    assert gaps(paper) == ()


def test_a_figure_whose_value_stays_has_nothing_reread(whole, head):
    paper, _, figure = whole
    correct(head, figure.pk, typed(value="12", source="INSEE"))
    assert gaps(paper) == ()


def test_readers_of_an_edition_are_told_of_a_figure_corrected_since(whole, seat, head, client):
    paper, _, figure = whole
    making.edition(seat, paper)
    told = "Corrigé depuis cette édition : Emplois de nuit : 13 %. Part des emplois."
    assert told not in main_of(head.get(at("public", paper.pk)))
    correct(head, figure.pk, typed(value="13"))
    correct(head, Figure.objects.get(value="13").pk, typed(value="13", label="Emplois de nuit"))
    assert "Emplois de nuit : 12 %, devenu : Emplois de nuit : 13 %" in main_of(head.get(at("editions", paper.pk)))
    client.logout()
    page = main_of(client.get(at("public", paper.pk)))
    assert told in page
    assert "1 chiffre imprimé ici a été corrigé depuis" in page
    assert "ne correspond plus" not in page


def test_a_figure_corrected_before_publication_is_told_to_who_publishes(whole, seat, head):
    paper, _, figure = whole
    made = making.edition(seat, paper, published=False)
    assert "sont corrigés" not in main_of(head.get(at("publish", made.pk)))
    correct(head, figure.pk, typed(value="13"))
    page = main_of(head.get(at("publish", made.pk)))
    assert "des chiffres qu’elle imprime sont corrigés" in page
    assert "Emplois de nuit : 12 %, devenu" in page
