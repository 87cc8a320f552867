"""Ideas merged, moved between, decided and decided again: nobody is forgotten on the way, and figures stay true."""

from datetime import timedelta

import pytest
import time_machine
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages.models import Message
from dentelle.network.advocacy.actions import contributions, editions, ideas, proposals
from dentelle.network.advocacy.content import content_of, evidence_of
from dentelle.network.advocacy.lineage import kept
from dentelle.network.advocacy.models import Consent, Contribution, ContributionState, Idea, IdeaState
from dentelle.network.advocacy.queries.balance import balance_of
from dentelle.network.advocacy.queries.contributions import idea_sheet, ideas_of
from dentelle.network.advocacy.queries.editions import pending
from dentelle.network.advocacy.refusals import AdvocacyRefused
from dentelle.network.governance.actions import sessions
from tests.factories import NOW, MembershipFactory
from tests.network.advocacy import making
from tests.network.governance import making as governance

pytestmark = pytest.mark.django_db
TODAY = governance.today()


def at(name, *args):
    return reverse(f"advocacy:{name}", args=args)


def told(contribution):
    return list(contribution.news.order_by("pk").values_list("kind", flat=True))


def state_of(*found):
    for each in found:
        each.refresh_from_db()
    return tuple(each.state for each in found)


def decided(seat, idea, decision, reason="", into=None):
    return ideas.decide(seat, idea.pk, decision=decision, reason=reason, into=into.pk if into else None, at=NOW)


@pytest.fixture
def head(seat, client):
    client.force_login(seat.user)
    with time_machine.travel(NOW):
        yield client


@pytest.fixture
def paper(seat):
    return making.opened(seat)


@pytest.fixture
def chain(author, seat, paper):
    """Réemploi, merged into Former, merged into Soigner, which is discussed: (the three ideas, the contribution of each)."""
    said, made = [], []
    for title in ("Réemploi", "Former", "Soigner"):
        said.append(making.received(seat, author if not said else governance.official(), paper, proposal=title))
        made.append(making.discussed(seat, paper, said[-1], title=title))
    decided(seat, made[0], "merged", "La même", made[1])
    decided(seat, made[1], "merged", "Voisine", made[2])
    for each in made:
        each.refresh_from_db()
    return made, said


# -- merged, then decided where they ended


def test_setting_an_idea_aside_tells_the_authors_of_all_that_was_merged_into_it(author, chain, seat):
    made, said = chain
    decided(seat, made[2], "set_aside", "Du ressort des régions.")
    assert state_of(*said) == (ContributionState.SET_ASIDE,) * 3
    assert told(said[0]) == ["sent", "moderated", "grouped", "discussed", "merged", "merged", "set_aside"]
    assert said[0].news.last().words == "Du ressort des régions."
    [mail] = Message.objects.filter(user=author.user, text__contains="Elle est écartée, avec l’idée")
    assert "Du ressort des régions." in mail.text


def test_retaining_an_idea_retains_all_that_was_merged_into_it(chain, seat):
    made, said = chain
    decided(seat, made[2], "retained")
    assert state_of(*said) == (ContributionState.RETAINED,) * 3
    assert told(said[0])[-1] == "retained"


def test_merging_an_idea_tells_those_merged_into_it_where_they_go(chain, seat):
    _, said = chain
    assert state_of(*said) == (ContributionState.MERGED, ContributionState.MERGED, ContributionState.DISCUSSED)
    assert [str(each.idea) for each in said[0].news.filter(kind="merged")] == ["Former", "Soigner"]


def test_an_idea_is_not_set_aside_while_a_proposal_cites_what_was_merged_into_it(chain, seat, paper):
    made, said = chain
    proposals.cite(seat, making.proposal(seat, paper).pk, kind="contribution", key=said[0].pk, excerpt="", at=NOW)
    with pytest.raises(AdvocacyRefused, match="retirez la citation"):
        decided(seat, made[2], "set_aside", "Non.")
    assert state_of(said[2]) == (ContributionState.DISCUSSED,)


# -- provenance at any depth


