"""The pages as each person meets them."""

import re

import pytest
import time_machine
from django.urls import reverse

from dentelle.foundations.search.queries import search
from dentelle.foundations.sent_forms.actions import FIELD
from dentelle.network.advocacy.actions import contributions
from dentelle.network.advocacy.models import Contribution, ContributionState, Idea, Proposal, WhitePaper
from dentelle.network.advocacy.queries.balance import balance_of
from dentelle.network.advocacy.queries.papers import paper_sheet
from dentelle.network.advocacy.refusals import AdvocacyRefused
from tests.factories import NOW, MembershipFactory, StructureFactory
from tests.network.advocacy import making
from tests.network.governance import making as governance
from tests.practices import making as practices

pytestmark = pytest.mark.django_db
TODAY = governance.today()


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(NOW):
        yield


def form(**changed):
    return {
        "finding": "Un constat.",
        "proposal": "Une mesure.",
        "consent": "structure",
        "about": "",
        "where": "",
    } | changed


def at(name, *args, query=""):
    return reverse(f"advocacy:{name}", args=args) + query


def test_a_form_sent_twice_makes_one_contribution(author, seat, client):
    paper = making.opened(seat)
    client.force_login(author.user)
    for _ in range(2):
        client.post(at("contribute", paper.pk), form(**{FIELD: "a" * 32}))
    assert Contribution.objects.count() == 1


def test_a_contribution_begins_from_a_practice_sheet_and_cites_it(author, seat, client):
    paper = making.opened(seat)
    writer = MembershipFactory(structure=author.structure, facilitator=True)
    practice = practices.published(writer)
    client.force_login(writer.user)
    page = client.get(reverse("practices:detail", args=[practice.pk])).content.decode()
    address = at("contribute", paper.pk, query=f"?fiche={practice.pk}")
    assert address in page
    assert "checked" in client.get(address).content.decode().partition("Une crèche")[0][-400:]
    answer = client.post(address, form(practices=[str(practice.pk)]))
    made = Contribution.objects.get()
    assert answer.url == at("contribution", made.pk)
    assert made.sources.get().practice == practice.published


def consents_of(page):
    """The choices of how to be quoted on a page: value → whether it is checked."""
    found = re.findall(r'<input type="radio" name="consent" value="(\w+)"([^>]*)>', page.content.decode())
    return {value: "checked" in rest for value, rest in found}


def test_how_to_be_quoted_is_chosen_by_its_author_before_anything_is_sent(author, seat, client):
    paper = making.opened(seat)
    client.force_login(author.user)
    assert consents_of(client.get(at("contribute", paper.pk))) == dict.fromkeys(
        ("structure", "named", "unquoted"), False
    )
    refused = client.post(at("contribute", paper.pk), form(consent=""))
    assert refused.status_code == 422
    assert "Choisissez comment vos mots peuvent être cités." in refused.content.decode()
    assert "Un constat." in refused.content.decode()
    assert not Contribution.objects.exists()
    with pytest.raises(AdvocacyRefused, match="Choisissez comment"):
        making.sent(author, paper, consent="")


def test_a_draft_without_that_choice_allows_nothing_and_is_asked_again(author, seat, client):
    paper = making.opened(seat)
    client.force_login(author.user)
    client.post(at("contribute", paper.pk), form(consent="", garder="1"))
    draft = Contribution.objects.get()
    assert draft.consent == "unquoted"
    assert "À choisir avant d’envoyer" in client.get(at("contribution", draft.pk)).content.decode()
    assert not any(consents_of(client.get(at("edit", draft.pk))).values())
    assert client.post(at("edit", draft.pk), form(consent="")).status_code == 422
    client.post(at("edit", draft.pk), form(consent="named", garder="1"))
    assert consents_of(client.get(at("edit", draft.pk)))["named"]


