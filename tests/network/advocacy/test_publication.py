"""Before an edition is frozen, then before it is published: nothing without its source, nobody without an answer."""

import re
from datetime import timedelta

import docx
import pypdf
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from dentelle.foundations.documents import storage
from dentelle.foundations.messages.models import Message
from dentelle.network.advocacy.actions import contributions, editions, ideas, papers, proposals
from dentelle.network.advocacy.actions.papers import Asked
from dentelle.network.advocacy.awaited import head_awaits
from dentelle.network.advocacy.content import cited
from dentelle.network.advocacy.models import Call, Consent, ContributionState, PaperState, Proposal, WhitePaper
from dentelle.network.advocacy.queries.editions import editions_of, pending
from dentelle.network.advocacy.readiness import gaps
from dentelle.network.advocacy.refusals import AdvocacyRefused
from dentelle.rules.disclosure import published_minimum
from dentelle.rules.wording import day
from tests.factories import NOW, MembershipFactory
from tests.network.advocacy import making
from tests.network.governance import making as governance
from tests.network.tour import making as tour

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


def at(name, *args):
    return reverse(f"advocacy:{name}", args=args)


@pytest.fixture
def whole(author, seat):
    return making.whole(seat, author)


@pytest.fixture
def head(seat, client):
    """The browser of the head of the network, on that day."""
    client.force_login(seat.user)
    with time_machine.travel(NOW):
        yield client


def text_of(page):
    return page.content.decode().partition("<main")[2].partition("</main>")[0]


def pdf_of(edition):
    return " ".join(each.extract_text() for each in pypdf.PdfReader(storage.full_path(edition.pdf.path)).pages)


# -- frozen: each sentence has its source, or says why not


def test_a_sentence_without_marker_keeps_an_edition_from_being_made_until_it_says_why(whole, seat):
    paper, _, ask = whole
    making.written(seat, ask, finding="Tout ferme tôt. Les bus manquent [1].")
    [gap] = gaps(paper)
    assert (gap.words, gap.sentences) == ("Proposition 1\u00a0: 1\u00a0phrase sans source.", ("Tout ferme tôt.",))
    with pytest.raises(AdvocacyRefused, match="1\u00a0phrase sans source"):
        making.edition(seat, paper)
    proposals.say_unsourced(seat, ask.pk, sentences=["Tout ferme tôt."], because="Chacun le voit.", at=NOW)
    assert gaps(paper) == ()
    making.edition(seat, paper)


def test_a_proposal_without_any_source_says_so(whole, seat):
    paper, _, _ = whole
    making.written(seat, making.proposal(seat, paper, title="Nue"), measure="Décaler les horaires.")
    assert [each.words for each in gaps(paper)] == ["La proposition 2 ne s’appuie sur aucune source (1\u00a0phrase)."]


def test_a_source_no_sentence_names_is_told_and_neither_printed_nor_said_cited(whole, author, seat, head):
    paper, _, ask = whole
    idle = making.received(seat, author, paper, proposal="Une voix que rien ne nomme")
    proposals.cite(seat, ask.pk, kind="contribution", key=idle.pk, excerpt="", at=NOW)
    papers.close_call(seat, paper.pk, at=NOW)
    page = text_of(head.get(at("editions", paper.pk)))
    assert "Proposition 1\u00a0: aucune phrase ne nomme la source [2]." in page
    assert f"{at('proposal', ask.pk)}#sources" in page
    made = making.edition(seat, paper, published=False)
    assert [each["number"] for each in cited(made.content)] == [1]
    assert "[2]" not in pdf_of(made)
    assert [each.pk for each in pending(paper, made).left_out] == [idle.pk]


