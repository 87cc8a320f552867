"""From a sentence down to its origin and back up; editions that never change; what followed."""

import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.documents import storage
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions import contributions, editions, ideas, proposals
from dentelle.network.advocacy.content import changes, cited, digest
from dentelle.network.advocacy.examples import MANIFESTO_2022, add_example
from dentelle.network.advocacy.measures import asked, label_of
from dentelle.network.advocacy.models import Consent, ContributionState, Edition, PaperState
from dentelle.network.advocacy.queries.contributions import sheet_of
from dentelle.network.advocacy.queries.papers import paper_sheet, proposal_sheet, public_edition
from dentelle.network.advocacy.refusals import AdvocacyRefused
from dentelle.network.surveys.results import Outcome, Part
from tests.factories import NOW, MembershipFactory
from tests.network.advocacy import making
from tests.network.governance import making as governance
from tests.network.tour import making as tour
from tests.practices import making as practices

pytestmark = pytest.mark.django_db


def bytes_of(stored):
    return storage.full_path(stored.path).read_bytes()


def fetched(client, address):
    response = client.get(address)
    return response.status_code, b"".join(response)


@pytest.fixture
def whole(author, seat):
    """A proposal that leans on a contribution, a practice, a concern and a figure."""
    paper, contribution, ask = making.whole(seat, author)
    practice = practices.published(MembershipFactory(structure=author.structure, facilitator=True))
    concern = governance.concern(author)
    governance.gathered(seat, concern)
    figure = making.figure(seat, paper)
    for kind, key in (("practice", practice.pk), ("concern", concern.pk), ("figure", figure.pk)):
        proposals.cite(seat, ask.pk, kind=kind, key=key, excerpt="", at=NOW)
    making.written(
        seat,
        ask,
        finding="Les bus manquent [3]. Un emploi sur huit est de nuit [4].",
        measure="Ouvrir une ligne [1][2].",
    )
    return paper, contribution, ask


def test_each_sentence_leads_down_to_what_it_comes_from(whole, seat):
    _, _, ask = whole
    sheet = proposal_sheet(seat, ask.pk)
    assert [(source.said["kind"], source.sentences) for source in sheet.sources] == [
        ("contribution", ("Ouvrir une ligne.",)),
        ("practice", ("Ouvrir une ligne.",)),
        ("concern", ("Les bus manquent.",)),
        ("figure", ("Un emploi sur huit est de nuit.",)),
    ]


def test_and_back_up_its_author_reads_which_proposal_leans_on_it(whole, author, seat):
    paper, contribution, ask = whole
    making.edition(seat, paper)
    sheet = sheet_of(author, contribution.pk)
    assert [each.proposal.pk for each in sheet.cited_by] == [ask.pk]
    assert sheet.news[-1].sentence == "La proposition 1 s’appuie sur elle."
    contribution.refresh_from_db()
    assert contribution.state == ContributionState.CITED


def test_the_pages_of_the_practice_and_of_the_concern_say_which_proposal_cites_them(whole, author, client):
    _, _, ask = whole
    client.force_login(author.user)
    for citation in ask.citations.exclude(practice=None, concern=None):
        url = (
            reverse("practices:detail", args=[citation.practice.practice_id])
            if citation.practice
            else reverse("governance:concern", args=[citation.concern_id])
        )
        page = client.get(url).content.decode()
        assert f"{reverse('advocacy:proposal', args=[ask.pk])}#source-{citation.number}" in page


@pytest.mark.parametrize("name", ["finding", "measure"])
def test_a_marker_that_names_no_citation_is_refused_at_its_field(name, whole, seat):
    _, _, ask = whole
    with pytest.raises(
        AdvocacyRefused, match=r"\[9\] ne correspond à aucune citation.*\[1\], \[2\], \[3\], \[4\]"
    ) as no:
        making.written(seat, ask, **{name: "Une phrase [9]."})
    assert no.value.field == name


def test_a_citation_a_sentence_leans_on_is_not_taken_away(whole, seat):
    _, _, ask = whole
    leaned = ask.citations.get(number=1)
    with pytest.raises(AdvocacyRefused, match="s’appuie sur"):
        proposals.uncite(seat, leaned.pk, at=NOW)
    making.written(seat, ask, measure="Ouvrir une ligne.")
    proposals.uncite(seat, leaned.pk, at=NOW)
    assert not ask.citations.filter(number=1).exists()


