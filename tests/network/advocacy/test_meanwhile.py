"""Two people write one text of a white paper: neither silently replaces what the other wrote."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from dentelle.foundations.journal.models import Entry
from dentelle.network.advocacy.actions import ideas, order, papers, proposals
from dentelle.network.advocacy.actions.papers import Asked
from dentelle.network.advocacy.models import Call, Chapter, Figure, Idea, Proposal, WhitePaper
from dentelle.network.advocacy.refusals import EditedMeanwhile
from tests import forms
from tests.factories import NOW, NetworkSeatFactory
from tests.forms import said_of, text
from tests.network.advocacy import making
from tests.network.governance import making as governance

pytestmark = pytest.mark.django_db
TODAY = governance.today()


def at(name, *args):
    return reverse(f"advocacy:{name}", args=args)


def sent_back(response, **typed):
    """What a browser sends of the form that writes a text, whichever it is."""
    page = text(response)
    return forms.sent_back(
        response, next(name for name in ("title", "words", "label") if f'name="{name}"' in page), **typed
    )


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def mine(seat, client_of):
    return client_of(seat)


@pytest.fixture
def hers(seat, client_of):
    """Another person who runs the network."""
    return client_of(NetworkSeatFactory(network=seat.network))


@pytest.fixture
def ask(seat, author) -> Proposal:
    _, _, made = making.whole(seat, author)
    return Proposal.objects.get(pk=made.pk)


# -- the acts


def test_a_proposal_written_twice_from_one_revision_keeps_the_first_writing(ask, seat):
    first = proposals.Draft("Le titre de la première", ask.chapter, measure="Ouvrir [1].")
    proposals.write_proposal(seat, ask.pk, first, expected_revision=ask.revision, at=NOW)
    told = Entry.objects.count()
    second = proposals.Draft("Le titre de la seconde", ask.chapter, measure="Fermer [1].")
    with pytest.raises(EditedMeanwhile) as conflict:
        proposals.write_proposal(seat, ask.pk, second, expected_revision=ask.revision, at=NOW)
    assert conflict.value.current.title == "Le titre de la première"
    kept = Proposal.objects.get(pk=ask.pk)
    assert (kept.title, kept.measure, kept.revision) == ("Le titre de la première", "Ouvrir [1].", ask.revision + 1)
    assert Entry.objects.count() == told


def test_a_chapter_written_twice_from_one_revision_keeps_the_first_writing(seat):
    chapter = making.chapter(seat, making.opened(seat))
    written = {"introduction": "", "axis": None, "pk": chapter.pk, "expected_revision": chapter.revision, "at": NOW}
    papers.write_chapter(seat, chapter.paper_id, title="Le premier", **written)
    with pytest.raises(EditedMeanwhile, match="Ce chapitre a été modifié"):
        papers.write_chapter(seat, chapter.paper_id, title="Le second", **written)
    assert Chapter.objects.get().title == "Le premier"


def test_a_refused_writing_takes_no_revision(ask, seat, mine):
    opened = mine.get(at("proposal-change", ask.pk))
    assert mine.post(at("proposal-change", ask.pk), sent_back(opened, measure="Une phrase [7].")).status_code == 422
    assert mine.post(at("proposal-change", ask.pk), sent_back(opened, measure="Une phrase [1].")).status_code == 302
    assert Proposal.objects.get().measure == "Une phrase [1]."


def test_a_proposal_put_elsewhere_is_not_put_back_by_who_was_writing_it(ask, seat, mine):
    opened = mine.get(at("proposal-change", ask.pk))
    other = making.chapter(seat, ask.paper, "Un autre chapitre")
    order.put_in_chapter(seat, ask.pk, other.pk, at=NOW)
    conflict = mine.post(at("proposal-change", ask.pk), sent_back(opened, title="Mon titre"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Chapitre") == ["Un autre chapitre"]
    assert mine.post(at("proposal-change", ask.pk), sent_back(conflict)).status_code == 302
    kept = Proposal.objects.get()
    assert (kept.title, kept.chapter_id) == ("Mon titre", other.pk)


def test_a_proposal_that_only_changes_rank_is_still_saved(ask, seat, mine):
    opened = mine.get(at("proposal-change", ask.pk))
    another = making.proposal(seat, ask.paper, title="Une autre")
    order.move_proposal(seat, another.pk, up=True, at=NOW)
    assert mine.post(at("proposal-change", ask.pk), sent_back(opened, title="Mon titre")).status_code == 302


# -- the page


def test_the_page_of_a_conflict_keeps_what_was_typed_and_shows_what_the_other_wrote(ask, mine, hers):
    address = at("proposal-change", ask.pk)
    opened = mine.get(address)
    assert hers.post(address, sent_back(hers.get(address), title="Son titre")).status_code == 302
    conflict = mine.post(address, sent_back(opened, title="Mon titre", finding="Mon constat, long à écrire."))
    assert conflict.status_code == 409
    assert "Cette proposition a été modifiée pendant que vous écriviez" in text(conflict)
    assert said_of(conflict, "Titre") == ["Son titre", "Mon titre"]
    assert "<h3>Constat</h3>" not in text(conflict)
    again = sent_back(conflict)
    assert (again["title"], again["finding"]) == (["Mon titre"], ["Mon constat, long à écrire."])
    assert Proposal.objects.get().title == "Son titre"


def test_saved_again_it_is_written_knowingly_and_what_was_left_alone_is_as_the_other_wrote_it(ask, mine, hers):
    address = at("proposal-change", ask.pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), title="Son titre", legal_vehicle="Son décret", level="regional"))
    conflict = mine.post(address, sent_back(opened, title="Mon titre"))
    assert said_of(conflict, "Niveau qui décide") == ["régional"]
    assert mine.post(address, sent_back(conflict)).status_code == 302
    kept = Proposal.objects.get()
    assert (kept.title, kept.legal_vehicle, kept.level) == ("Mon titre", "Son décret", "regional")


def test_a_third_writing_after_the_page_of_a_conflict_is_refused_again(ask, mine, hers):
    address = at("proposal-change", ask.pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), title="Son titre"))
    conflict = mine.post(address, sent_back(opened, title="Mon titre"))
    hers.post(address, sent_back(hers.get(address), title="Son titre, mieux"))
    assert mine.post(address, sent_back(conflict)).status_code == 409
    assert Proposal.objects.get().title == "Son titre, mieux"


def test_a_writing_of_the_same_words_says_that_no_word_changed(ask, mine, hers):
    address = at("proposal-change", ask.pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address)))
    conflict = mine.post(address, sent_back(opened, title="Mon titre"))
    assert "sans que ses mots changent" in text(conflict)
    assert mine.post(address, sent_back(conflict)).status_code == 302


def test_a_form_sent_without_its_revision_replaces_nothing(ask, mine):
    typed = {"title": "T", "level": "national", "chapter": ask.chapter_id, "opened": "²"}
    assert mine.post(at("proposal-change", ask.pk), typed).status_code == 409
    assert Proposal.objects.get().title == ask.title


def test_the_other_texts_of_a_white_paper_are_kept_the_same_way(seat, mine, hers):
    paper = making.opened(seat)
    chapter, idea, figure = making.chapter(seat, paper), making.idea(seat, paper), making.figure(seat, paper)
    cases = [
        (at("change", paper.pk), at("change", paper.pk), WhitePaper, "title", "aim", "Titre"),
        (at("chapter", chapter.pk), at("chapter", chapter.pk), Chapter, "title", "introduction", "Titre du chapitre"),
        (at("idea", idea.pk), at("idea-act", idea.pk, "nommer"), Idea, "title", "summary", "Nom de l’idée"),
        (at("figure-change", figure.pk), at("figure-change", figure.pk), Figure, "value", "source", "Valeur"),
    ]
    for page, address, model, name, other, label in cases:
        opened = mine.get(page)
        first = sent_back(hers.get(page), **{name: "Le sien", other: "Sa source"})
        assert hers.post(address, first).status_code == 302, address
        conflict = mine.post(address, sent_back(opened, **{name: "Le mien"}))
        assert conflict.status_code == 409, address
        assert said_of(conflict, label) == ["Le sien", "Le mien"]
        assert getattr(model.objects.get(), name) == "Le sien"
        assert mine.post(address, sent_back(conflict)).status_code == 302, address
        kept = model.objects.get()
        assert (getattr(kept, name), getattr(kept, other)) == ("Le mien", "Sa source")


def test_a_call_changed_twice_keeps_the_themes_each_person_chose(seat, mine, hers):
    paper = making.opened(seat)
    ours, theirs = governance.theme(seat, "Mobilité"), governance.theme(seat, "Logement")
    address = at("call", paper.pk)
    opened = mine.get(address)
    assert hers.post(address, sent_back(hers.get(address), themes=[theirs.pk])).status_code == 302
    conflict = mine.post(address, sent_back(opened, words="Mes mots"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Thèmes")[0] == "Logement"
    assert mine.post(address, sent_back(conflict)).status_code == 302
    call = Call.objects.get()
    assert (call.words, list(call.themes.all())) == ("Mes mots", [theirs])
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), words="Ses mots"))
    conflict = mine.post(address, sent_back(opened, themes=[ours.pk, theirs.pk]))
    assert mine.post(address, sent_back(conflict)).status_code == 302
    call = Call.objects.get()
    assert (call.words, {*call.themes.all()}) == ("Ses mots", {ours, theirs})


def test_a_call_launched_twice_is_not_launched_over_the_first(seat, mine, hers):
    governance.mandate(seat)
    paper = papers.open_paper(seat, title="Livre blanc 2028", aim="", at=NOW)
    opened = mine.get(at("call", paper.pk))
    asked = Asked("Ses mots", TODAY, TODAY + timedelta(days=20))
    papers.open_call(seat, paper.pk, asked, at=NOW)
    conflict = mine.post(at("call", paper.pk), sent_back(opened, words="Mes mots", closes_on="2026-12-31"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Ce que vous demandez") == ["Ses mots", "Mes mots"]
    assert Call.objects.get().words == "Ses mots"


def test_a_call_closed_meanwhile_is_not_opened_again_unawares(seat, mine):
    paper = making.opened(seat, days=20)
    opened = mine.get(at("call", paper.pk))
    papers.close_call(seat, paper.pk, at=NOW)
    assert mine.post(at("call", paper.pk), sent_back(opened, words="Mes mots")).status_code == 409
    assert Call.objects.get().closes_on == TODAY


def test_an_idea_decided_meanwhile_is_not_named_otherwise_and_the_page_says_so(seat, author, mine):
    paper = making.opened(seat)
    idea = making.discussed(seat, paper, making.received(seat, author, paper))
    opened = mine.get(at("idea", idea.pk))
    ideas.decide(seat, idea.pk, decision="retained", reason="", into=None, at=NOW)
    answer = mine.post(at("idea-act", idea.pk, "nommer"), sent_back(opened, title="Mon nom"))
    assert answer.status_code == 422
    assert "Cette idée est déjà retenue" in text(answer)
    assert Idea.objects.get().title == idea.title


# -- the browser


def test_what_the_browser_keeps_of_a_form_goes_with_the_revision_it_was_opened_at(ask, mine):
    """keep.js puts back a form whole, but for the fields it leaves out: the revision is not one of those."""
    page = text(mine.get(at("proposal-change", ask.pk)))
    script = (Path(__file__).parents[3] / "dentelle/web/static/dentelle/keep.js").read_text()
    left_out = re.search(r"LEFT_OUT = new Set\(\[(.*?)\]\)", script)
    assert left_out
    hidden = set(re.findall(r'<input type="hidden"\s+name="([\w-]+)"', page))
    assert {"opened", "initial-title"} <= hidden
    assert hidden & set(re.findall(r'"(\w+)"', left_out[1])) <= {"csrfmiddlewaretoken", "form_key"}
