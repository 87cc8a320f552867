"""Members answer a call, people read and gather, each author learns what became of what they said."""

from datetime import timedelta

import pytest
import time_machine
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.messages.models import Message
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions import contributions, ideas, papers
from dentelle.network.advocacy.models import Consent, Contribution, ContributionState, IdeaState
from dentelle.network.advocacy.queries.contributions import Filters, idea_sheet, list_contributions, sheet_of
from dentelle.network.advocacy.refusals import AdvocacyRefused
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.forms import sent_back, text
from tests.network.advocacy import making
from tests.network.governance import making as governance
from tests.practices import making as practices

pytestmark = pytest.mark.django_db


def news_of(contribution):
    return list(contribution.news.order_by("pk").values_list("kind", flat=True))


def test_a_contribution_keeps_its_author_their_function_and_the_mandate_of_the_day(author, seat):
    governance.mandate(seat)
    governance.office(seat, governance.body(seat), name="Henri Sorin", user=author.user, elected_as="maire de Gâtine")
    sent = making.sent(author, making.opened(seat))
    assert (sent.author_name, sent.author_function) == ("Henri Sorin", "maire de Gâtine")
    assert sent.mandate.name == "Mandat 2026-2032"


@pytest.mark.parametrize("role", ["reader", "auditor"])
def test_who_only_reads_does_not_contribute(role, author, seat):
    paper = making.opened(seat)
    with pytest.raises(Http404):
        making.sent(MembershipFactory(structure=author.structure, role=role), paper)


@pytest.mark.parametrize("later", [31, 400])
def test_nothing_is_sent_once_the_last_day_has_passed(later, author, seat):
    paper = making.opened(seat, days=30)
    with pytest.raises(AdvocacyRefused, match="pas ouvert"):
        making.sent(author, paper, at=NOW + timedelta(days=later))
    making.sent(author, paper, at=NOW + timedelta(days=30))


def test_a_draft_is_read_by_its_author_alone_and_sent_later(author, seat):
    paper = making.opened(seat)
    draft = contributions.write(author, paper.pk, making.words(proposal=""), at=NOW, send=False)
    colleague = MembershipFactory(structure=author.structure, manager=True)
    assert not access.contributions_visible_to(colleague).exists()
    assert not access.contributions_visible_to(seat).exists()
    sent = contributions.write(author, paper.pk, making.words(), at=NOW, send=True, pk=draft.pk)
    assert (sent.pk, sent.state) == (draft.pk, ContributionState.SUBMITTED)
    with pytest.raises(AdvocacyRefused, match="ne change plus"):
        contributions.write(author, paper.pk, making.words(finding="Autre"), at=NOW, send=True, pk=draft.pk)


def test_a_draft_written_in_two_windows_shows_both_texts(author, seat, client_of):
    paper = making.opened(seat)
    draft = contributions.write(author, paper.pk, making.words(), at=NOW, send=False)
    client, address = client_of(author), reverse("advocacy:edit", args=[draft.pk])
    opened = client.get(address)
    first = sent_back(opened, "finding", finding="Vu de la première", garder="1")
    assert client.post(address, first).status_code == 302
    conflict = client.post(address, sent_back(opened, "finding", finding="Vu de la seconde", garder="1"))
    assert conflict.status_code == 409
    assert all(words in text(conflict) for words in ("Vu de la première", "Vu de la seconde"))
    assert Contribution.objects.get().finding == "Vu de la première"


def test_a_draft_sent_from_another_window_gives_back_what_is_typed_here(author, seat, client_of):
    paper = making.opened(seat)
    draft = contributions.write(author, paper.pk, making.words(), at=NOW, send=False)
    client, address = client_of(author), reverse("advocacy:edit", args=[draft.pk])
    opened = client.get(address)
    contributions.write(author, paper.pk, making.words(finding="Envoyé ailleurs"), at=NOW, send=True, pk=draft.pk)
    late = client.post(address, sent_back(opened, "finding", finding="Vu après coup"))
    assert late.status_code == 422
    assert "a été envoyée depuis une autre fenêtre" in text(late)
    assert "Vu après coup" in text(late)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("missing", ["finding", "proposal"])
def test_a_contribution_without_finding_or_proposal_is_not_sent(missing, author, seat):
    paper = making.opened(seat)
    with pytest.raises(AdvocacyRefused) as refused:
        making.sent(author, paper, **{missing: "  "})
    assert refused.value.field == missing


def test_a_social_security_number_is_never_kept(author, seat):
    with pytest.raises(AdvocacyRefused, match="sécurité sociale"):
        making.sent(author, making.opened(seat), finding="Dossier 1 85 05 78 006 084 36")


def test_it_says_which_practices_and_concerns_it_leans_on(author, seat):
    practice = practices.published(MembershipFactory(structure=author.structure, facilitator=True))
    concern = governance.concern(author)
    sent = making.sent(author, making.opened(seat), practices=[practice.published], concerns=[concern])
    sheet = sheet_of(author, sent.pk)
    assert [title for _, title in sheet.practices] == ["Une crèche à horaires décalés"]
    assert [pk for pk, _ in sheet.concerns] == [concern.pk]