def test_the_number_of_words_taken_back_is_not_given_to_something_else(author, seat):
    paper, contribution, ask = making.whole(seat, author)
    contributions.withdraw(author, contribution.pk, at=NOW)
    figure = making.figure(seat, paper)
    assert proposals.cite(seat, ask.pk, kind="figure", key=figure.pk, excerpt="", at=NOW).number == 2
    with pytest.raises(AdvocacyRefused, match=r"\[1\] n’est aucune de ses citations"):
        making.edition(seat, paper)


def test_the_public_annex_leads_to_the_sheets_open_to_anyone(whole, seat, client):
    paper, _, ask = whole
    making.edition(seat, paper)
    sheet = ask.citations.get(kind="practice").practice
    address, link = reverse("advocacy:public", args=[paper.pk]), reverse("practices:public", args=[sheet.practice_id])
    assert client.get(f"{link}?version={sheet.number}").status_code == 200
    assert f'href="{link}?version={sheet.number}"' in client.get(address).content.decode()
    type(sheet).objects.filter(pk=sheet.pk).update(content={**sheet.content, "licence": "network"})
    assert link not in client.get(address).content.decode()


def test_words_quoted_are_the_authors_own(author, seat):
    paper, contribution, _ = making.whole(seat, author)
    other = making.proposal(seat, paper, title="Une autre")
    with pytest.raises(AdvocacyRefused, match="ne sont pas ceux"):
        proposals.cite(seat, other.pk, kind="contribution", key=contribution.pk, excerpt="Ouvrir deux lignes", at=NOW)
    made = proposals.cite(seat, other.pk, kind="contribution", key=contribution.pk, excerpt="une ligne de nuit", at=NOW)
    assert made.excerpt == "une ligne de nuit"


@pytest.mark.parametrize(
    ("consent", "name", "words"), [("named", True, True), ("structure", False, True), ("unquoted", False, False)]
)
def test_an_edition_holds_no_name_nor_word_its_author_did_not_allow(consent, name, words, author, seat, client):
    paper, _contribution, _ = making.whole(seat, author, consent=consent)
    making.edition(seat, paper)
    page = client.get(reverse("advocacy:public", args=[paper.pk])).content.decode()
    assert ("Henri Sorin" in page, making.PROPOSAL in page) == (name, words)
    assert (author.structure.name in page) == words
    content = str(Edition.objects.get().content)
    assert ("Henri Sorin" in content, making.PROPOSAL in content) == (name, words)


def test_words_taken_back_after_publication_disappear_and_the_files_wait(whole, author, seat, client):
    paper, contribution, _ = whole
    making.edition(seat, paper)
    address = reverse("advocacy:public", args=[paper.pk])
    file = reverse("advocacy:public-file", args=[paper.pk, "pdf"])
    assert "Henri Sorin" in client.get(address).content.decode()
    assert fetched(client, file)[0] == 200
    contributions.change_consent(author, contribution.pk, consent=Consent.UNQUOTED, at=NOW)
    page = client.get(address).content.decode()
    assert "Henri Sorin" not in page
    assert making.PROPOSAL not in page
    for old in (file, f"{file}?edition=1"):
        answer = client.get(old)
        assert answer.status_code == 410
        assert "L’édition 1 est retirée" in answer.content.decode()
    assert f"{address}?edition=1" in answer.content.decode()
    assert client.get(reverse("advocacy:public-file", args=[paper.pk, "odt"])).status_code == 404
    making.edition(seat, paper)
    assert fetched(client, file)[0] == 200
    assert "Lire l’édition 2, qui la remplace" in client.get(f"{file}?edition=1").content.decode()


def test_an_edition_never_changes_and_gives_the_same_bytes_again(whole, seat, client):
    paper, _, ask = whole
    made = making.edition(seat, paper)
    address = reverse("advocacy:public-file", args=[paper.pk, "pdf"])
    before = fetched(client, address)[1]
    assert digest(made.content) == made.sha256
    assert hashlib.sha256(before).hexdigest() == made.pdf.sha256
    making.written(seat, ask, measure="Tout autre chose.")
    assert fetched(client, address)[1] == before
    assert public_edition(paper.pk, None).is_intact