def test_an_empty_chapter_keeps_an_edition_from_being_made_until_it_is_filled_or_removed(whole, seat, head):
    paper, _, ask = whole
    empty = making.chapter(seat, paper, "Chapitre de trop")
    papers.close_call(seat, paper.pk, at=NOW)
    page = text_of(head.get(at("editions", paper.pk)))
    assert "Le chapitre 2 est vide" in page
    assert f"{at('order', paper.pk)}#chapitre-{empty.pk}" in page
    with pytest.raises(AdvocacyRefused, match="Le chapitre 2 est vide"):
        making.edition(seat, paper)
    assert "Supprimer le chapitre</button>" in text_of(head.get(at("chapter", empty.pk)))
    assert "Supprimer le chapitre</button>" not in text_of(head.get(at("chapter", ask.chapter_id)))
    head.post(at("chapter-move", empty.pk, "supprimer"))
    assert [each["rank"] for each in making.edition(seat, paper).content["chapters"]] == [1]


def test_a_proposal_that_says_why_it_has_no_source_no_longer_awaits_one(whole, seat):
    paper, _, _ = whole
    made = making.written(seat, making.proposal(seat, paper, title="Nue"), measure="Décaler les horaires.")

    def awaited():
        return [line.subject for line in head_awaits(seat, NOW) if line.kind == "proposal.uncited"]

    assert awaited() == ["Nue"]
    making.unsourced(seat, made)
    assert awaited() == []


def test_a_sentence_written_otherwise_is_owed_its_reason_again(whole, seat):
    paper, _, ask = whole
    making.written(seat, ask, finding="Tout ferme tôt.")
    making.unsourced(seat, ask)
    making.written(seat, ask, finding="Tout ferme trop tôt.")
    assert [each.sentences for each in gaps(paper)] == [("Tout ferme trop tôt.",)]


@pytest.mark.parametrize("because", ["", "  "])
def test_an_empty_reason_is_none(because, whole, seat):
    _, _, ask = whole
    making.written(seat, ask, finding="Tout ferme tôt.")
    with pytest.raises(AdvocacyRefused) as refused:
        proposals.say_unsourced(seat, ask.pk, sentences=["Tout ferme tôt."], because=because, at=NOW)
    assert refused.value.field == "because"


def test_a_legal_reference_does_not_cut_a_sentence_in_two(whole, seat):
    paper, _, ask = whole
    making.written(seat, ask, measure="L’article L. 5132-1 et l’art. 35 s’appliquent [1].")
    assert gaps(paper) == ()


def test_page_pdf_and_word_print_why_a_sentence_has_no_source(whole, seat, client):
    paper, _, ask = whole
    making.written(seat, ask, finding="Tout ferme tôt.")
    making.unsourced(seat, ask, "Chacun le voit.")
    made = making.edition(seat, paper)
    page = client.get(at("public", paper.pk)).content.decode()
    word = "\n".join(each.text for each in docx.Document(storage.full_path(made.word.path)).paragraphs)
    pdf = " ".join(each.extract_text() for each in pypdf.PdfReader(storage.full_path(made.pdf.path)).pages)
    for said in (page, word, pdf):
        assert "Dit sans source" in said
        assert "Chacun le voit." in said


def words_of(edition):
    return docx.Document(storage.full_path(edition.word.path))


def test_the_word_document_has_the_parts_of_the_pdf(whole, seat, settings):
    paper, _, ask = whole
    making.written(seat, ask, finding="Les bus manquent [1].")
    made = making.edition(seat, paper)
    word = words_of(made)
    headings = [each.text for each in word.paragraphs if each.style.name.startswith("Heading")]
    assert headings == [
        "Sommaire",
        "1. Aller travailler",
        "Proposition 1. Une ligne de nuit",
        "Constat",
        "Mesure",
        "D’où elle vient",
        "Annexe. Les preuves, et ce qu’elles portent",
        "Contributions",
        "À propos de cette édition",
    ]
    said = [each.text for each in word.paragraphs]
    assert said.count("Proposition 1. Une ligne de nuit") == 2  # in the summary, then in its place
    assert f"Page en ligne\u00a0: {settings.DENTELLE_SITE}{at('public', paper.pk)}?edition=1" in said
    assert word.tables[-1].cell(1, 1).text == "proposition 1 [1]"


