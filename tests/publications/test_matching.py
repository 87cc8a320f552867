"""When two records are the same contract, and who says so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.thread.publications.deadlines import add_months, due_on, late_before
from dentelle.thread.publications.matching import Award, Ours, Reason, best_match, best_matches, normal_number

DAY = date(2026, 3, 2)
OURS = Ours(
    pk=1,
    buyer_siret="21350238800019",
    buyer_siren="213502388",
    number="2026-031",
    subject="Réfection du groupe scolaire Jules-Ferry",
    holders=frozenset({"552081317"}),
    notified_on=DAY,
    amount_cents=12_000_000,
)
SAME = Award(
    contract_key="a" * 20,
    generation="2022",
    buyer_id="21350238800019",
    number="2026-031",
    lot_rank=1,
    object="Réfection du groupe scolaire Jules-Ferry",
    holders=frozenset({"552081317"}),
    holder_name="Bâtisseurs réunis",
    notified_on=DAY,
    published_on=DAY,
    amount_cents=12_000_000,
    social_status="considered",
    clause=True,
    criterion=False,
    reserved=False,
)
OTHER = replace(
    SAME,
    contract_key="b" * 20,
    number="9999",
    object="Entretien des espaces verts",
    holders=frozenset({"300000000"}),
    amount_cents=1_000_000,
)


def reason(ours: Ours, *awards: Award) -> Reason | None:
    match = best_match(ours, awards)
    return match.reason if match else None


def test_the_buyers_siret_and_number_settle_it() -> None:
    assert reason(OURS, OTHER, SAME) is Reason.NUMBER


@pytest.mark.parametrize("written", ["2026 031", "2026/031", "2026_031", " 2026-031 "])
def test_signs_in_a_number_do_not_matter(written: str) -> None:
    assert reason(OURS, replace(SAME, number=written)) is Reason.NUMBER


def test_the_two_digits_of_the_2019_format_do_not_matter() -> None:
    assert reason(OURS, replace(SAME, number="202603100", generation="2019")) is Reason.NUMBER
    assert reason(OURS, replace(OTHER, number="202603100", generation="2022")) is None


def test_another_company_under_the_same_number_is_for_a_person_to_judge() -> None:
    assert reason(OURS, replace(SAME, holders=frozenset({"300000000"}))) is Reason.NUMBER_DOUBTED


def test_another_year_under_the_same_number_is_for_a_person_to_judge() -> None:
    assert reason(OURS, replace(SAME, notified_on=DAY - timedelta(days=500))) is Reason.NUMBER_DOUBTED


def test_a_company_nobody_named_does_not_contradict() -> None:
    assert reason(OURS, replace(SAME, holders=frozenset())) is Reason.NUMBER
    assert reason(replace(OURS, holders=frozenset()), SAME) is Reason.NUMBER


def test_another_establishment_of_the_buyer_is_for_a_person_to_judge() -> None:
    assert reason(OURS, replace(SAME, buyer_id="21350238800027")) is Reason.NUMBER_OF_UNIT
    assert reason(replace(OURS, buyer_siret=""), SAME) is Reason.NUMBER_OF_UNIT


def test_the_same_number_at_another_buyer_is_nothing() -> None:
    assert reason(OURS, replace(SAME, buyer_id="21440109300015")) is None


def test_lots_of_one_number_are_read_together_those_of_our_company_first() -> None:
    first = replace(SAME, lot_rank=1, contract_key="1" * 20, holders=frozenset({"300000000"}))
    second = replace(SAME, lot_rank=2, contract_key="2" * 20)
    match = best_match(OURS, [first, second])
    assert match is not None
    assert (match.reason, match.award, match.lots) == (Reason.NUMBER, second, (second,))
    unknown = best_match(replace(OURS, holders=frozenset()), [first, second])
    assert unknown is not None
    assert len(unknown.lots) == 2


def test_without_a_number_the_facts_propose_and_never_settle() -> None:
    match = best_match(replace(OURS, number=""), [OTHER, SAME])
    assert match is not None
    assert (match.award, match.reason) == (SAME, Reason.FACTS)
    assert not match.reason.is_exact
    agreed = dict.fromkeys(("holder", "object", "date", "amount"), True)
    assert {each.fact: each.agrees for each in match.evidence} == {"number": None, **agreed}
    other = best_match(replace(OURS, number="2026-099"), [SAME])
    assert other is not None
    assert {each.fact: each.agrees for each in other.evidence} == {"number": False, **agreed}


@pytest.mark.parametrize(
    "award",
    [
        replace(SAME, number="x", holders=frozenset({"300000000"}), object="Espaces verts", amount_cents=None),
        replace(
            SAME, number="x", object="Espaces verts", amount_cents=90_000_000, notified_on=DAY + timedelta(days=90)
        ),
        replace(SAME, number="x", notified_on=DAY + timedelta(days=200)),
        replace(SAME, number="x", notified_on=None),
        replace(SAME, number="x", buyer_id="21440109300015"),
    ],
)
def test_one_fact_alone_or_a_far_date_proposes_nothing(award: Award) -> None:
    assert best_match(OURS, [award]) is None


def test_a_refused_award_gives_way_to_the_next() -> None:
    near = replace(SAME, contract_key="c" * 20, number="x", amount_cents=11_500_000)
    nearer = replace(SAME, number="y")
    match = best_match(OURS, [near, nearer])
    assert match is not None
    assert match.award == nearer
    after = best_match(OURS, [near, nearer], frozenset({nearer.contract_key}))
    assert after is not None
    assert after.award == near
    assert best_match(OURS, [near, nearer], frozenset({near.contract_key, nearer.contract_key})) is None


def test_an_award_a_number_settles_for_one_contract_is_not_proposed_to_another() -> None:
    twin = replace(OURS, pk=2, number="")
    awards = {1: [SAME], 2: [SAME]}
    assert set(best_matches([twin, OURS], awards, {})) == {1}
    assert set(best_matches([twin], awards, {})) == {2}
    assert set(best_matches([twin], awards, {}, taken={SAME.contract_key})) == set()
    assert set(best_matches([OURS], awards, {}, taken={SAME.contract_key})) == {1}


@given(st.permutations([SAME, OTHER, replace(SAME, contract_key="d" * 20, number="z")]))
def test_the_order_of_the_awards_does_not_matter(awards: list[Award]) -> None:
    ours = replace(OURS, number="")
    match = best_match(ours, awards)
    assert match is not None
    assert match.award.contract_key == "a" * 20


@given(st.text(max_size=30))
def test_a_normal_number_is_stable(text: str) -> None:
    assert normal_number(normal_number(text)) == normal_number(text)


@given(st.dates(date(2024, 1, 1), date(2035, 12, 31)), st.integers(0, 400))
def test_late_is_after_the_last_day_whatever_the_lengths_of_months(notified_on: date, days: int) -> None:
    today = notified_on + timedelta(days=days)
    last = due_on(notified_on)
    assert last is not None
    assert (notified_on < late_before(today)) == (last < today)


def test_the_delay_counts_calendar_months() -> None:
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert due_on(date(2026, 8, 3)) == date(2026, 10, 3)
    assert due_on(date(2023, 12, 31)) is None  # before the rule known here