def test_others_read_it_once_received_with_the_name_only_if_its_author_agreed(author, seat):
    paper, neighbour = making.opened(seat), MembershipFactory(manager=True)
    sent = making.sent(author, paper)
    assert not access.contributions_visible_to(neighbour).exists()
    contributions.accept(seat, sent.pk, at=NOW)
    [row] = list_contributions(neighbour, paper, Filters()).rows
    assert (row.proposal, row.author) == (making.PROPOSAL, "")
    contributions.change_consent(author, sent.pk, consent=Consent.NAMED, at=NOW)
    [row] = list_contributions(neighbour, paper, Filters()).rows
    assert row.author == "Henri Sorin"


def test_one_whose_author_refuses_to_be_quoted_counts_and_is_not_read_by_others(author, seat):
    paper, neighbour = making.opened(seat), MembershipFactory(manager=True)
    hidden = making.received(seat, author, paper, consent=Consent.UNQUOTED)
    idea = making.idea(seat, paper, hidden)
    assert not access.contributions_visible_to(neighbour).exists()
    sheet = idea_sheet(neighbour, idea.pk)
    assert (sheet.rows, sheet.quiet) == ((), 1)


def test_people_of_another_network_read_nothing(author, seat):
    paper = making.opened(seat)
    received = making.received(seat, author, paper, consent=Consent.NAMED)
    elsewhere = NetworkFactory(name="Autre réseau")
    stranger = MembershipFactory(structure=StructureFactory(network=elsewhere), manager=True)
    for viewer in (stranger, NetworkSeatFactory(network=elsewhere)):
        assert not access.papers_visible_to(viewer).exists()
        with pytest.raises(Http404):
            sheet_of(viewer, received.pk)


def test_the_moderation_sends_back_with_words_and_only_the_author_changes_theirs(author, seat):
    paper = making.opened(seat)
    sent = making.sent(author, paper)
    with pytest.raises(AdvocacyRefused, match="reprendre"):
        contributions.send_back(seat, sent.pk, words=" ", at=NOW)
    contributions.send_back(seat, sent.pk, words="Enlevez le nom du directeur.", at=NOW)
    assert "Enlevez le nom" in Message.objects.get(user=author.user).text
    papers.close_call(seat, paper.pk, at=NOW)
    again = contributions.write(author, paper.pk, making.words(finding="Repris"), at=NOW, send=True, pk=sent.pk)
    assert (again.state, again.finding) == (ContributionState.SUBMITTED, "Repris")
    assert news_of(sent) == ["sent", "returned", "sent"]


def drafted(member, paper, **changed):
    return contributions.write(member, paper.pk, making.words(**changed), at=NOW, send=False)


def test_closing_a_call_tells_each_drafter_once_without_their_words(author, seat):
    paper = making.opened(seat)
    drafts = [drafted(author, paper, proposal=f"Mot {rank}") for rank in range(2)]
    neighbour = governance.official()
    drafted(neighbour, paper)
    making.sent(governance.official(), paper)
    papers.close_call(seat, paper.pk, at=NOW)
    mails = Message.objects.filter(subject__contains="brouillon")
    assert sorted(each.user_id for each in mails) == sorted([author.user_id, neighbour.user_id])
    text = mails.get(user=author.user).text
    assert all(reverse("advocacy:contribution", args=[each.pk]) in text for each in drafts)
    assert "Mot 0" not in text


def test_a_draft_says_its_call_is_closed_and_keeps_its_words(author, seat, client):
    paper = making.opened(seat)
    draft = drafted(author, paper)
    client.force_login(author.user)
    page, edit = (reverse(f"advocacy:{name}", args=[draft.pk]) for name in ("contribution", "edit"))
    with time_machine.travel(NOW):
        assert "Continuer" in client.get(page).content.decode()
        papers.close_call(seat, paper.pk, at=NOW)
        shown = client.get(page).content.decode()
        assert "L’appel à contributions est clos depuis le" in shown
        assert "Continuer" not in shown
        assert making.PROPOSAL in client.get(edit).content.decode()
        typed = {"finding": "Un constat neuf.", "proposal": "Une mesure.", "consent": "structure"}
        answer = client.post(edit, typed)
        assert answer.status_code == 422
        assert "Un constat neuf." in answer.content.decode()
        assert "ne sont pas enregistrés" in answer.content.decode()


def test_withdrawing_erases_the_words_and_the_citations_and_keeps_the_fact(author, seat):
    _, contribution, ask = making.whole(seat, author)
    contributions.withdraw(author, contribution.pk, at=NOW)
    contribution.refresh_from_db()
    assert (contribution.state, contribution.finding, contribution.proposal) == (ContributionState.WITHDRAWN, "", "")
    assert not ask.citations.exists()
    assert not access.contributions_visible_to(seat).exists()


def test_words_an_edition_prints_are_no_longer_withdrawn(author, seat):
    paper, contribution, _ = making.whole(seat, author)
    making.edition(seat, paper, published=False)
    with pytest.raises(AdvocacyRefused, match="imprime"):
        contributions.withdraw(author, contribution.pk, at=NOW)


