"""From an origin up to what the white paper made of it: a concern, a sheet or a finding says which contributions lean on it,
the ideas they went to, the proposals that came of them, to those who may read these."""

import pytest
import time_machine
from django.urls import reverse

from dentelle.network.advocacy.actions import contributions, ideas, proposals
from dentelle.network.advocacy.mentioned import MOST, on_concern, on_finding, on_practice
from dentelle.network.advocacy.models import Consent, ContributionState
from dentelle.network.governance.actions import concerns
from dentelle.network.governance.models import ConcernState
from dentelle.network.governance.refusals import GovernanceRefused
from tests.factories import NOW, MembershipFactory, StructureFactory
from tests.network.advocacy import making
from tests.network.governance import making as governance
from tests.network.tour import making as tour
from tests.practices import making as practices

pytestmark = pytest.mark.django_db
TODAY = governance.today()


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def concern(author, seat):
    made = governance.concern(author)
    governance.gathered(seat, made)
    made.refresh_from_db()
    return made


@pytest.fixture
def other(seat):
    """An official of another member."""
    return governance.official(StructureFactory(network=seat.network, name="PLIE du Thouarsais"))


def at(name, *args):
    return reverse(f"advocacy:{name}", args=args)


def lines(found):
    return {(line.title, line.detail, line.url) for line in found.lines} if found else set()


def titles(found):
    return [line.title for line in found.lines] if found else []


@pytest.mark.parametrize("kind", ["concern", "practice", "finding"])
def test_an_origin_says_the_contribution_the_idea_and_the_proposal_it_led_to(kind, author, seat, concern):
    paper = making.opened(seat)
    sheet = practices.published(MembershipFactory(structure=author.structure, facilitator=True))
    finding = tour.finding(tour.stage(seat, state="reported", days=-10))
    leaning, asked = {
        "concern": ({"concerns": [concern]}, lambda: on_concern(seat, concern.pk, on=TODAY)),
        "practice": ({"practices": [sheet.published]}, lambda: on_practice(seat, sheet.pk, on=TODAY)),
        "finding": ({"findings": [finding.pk]}, lambda: on_finding(seat, finding.pk, on=TODAY)),
    }[kind]
    said = making.received(seat, author, paper, **leaning)
    idea = making.retained(seat, paper, said)
    ask = making.proposal(seat, paper, idea)
    assert lines(asked()) == {
        (
            "Proposition 1\u00a0: Une ligne de nuit",
            f"{paper}, par 1\u00a0contribution",
            at("proposal", ask.pk) + "#source-1",
        ),
        ("Idée\u00a0: Une idée retenue", f"retenue, {paper}", at("idea", idea.pk)),
        (f"Contribution\u00a0: {making.PROPOSAL}", "PLIE de Gâtine, retenue", at("contribution", said.pk)),
    }


def test_the_page_of_a_concern_leads_to_the_contribution_that_leans_on_it(author, seat, concern, client):
    said = making.received(seat, author, making.opened(seat), concerns=[concern])
    client.force_login(author.user)
    page = client.get(reverse("governance:concern", args=[concern.pk])).content.decode()
    assert f'href="{at("contribution", said.pk)}"' in page


def test_an_idea_merged_into_another_is_told_by_the_one_where_it_ended(author, seat, concern):
    paper = making.opened(seat)
    said = making.received(seat, author, paper, concerns=[concern])
    made = making.discussed(seat, paper, said, title="Réemploi")
    for title in ("Former", "Soigner"):
        into = making.discussed(
            seat, paper, making.received(seat, governance.official(), paper, proposal=title), title=title
        )
        ideas.decide(seat, made.pk, decision="merged", reason="La même", into=into.pk, at=NOW)
        made = into
    assert [each for each in titles(on_concern(seat, concern.pk, on=TODAY)) if "Idée" in each] == [
        "Idée\u00a0: Soigner"
    ]


def test_a_proposal_that_cites_an_origin_itself_is_said_once_at_that_citation(author, seat, concern):
    paper = making.opened(seat)
    said = making.received(seat, author, paper, concerns=[concern])
    ask = making.proposal(seat, paper, making.retained(seat, paper, said))
    cited = proposals.cite(seat, ask.pk, kind="concern", key=concern.pk, excerpt="", at=NOW)
    found = on_concern(seat, concern.pk, on=TODAY)
    [line] = [each for each in found.lines if "Proposition" in each.title]
    assert (line.detail, line.url) == (str(paper), at("proposal", ask.pk) + f"#source-{cited.number}")


