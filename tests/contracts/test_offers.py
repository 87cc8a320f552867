from decimal import Decimal

import pytest

from dentelle.rules.levers_catalogue import LeverCode
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.offers import (
    CriterionContent,
    record_offer,
    retain_offer,
    score_offer,
    set_grid,
)
from dentelle.thread.contracts.models import Contract, Offer
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import ContractState
from tests.contracts import making
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db
HOUR = 60
GRID = (CriterionContent("Encadrement", 6), CriterionContent("Formation", 4))


@pytest.fixture
def actor():
    return MembershipFactory(facilitator=True)


@pytest.fixture
def contract(actor) -> Contract:
    made = making.contract(actor)
    making.obligation(actor, made, 100, clause_type=LeverCode.CONDITION_AND_CRITERION.value)
    set_grid(actor, made.pk, GRID, expected_revision=made.revision, at=NOW)
    made.refresh_from_db()
    return made


def offer(actor, contract: Contract, number: int, hours: int | None) -> Offer:
    minutes = None if hours is None else hours * HOUR
    made = record_offer(
        actor, contract.pk, making.company(number), offered_minutes=minutes, expected_revision=contract.revision, at=NOW
    )
    contract.refresh_from_db()
    return made


def in_tender(actor, contract: Contract) -> None:
    for code in ("calibrate", "approve", "publish"):
        actions.move_contract(actor, contract.pk, code, expected_revision=contract.revision, at=NOW)
        contract.refresh_from_db()


def score(actor, contract: Contract, of: Offer, *points: str) -> Decimal:
    keys = contract.criteria.values_list("pk", flat=True)
    given = {key: (Decimal(each), "") for key, each in zip(keys, points, strict=False)}
    total = score_offer(actor, contract.pk, of.pk, given, expected_revision=contract.revision, at=NOW)
    contract.refresh_from_db()
    return total


def test_points_add_up_over_the_grid(actor, contract: Contract) -> None:
    assert score(actor, contract, offer(actor, contract, 1, 120), "4.5", "3") == Decimal("7.5")


@pytest.mark.parametrize(
    ("points", "code"),
    [(("7", "1"), "points_out_of_range"), (("5",), "grid_mismatch"), (("NaN", "1"), "points_out_of_range")],
)
def test_every_line_is_scored_within_its_points(actor, contract: Contract, points, code: str) -> None:
    made = offer(actor, contract, 1, 120)
    with pytest.raises(ContractRefused) as refused:
        score(actor, contract, made, *points)
    assert refused.value.code == code


def test_the_grid_does_not_change_once_a_bid_is_scored(actor, contract: Contract) -> None:
    score(actor, contract, offer(actor, contract, 1, 120), "5", "3")
    with pytest.raises(ContractRefused) as refused:
        set_grid(actor, contract.pk, GRID, expected_revision=contract.revision, at=NOW)
    assert refused.value.code == "grid_used"


def test_the_volume_offered_becomes_what_is_owed_and_the_candidate_holder(actor, contract: Contract) -> None:
    made = offer(actor, contract, 1, 140)
    score(actor, contract, made, "5", "3")
    in_tender(actor, contract)
    retain_offer(actor, contract.pk, made.pk, expected_revision=contract.revision, at=NOW)
    assert [each.due_minutes for each in contract.obligations.all()] == [140 * HOUR]
    assert [each.organisation for each in contract.holders.all()] == [making.company(1)]


def test_an_offer_below_the_minimum_is_not_retained(actor, contract: Contract) -> None:
    made = offer(actor, contract, 1, 99)
    score(actor, contract, made, "5", "3")
    in_tender(actor, contract)
    with pytest.raises(ContractRefused) as refused:
        retain_offer(actor, contract.pk, made.pk, expected_revision=contract.revision, at=NOW)
    assert refused.value.code == "below_minimum"
    made.refresh_from_db()
    assert not made.retained


def test_an_offer_on_quality_alone_owes_no_hours(actor) -> None:
    contract = making.contract(actor)
    making.obligation(actor, contract, 0, clause_type=LeverCode.AWARD_CRITERION.value)
    made = offer(actor, contract, 1, None)
    in_tender(actor, contract)
    assert retain_offer(actor, contract.pk, made.pk, expected_revision=contract.revision, at=NOW) is None
    assert contract.obligations.get().due_minutes == 0


def test_only_one_offer_is_retained(actor, contract: Contract) -> None:
    first, second = offer(actor, contract, 1, 110), offer(actor, contract, 2, 130)
    score(actor, contract, first, "5", "3")
    in_tender(actor, contract)
    retain_offer(actor, contract.pk, first.pk, expected_revision=contract.revision, at=NOW)
    contract.refresh_from_db()
    with pytest.raises(ContractRefused) as refused:
        retain_offer(actor, contract.pk, second.pk, expected_revision=contract.revision, at=NOW)
    assert refused.value.code == "already_retained"


def test_the_analysis_shows_each_score_with_its_remark(actor, contract, client_of):
    first, second = offer(actor, contract, 1, 120), offer(actor, contract, 2, None)
    coaching, training = contract.criteria.all()
    given = {coaching.pk: (Decimal(5), "Un tuteur par équipe"), training.pk: (Decimal("2.5"), "")}
    score_offer(actor, contract.pk, first.pk, given, expected_revision=contract.revision, at=NOW)
    page = client_of(actor).get(f"/contrats/{contract.pk}/analyse").content.decode()
    assert "2\u202foffres analysées" in page
    assert "Un tuteur par équipe" in page
    assert "7,5" in page
    assert page.count("à noter") == 3  # the second bid: two lines and its total
    assert second.organisation.name in page


def test_a_signed_contract_keeps_its_analysis_to_read_and_offers_no_more_of_it(actor, contract, client_of):
    making.holder(actor, contract)
    offer(actor, contract, 1, 120)
    Contract.objects.filter(pk=contract.pk).update(state=ContractState.NOTIFIED)
    client = client_of(actor)
    page = client.get(f"/contrats/{contract.pk}").content.decode()
    assert f"/contrats/{contract.pk}/analyse" in page
    assert f"/contrats/{contract.pk}/grille" not in page
    assert "120" in client.get(f"/contrats/{contract.pk}/analyse").content.decode()


def test_no_offer_is_retained_before_the_consultation(actor, contract: Contract, client_of) -> None:
    made = offer(actor, contract, 1, 120)
    with pytest.raises(ContractRefused, match=r"Calibrage terminé.*L’acheteur valide.*Consultation lancée"):
        retain_offer(actor, contract.pk, made.pk, expected_revision=contract.revision, at=NOW)
    assert "il reste à noter" in client_of(actor).get(f"/contrats/{contract.pk}/retenir").content.decode()


def test_no_offer_is_retained_before_it_is_read_by_the_whole_grid(actor, contract: Contract) -> None:
    made = offer(actor, contract, 1, 120)
    in_tender(actor, contract)
    with pytest.raises(ContractRefused, match=r"« Encadrement », « Formation »") as refused:
        retain_offer(actor, contract.pk, made.pk, expected_revision=contract.revision, at=NOW)
    assert refused.value.field == "offer_pk"