def test_gathering_keeps_every_contribution_and_its_words(author, seat):
    paper = making.opened(seat)
    first = making.received(seat, author, paper, proposal="Un bus de nuit")
    second = making.received(seat, governance.official(), paper, proposal="Un taxi partagé")
    idea = making.idea(seat, paper, first, second)
    kept = Contribution.objects.order_by("pk").values_list("proposal", "idea", "state")
    assert list(kept) == [("Un bus de nuit", idea.pk, "grouped"), ("Un taxi partagé", idea.pk, "grouped")]
    assert ideas.gather(seat, [first.pk], idea.pk, at=NOW) == 0


def test_one_not_received_yet_is_not_gathered(author, seat):
    paper = making.opened(seat)
    sent = making.sent(author, paper)
    with pytest.raises(AdvocacyRefused, match="ne se range plus"):
        making.idea(seat, paper, sent)


def test_nothing_is_decided_before_a_discussion(author, seat):
    paper = making.opened(seat)
    idea = making.idea(seat, paper, making.received(seat, author, paper))
    with pytest.raises(AdvocacyRefused, match="pas encore été discutée"):
        ideas.decide(seat, idea.pk, decision="retained", reason="", into=None, at=NOW)


def test_an_idea_set_aside_tells_each_author_why(author, seat):
    paper = making.opened(seat)
    contribution = making.received(seat, author, paper)
    idea = making.discussed(seat, paper, contribution)
    with pytest.raises(AdvocacyRefused, match="raison"):
        ideas.decide(seat, idea.pk, decision="set_aside", reason="", into=None, at=NOW)
    ideas.decide(seat, idea.pk, decision="set_aside", reason="Du ressort des régions.", into=None, at=NOW)
    contribution.refresh_from_db()
    assert contribution.state == ContributionState.SET_ASIDE
    assert news_of(contribution) == ["sent", "moderated", "grouped", "discussed", "set_aside"]
    assert "Du ressort des régions." in Message.objects.get(user=author.user).text


def test_an_idea_merged_says_into_which_and_its_contributions_support_the_proposal(author, seat):
    paper = making.opened(seat)
    first, second = making.received(seat, author, paper), making.received(seat, governance.official(), paper)
    kept = making.retained(seat, paper, first, title="Retenue")
    other = making.discussed(seat, paper, second, title="Voisine")
    with pytest.raises(AdvocacyRefused, match="à laquelle"):
        ideas.decide(seat, other.pk, decision="merged", reason="La même", into=None, at=NOW)
    ideas.decide(seat, other.pk, decision="merged", reason="La même", into=kept.pk, at=NOW)
    other.refresh_from_db()
    assert (other.state, other.merged_into) == (IdeaState.MERGED, kept)
    ask = making.proposal(seat, paper, kept)
    assert set(ask.citations.values_list("contribution", flat=True)) == {first.pk, second.pk}


def test_a_list_costs_the_same_at_any_length(author, seat, assert_max_queries):
    paper = making.opened(seat)
    for rank in range(25):
        making.sent(author, paper, proposal=f"Proposition {rank}", at=NOW + timedelta(minutes=rank))
    with assert_max_queries(3):
        page = list_contributions(seat, paper, Filters(), size=20)
    assert (len(page.rows), page.total) == (20, 25)
    following = list_contributions(seat, paper, Filters(), after=page.after, size=20)
    assert [row.proposal for row in following.rows] == [f"Proposition {rank}" for rank in (4, 3, 2, 1, 0)]


# -- what the moderation sent back


def test_the_moderation_reads_what_is_with_its_author_again_until_when_and_what_came_back(author, seat, client_of):
    with time_machine.travel(NOW):
        paper = making.opened(seat, days=20)
        sent = making.sent(author, paper)
        contributions.send_back(seat, sent.pk, words="Ne nommez personne.", at=NOW)
        limit = f"{paper.call.closes_on:%d/%m/%Y}"
        address = reverse("advocacy:moderation", args=[paper.pk])
        page = " ".join(client_of(seat).get(address).content.decode().split())
        assert "Tout est lu" in page
        assert "1 contribution renvoyée à son auteur" in page
        assert f"Renvoyée le {timezone.localdate(NOW):%d/%m/%Y}, à reprendre avant le {limit}" in page
        contributions.write(author, paper.pk, making.words(), at=NOW, send=True, pk=sent.pk)
        page = " ".join(client_of(seat).get(address).content.decode().split())
        assert "renvoyée à son auteur le" in page
        assert f"attendue avant le {limit}" in page
        assert "contribution renvoyée" not in page


def test_the_moderation_reads_that_the_call_closed_before_what_was_sent_back_returned(author, seat, client_of):
    with time_machine.travel(NOW):
        paper = making.opened(seat, days=20)
        sent = making.sent(author, paper)
        contributions.send_back(seat, sent.pk, words="Ne nommez personne.", at=NOW)
        papers.close_call(seat, paper.pk, at=NOW)
        page = client_of(seat).get(reverse("advocacy:moderation", args=[paper.pk])).content.decode()
        assert "pas encore revenue" in page
        assert "à reprendre avant" not in page