def test_the_contents_and_the_markers_of_the_word_document_lead_where_they_say(whole, seat, settings):
    paper, _, ask = whole
    proposals.write_proposal(
        seat,
        ask.pk,
        proposals.Draft("Bus & <trains>", ask.chapter, finding="Les bus manquent [1]. Ici [1].", measure="Oui [1]."),
        expected_revision=Proposal.objects.get(pk=ask.pk).revision,
        at=NOW,
    )
    word = words_of(making.edition(seat, paper))
    places = {each.get(qn("w:name")): each.getparent() for each in word.element.iter(qn("w:bookmarkStart"))}
    numbers = [each.get(qn("w:id")) for each in word.element.iter(qn("w:bookmarkStart"))]
    assert len(set(numbers)) == len(numbers) == len(places)
    links = [
        (each.style.name, link.text, Paragraph(places[link.fragment], None).text)
        for each in word.paragraphs
        for link in each.hyperlinks
        if link.fragment and not link.address
    ]
    assert links[:4] == [
        ("toc 1", "1. Aller travailler", "1. Aller travailler"),
        ("toc 2", "Proposition 1. Bus & <trains>", "Proposition 1. Bus & <trains>"),
        ("toc 1", *["Annexe. Les preuves, et ce qu’elles portent"] * 2),
        ("toc 1", *["À propos de cette édition"] * 2),
    ]
    assert [(text, target[:3]) for _, text, target in links[4:]] == [("[1]", "[1]")] * 3
    online = [link.url for each in word.paragraphs for link in each.hyperlinks if link.address]
    address = f"{settings.DENTELLE_SITE}{at('public', paper.pk)}?edition=1"
    assert online == [f"{address}#p1", address]


def test_page_and_files_say_the_day_it_was_frozen_and_the_page_the_day_it_was_published(whole, seat, client):
    paper, _, _ = whole
    made = making.edition(seat, paper, published=False)
    editions.publish(seat, made.pk, at=NOW + timedelta(days=1))
    frozen, published = (" ".join(day(NOW.date() + timedelta(days=rank)).split()) for rank in range(2))
    page = client.get(at("public", paper.pk)).content.decode()
    assert f"arrêtée le {frozen} et publiée le {published}" in " ".join(page.split())
    word = " ".join(each.text for each in words_of(made).paragraphs)
    for said in (word, pdf_of(made)):
        assert f"arrêtée le {frozen}" in " ".join(said.split())


def test_pdf_and_word_are_printed_with_one_punctuation(whole, seat):
    paper, _, ask = whole
    figure = making.figure(seat, paper)
    type(figure).objects.update(definition="Chantiers connus", source="DREAL")
    proposals.cite(seat, ask.pk, kind="figure", key=figure.pk, excerpt="", at=NOW)
    making.written(seat, ask, finding="Tout ferme tôt. Rien n’ouvre. Un emploi sur huit [2].")
    making.unsourced(seat, ask, "Chacun le voit")
    made = making.edition(seat, paper)
    word = "\n".join(each.text for each in words_of(made).paragraphs)
    pdf = " ".join(pdf_of(made).split())
    for said in (" ".join(word.split()), pdf):
        assert "Chantiers connus. Source : DREAL, au" in said
        assert "« Tout ferme tôt », « Rien n’ouvre », parce que : Chacun le voit." in said
        assert re.search(r"envoyée le [^«]* : « Ouvrir une ligne", said)
    assert "Ce qu’elle demande" not in pdf


def test_the_page_of_editions_lists_what_is_missing_with_where_it_is_mended(whole, seat, head):
    paper, _, ask = whole
    making.written(seat, ask, finding="Tout ferme tôt.")
    papers.close_call(seat, paper.pk, at=NOW)
    page = text_of(head.get(at("editions", paper.pk)))
    assert "Arrêter une édition</button>" not in page
    assert f"{at('proposal', ask.pk)}#sans-source" in page
    form = text_of(head.get(at("proposal", ask.pk)))
    assert "Tout ferme tôt." in form.partition('id="sans-source"')[2]
    assert head.post(at("unsourced", ask.pk), {"sentences": ["Tout ferme tôt."], "because": " "}).status_code == 422
    head.post(at("unsourced", ask.pk), {"sentences": ["Tout ferme tôt."], "because": "Chacun le voit."})
    assert "Arrêter une édition</button>" in text_of(head.get(at("editions", paper.pk)))


