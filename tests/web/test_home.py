"""Where each hat lands, what it shows, and that it costs the same whatever the portfolio."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dentelle.foundations.awaiting.models import Snooze
from dentelle.foundations.structures import approvals
from dentelle.network.advocacy.actions import contributions
from dentelle.network.advocacy.models import Call, Contribution, ContributionNews, WhitePaper
from dentelle.thread.contracts import awaited
from dentelle.thread.contracts.models import Contract, FrameworkOrder, Holder, InsertionPlan, Obligation, PlannedMonth
from dentelle.thread.contracts.states import ContractState
from tests.contracts import making
from tests.contracts.awaited import kickoff, order, under_way
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.network.advocacy import making as advocacy
from tests.network.advocacy.awaited import open_call
from tests.network.governance import making as governance
from tests.organisations.seats import seat_of

TODAY = NOW.date()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def page_of(client, **asked) -> str:
    answer = client.get(reverse("home"), asked)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def test_a_facilitator_lands_on_what_awaits_them(client_of, facilitator, manager) -> None:
    kickoff(facilitator)
    order(manager)
    mine = page_of(client_of(facilitator))
    assert "1 chose vous attend" in mine
    assert "la réunion de démarrage avec le titulaire est à tenir" in mine
    assert "bon de commande" not in mine
    assert "mes=1" in mine
    whole = page_of(client_of(facilitator), qui="structure")
    assert "2 choses attendent votre structure" in whole
    assert f"suivi par {manager.user.full_name}" in whole


def test_a_manager_lands_on_the_list_of_the_team_and_opens_each_part(client_of, facilitator, manager) -> None:
    kickoff(facilitator)
    order(manager)
    page = page_of(client_of(manager))
    assert "2 choses attendent votre structure" in page
    assert "Qui a quoi" in page
    part = page_of(client_of(manager), qui=str(facilitator.user_id))
    assert f"1 chose attend {facilitator.user.full_name}" in part
    assert "bon de commande" not in part


@pytest.mark.parametrize("role", ["reader", "auditor", "pathway_advisor"])
def test_who_only_reads_lands_on_the_portfolio(client_of, facilitator, role) -> None:
    order(facilitator)
    page = page_of(client_of(MembershipFactory(structure=facilitator.structure, role=role)))
    assert "1 contrat au registre" in page
    assert "Portefeuille par étape" in page
    assert "Me rappeler" not in page


def test_an_elected_official_lands_on_the_territory(client_of) -> None:
    answer = client_of(MembershipFactory(elected_official=True)).get(reverse("home"))
    assert answer["Location"] == reverse("territory:home")


def test_an_elected_official_lands_on_an_open_call_until_they_contributed(client_of) -> None:
    official = MembershipFactory(elected_official=True)
    colleague = MembershipFactory(elected_official=True, structure=official.structure)
    made = open_call(official)
    client = client_of(official)
    page = page_of(client)
    assert "1 chose vous attend" in page
    assert "Appel à contributions" in page
    assert "Me rappeler" not in page
    assert 'aria-current="page"' in page
    made.settle()
    assert client.get(reverse("home"))["Location"] == reverse("territory:home")
    assert "1 chose vous attend" in page_of(client_of(colleague))


def test_a_call_that_closed_awaits_no_official_and_one_not_open_yet_either(client_of) -> None:
    official = MembershipFactory(elected_official=True)
    open_call(official)
    call = Call.objects.get()
    for opens, closes in ((-20, -1), (1, 20)):
        Call.objects.update(opens_on=TODAY + timedelta(days=opens), closes_on=TODAY + timedelta(days=closes))
        assert client_of(official).get(reverse("home")).status_code == 302, call


def test_a_draft_is_not_an_answer_and_a_call_of_another_network_asks_nothing(client_of) -> None:
    official = MembershipFactory(elected_official=True)
    open_call(official)
    contributions.write(official, Call.objects.get().paper_id, advocacy.words(), at=NOW, send=False)
    assert "1 chose vous attend" in page_of(client_of(official))
    elsewhere = StructureFactory(network=NetworkFactory(name="Autre réseau"))
    stranger = MembershipFactory(elected_official=True, structure=elsewhere)
    assert client_of(stranger).get(reverse("home")).status_code == 302


def set_aside(official, *, reason: str = "Du ressort de la région.") -> Contribution:
    """Words of an official, set aside with a reason."""
    seat = governance.head_of(official)
    sent = advocacy.sent(official, advocacy.opened(seat, days=60))
    return contributions.set_aside(seat, sent.pk, reason=reason, at=NOW)


def test_an_official_lands_on_what_became_of_their_words_until_they_read_it(client_of) -> None:
    official = MembershipFactory(elected_official=True)
    aside = set_aside(official)
    client = client_of(official)
    page = page_of(client)
    assert "1 chose vous attend" in page
    assert advocacy.PROPOSAL in page
    assert "Elle est écartée." in page
    assert "Du ressort de la région." in page_of_contribution(client, aside)
    client.post(reverse("advocacy:own-act", args=[aside.pk, "lu"]))
    assert client.get(reverse("home"))["Location"] == reverse("territory:home")


def page_of_contribution(client, contribution) -> str:
    return client.get(reverse("advocacy:contribution", args=[contribution.pk])).content.decode()


def test_what_became_of_an_official_s_words_is_theirs_to_read_not_their_team_s(client_of, manager) -> None:
    official = MembershipFactory(elected_official=True, structure=manager.structure)
    colleague = MembershipFactory(elected_official=True, structure=manager.structure)
    aside = set_aside(official)
    assert "Suite à une contribution" not in page_of(client_of(manager), qui="structure")
    assert "C’est lu" not in page_of_contribution(client_of(manager), aside)
    refused = client_of(manager).post(reverse("advocacy:own-act", args=[aside.pk, "lu"]))
    assert refused.status_code == 404
    assert "Suite à une contribution" not in page_of(client_of(colleague), journee="1")
    assert "Suite à une contribution" in page_of(client_of(official))


def test_once_an_official_is_gone_their_structure_learns_what_became_of_their_words(client_of, manager) -> None:
    official = MembershipFactory(elected_official=True, structure=manager.structure)
    set_aside(official)
    official.delete()
    assert "Suite à une contribution" in page_of(client_of(manager), qui="structure")


def test_a_draft_not_sent_awaits_an_official_even_when_they_sent_something_else(client_of) -> None:
    official = MembershipFactory(elected_official=True)
    made = open_call(official)
    paper = Call.objects.get().paper_id
    kept = contributions.write(official, paper, advocacy.words(proposal="Plus tard"), at=NOW, send=False)
    made.settle()
    page = page_of(client_of(official))
    assert "1 chose vous attend" in page
    assert "Votre brouillon n’est pas envoyé" in page
    assert reverse("advocacy:edit", args=[kept.pk]) in page


def sent_back(official, *, days: int = 60) -> Contribution:
    """Words of an official, given back to them by the moderation; they have read why."""
    seat = governance.head_of(official)
    sent = advocacy.sent(official, advocacy.opened(seat, days=days))
    contributions.send_back(seat, sent.pk, words="Ne nommez personne.", at=NOW)
    return Contribution.objects.get(pk=sent.pk)


def test_words_sent_back_stay_in_the_day_of_an_official_with_their_limit_until_they_are_sent_again(client_of) -> None:
    official = MembershipFactory(elected_official=True)
    back = sent_back(official)
    client, limit = client_of(official), Call.objects.get().closes_on
    for _ in range(2):
        page = page_of(client)
        assert "1 chose vous attend" in page
        assert f"À reprendre, avant le {limit:%d/%m/%Y}" in page
        assert reverse("advocacy:edit", args=[back.pk]) in page
        client.post(reverse("advocacy:own-act", args=[back.pk, "lu"]))
    contributions.write(official, back.paper_id, advocacy.words(), at=NOW, send=False, pk=back.pk)
    assert "1 chose vous attend" in page_of(client)
    contributions.write(official, back.paper_id, advocacy.words(), at=NOW, send=True, pk=back.pk)
    assert client.get(reverse("home"))["Location"] == reverse("territory:home")


def test_words_sent_back_and_sent_again_unread_are_not_said_to_have_come_back(client_of) -> None:
    official = MembershipFactory(elected_official=True)
    back = sent_back(official)
    contributions.write(official, back.paper_id, advocacy.words(), at=NOW, send=True, pk=back.pk)
    assert client_of(official).get(reverse("home")).status_code == 302


def test_once_the_call_closed_the_day_says_that_words_sent_back_may_still_return_until_an_edition_is_published(
    client_of,
) -> None:
    official = MembershipFactory(elected_official=True)
    back = sent_back(official)
    Call.objects.update(opens_on=TODAY - timedelta(days=9), closes_on=TODAY - timedelta(days=1))
    page = page_of(client_of(official))
    assert "l’appel est clos depuis le" in page
    assert "avant le" not in page
    assert "en retard" not in page
    write = client_of(official).get(reverse("advocacy:edit", args=[back.pk])).content.decode()
    assert "ce qui vous est renvoyé peut encore revenir" in write
    WhitePaper.objects.update(state="published", published_on=TODAY)
    ContributionNews.objects.update(read_at=NOW)
    assert client_of(official).get(reverse("home")).status_code == 302


def test_words_sent_back_await_their_author_alone(client_of, manager) -> None:
    official = MembershipFactory(elected_official=True, structure=manager.structure)
    colleague = MembershipFactory(elected_official=True, structure=manager.structure)
    sent_back(official)
    assert "À reprendre" not in page_of(client_of(colleague), journee="1")
    assert "À reprendre" not in page_of(client_of(manager), qui="structure")


def test_the_day_of_an_official_asks_the_same_whatever_their_number_and_their_words(client_of) -> None:
    official = MembershipFactory(elected_official=True)
    open_call(official)
    paper, head = Call.objects.get().paper_id, governance.head_of(official)
    client, spent = client_of(official), []
    for more in (1, 10):
        MembershipFactory.create_batch(more, elected_official=True, structure=official.structure)
        for rank in range(more):
            contributions.write(official, paper, advocacy.words(proposal=f"{more} {rank}"), at=NOW, send=False)
            sent = contributions.write(official, paper, advocacy.words(finding=f"{more} {rank}"), at=NOW, send=True)
            contributions.set_aside(head, sent.pk, reason="Déjà dit.", at=NOW)
            back = contributions.write(
                official, paper, advocacy.words(finding=f"À revoir {more} {rank}"), at=NOW, send=True
            )
            contributions.send_back(head, back.pk, words="Ne nommez personne.", at=NOW)
        with CaptureQueriesContext(connection) as captured:
            page_of(client)
        spent.append(len(captured))
    assert spent[0] == spent[1] <= 20


def test_the_head_of_a_network_lands_on_the_structures_to_approve(client_of) -> None:
    head = NetworkSeatFactory()
    assert "Rien n’attend le réseau" in page_of(client_of(head))
    approvals.create_structure(
        head.network, name="Relais du marais", kind="association", approved=False, actor=None, at=NOW
    )
    page = page_of(client_of(head))
    assert "1 chose attend le réseau" in page
    assert "Relais du marais" in page
    assert "Examiner la demande" in page


def test_a_person_outside_is_told_where_they_stand(client_of) -> None:
    assert client_of(seat_of("buyer")).get(reverse("home")).status_code in {200, 302}


def test_a_structure_that_begins_is_told_the_first_step(client_of, facilitator) -> None:
    page = page_of(client_of(facilitator))
    assert "Rien ne vous attend" in page
    assert "Inscrire un premier contrat" in page
    assert "Portefeuille par étape" not in page


def test_a_list_that_is_empty_says_what_to_look_at_next(client_of, facilitator) -> None:
    under_way(facilitator)
    assert "Voir les marchés qui reviennent" in page_of(client_of(facilitator))


def test_a_line_is_put_off_from_the_page_and_taken_back(client_of, facilitator) -> None:
    kickoff(facilitator)
    client = client_of(facilitator)
    key = f"contract.kickoff:{Contract.objects.get().pk}"
    refused = client.post(reverse("awaiting:snooze"), {"key": key, "on": "bientôt"}, follow=True)
    assert "Choisissez un jour à venir" in refused.content.decode()
    client.post(reverse("awaiting:snooze"), {"key": key, "on": "2026-11-28"})
    page = page_of(client)
    assert "Rien ne vous attend" in page
    assert "revient le 28/11/2026" in page
    client.post(reverse("awaiting:resume", kwargs={"pk": Snooze.objects.get().pk}))
    assert "1 chose vous attend" in page_of(client)


def test_a_button_of_a_quick_day_wins_over_the_date_left_empty(client_of, facilitator) -> None:
    kickoff(facilitator)
    key = f"contract.kickoff:{Contract.objects.get().pk}"
    week = NOW.date() + timedelta(days=7)
    client_of(facilitator).post(reverse("awaiting:snooze"), {"key": key, "on": "", "until": week.isoformat()})
    assert Snooze.objects.get().until == week


def test_a_long_group_shows_its_beginning_and_opens_to_the_rest(client_of, facilitator) -> None:
    for _ in range(14):
        making.running(facilitator)
    client = client_of(facilitator)
    shown = [page_of(client, **asked).count('class="awaiting-subject"') for asked in ({}, {"tout": "late"})]
    assert shown == [12, 14]
    assert "Voir les 2 suivantes" in page_of(client)


def test_a_list_narrows_to_one_sort_of_lines(client_of, facilitator) -> None:
    kickoff(facilitator)
    order(facilitator)
    client = client_of(facilitator)
    page = page_of(client, sorte="contract.order")
    assert "attend ses heures" in page
    assert "réunion de démarrage" not in page
    assert "2 choses vous attendent" in page
    assert "réunion de démarrage" in page_of(client, sorte="inconnue")


def full(facilitator, count: int) -> None:
    """So many contracts under way, each with an order to size and a month to state."""
    contracts = Contract.objects.bulk_create(
        Contract(
            structure=facilitator.structure,
            facilitator=facilitator.user,
            buyer=making.organisation(),
            title=f"Contrat {rank}",
            state=(ContractState.DRAFT, ContractState.RUNNING)[rank % 2],
            state_since=NOW - timedelta(days=rank % 90),
            created_at=NOW,
            updated_at=NOW,
        )
        for rank in range(count)
    )
    shared = {"structure": facilitator.structure}
    owed = Obligation.objects.bulk_create(
        Obligation(**shared, contract=one, due_minutes=6_000, created_at=NOW) for one in contracts
    )
    FrameworkOrder.objects.bulk_create(
        FrameworkOrder(**shared, obligation=one, number="BC-1", ordered_on=NOW.date()) for one in owed
    )
    holders = Holder.objects.bulk_create(
        Holder(**shared, contract=one, organisation=making.company()) for one in contracts
    )
    plans = InsertionPlan.objects.bulk_create(
        InsertionPlan(**shared, contract=one.contract, holder=one) for one in holders
    )
    month = (NOW.date().replace(day=1) - timedelta(days=1)).replace(day=1)
    PlannedMonth.objects.bulk_create(PlannedMonth(**shared, plan=one, month=month, minutes=600) for one in plans)


def test_the_page_costs_the_same_with_ten_contracts_or_a_thousand(client_of, manager) -> None:
    client = client_of(manager)
    spent = []
    for more in (10, 990):
        full(manager, more)
        with CaptureQueriesContext(connection) as captured:
            page = page_of(client)
        spent.append(len(captured))
    assert f"Au moins {2 * awaited.MOST} choses attendent votre structure" in " ".join(page.split())
    assert spent[0] == spent[1] <= 20, [query["sql"][:120] for query in captured.captured_queries]