def test_the_next_edition_says_what_changed(whole, seat):
    paper, _, ask = whole
    making.edition(seat, paper)
    with pytest.raises(AdvocacyRefused, match="Rien n’a changé"):
        editions.make_edition(seat, paper.pk, at=NOW)
    making.written(seat, ask, measure="Ouvrir deux lignes [1].")
    added = making.written(seat, making.proposal(seat, paper, title="Des horaires"), measure="Décaler les horaires.")
    making.unsourced(seat, added)
    second = editions.make_edition(seat, paper.pk, at=NOW)
    assert (second.number, second.content["changes"]) == (
        2,
        [
            "Proposition 2 ajoutée\u00a0: Des horaires.",
            "Dans la proposition 1, le constat, la mesure et les sources ont changé.",
        ],
    )


def test_the_next_edition_says_which_chapter_is_gone():
    def content(*titles):
        return {
            "chapters": [
                {"rank": rank, "title": title, "introduction": [], "proposals": []}
                for rank, title in enumerate(titles, 1)
            ]
        }

    assert changes(content("Un", "Deux", "Trois"), content("Un", "Trois")) == [
        "Le chapitre 3 devient le chapitre 2\u00a0: Trois.",
        "Chapitre 2 retiré\u00a0: Deux.",
    ]
    assert changes(content("Un", "Deux"), content("Un", "Autre")) == ["Chapitre 2, titre ou introduction modifiés."]


def test_pdf_and_word_say_the_same_as_the_page(whole, seat):
    paper, _, _ = whole
    made = making.edition(seat, paper)
    pdf = bytes_of(made.pdf)
    assert pdf.startswith(b"%PDF-")
    assert b"pdfuaid" in pdf
    assert bytes_of(made.word).startswith(b"PK")


def test_an_edition_needs_a_chapter_and_a_measure_for_each_proposal(author, seat):
    paper, _, _ = making.whole(seat, author)
    proposals.open_proposal(seat, paper.pk, title="Sans chapitre", chapter=None, idea=None, at=NOW)
    with pytest.raises(AdvocacyRefused, match="proposition 2 n’est dans aucun chapitre"):
        making.edition(seat, paper)


def test_nobody_reads_an_edition_before_it_is_published(whole, seat, client):
    paper, _, _ = whole
    making.edition(seat, paper, published=False)
    assert client.get(reverse("advocacy:public", args=[paper.pk])).status_code == 404
    assert client.get(reverse("advocacy:public-file", args=[paper.pk, "pdf"])).status_code == 404


def test_one_no_proposal_leans_on_is_told_so_once(author, seat):
    paper, _, _ = making.whole(seat, author)
    other = making.received(seat, governance.official(), paper)
    made = making.edition(seat, paper, published=False)
    editions.say_why_left_out(seat, made.pk, keys=[other.pk], because="Déjà dit ailleurs.", at=NOW)
    editions.publish(seat, made.pk, at=NOW)
    other.refresh_from_db()
    assert other.state == ContributionState.NOT_CITED
    assert list(other.news.values_list("kind", "words"))[-1] == ("not_cited", "Déjà dit ailleurs.")
    assert list(other.news.values_list("kind", flat=True)) == ["sent", "moderated", "not_cited"]