# -- published: nobody is left without answer


@pytest.fixture
def unanswered(whole, seat):
    """A frozen edition, one contribution received, two under ideas nobody decided: (paper, edition, the three)."""
    paper, _, _ = whole
    loose = making.received(seat, governance.official(), paper, proposal="Pas rangée")
    grouped = making.received(seat, governance.official(), paper, proposal="Pas discutée")
    making.idea(seat, paper, grouped, title="À discuter")
    talked = making.received(seat, governance.official(), paper, proposal="Pas décidée")
    making.discussed(seat, paper, talked, title="À décider")
    return paper, making.edition(seat, paper, published=False), (loose, grouped, talked)


def test_a_publication_waits_until_each_contribution_left_out_has_its_reason(unanswered, seat):
    paper, edition, left = unanswered
    with pytest.raises(AdvocacyRefused, match="3\u00a0contributions reçues ne sont pas reprises"):
        editions.publish(seat, edition.pk, at=NOW)
    keys = [each.pk for each in left]
    editions.say_why_left_out(seat, edition.pk, keys=keys[:2], because="Hors du champ de cette édition.", at=NOW)
    editions.say_why_left_out(seat, edition.pk, keys=keys[2:], because="À discuter encore.", at=NOW)
    editions.publish(seat, edition.pk, at=NOW)
    assert [each.news.last().words for each in left] == [
        "Hors du champ de cette édition.",
        "Hors du champ de cette édition.",
        "À discuter encore.",
    ]
    assert "À discuter encore." in Message.objects.filter(to=left[2].author.email).latest("pk").text
    assert not pending(paper, edition).left_out


def test_before_publishing_the_head_reads_who_would_have_no_answer_and_gives_one_reason_for_several(unanswered, head):
    _, edition, left = unanswered
    page = text_of(head.get(at("publish", edition.pk)))
    for words in ("À discuter", "À décider", "Pas rangée", "Pas décidée"):
        assert words in page
    assert "Publier cette édition</button>" not in page
    head.post(at("say-why", edition.pk), {"contributions": [each.pk for each in left], "because": "Plus tard."})
    page = text_of(head.get(at("publish", edition.pk)))
    assert "Publier cette édition</button>" in page
    head.post(at("publish", edition.pk))
    left[0].refresh_from_db()
    assert left[0].state == ContributionState.NOT_CITED


def test_a_reason_is_not_empty_and_is_for_those_checked(unanswered, head):
    _, edition, left = unanswered
    answer = head.post(at("say-why", edition.pk), {"contributions": [left[0].pk], "because": " "})
    assert answer.status_code == 422
    assert head.post(at("say-why", edition.pk), {"because": "Plus tard."}).status_code == 422


def test_an_edition_is_published_in_one_step_when_everybody_has_an_answer(whole, seat, head):
    paper, _, _ = whole
    edition = making.edition(seat, paper, published=False)
    assert "Chaque contribution a sa réponse" in head.get(at("publish", edition.pk)).content.decode()
    head.post(at("publish", edition.pk))
    assert head.get(at("publish", edition.pk)).url == at("editions", paper.pk)
    paper.refresh_from_db()
    assert paper.state == PaperState.PUBLISHED


# -- published: everybody was read


def sent_back(seat, paper, author):
    sent = making.sent(author, paper, proposal="À reprendre")
    return contributions.send_back(seat, sent.pk, words="Ne nommez personne.", at=NOW)


def test_an_edition_is_frozen_once_all_that_was_sent_is_read_and_counts_what_was_received(whole, seat, head):
    paper, _, _ = whole
    waiting = making.sent(governance.official(), paper, proposal="Pas lue")
    sent_back(seat, paper, governance.official())
    papers.close_call(seat, paper.pk, at=NOW)
    with pytest.raises(AdvocacyRefused, match="personne n’a lue"):
        editions.make_edition(seat, paper.pk, at=NOW)
    page = text_of(head.get(at("editions", paper.pk)))
    assert "Arrêter une édition</button>" not in page
    assert "contribution que personne n’a lue" in page
    assert at("moderation", paper.pk) in page
    contributions.set_aside(seat, waiting.pk, reason="Du ressort de la région.", at=NOW)
    made = editions.make_edition(seat, paper.pk, at=NOW)
    assert made.content["received"]["contributions"] == 2  # the one sent back is with its author