def test_a_proposal_cites_the_contributions_merged_twice(chain, seat, paper):
    made, said = chain
    ask = making.proposal(seat, paper, decided(seat, made[2], "retained"))
    assert set(ask.citations.values_list("contribution", flat=True)) == {each.pk for each in said}
    making.written(seat, ask)
    edition = making.edition(seat, paper, published=False)
    assert pending(paper, edition).left_out == ()  # it comes from all three, though its sentences name one
    rows = [row for group in evidence_of(edition.content) for row in group["rows"]]
    assert sorted(where for _, where in rows) == ["proposition 1 [1]", *["à l’origine de la proposition 1"] * 2]


def test_the_page_of_an_idea_shows_what_was_merged_into_it_at_any_depth(chain, seat, paper):
    made, said = chain
    sheet = idea_sheet(seat, made[2].pk)
    assert {row.proposal for row in sheet.rows} == {"Réemploi", "Former", "Soigner"}
    assert [each.title for each in sheet.absorbed] == ["Former", "Réemploi"]
    contributions.change_consent(said_by(said[0]), said[0].pk, consent=Consent.UNQUOTED, at=NOW)
    sheet = idea_sheet(MembershipFactory(manager=True), made[2].pk)
    assert (len(sheet.rows), sheet.quiet) == (2, 1)
    counts = {row.idea.title: (row.contributions, row.structures) for row in ideas_of(seat, paper)}
    assert counts["Soigner"] == (3, len({each.structure_id for each in said}))
    assert counts["Réemploi"] == (1, 1)


def said_by(contribution):
    return contribution.author.memberships.get()


# -- one rule for « retained »


def printed(paper):
    return content_of(paper, number=1, at=NOW)["received"]


def test_one_merged_into_an_idea_set_aside_is_not_retained(chain, seat, paper):
    made, _ = chain
    decided(seat, made[2], "set_aside", "Non.")
    assert printed(paper)["kept"] == 0


def test_a_publication_changes_no_figure_of_what_is_retained(author, chain, seat, paper):
    made, said = chain
    apart = making.discussed(seat, paper, making.received(seat, author, paper, proposal="Hors sujet"), title="Écartée")
    decided(seat, apart, "set_aside", "Non.")
    making.written(seat, making.proposal(seat, paper, decided(seat, made[2], "retained")))
    left = making.retained(seat, paper, making.received(seat, author, paper, proposal="Sans suite"), title="À part")
    edition = making.edition(seat, paper, published=False)
    before = edition.content["received"]
    assert before["words"].replace("\u00a0", " ") == (
        f"5 contributions reçues de {len({each.structure_id for each in said})} structures membres, 4 retenues."
    )
    keys = list(left.contributions.values_list("pk", flat=True))
    editions.say_why_left_out(seat, edition.pk, keys=keys, because="Plus tard.", at=NOW)
    editions.publish(seat, edition.pk, at=NOW)
    assert printed(paper) == before
    with pytest.raises(AdvocacyRefused, match="Rien n’a changé"):
        making.edition(seat, paper)


def test_one_cited_without_an_idea_is_retained_and_one_set_aside_alone_is_not(author, seat, paper):
    first, second, third = (making.received(seat, author, paper, proposal=f"Mot {rank}") for rank in range(3))
    idea = making.discussed(seat, paper, first, second)
    contributions.set_aside(seat, second.pk, reason="Hors sujet.", at=NOW)
    decided(seat, idea, "retained")
    proposals.cite(seat, making.proposal(seat, paper).pk, kind="contribution", key=third.pk, excerpt="", at=NOW)
    assert kept(paper) == {first.pk, third.pk}


def test_the_balance_counts_retained_as_the_edition_does(author, seat, paper):
    said = [making.received(seat, author, paper, proposal=f"Mot {rank}") for rank in range(6)]
    kept_idea = making.discussed(seat, paper, *said[:5], title="Retenue")
    other = making.discussed(seat, paper, said[5], title="Voisine")
    decided(seat, other, "merged", "La même", kept_idea)
    decided(seat, kept_idea, "retained")
    assert {row.kept for view in balance_of(paper, today=TODAY) for row in view.rows if row.received} == {6}


