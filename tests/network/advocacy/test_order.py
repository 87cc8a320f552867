"""Chapters and proposals in the order people give them: numbers follow, editions keep theirs."""

import docx
import pypdf
import pytest
from django.http import Http404
from django.urls import reverse

from dentelle.foundations.documents import storage
from dentelle.foundations.journal.models import Entry
from dentelle.network.advocacy.actions import order, papers, proposals
from dentelle.network.advocacy.content import proposals_of
from dentelle.network.advocacy.models import Chapter, Idea, Proposal
from dentelle.network.advocacy.queries.papers import proposal_sheet
from dentelle.network.advocacy.refusals import AdvocacyRefused
from tests.factories import NOW
from tests.network.advocacy import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(seat):
    return making.opened(seat)


@pytest.fixture
def plan(seat, paper):
    """Two chapters of two proposals each: A1, A2, B1, B2."""
    first, second = making.chapter(seat, paper, "A"), making.chapter(seat, paper, "B")
    for title, chapter in (("B1", second), ("A1", first), ("B2", second), ("A2", first)):
        proposals.open_proposal(seat, paper.pk, title=title, chapter=chapter, idea=None, at=NOW)
    return first, second


def numbered(paper):
    return [f"{each.number} {each.title}" for each in Proposal.objects.filter(paper=paper).order_by("number")]


def one(title):
    return Proposal.objects.get(title=title)


def test_numbers_follow_the_order_of_the_chapters_whatever_the_day_they_were_opened(plan, paper):
    assert numbered(paper) == ["1 A1", "2 A2", "3 B1", "4 B2"]


def test_a_proposal_moves_inside_its_chapter_and_no_further(plan, seat, paper):
    order.move_proposal(seat, one("B2").pk, up=True, at=NOW)
    assert numbered(paper) == ["1 A1", "2 A2", "3 B2", "4 B1"]
    with pytest.raises(AdvocacyRefused, match="déjà la première"):
        order.move_proposal(seat, one("B2").pk, up=True, at=NOW)
    with pytest.raises(AdvocacyRefused, match="déjà la dernière"):
        order.move_proposal(seat, one("A2").pk, up=False, at=NOW)


def test_a_chapter_moves_with_its_proposals(plan, seat, paper):
    order.move_chapter(seat, plan[1].pk, up=True, at=NOW)
    assert numbered(paper) == ["1 B1", "2 B2", "3 A1", "4 A2"]
    assert list(Chapter.objects.order_by("rank").values_list("title", "rank")) == [("B", 1), ("A", 2)]


def test_a_proposal_put_in_another_chapter_comes_last_of_it(plan, seat, paper):
    order.put_in_chapter(seat, one("B1").pk, plan[0].pk, at=NOW)
    assert numbered(paper) == ["1 A1", "2 A2", "3 B1", "4 B2"]
    assert one("B1").chapter == plan[0]
    order.put_in_chapter(seat, one("A1").pk, plan[1].pk, at=NOW)
    assert numbered(paper) == ["1 A2", "2 B1", "3 B2", "4 A1"]


def test_a_proposal_opened_by_mistake_is_removed_and_its_idea_is_free_again(author, seat, paper):
    idea = making.retained(seat, paper, making.received(seat, author, paper))
    made = proposals.open_proposal(seat, paper.pk, title="Erreur", chapter=None, idea=idea, at=NOW)
    kept = making.proposal(seat, paper)
    order.remove_proposal(seat, made.pk, at=NOW)
    assert numbered(paper) == ["1 Une ligne de nuit"]
    assert Entry.objects.latest("pk").facts["proposal"] == made.pk
    again = proposals.open_proposal(
        seat, paper.pk, title="Juste", chapter=kept.chapter, idea=Idea.objects.get(), at=NOW
    )
    assert again.citations.count() == 1


def test_a_proposal_an_edition_holds_is_not_removed(author, seat):
    paper, _, ask = making.whole(seat, author)
    making.edition(seat, paper, published=False)
    with pytest.raises(AdvocacyRefused, match="L’édition 1 l’imprime"):
        order.remove_proposal(seat, ask.pk, at=NOW)


def test_only_an_empty_chapter_is_removed_and_the_next_take_its_rank(plan, seat, paper):
    empty = papers.write_chapter(seat, paper.pk, title="Vide", introduction="", axis=None, at=NOW)
    order.move_chapter(seat, empty.pk, up=True, at=NOW)
    with pytest.raises(AdvocacyRefused, match="contient encore"):
        order.remove_chapter(seat, plan[0].pk, at=NOW)
    order.remove_chapter(seat, empty.pk, at=NOW)
    assert list(Chapter.objects.order_by("rank").values_list("title", "rank")) == [("A", 1), ("B", 2)]