def test_an_edition_is_not_published_while_a_contribution_come_back_is_unread(whole, seat, head):
    paper, _, _ = whole
    author = governance.official()
    back = sent_back(seat, paper, author)
    edition = making.edition(seat, paper, published=False)
    contributions.write(author, paper.pk, making.words(proposal="Repris"), at=NOW, send=True, pk=back.pk)
    with pytest.raises(AdvocacyRefused, match="personne n’a lue"):
        editions.publish(seat, edition.pk, at=NOW)
    page = text_of(head.get(at("publish", edition.pk)))
    assert "Publier cette édition</button>" not in page
    assert "contribution que personne n’a lue" in page
    contributions.set_aside(seat, back.pk, reason="Du ressort de la région.", at=NOW)
    assert "Publier cette édition</button>" in text_of(head.get(at("publish", edition.pk)))
    assert editions.publish(seat, edition.pk, at=NOW).published_on == TODAY


# -- a call closed too soon


def test_a_call_closed_too_soon_opens_again_until_an_edition_is_published(author, whole, seat, head):
    paper, _, _ = whole
    papers.close_call(seat, paper.pk, at=NOW)
    with pytest.raises(AdvocacyRefused, match="pas ouvert"):
        making.sent(author, paper, proposal="Trop tard")
    page = text_of(head.get(at("call", paper.pk)))
    assert "Rouvrir l’appel</button>" in page
    asked = {"words": "Encore.", "opens_on": TODAY, "closes_on": TODAY + timedelta(days=9)}
    asked["opened"] = Call.objects.get().revision
    assert head.post(at("call", paper.pk), asked).status_code == 302
    in_time = making.sent(author, paper, proposal="À temps")
    contributions.set_aside(seat, in_time.pk, reason="Déjà dit.", at=NOW)
    edition = making.edition(seat, paper, published=False)
    opened = Call.objects.get().revision
    papers.open_call(seat, paper.pk, Asked("Encore.", TODAY, TODAY), expected_revision=opened, at=NOW)
    with pytest.raises(AdvocacyRefused, match="rouvert"):
        editions.publish(seat, edition.pk, at=NOW)
    papers.close_call(seat, paper.pk, at=NOW)
    editions.publish(seat, edition.pk, at=NOW)
    with pytest.raises(AdvocacyRefused, match="l’appel est passé"):
        papers.open_call(seat, paper.pk, Asked("Encore.", TODAY, TODAY), at=NOW)
    assert "ne se rouvre plus" in head.get(at("call", paper.pk)).content.decode()


# -- words taken back


def test_the_page_of_editions_says_the_files_are_withheld_and_a_new_edition_gives_them_back(author, whole, seat, head):
    paper, contribution, _ = whole
    making.edition(seat, paper)
    contributions.change_consent(author, contribution.pk, consent=Consent.UNQUOTED, at=NOW)
    assert "le PDF et le Word ne se téléchargent plus" in text_of(head.get(at("editions", paper.pk)))
    second = making.edition(seat, paper)
    rows = editions_of(seat, paper).rows
    assert [(each.edition, each.taken_back, each.is_latest) for each in rows] == [
        (second, 0, True),
        (rows[1].edition, 1, False),
    ]


def test_an_edition_that_quotes_somebody_who_took_their_words_back_is_not_published(author, whole, seat):
    paper, contribution, _ = whole
    edition = making.edition(seat, paper, published=False)
    contributions.change_consent(author, contribution.pk, consent=Consent.UNQUOTED, at=NOW)
    with pytest.raises(AdvocacyRefused, match="repris ses mots"):
        editions.publish(seat, edition.pk, at=NOW)


# -- days