def test_one_that_comes_back_after_a_publication_waits_to_be_read_and_is_not_shown(author, seat):
    paper, _, _ = making.whole(seat, author)
    writer = governance.official()
    waiting = making.sent(writer, paper)
    contributions.send_back(seat, waiting.pk, words="Pas de nom.", at=NOW)
    making.edition(seat, paper)
    named = making.words(finding="Monsieur Durand refuse tout.")
    contributions.write(writer, paper.pk, named, at=NOW, send=True, pk=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == ContributionState.SUBMITTED
    assert (
        not access.contributions_visible_to(author).filter(pk=waiting.pk).exclude(structure=author.structure).exists()
    )


def test_a_figure_of_a_survey_says_alone_what_it_counts():
    whole, women, other = (
        Outcome(question, label, "count", 4)
        for question, label in enumerate(["Personnes en parcours", "Dont femmes", "Dont jeunes"])
    )
    part = Part("Les publics", (whole, women, other))
    assert [label_of(asked(part, each), part.title, "Enquête 2026") for each in part.outcomes] == [
        "Personnes en parcours (Les publics, Enquête 2026)",
        "Personnes en parcours, dont femmes (Les publics, Enquête 2026)",
        "Personnes en parcours, dont jeunes (Les publics, Enquête 2026)",
    ]
    assert asked(Part("", (women,)), women) == "Dont femmes"
    assert len(label_of("mot " * 100, "mot " * 100, "mot " * 100)) <= 240


def test_a_figure_keeps_its_value_until_somebody_takes_it_again(whole, author, seat):
    paper, _, _ask = whole
    figure = proposals.take_measure(seat, paper.pk, "network:members", at=NOW)
    before = figure.value
    governance.official()
    MembershipFactory(structure__name="Nouvelle structure", manager=True)
    figure.refresh_from_db()
    assert figure.value == before
    again = proposals.take_measure(seat, paper.pk, "network:members", at=NOW + timedelta(days=1), pk=figure.pk)
    assert int(again.value) > int(before)
    assert again.as_of == timezone.localdate(NOW + timedelta(days=1))


def test_what_became_of_a_proposal_is_told_to_those_it_leans_on(whole, author, seat):
    paper, contribution, ask = whole
    with pytest.raises(AdvocacyRefused, match="aucune édition publiée"):
        follow(seat, ask)
    making.edition(seat, paper)
    carried = editions.carry(
        seat, paper.pk, to_whom="Commission", carried_on=timezone.localdate(NOW), by_whom="", at=NOW
    )
    editions.answer(seat, carried.pk, words="Nous étudions.", answered_on=timezone.localdate(NOW), outcome="", at=NOW)
    follow(seat, ask)
    assert sheet_of(author, contribution.pk).news[-1].words == "Reprise. Dans la loi."


def follow(seat, ask):
    day = timezone.localdate(NOW)
    return editions.follow_up(seat, ask.pk, state="taken_up", on=day, words="Dans la loi.", source="JO", at=NOW)


def test_the_manifesto_of_2022_ships_with_what_is_known_and_nothing_else(seat):
    paper = add_example(seat, MANIFESTO_2022, at=NOW)
    assert add_example(seat, MANIFESTO_2022, at=NOW) == paper
    sheet = paper_sheet(seat, paper.pk, today=timezone.localdate(NOW))
    assert [bool(each.title) for each in sheet.chapters] == [True, False, False, False, False]
    assert (len(sheet.loose), {each.title for each in sheet.loose}) == (25, {""})
    assert public_edition(paper.pk, None) is None
    with pytest.raises(AdvocacyRefused, match="exemple"):
        editions.make_edition(seat, paper.pk, at=NOW)


def test_a_decided_idea_no_longer_changes(author, seat):
    paper = making.opened(seat)
    idea = making.retained(seat, paper, making.received(seat, author, paper))
    with pytest.raises(AdvocacyRefused, match="déjà retenue"):
        ideas.decide(seat, idea.pk, decision="set_aside", reason="Non", into=None, at=NOW)


def test_a_new_edition_leaves_the_paper_published(whole, seat):
    paper, _, ask = whole
    making.edition(seat, paper)
    making.written(seat, ask, measure="Ouvrir deux lignes [1].")
    editions.make_edition(seat, paper.pk, at=NOW)
    paper.refresh_from_db()
    assert paper.state == PaperState.PUBLISHED
    assert public_edition(paper.pk, None).edition.number == 1


def test_a_finding_of_the_tour_is_cited_and_says_so_on_its_page(whole, author, seat, client):
    paper, _, ask = whole
    found = tour.finding(tour.stage(seat, state="reported", days=-10))
    made = proposals.cite(seat, ask.pk, kind="finding", key=found.pk, excerpt="", at=NOW)
    making.written(seat, ask, measure=f"Ouvrir une ligne [1][{made.number}].")
    edition = making.edition(seat, paper)
    [said] = [each for each in cited(edition.content) if each["kind"] == "finding"]
    assert said["quote"] == found.text
    client.force_login(author.user)
    page = client.get(reverse("tour:finding", args=[found.pk])).content.decode()
    assert f"{reverse('advocacy:proposal', args=[ask.pk])}#source-{made.number}" in page


def test_a_finding_of_a_stage_that_did_not_take_place_is_not_cited(whole, seat):
    _, _, ask = whole
    found = tour.finding(tour.stage(seat))
    with pytest.raises(AdvocacyRefused, match="constat"):
        proposals.cite(seat, ask.pk, kind="finding", key=found.pk, excerpt="", at=NOW)