def test_a_draft_is_kept_and_continued(author, seat, client):
    paper = making.opened(seat)
    client.force_login(author.user)
    client.post(at("contribute", paper.pk), form(proposal="", garder="1"))
    draft = Contribution.objects.get()
    assert draft.state == ContributionState.DRAFT
    assert "Un constat." in client.get(at("edit", draft.pk)).content.decode()
    client.post(at("edit", draft.pk), form())
    draft.refresh_from_db()
    assert draft.state == ContributionState.SUBMITTED
    assert client.get(at("edit", draft.pk)).status_code == 404


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(author, seat, client):
    paper = making.opened(seat)
    client.force_login(author.user)
    answer = client.post(at("contribute", paper.pk), form(proposal=" "))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Dites ce que vous proposez" in page
    assert "Un constat." in page


def test_the_moderation_is_warned_of_an_address_and_may_not_receive_it_in_one_click(author, seat, client):
    paper = making.opened(seat)
    making.sent(author, paper, evidence="Appelez le 06 12 34 56 78.")
    client.force_login(seat.user)
    page = client.get(at("moderation", paper.pk)).content.decode()
    assert "Contient une adresse ou un numéro" in page
    assert "Recevoir<span" not in page


def test_the_head_gathers_under_an_idea_named_on_the_spot(author, seat, client):
    paper = making.opened(seat)
    received = making.received(seat, author, paper)
    client.force_login(seat.user)
    client.post(at("ideas", paper.pk), {"contribution": [received.pk], "into": "nouvelle", "title": "Bus du soir"})
    received.refresh_from_db()
    assert received.idea.title == "Bus du soir"
    client.post(at("ideas", paper.pk), {"into": "nouvelle", "title": "Vide"})
    assert Idea.objects.filter(title="Vide").exists()


def test_a_decision_without_its_reason_comes_back_with_the_form_open(author, seat, client):
    paper = making.opened(seat)
    idea = making.discussed(seat, paper, making.received(seat, author, paper))
    client.force_login(seat.user)
    answer = client.post(at("idea-act", idea.pk, "decider"), {"decision": "set_aside", "reason": " "})
    assert answer.status_code == 422
    assert "les auteurs la liront" in answer.content.decode()


def test_an_unknown_marker_is_said_at_its_field(author, seat, client):
    _, _, ask = making.whole(seat, author)
    client.force_login(seat.user)
    typed = {"title": "T", "level": "national", "measure": "Une phrase [7].", "chapter": ask.chapter_id}
    typed["opened"] = Proposal.objects.get().revision
    answer = client.post(at("proposal-change", ask.pk), typed)
    assert answer.status_code == 422
    assert "[7] ne correspond à aucune citation" in answer.content.decode()


def test_the_way_from_a_retained_idea_to_a_published_page(author, seat, client):
    paper = making.opened(seat)
    contribution = making.received(seat, author, paper, consent="named")
    idea = making.retained(seat, paper, contribution)
    client.force_login(seat.user)
    client.post(at("chapter-new", paper.pk), {"title": "Se déplacer"})
    chapter = paper.chapters.get()
    client.post(at("propose", paper.pk), {"title": "Des bus", "chapter": chapter.pk, "idea": idea.pk})
    ask = Proposal.objects.get()
    typed = {
        "title": "Des bus",
        "chapter": chapter.pk,
        "level": "regional",
        "measure": "Des bus le soir [1].",
        "opened": "1",
    }
    assert client.post(at("proposal-change", ask.pk), typed).status_code == 302
    client.post(at("call-close", paper.pk))
    client.post(at("editions", paper.pk))
    client.post(at("publish", paper.editions.get().pk))
    client.logout()
    page = client.get(at("public", paper.pk)).content.decode()
    assert "Des bus le soir." in page
    assert 'href="#p1-source-1"' in page
    assert 'id="p1-source-1"' in page
    assert "Henri Sorin" in page
    assert at("contribution", contribution.pk) not in page  # a passer-by has no page of the network to open


def test_proposals_are_found_once_the_paper_is_published(author, seat):
    paper, _, _ = making.whole(seat, author)

    def titles():
        return [hit.title for group in search("ligne de nuit", author) for hit in group.hits]

    assert titles() == []
    making.edition(seat, paper)
    assert titles() == ["Une ligne de nuit"]