def test_a_session_held_before_the_contributions_cannot_have_discussed_them(author, seat):
    paper = making.opened(seat)
    idea = making.idea(seat, paper, making.received(seat, author, paper))
    session = making.session(seat, at=NOW - timedelta(days=2))
    with pytest.raises(AdvocacyRefused, match="d’avant les contributions"):
        ideas.discuss(seat, idea.pk, session_pk=session.pk, words="", at=NOW)


def test_one_sent_after_the_session_is_not_said_to_be_discussed(author, seat):
    paper = making.opened(seat)
    first = making.received(seat, author, paper)
    later = NOW + timedelta(days=3)
    second = making.received(seat, author, paper, at=later, proposal="Plus tard")
    idea = making.idea(seat, paper, first, second)
    session = making.session(seat, at=NOW + timedelta(days=1))
    ideas.discuss(seat, idea.pk, session_pk=session.pk, words="", at=later)
    for each in (first, second):
        each.refresh_from_db()
    assert (first.state, second.state) == (ContributionState.DISCUSSED, ContributionState.GROUPED)


def test_only_the_sessions_held_since_the_contributions_are_offered(author, seat, head):
    paper = making.opened(seat)
    idea = making.idea(seat, paper, making.received(seat, author, paper))
    making.session(seat, at=NOW - timedelta(days=2))
    assert "Aucune séance n’a eu lieu depuis" in text_of(head.get(at("idea", idea.pk)))
    making.session(seat)
    assert "Noter la discussion</button>" in text_of(head.get(at("idea", idea.pk)))


def test_a_paper_is_not_carried_nor_followed_before_it_is_published(whole, seat):
    paper, _, ask = whole
    making.edition(seat, paper)
    before = TODAY - timedelta(days=1)
    with pytest.raises(AdvocacyRefused, match="n’est publié que depuis"):
        editions.carry(seat, paper.pk, to_whom="Ministre", carried_on=before, by_whom="", at=NOW)
    with pytest.raises(AdvocacyRefused, match="n’est publié que depuis"):
        editions.follow_up(seat, ask.pk, state="engaged", on=before, words="", source="JO", at=NOW)


# -- few people


@pytest.mark.parametrize("unit", ["personnes", "habitants"])
def test_a_count_of_few_people_is_not_taken(unit, author, seat):
    paper = making.opened(seat)
    typed = proposals.Typed("Refus d’un poste", "4", unit, "Un trimestre.", "Relevé", TODAY)
    with pytest.raises(AdvocacyRefused, match="laisse deviner qui") as refused:
        proposals.take_figure(seat, paper.pk, typed, at=NOW)
    assert refused.value.field == "value"


def test_a_count_taken_before_that_rule_is_not_printed(whole, seat):
    paper, _, ask = whole
    figure = making.figure(seat, paper)
    proposals.cite(seat, ask.pk, kind="figure", key=figure.pk, excerpt="", at=NOW)
    type(figure).objects.update(value=str(published_minimum() - 1), unit="personnes")
    with pytest.raises(AdvocacyRefused, match="trop peu de personnes"):
        making.edition(seat, paper)


# -- the same words twice


def test_the_same_words_sent_again_are_not_a_second_contribution(author, seat):
    paper = making.opened(seat)
    making.sent(author, paper)
    with pytest.raises(AdvocacyRefused, match="déjà envoyé ces mêmes mots"):
        making.sent(author, paper)
    making.sent(governance.official(structure=author.structure), paper)  # somebody else may say the same


def test_a_draft_kept_again_is_the_same_draft(author, seat):
    paper = making.opened(seat)
    drafts = {contributions.write(author, paper.pk, making.words(proposal=""), at=NOW, send=False).pk for _ in range(2)}
    assert len(drafts) == 1


# -- ways in


def test_a_contribution_leads_the_head_and_members_each_to_their_page_of_a_sheet(author, seat, client):
    from tests.practices import making as practices

    writer = MembershipFactory(structure=author.structure, facilitator=True)
    practice = practices.published(writer)
    paper = making.opened(seat)
    received = making.received(seat, author, paper, practices=[practice.published])
    for reader, name in ((seat, "practices:head-detail"), (writer, "practices:detail")):
        client.force_login(reader.user)
        address = reverse(name, args=[practice.pk])
        assert f'href="{address}"' in client.get(at("contribution", received.pk)).content.decode()
        assert client.get(address).status_code == 200