def test_nobody_orders_the_paper_of_another_network(plan, seat, stranger):
    for act in (order.move_proposal, order.remove_proposal):
        with pytest.raises(Http404):
            act(stranger, one("A2").pk, at=NOW, **({"up": True} if act is order.move_proposal else {}))
    with pytest.raises(Http404):
        order.move_chapter(stranger, plan[1].pk, up=True, at=NOW)


@pytest.fixture
def reordered(author, seat):
    """A published edition, then the same with its two chapters exchanged: (paper, first proposal, both editions)."""
    paper, contribution, ask = making.whole(seat, author)
    making.chapter(seat, paper, "Se former")
    other = proposals.open_proposal(
        seat, paper.pk, title="Un plateau mobile", chapter=paper.chapters.get(rank=2), idea=None, at=NOW
    )
    proposals.cite(seat, other.pk, kind="contribution", key=contribution.pk, excerpt="", at=NOW)
    making.written(seat, other, measure="Ouvrir un plateau [1].")
    first = making.edition(seat, paper)
    order.move_chapter(seat, other.chapter_id, up=True, at=NOW)
    return paper, ask, first, making.edition(seat, paper)


def test_the_next_edition_says_what_moved_and_the_first_keeps_its_numbers(reordered):
    _, _, first, second = reordered
    assert [each["title"] for each in proposals_of(first.content)] == ["Une ligne de nuit", "Un plateau mobile"]
    assert [each["title"] for each in proposals_of(second.content)] == ["Un plateau mobile", "Une ligne de nuit"]
    assert second.content["changes"] == [
        "La proposition 2 devient la proposition 1.",
        "La proposition 1 devient la proposition 2.",
        "Le chapitre 2 devient le chapitre 1\u00a0: Se former.",
        "Le chapitre 1 devient le chapitre 2\u00a0: Aller travailler.",
    ]


def test_page_pdf_and_word_say_the_same_order(reordered, client):
    paper, _, _, second = reordered
    page = client.get(reverse("advocacy:public", args=[paper.pk])).content.decode()
    expected = ["Proposition 1. Un plateau mobile", "Proposition 2. Une ligne de nuit"]
    for said in (page, word_text(second), pdf_text(second)):
        places = [said.rindex(each) for each in expected]
        assert places == sorted(places)


def test_a_proposal_leads_to_its_place_in_the_published_edition(reordered, author, seat, client):
    paper, ask, *_ = reordered
    order.move_chapter(seat, ask.chapter_id, up=True, at=NOW)  # since the edition: it is the first again
    assert proposal_sheet(author, ask.pk).printed == ((1, "p1"), (2, "p2"))
    client.force_login(author.user)
    page = client.get(reverse("advocacy:proposal", args=[ask.pk])).content.decode()
    assert f"{reverse('advocacy:public', args=[paper.pk])}?edition=2#p2" in page


def word_text(edition):
    document = docx.Document(storage.full_path(edition.word.path))
    return "\n".join(each.text for each in document.paragraphs)


def pdf_text(edition):
    reader = pypdf.PdfReader(storage.full_path(edition.pdf.path))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_head_puts_a_white_paper_in_order_from_its_page(plan, seat, paper, client):
    client.force_login(seat.user)
    page = client.get(reverse("advocacy:order", args=[paper.pk])).content.decode()
    assert (page.count("Monter<span"), page.count("Descendre<span")) == (3, 3)  # two proposals and one chapter each way
    where = reverse("advocacy:proposal-move", args=[one("A2").pk, "monter"])
    answer = client.post(where)
    assert answer.url.endswith(f"#proposition-{one('A2').pk}")
    client.post(reverse("advocacy:proposal-move", args=[one("A2").pk, "chapitre"]), {"chapitre": plan[1].pk})
    client.post(reverse("advocacy:chapter-move", args=[plan[1].pk, "monter"]))
    assert numbered(paper) == ["1 B1", "2 B2", "3 A2", "4 A1"]
    mistake = one("B1").pk
    assert (
        "Supprimer la proposition 1" in client.get(reverse("advocacy:proposal-remove", args=[mistake])).content.decode()
    )
    client.post(reverse("advocacy:proposal-remove", args=[mistake]))
    assert numbered(paper) == ["1 B2", "2 A2", "3 A1"]
