"""What a night finds for the contracts of every structure, and what a person decides."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from dentelle.foundations.journal.models import Entry
from dentelle.thread.contracts.models import Contract
from dentelle.thread.publications import actions, queries
from dentelle.thread.publications.looking import look
from dentelle.thread.publications.models import Publication, PublicationState, RefusedMatch
from dentelle.thread.publications.queries import PublicationFilters, awaiting, list_publications
from dentelle.thread.publications.sheet import publication_sheet
from dentelle.thread.publications.standing import Standing
from dentelle.thread.publications.tasks import look_for_publications
from dentelle.thread.territory.queries import store
from dentelle.web.formatting import prose_date
from tests.contracts import making as contracts
from tests.factories import NOW
from tests.publications.making import KEY, award, holder, loaded, looked, signed
from tests.purchases.conftest import key

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def standing_of(facilitator, contract) -> Standing:
    page = list_publications(facilitator, PublicationFilters(), today=TODAY)
    return next(row.standing for row in page.rows if row.pk == contract.pk)


def acts() -> list[str]:
    return list(Entry.objects.filter(act__startswith="publication").order_by("pk").values_list("act", flat=True))


def test_a_number_settles_the_match_without_a_person(facilitator, data) -> None:
    contract = signed(facilitator)
    loaded(data, award())
    assert (looked().matched, acts()) == (1, ["publication.matched"])
    found = Publication.objects.get()
    assert (found.state, found.contract_key, found.clause) == (PublicationState.MATCHED, KEY, True)
    assert standing_of(facilitator, contract) is Standing.MATCHED


def test_a_second_night_changes_nothing_and_writes_nothing(facilitator, data) -> None:
    signed(facilitator)
    loaded(data, award())
    looked()
    again = looked()
    assert (again.contracts, again.matched, again.changed, again.lost) == (1, 0, 0, 0)
    assert acts() == ["publication.matched"]


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ({"social_status": "none", "social_clause": False}, Standing.DIFFERENT),
        ({"social_criterion": True}, Standing.DIFFERENT),
        ({"social_status": "not_stated", "social_clause": None, "social_criterion": None}, Standing.DIFFERENT),
        (
            {"social_status": "not_stated", "social_clause": None, "social_criterion": None, "generation": "2019"},
            Standing.MATCHED,
        ),
    ],
)
def test_what_is_published_is_compared_with_the_promise(facilitator, data, values, standing: Standing) -> None:
    contract = signed(facilitator)
    loaded(data, award(**values))
    looked()
    assert standing_of(facilitator, contract) is standing


def test_a_promise_that_changes_is_compared_at_once(facilitator, data) -> None:
    contract = signed(facilitator, "CONDITION_AND_CRITERION")
    loaded(data, award())
    looked()
    assert standing_of(facilitator, contract) is Standing.DIFFERENT


@pytest.mark.parametrize(
    ("known", "standing"),
    [
        ({"notified_on": date(2026, 9, 20)}, Standing.MISSING),
        ({"notified_on": date(2026, 9, 21)}, Standing.AWAITED),
        ({"amount_cents": 3_999_999}, Standing.OUTSIDE),
        ({"amount_cents": 4_000_000}, Standing.MISSING),
        ({"amount_cents": None}, Standing.MISSING),
        ({"notified_on": date(2023, 12, 31)}, Standing.OUTSIDE),
    ],
)
def test_nothing_published_is_missing_once_the_delay_is_over(facilitator, data, known, standing: Standing) -> None:
    contract = signed(facilitator, **known)
    loaded(data)
    looked()
    assert standing_of(facilitator, contract) is standing


def test_data_that_stop_before_the_end_of_the_delay_or_that_nobody_loaded_prove_nothing(facilitator, data) -> None:
    contract = signed(facilitator)  # to be published by 3 October 2026
    assert standing_of(facilitator, contract) is Standing.AWAITED
    loaded(data, until=date(2019, 1, 1))  # before the rule itself is known
    assert standing_of(facilitator, contract) is Standing.AWAITED
    loaded(data, until=date(2026, 10, 3))
    assert standing_of(facilitator, contract) is Standing.AWAITED
    assert f"s’arrêtent au {prose_date(date(2026, 10, 3))}" in publication_sheet(contract, today=TODAY).explanation
    loaded(data, until=date(2026, 10, 4))
    assert standing_of(facilitator, contract) is Standing.MISSING


def test_contracts_not_signed_or_private_have_nothing_to_publish(facilitator) -> None:
    contracts.contract(facilitator)
    signed(facilitator, "PRIVATE_CLAUSE")
    assert list_publications(facilitator, PublicationFilters(), today=TODAY).rows == ()


def test_facts_propose_and_a_person_confirms(facilitator, data) -> None:
    contract = signed(facilitator, number="")
    loaded(data, award())
    assert looked().proposed == 1
    assert standing_of(facilitator, contract) is Standing.TO_CONFIRM
    actions.confirm_match(facilitator, contract.pk, contract_key=KEY, at=NOW)
    assert standing_of(facilitator, contract) is Standing.MATCHED
    assert acts() == ["publication.proposed", "publication.confirmed"]


def test_a_refused_match_is_not_proposed_again_and_the_next_is(facilitator, data) -> None:
    contract = signed(facilitator, number="")
    loaded(data, award(), award(key(2), amount_cents=11_500_000))
    looked()
    actions.refuse_match(facilitator, contract.pk, contract_key=KEY, at=NOW)
    assert Publication.objects.get().contract_key == key(2)
    actions.refuse_match(facilitator, contract.pk, contract_key=key(2), at=NOW)
    assert not Publication.objects.exists()
    looked()
    assert not Publication.objects.exists()
    assert RefusedMatch.objects.count() == 2
    assert standing_of(facilitator, contract) is Standing.MISSING


def test_what_a_person_confirmed_is_kept_and_read_again(facilitator, data) -> None:
    contract = signed(facilitator, number="")
    loaded(data, award())
    looked()
    actions.confirm_match(facilitator, contract.pk, contract_key=KEY, at=NOW)
    # a better candidate comes, and the buyer corrects what it said
    loaded(data, award(social_clause=False, social_status="none"), award(key(2)))
    assert looked().changed == 1
    found = Publication.objects.get()
    assert (found.contract_key, found.clause) == (KEY, False)
    assert standing_of(facilitator, contract) is Standing.DIFFERENT
    loaded(data)
    assert looked().lost == 1
    assert Publication.objects.get().is_gone
    assert looked().lost == 0


def test_a_proposal_whose_award_leaves_the_data_leaves_too(facilitator, data) -> None:
    signed(facilitator, number="")
    loaded(data, award())
    looked()
    loaded(data)
    assert looked().lost == 1
    assert not Publication.objects.exists()


def test_a_confirmation_may_be_taken_back(facilitator, data) -> None:
    contract = signed(facilitator, number="")
    loaded(data, award())
    looked()
    actions.confirm_match(facilitator, contract.pk, contract_key=KEY, at=NOW)
    actions.reopen_match(facilitator, contract.pk, at=NOW)
    assert standing_of(facilitator, contract) is Standing.TO_CONFIRM
    with pytest.raises(actions.MatchRefused):
        actions.reopen_match(facilitator, contract.pk, at=NOW)


def test_deciding_on_a_candidate_that_changed_meanwhile_is_refused(facilitator, data) -> None:
    contract = signed(facilitator, number="")
    loaded(data, award())
    looked()
    with pytest.raises(actions.MatchRefused, match="a changé entre-temps"):
        actions.confirm_match(facilitator, contract.pk, contract_key=key(9), at=NOW)
    actions.confirm_match(facilitator, contract.pk, contract_key=KEY, at=NOW)
    with pytest.raises(actions.MatchRefused, match="déjà établi"):
        actions.refuse_match(facilitator, contract.pk, contract_key=KEY, at=NOW)


def test_a_reader_and_another_structure_decide_nothing(facilitator, reader, outsider, data) -> None:
    contract = signed(facilitator, number="")
    loaded(data, award())
    looked()
    for someone in (reader, outsider):
        with pytest.raises(Http404):
            actions.confirm_match(someone, contract.pk, contract_key=KEY, at=NOW)


def test_another_holder_under_the_same_number_waits_for_a_person(facilitator, data) -> None:
    contract = signed(facilitator)
    loaded(data, award(), holders=[holder(siret="30000000000011")])
    looked()
    assert standing_of(facilitator, contract) is Standing.TO_CONFIRM
    assert Publication.objects.get().reason == "number_doubted"


def test_the_duty_says_what_it_did_and_that_there_are_no_data(facilitator, data, settings, tmp_path) -> None:
    signed(facilitator)
    loaded(data, award())
    assert look_for_publications(NOW) == "1\u202fcontrat cherché, 1\u202frapprochement nouveau."
    settings.DENTELLE_DECP = tmp_path / "rien"
    assert "Aucun jeu de données" in look_for_publications(NOW)


def test_a_night_costs_as_many_queries_for_one_contract_as_for_forty(facilitator, data) -> None:
    first = signed(facilitator)
    loaded(data, *(award(key(rank), number=f"2026-{rank:03d}") for rank in range(1, 60)))
    looked()
    for rank in range(1, 40):
        signed(facilitator, number=f"2026-{rank:03d}")
    looked()
    counts = []
    for chosen in (Contract.objects.filter(pk=first.pk), Contract.objects.all()):
        look(chosen, store(), at=NOW)
        with CaptureQueriesContext(connection) as made:
            look(chosen, store(), at=NOW)
        counts.append(len([each for each in made if not each["sql"].startswith("UPDATE")]))
    assert counts[0] == counts[1]


def test_awaiting_lists_what_calls_for_somebody_in_one_query(
    facilitator, outsider, reader, data, assert_max_queries
) -> None:
    late = signed(facilitator, number="1", notified_on=TODAY - timedelta(days=100))
    signed(facilitator, number="2", notified_on=TODAY - timedelta(days=5))
    different = signed(facilitator, number="3", notified_on=TODAY - timedelta(days=70))
    signed(facilitator, number="4")
    signed(outsider, number="1")
    loaded(
        data,
        award(key(3), number="3", social_clause=False, social_status="none", on=TODAY - timedelta(days=70)),
        award(key(4), number="4"),
    )
    looked()
    with assert_max_queries(1):
        found = awaiting(facilitator, NOW)
    assert [(each.contract_pk, each.standing) for each in found] == [
        (late.pk, Standing.MISSING),
        (different.pk, Standing.DIFFERENT),
    ]
    assert found[0].days_late == (TODAY - queries.due_on(late.notified_on)).days
    assert found[0].next_action == "Demander la publication à l’acheteur"
    assert awaiting(reader, NOW) == found


def test_the_pages_of_the_list_follow_one_another_whole(facilitator, data) -> None:
    made = [signed(facilitator, number=str(rank), notified_on=TODAY - timedelta(days=rank // 2)) for rank in range(7)]
    seen: list[int] = []
    after = None
    while True:
        page = list_publications(facilitator, PublicationFilters(), today=TODAY, after=after, size=3)
        seen += [row.pk for row in page.rows]
        after = page.after
        if after is None:
            break
    assert sorted(seen) == sorted(each.pk for each in made)
    assert len(set(seen)) == 7


def test_the_list_costs_the_same_at_ten_and_a_thousand_rows(facilitator, client_of, data) -> None:
    client = client_of(facilitator)
    model = signed(facilitator)
    counts = []
    for total in (10, 1_000):
        missing = total - Contract.objects.count()
        made = Contract.objects.bulk_create(
            Contract(
                structure=model.structure,
                buyer=model.buyer,
                title=f"Contrat {rank}",
                number=str(rank),
                state=model.state,
                state_since=NOW,
                notified_on=model.notified_on,
                created_at=NOW,
                updated_at=NOW,
            )
            for rank in range(missing)
        )
        owed = model.obligations.get()
        type(owed).objects.bulk_create(
            type(owed)(
                structure=model.structure, contract=each, clause_type=owed.clause_type, due_minutes=60, created_at=NOW
            )
            for each in made
        )
        client.get("/publications/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/publications/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20


def test_a_contract_deleted_takes_its_publication_along(facilitator, data) -> None:
    contract = signed(facilitator)
    loaded(data, award())
    looked()
    Contract.objects.filter(pk=contract.pk).delete()
    assert not Publication.objects.exists()