def test_the_page_of_an_edition_shows_no_address_of_the_network_to_people_of_another(whole, seat, stranger, client):
    paper, contribution, _ = whole
    making.edition(seat, paper)
    client.force_login(stranger.user)
    assert at("contribution", contribution.pk) not in client.get(at("public", paper.pk)).content.decode()
    client.force_login(seat.user)
    assert at("contribution", contribution.pk) in client.get(at("public", paper.pk)).content.decode()


def test_anybody_reads_an_open_call_and_a_member_answers_it_from_there(author, seat, client):
    paper = making.opened(seat)
    making.sent(author, paper, finding="Mots de la contribution")
    with time_machine.travel(NOW):
        page = client.get(at("public-call", paper.pk)).content.decode()
        assert "Dites ce que vous voyez." in page
        assert "Se connecter pour contribuer" in page
        assert "Mots de la contribution" not in page
        client.force_login(author.user)
        assert ">Contribuer</a>" in client.get(at("public-call", paper.pk)).content.decode()
    with time_machine.travel(NOW - timedelta(days=2)):
        assert client.get(at("public-call", paper.pk)).status_code == 404


def test_the_public_page_of_a_network_tells_its_open_call_then_its_edition(author, whole, seat, client):
    from dentelle.network.members.actions import open_to_anyone

    paper, _, _ = whole
    open_to_anyone(seat, words="", at=NOW)
    address = reverse("members:public", args=[seat.network_id])
    with time_machine.travel(NOW):
        assert at("public-call", paper.pk) in client.get(address).content.decode()
        making.edition(seat, paper)
        page = client.get(address).content.decode()
    assert at("public-call", paper.pk) not in page
    assert at("public", paper.pk) in page


def test_the_public_pages_of_a_paper_lead_to_the_public_tours_of_its_network(author, whole, seat, client):
    paper, _, _ = whole
    stage = tour.stage(seat, state="draft", title="Étape à venir")
    address = reverse("tour:public", args=[stage.tour_id])
    with time_machine.travel(NOW):
        assert address not in client.get(at("public-call", paper.pk)).content.decode()
        tour.stage(seat, title="Étape annoncée")
        assert address in client.get(at("public-call", paper.pk)).content.decode()
        making.edition(seat, paper)
        assert address in client.get(at("public", paper.pk)).content.decode()


def test_the_head_of_a_new_network_takes_the_example_once(seat, author, head):
    assert "Charger le manifeste de 2022 pour exemple</button>" in text_of(head.get(at("list")))
    for _ in range(2):
        answer = head.post(at("load-example"))
    [paper] = WhitePaper.objects.filter(network=seat.network)
    assert answer.url == at("paper", paper.pk)
    assert (paper.is_example, paper.chapters.count(), paper.proposals.count()) == (True, 5, 25)
    page = text_of(head.get(at("list")))
    assert "Charger le manifeste" not in page
    assert "Commencer un livre blanc" in page
    head.force_login(author.user)
    assert head.post(at("load-example")).status_code == 404


def test_a_member_is_not_offered_the_example(author, client):
    client.force_login(author.user)
    assert "Charger le manifeste" not in text_of(client.get(at("list")))


def test_a_white_paper_of_the_same_title_keeps_its_place_before_the_example(seat, head):
    from dentelle.network.advocacy.examples import MANIFESTO_2022

    making.paper(seat, MANIFESTO_2022.title)
    assert head.post(at("load-example")).url == at("list")
    assert "qui n’est pas un exemple" in head.get(at("list")).content.decode()


def test_the_empty_slots_of_the_example_are_folded_under_their_sentence(author, seat, client):
    from dentelle.network.advocacy.examples import MANIFESTO_2022, add_example

    paper = add_example(seat, MANIFESTO_2022, at=NOW)
    client.force_login(author.user)
    page = text_of(client.get(at("paper", paper.pk)))
    assert "Leur nombre est connu, leur texte non" in page
    assert Proposal.objects.filter(paper=paper).count() == page.count("Proposition ") == 25