def test_a_contribution_kept_from_a_person_leaves_no_trace_of_what_it_leans_on(author, seat, concern, other):
    paper = making.opened(seat)
    making.sent(author, paper, concerns=[concern], proposal="Pas encore lue.")
    said = making.received(seat, author, paper, concerns=[concern], consent=Consent.UNQUOTED)
    making.proposal(seat, paper, making.retained(seat, paper, said))
    assert titles(on_concern(other, concern.pk, on=TODAY)) == []
    assert len(titles(on_concern(author, concern.pk, on=TODAY))) == 4
    assert len(titles(on_concern(seat, concern.pk, on=TODAY))) == 4


def test_what_a_published_edition_cites_is_told_to_all_who_read_the_white_paper(author, seat, concern, other):
    paper = making.opened(seat)
    said = making.received(seat, author, paper, concerns=[concern])
    making.written(seat, making.proposal(seat, paper, making.retained(seat, paper, said)))
    making.edition(seat, paper)
    assert len(titles(on_concern(other, concern.pk, on=TODAY))) == 3


def test_the_name_of_who_wrote_a_contribution_is_not_told_with_it(author, seat, concern):
    making.received(seat, author, making.opened(seat), concerns=[concern])
    told = " ".join(f"{line.title} {line.detail}" for line in on_concern(seat, concern.pk, on=TODAY).lines)
    assert "Henri Sorin" not in told


def test_past_the_first_ones_the_rest_is_counted(author, seat, concern):
    paper = making.opened(seat)
    for rank in range(MOST + 2):
        making.received(seat, author, paper, concerns=[concern], proposal=f"Proposition {rank}")
    assert titles(on_concern(seat, concern.pk, on=TODAY))[-1] == "et 2 autres contributions"


def test_an_origin_costs_the_same_whatever_leans_on_it(author, seat, concern, assert_max_queries):
    paper = making.opened(seat)
    for rank in range(6):
        said = making.received(seat, author, paper, concerns=[concern], proposal=f"Proposition {rank}")
        making.proposal(seat, paper, making.retained(seat, paper, said, title=f"Idée {rank}"))
    with assert_max_queries(4):
        assert len(on_concern(seat, concern.pk, on=TODAY).lines) == 18


# -- a source taken back


def test_a_concern_a_received_contribution_leans_on_is_no_longer_taken_back(author, seat, concern, client):
    said = making.sent(author, making.opened(seat), concerns=[concern])
    client.force_login(author.user)
    address = reverse("governance:concern", args=[concern.pk])
    assert "Retirer ma préoccupation" in client.get(address).content.decode()
    contributions.accept(seat, said.pk, at=NOW)
    page = client.get(address).content.decode()
    assert "Retirer ma préoccupation" not in page
    assert "Une contribution reçue pour le livre blanc s’appuie déjà sur elle" in page
    with pytest.raises(GovernanceRefused, match="contribution reçue"):
        concerns.withdraw(author, concern.pk, at=NOW)


def test_a_concern_a_proposal_cites_is_no_longer_taken_back(author, seat, concern):
    ask = making.proposal(seat, making.opened(seat))
    proposals.cite(seat, ask.pk, kind="concern", key=concern.pk, excerpt="", at=NOW)
    with pytest.raises(GovernanceRefused, match="proposition du livre blanc"):
        concerns.withdraw(author, concern.pk, at=NOW)


def test_the_author_of_both_takes_back_the_contribution_then_the_concern(author, seat, concern):
    said = making.received(seat, author, making.opened(seat), concerns=[concern])
    contributions.withdraw(author, said.pk, at=NOW)
    assert concerns.withdraw(author, concern.pk, at=NOW).state == ConcernState.WITHDRAWN


def test_a_contribution_says_that_the_concern_it_leans_on_was_taken_back(author, seat, concern, client):
    said = making.sent(author, making.opened(seat), concerns=[concern])
    concerns.withdraw(author, concern.pk, at=NOW)
    client.force_login(seat.user)
    page = client.get(at("contribution", said.pk)).content.decode()
    assert "Une préoccupation que son auteur a retirée depuis" in page
    assert reverse("governance:concern", args=[concern.pk]) not in page


def test_a_contribution_keeps_the_words_of_a_concern_from_those_who_may_not_read_it(author, seat, other, client):
    unread = governance.concern(author, "Des mots pas encore rangés.")
    said = making.received(seat, author, making.opened(seat), concerns=[unread])
    for member, read in ((author, True), (other, False)):
        client.force_login(member.user)
        page = client.get(at("contribution", said.pk)).content.decode()
        assert ("Des mots pas encore rangés" in page) is read
        assert (reverse("governance:concern", args=[unread.pk]) in page) is read
    assert said.state == ContributionState.MODERATED