def test_the_page_of_an_idea_leads_to_the_proposal_born_of_it_and_warns_of_a_second(author, chain, seat, paper, head):
    made, _ = chain
    made[2] = decided(seat, made[2], "retained")
    before = main_of(head.get(at("idea", made[2].pk)))
    assert "née de cette idée" not in before
    assert "vient déjà" not in main_of(head.get(f"{at('propose', paper.pk)}?idee={made[2].pk}"))
    ask = making.proposal(seat, paper, made[2], title="Une école de la seconde main")
    page = main_of(head.get(at("idea", made[2].pk)))
    assert "proposition née de cette idée" in page
    assert f'href="{at("proposal", ask.pk)}">1. Une école de la seconde main' in page
    assert "En faire une autre proposition" in page
    again = main_of(head.get(f"{at('propose', paper.pk)}?idee={made[2].pk}"))
    assert "La proposition 1, «\u00a0Une école de la seconde main\u00a0», vient déjà de cette idée." in again
    assert "Soigner (déjà la proposition 1)" in again
    ideas.reopen(seat, made[2].pk, reason="À revoir.", at=NOW)
    assert at("proposal", ask.pk) in main_of(head.get(at("idea", made[2].pk)))


# -- moved, while nothing is decided


def main_of(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_the_head_moves_a_contribution_from_its_page(author, seat, paper, head):
    misfiled = making.received(seat, author, paper)
    making.idea(seat, paper, misfiled, title="Transports")
    other = making.idea(seat, paper, title="Réemploi")
    assert "La ranger ailleurs" in main_of(head.get(at("contribution", misfiled.pk)))
    answer = head.post(at("moderate", misfiled.pk, "ranger"), {"into": other.pk})
    assert answer.url == at("contribution", misfiled.pk)
    assert state_of(misfiled) == (ContributionState.GROUPED,)
    assert misfiled.idea == other
    assert [str(each.idea) for each in misfiled.news.filter(kind="grouped")] == ["Transports", "Réemploi"]


def test_the_head_moves_several_from_the_page_of_an_idea_to_one_named_there(author, seat, paper, head):
    said = [making.received(seat, author, paper, proposal=f"Mot {rank}") for rank in range(3)]
    idea = making.discussed(seat, paper, *said, title="Transports")
    page = main_of(head.get(at("idea", idea.pk)))
    assert "Ranger des contributions ailleurs" in page
    typed = {"contributions": [each.pk for each in said[:2]], "into": "nouvelle", "title": ""}
    answer = head.post(at("idea-act", idea.pk, "deplacer"), typed)
    assert answer.status_code == 422
    assert "Donnez un nom" in main_of(answer)
    head.post(at("idea-act", idea.pk, "deplacer"), typed | {"title": "Taxis"})
    taxis = Idea.objects.get(title="Taxis")
    state_of(*said)
    assert [each.idea for each in said] == [taxis, taxis, idea]
    assert [each.state for each in said] == ["grouped", "grouped", "discussed"]


def test_a_name_typed_is_a_new_idea_unless_one_is_chosen(author, seat, paper, head):
    said = making.received(seat, author, paper)
    making.idea(seat, paper, title="Annoncer les chantiers")
    page = main_of(head.get(at("ideas", paper.pk)))
    assert '<option value="nouvelle" selected' in page
    typed = {"contribution": [said.pk], "into": "nouvelle", "title": ""}
    answer = head.post(at("ideas", paper.pk), typed)
    assert answer.status_code == 422
    assert "Donnez un nom à la nouvelle idée, ou choisissez-en une" in main_of(answer)
    page = main_of(head.post(at("ideas", paper.pk), typed | {"title": "Se déplacer"}, follow=True))
    assert "Rangé dans «\u00a0Se déplacer\u00a0»" in page
    said.refresh_from_db()
    assert said.idea.title == "Se déplacer"


def test_a_name_typed_beside_an_idea_chosen_is_never_thrown_away(author, seat, paper, head):
    loose, filed = (making.received(seat, author, paper, proposal=f"Mot {rank}") for rank in range(2))
    idea, other = making.idea(seat, paper, filed, title="Transports"), making.idea(seat, paper, title="Chantiers")
    both = {"into": other.pk, "title": "Se déplacer pour se former"}
    for address, typed in (
        (at("ideas", paper.pk), {"contribution": [loose.pk]}),
        (at("idea-act", idea.pk, "deplacer"), {"contributions": [filed.pk]}),
        (at("moderate", filed.pk, "ranger"), {}),
    ):
        answer = head.post(address, typed | both)
        assert answer.status_code == 422, address
        assert "Une idée est choisie et une nouvelle est nommée" in main_of(answer)
        assert 'value="Se déplacer pour se former"' in main_of(answer)
    state_of(loose, filed)
    assert (loose.idea, filed.idea) == (None, idea)
    assert not Idea.objects.filter(title__startswith="Se déplacer").exists()


def test_a_move_refused_names_no_idea(author, seat, paper):
    settled = making.received(seat, author, paper)
    making.retained(seat, paper, settled)
    with pytest.raises(AdvocacyRefused, match="ne se range plus"):
        ideas.move(seat, [settled.pk], paper_pk=paper.pk, into=None, title="Autre", at=NOW)
    assert not Idea.objects.filter(title="Autre").exists()


def test_what_is_decided_is_offered_no_move_and_a_member_none_at_all(author, seat, paper, head, client):
    settled = making.received(seat, author, paper)
    making.retained(seat, paper, settled)
    assert "La ranger" not in main_of(head.get(at("contribution", settled.pk)))
    loose = making.received(seat, governance.official(), paper, proposal="Libre")
    client.force_login(MembershipFactory(manager=True).user)
    assert "La ranger" not in main_of(client.get(at("contribution", loose.pk)))


# -- decided again


@pytest.mark.parametrize("decision", ["retained", "set_aside"])
def test_a_decision_is_taken_back_with_a_reason_all_its_authors_read(decision, author, chain, seat):
    made, said = chain
    decided(seat, made[2], decision, "Non.")
    with pytest.raises(AdvocacyRefused, match="Donnez la raison"):
        ideas.reopen(seat, made[2].pk, reason=" ", at=NOW)
    ideas.reopen(seat, made[2].pk, reason="La séance avait mal compris.", at=NOW)
    assert state_of(*said) == (ContributionState.MERGED, ContributionState.MERGED, ContributionState.DISCUSSED)
    made[2].refresh_from_db()
    assert (made[2].state, made[2].decided_on) == (IdeaState.DISCUSSED, None)
    assert {each.news.last().words for each in said} == {"La séance avait mal compris."}
    assert Message.objects.filter(user=author.user, text__contains="La séance avait mal compris.").count() == 1
    decided(seat, made[2], "retained")
    assert state_of(*said) == (ContributionState.RETAINED,) * 3


def test_an_idea_leaves_the_one_it_was_merged_into(chain, seat):
    made, said = chain
    ideas.reopen(seat, made[1].pk, reason="Ce n’est pas la même.", at=NOW)
    decided(seat, made[2], "set_aside", "Non.")
    assert state_of(*said) == (ContributionState.MERGED, ContributionState.DISCUSSED, ContributionState.SET_ASIDE)


def test_one_set_aside_on_its_own_stays_so_when_a_decision_is_taken_back(author, seat, paper):
    first, second = (making.received(seat, author, paper, proposal=f"Mot {rank}") for rank in range(2))
    idea = making.discussed(seat, paper, first, second)
    contributions.set_aside(seat, second.pk, reason="Hors sujet.", at=NOW)
    decided(seat, idea, "set_aside", "Non.")
    ideas.reopen(seat, idea.pk, reason="Si.", at=NOW)
    assert state_of(first, second) == (ContributionState.DISCUSSED, ContributionState.SET_ASIDE)
    assert told(second)[-1] == "set_aside"


def test_what_an_edition_published_stays_when_a_decision_is_taken_back(author, seat):
    paper, contribution, _ = making.whole(seat, author)
    edition = making.edition(seat, paper)
    before = edition.content
    ideas.reopen(seat, contribution.idea_id, reason="À revoir.", at=NOW)
    assert state_of(contribution) == (ContributionState.CITED,)
    assert told(contribution)[-1] == "reopened"
    edition.refresh_from_db()
    assert edition.content == before


def test_the_page_of_a_decided_idea_offers_its_head_a_way_back(author, seat, paper, head, client):
    idea = making.retained(seat, paper, making.received(seat, author, paper))
    assert "Revenir sur cette décision" in main_of(head.get(at("idea", idea.pk)))
    answer = head.post(at("idea-act", idea.pk, "reprendre"), {"reason": ""})
    assert answer.status_code == 422
    assert "les auteurs la liront" in main_of(answer)
    head.post(at("idea-act", idea.pk, "reprendre"), {"reason": "À revoir."})
    page = main_of(head.get(at("idea", idea.pk)))
    assert "Pourquoi la décision est reprise" in page
    assert "Le dire aux auteurs" in page
    assert "Revenir sur cette décision" not in page


# -- who is spoken to


def test_the_head_reads_what_became_of_a_contribution_as_somebody_elses(author, seat, paper, head, client):
    returned = making.sent(author, paper, proposal="À reprendre")
    contributions.send_back(seat, returned.pk, words="Ne nommez personne.", at=NOW)
    received = making.received(seat, author, paper)
    for each in (returned, received):
        page = main_of(head.get(at("contribution", each.pk)))
        told_part = page.partition('id="devenir"')[2].partition("</section>")[0]
        assert "ous l’av" not in told_part
        assert "vous" not in told_part.casefold()
    client.force_login(author.user)
    assert "Vous l’avez envoyée" in main_of(client.get(at("contribution", received.pk)))


def test_an_idea_without_contribution_says_so(author, seat, paper, head):
    idea = making.idea(seat, paper)
    page = main_of(head.get(at("idea", idea.pk)))
    assert "mot pour mot" not in page
    assert "Aucune contribution" in page


# -- an excerpt is of a contribution


def test_an_excerpt_typed_for_another_source_is_refused_and_kept_on_screen(author, seat, paper, head):
    ask, figure = making.proposal(seat, paper), making.figure(seat, paper)
    typed = {"source": f"figure:{figure.pk}", "excerpt": "Des mots à moi"}
    answer = head.post(at("cite", ask.pk), typed)
    assert answer.status_code == 422
    assert "n’est pas une contribution" in main_of(answer)
    assert "Des mots à moi" in main_of(answer)
    assert not ask.citations.exists()
    assert head.post(at("cite", ask.pk), typed | {"excerpt": " "}).status_code == 302


# -- a discussion is noted of a session that was held


def of_session(seat, *, hours=0):
    """A session of the working group that begins some hours from now."""
    return making.session(seat, at=NOW + timedelta(hours=hours))


def choices_of(page):
    form = page.context["discussion_form"]
    return {pk: label for pk, label in form.fields["session"].choices if pk}


def test_a_session_that_has_not_begun_or_is_cancelled_cannot_have_discussed_an_idea(author, seat, paper, head):
    idea = making.idea(seat, paper, making.received(seat, author, paper, at=NOW - timedelta(hours=9)))
    tonight, gone, held = (of_session(seat, hours=each) for each in (3, -2, -1))
    sessions.cancel_session(seat, gone.pk, reason="Le quorum manque.", at=NOW)
    assert [key.value for key in choices_of(head.get(at("idea", idea.pk)))] == [held.pk]
    for session, said in ((tonight, "pas encore commencé"), (gone, "annulée")):
        with pytest.raises(AdvocacyRefused, match=said):
            ideas.discuss(seat, idea.pk, session_pk=session.pk, words="", at=NOW)
        answer = head.post(at("idea-act", idea.pk, "discuter"), {"session": session.pk, "words": ""})
        assert answer.status_code == 422
    assert not idea.discussions.exists()


def test_two_sessions_of_one_body_on_one_day_are_told_apart_by_their_hour(author, seat, paper, head):
    idea = making.idea(seat, paper, making.received(seat, author, paper, at=NOW - timedelta(hours=9)))
    found = [of_session(seat, hours=each) for each in (-3, -1)]
    offered = list(choices_of(head.get(at("idea", idea.pk))).values())
    begun = [timezone.localtime(each.starts_at) for each in reversed(found)]
    assert offered == [f"Groupe mobilité, {each:%d/%m/%Y à %H:%M}" for each in begun]


# -- a discussion noted by mistake


def taken_back(seat, idea, discussion, reason="C’était une autre idée."):
    return ideas.take_discussion_back(seat, idea.pk, discussion_pk=discussion.pk, reason=reason, at=NOW)


def test_a_discussion_noted_by_mistake_is_taken_back_with_a_reason_its_authors_read(author, seat, paper, head, client):
    said = making.received(seat, author, paper)
    idea = making.discussed(seat, paper, said)
    discussion = idea.discussions.get()
    answer = head.post(at("idea-act", idea.pk, "retirer"), {"discussion": discussion.pk, "reason": "Une autre idée."})
    assert answer.status_code == 302
    idea.refresh_from_db()
    assert (idea.state, *state_of(said)) == (IdeaState.OPEN, ContributionState.GROUPED)
    assert told(said)[-2:] == ["discussed", "taken_back"]
    assert said.news.last().words == "Une autre idée."
    assert Entry.objects.filter(act="idea.discussion_taken_back").count() == 1
    client.force_login(author.user)
    page = client.get(at("idea", idea.pk)).content.decode()
    assert "discussion notée par erreur</summary>" in page
    assert "Où elle a été discutée" not in page
    assert "était notée par erreur" in client.get(at("contribution", said.pk)).content.decode()


def test_a_discussion_is_not_taken_back_without_a_reason(author, seat, paper, head):
    idea = making.discussed(seat, paper, making.received(seat, author, paper))
    discussion = idea.discussions.get()
    with pytest.raises(AdvocacyRefused, match="raison"):
        taken_back(seat, idea, discussion, "  ")
    assert head.post(at("idea-act", idea.pk, "retirer"), {"discussion": discussion.pk}).status_code == 422


def test_a_discussion_a_decision_was_taken_from_stays_until_the_decision_is_taken_back(author, seat, paper):
    idea = making.retained(seat, paper, making.received(seat, author, paper))
    discussion = idea.discussions.get()
    with pytest.raises(AdvocacyRefused, match="retenue"):
        taken_back(seat, idea, discussion)
    ideas.reopen(seat, idea.pk, reason="Trop vite.", at=NOW)
    taken_back(seat, idea, discussion)
    with pytest.raises(AdvocacyRefused, match="pas encore été discutée"):
        decided(seat, idea, "retained")


def test_what_another_session_spoke_of_is_still_discussed_and_told_so(author, seat, paper):
    said = making.received(seat, author, paper, at=NOW - timedelta(hours=9))
    idea = making.idea(seat, paper, said)
    wrong, right = (
        ideas.discuss(seat, idea.pk, session_pk=of_session(seat, hours=each).pk, words="", at=NOW) for each in (-3, -1)
    )
    taken_back(seat, idea, wrong)
    idea.refresh_from_db()
    assert (idea.state, *state_of(said)) == (IdeaState.DISCUSSED, ContributionState.DISCUSSED)
    assert told(said)[-3:] == ["discussed", "taken_back", "discussed"]
    assert said.news.last().session == right.session


def test_the_right_session_is_noted_again_after_a_mistake(author, seat, paper):
    idea = making.discussed(seat, paper, making.received(seat, author, paper))
    discussion = idea.discussions.get()
    taken_back(seat, idea, discussion)
    again = ideas.discuss(seat, idea.pk, session_pk=discussion.session_id, words="Bien cette idée.", at=NOW)
    with pytest.raises(Http404):
        taken_back(seat, idea, discussion)
    assert idea_sheet(seat, idea.pk).discussions == (again,)
    assert idea_sheet(seat, idea.pk).mistaken == (discussion,)


def test_one_discussed_by_mistake_is_not_discussed_when_a_later_decision_is_taken_back(author, seat, paper):
    early = making.received(seat, author, paper, at=NOW - timedelta(hours=9))
    idea = making.discussed(seat, paper, early)
    taken_back(seat, idea, idea.discussions.get())
    Contribution.objects.filter(pk=early.pk).update(sent_at=NOW + timedelta(days=1))
    making.received(seat, governance.official(), paper, proposal="Une autre")
    ideas.gather(seat, [Contribution.objects.latest("pk").pk], idea.pk, at=NOW)
    ideas.discuss(seat, idea.pk, session_pk=of_session(seat, hours=-1).pk, words="", at=NOW)
    decided(seat, idea, "retained")
    ideas.reopen(seat, idea.pk, reason="Trop vite.", at=NOW)
    assert state_of(early) == (ContributionState.GROUPED,)


def test_a_session_cancelled_since_is_said_so_where_an_idea_was_discussed(author, seat, paper, head):
    idea = making.discussed(seat, paper, making.received(seat, author, paper))
    sessions.cancel_session(seat, idea.discussions.get().session_id, reason="Pas de quorum.", at=NOW)
    assert "séance annulée depuis" in head.get(at("idea", idea.pk)).content.decode()