def test_the_balance_counts_as_received_what_the_moderation_received(author, seat):
    paper = making.opened(seat)
    for rank in range(7):
        making.received(seat, author, paper, proposal=f"Proposition {rank}")
    making.sent(author, paper, proposal="Pas lue")
    contributions.send_back(seat, making.sent(author, paper, proposal="À reprendre").pk, words="Un nom.", at=NOW)
    views = {view.title: view.rows for view in balance_of(paper, today=TODAY)}
    assert [row.received for row in views["Genre des auteurs"]] == [7]


def test_small_counts_of_the_balance_stay_quiet(author, seat):
    paper = making.opened(seat)
    for rank in range(6):
        making.received(seat, author, paper, proposal=f"Proposition {rank}")
    making.received(seat, governance.official(StructureFactory(name="Voisine")), paper)
    views = {view.title: view.rows for view in balance_of(paper, today=TODAY)}
    assert [(row.label, row.received) for row in views["Genre des auteurs"]] == [("non renseigné", 7)]
    governance.mandate(seat)
    governance.office(seat, governance.body(seat), name="H. Sorin", user=author.user, gender="man")
    views = {view.title: view.rows for view in balance_of(paper, today=TODAY)}
    assert [(row.label, row.received) for row in views["Genre des auteurs"]] == [
        ("homme", None),
        ("non renseigné", None),
    ]


@pytest.mark.parametrize(
    "name", ["paper", "contributions", "ideas", "balance", "editions", "follow", "figures", "moderation"]
)
def test_each_page_of_a_paper_costs_at_most_twenty_queries(name, author, seat, client, assert_max_queries):
    paper, _, _ = making.whole(seat, author)
    for rank in range(4):
        received = making.received(seat, governance.official(), paper)
        making.proposal(seat, paper, making.retained(seat, paper, received, title=f"Idée {rank}"))
        making.written(seat, Proposal.objects.latest("pk"))
    back = [making.sent(author, paper, proposal=f"Proposition {rank}") for rank in range(4)]
    for each in back:
        contributions.send_back(seat, each.pk, words="Un nom.", at=NOW)
    making.edition(seat, paper)
    for each in back:
        contributions.write(author, paper.pk, making.words(proposal=f"{each.pk}"), at=NOW, send=True, pk=each.pk)
    client.force_login(seat.user)
    with assert_max_queries(20):
        assert client.get(at(name, paper.pk)).status_code == 200


def test_the_page_of_a_paper_costs_the_same_with_more_proposals(author, seat, assert_max_queries):
    paper, _, _ = making.whole(seat, author)
    for rank in range(6):
        received = making.received(seat, governance.official(), paper)
        making.proposal(seat, paper, making.retained(seat, paper, received, title=f"Idée {rank}"))
    with assert_max_queries(12):
        sheet = paper_sheet(seat, paper.pk, today=TODAY)
        assert sum(len(list(each.proposals.all())) for each in sheet.chapters) == 7


def test_a_member_reads_without_any_button_to_act(author, seat, client):
    paper, contribution, ask = making.whole(seat, author)
    client.force_login(MembershipFactory(role="reader").user)
    for address in (at("list"), at("paper", paper.pk), at("ideas", paper.pk), at("proposal", ask.pk)):
        page = client.get(address).content.decode()
        main = page.partition("<main")[2].partition("</main>")[0]
        assert 'method="post"' not in main, address
    assert client.get(at("contribution", contribution.pk)).status_code == 200


def test_marking_as_read_leaves_nothing_new(author, seat, client):
    paper = making.opened(seat)
    received = making.received(seat, author, paper)
    contributions.set_aside(seat, received.pk, reason="Hors sujet.", at=NOW)
    client.force_login(author.user)
    assert "Du nouveau" in client.get(at("list")).content.decode()
    client.post(at("own-act", received.pk, "lu"))
    assert "Du nouveau" not in client.get(at("list")).content.decode()


def test_two_papers_of_one_network_have_two_titles(author, seat, client):
    making.paper(seat)
    client.force_login(seat.user)
    answer = client.post(at("new"), {"title": "Livre blanc 2027"})
    assert answer.status_code == 422
    assert WhitePaper.objects.count() == 1
