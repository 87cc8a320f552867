from dataclasses import fields
from datetime import date

import pytest

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts import access, actions
from dentelle.thread.contracts.actions.association import associate_structure, end_association
from dentelle.thread.contracts.actions.obligation import ObligationContent
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.queries import ContractFilters, list_contracts
from dentelle.thread.contracts.refusals import ContractRefused
from tests.contracts import making
from tests.factories import NOW, MembershipFactory, NetworkFactory, StructureFactory

pytestmark = pytest.mark.django_db
HOUR = making.HOUR


@pytest.fixture
def other(facilitator) -> Membership:
    structure = StructureFactory(network=facilitator.structure.network, name="PLIE voisin")
    return MembershipFactory(structure=structure, facilitator=True)


def associated(actor: Membership, contract: Contract, other: Membership, hours: int) -> Contract:
    associate_structure(
        actor,
        contract.pk,
        other.structure_id,
        due_minutes=hours * HOUR,
        since=date(2026, 10, 1),
        expected_revision=contract.revision,
        at=NOW,
    )
    contract.refresh_from_db()
    return contract


def shown(client, address: str) -> str:
    return client.get(address).content.decode().replace("\u202f", " ").replace("\xa0", " ")


def test_an_associated_structure_sees_its_share_and_not_the_rest(facilitator, other, client_of) -> None:
    contract = associated(facilitator, making.running(facilitator, 1000), other, 300)
    page = shown(client_of(other), f"/contrats/{contract.pk}")
    assert "300 h" in page
    assert "1 000 h" not in page
    assert "Modifier" not in page
    assert "1 000 h" in shown(client_of(facilitator), f"/contrats/{contract.pk}")
    assert "300 h" in shown(client_of(other), "/contrats/")


def test_an_associated_structure_finds_the_contract_by_its_words(facilitator, other) -> None:
    contract = associated(facilitator, making.running(facilitator), other, 300)
    found = list_contracts(other, ContractFilters(text="groupe scolaire"))
    assert [row.pk for row in found.rows] == [contract.pk]
    association = contract.associations.get()
    end_association(
        facilitator,
        contract.pk,
        association.pk,
        on=date(2026, 11, 1),
        expected_revision=contract.revision,
        at=NOW,
    )
    assert list_contracts(other, ContractFilters(text="groupe scolaire")).rows == ()


def test_shares_never_exceed_what_is_owed(facilitator, other) -> None:
    contract = associated(facilitator, making.running(facilitator, 1000), other, 700)
    third = StructureFactory(network=facilitator.structure.network)
    with pytest.raises(ContractRefused) as refused:
        associated(facilitator, contract, MembershipFactory(structure=third), 301)
    assert refused.value.code == "share_too_large"
    associated(facilitator, contract, other, 1000)  # its own share is replaced, not added
    assert contract.associations.get().due_minutes == 1000 * HOUR


def test_a_structure_of_another_network_is_never_associated(facilitator) -> None:
    contract = making.running(facilitator)
    foreign = MembershipFactory(structure=StructureFactory(network=NetworkFactory(name="Autre réseau")))
    with pytest.raises(ContractRefused) as refused:
        associated(facilitator, contract, foreign, 10)
    assert refused.value.code == "structure_unknown"


def test_an_obligation_is_corrected_before_signature_by_its_form(facilitator, client_of) -> None:
    contract = making.contract(facilitator)
    owed = making.obligation(facilitator, contract, 100)
    address = f"/contrats/{contract.pk}/modifier-obligation"
    client = client_of(facilitator)
    assert 'value="100"' in shown(client, f"{address}?obligation={owed.pk}")
    typed = {
        "revision": contract.revision,
        "obligation": owed.pk,
        "clause_type": "EXECUTION_CONDITION",
        "due_minutes": "120",
        "base": "worked",
        "tranche": "firm",
        "penalty_mode": "NONE",
        "neighbourhood_share": "25 %",
    }
    response = client.post(address, typed)
    assert response.status_code == 302
    owed.refresh_from_db()
    assert (owed.due_minutes, str(owed.neighbourhood_share)) == (120 * HOUR, "0.2500")


def test_the_volume_of_a_signed_contract_only_changes_by_amendment(facilitator) -> None:
    contract = making.running(facilitator, 100)
    owed = contract.obligations.get()
    lock = {"expected_revision": contract.revision, "at": NOW}
    with pytest.raises(ContractRefused) as refused:
        actions.update_obligation(facilitator, contract.pk, owed.pk, ObligationContent(due_minutes=60), **lock)
    assert refused.value.code == "signed"
    later = ObligationContent(due_minutes=owed.due_minutes, deadline_on=date(2027, 6, 30))
    actions.update_obligation(facilitator, contract.pk, owed.pk, later, **lock)
    owed.refresh_from_db()
    assert owed.deadline_on == date(2027, 6, 30)


def test_a_typing_mistake_is_mended_while_only_the_date_of_notification_is_known(facilitator) -> None:
    contract = making.contract(facilitator, notified_on=date(2026, 9, 1))
    owed = making.obligation(facilitator, contract, 1000)
    mended = ObligationContent(due_minutes=100 * HOUR)
    lock = {"expected_revision": contract.revision, "at": NOW}
    assert actions.update_obligation(facilitator, contract.pk, owed.pk, mended, **lock).due_minutes == 100 * HOUR


def test_a_closed_contract_owes_what_its_total_answers_for(facilitator) -> None:
    contract = making.running(facilitator)
    lock = {"expected_revision": contract.revision, "at": NOW}
    gone = actions.move_contract(facilitator, contract.pk, "abandon", abandon_reason="removed", **lock)
    with pytest.raises(ContractRefused) as refused:
        actions.add_obligation(
            facilitator, gone.pk, ObligationContent(due_minutes=60), expected_revision=gone.revision, at=NOW
        )
    assert refused.value.code == "closed"


def test_a_page_offers_only_acts_that_have_something_to_act_on(facilitator, client_of) -> None:
    contract = making.contract(facilitator)
    page = shown(client_of(facilitator), f"/contrats/{contract.pk}")
    assert f"/contrats/{contract.pk}/titulaire" in page
    assert f"/contrats/{contract.pk}/retirer-titulaire" not in page
    assert "Aucun titulaire n’est saisi" in shown(client_of(facilitator), f"/contrats/{contract.pk}/retirer-titulaire")


def test_editing_keeps_who_follows_when_nobody_is_chosen(facilitator, manager) -> None:
    contract = making.contract(facilitator)
    content = actions.ContractContent(title="Autre titre")
    lock = {"expected_revision": contract.revision, "at": NOW}
    assert actions.update_contract(manager, contract.pk, content, **lock).facilitator == manager.user


def test_a_reader_of_figures_opens_no_operation_and_no_agreement(facilitator) -> None:
    official = MembershipFactory(structure=facilitator.structure, role="elected_official")
    assert not access.operations_visible_to(official).exists()
    assert not access.poolings_visible_to(official).exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"ends_on": date(2028, 1, 1)},
        {"ends_on": None},
        {"notified_on": date(2026, 9, 2)},
        {"starts_on": date(2026, 10, 2)},
    ],
)
def test_a_signed_contract_changes_its_dates_by_amendment_only(facilitator, changed) -> None:
    contract = making.running(facilitator)
    known = {each.name: getattr(contract, each.name) for each in fields(actions.ContractContent)}
    lock = {"expected_revision": contract.revision, "at": NOW}
    with pytest.raises(ContractRefused, match="passez par un avenant") as refused:
        actions.update_contract(facilitator, contract.pk, actions.ContractContent(**known | changed), **lock)
    assert refused.value.field in changed


def test_a_signed_contract_may_be_told_the_end_it_did_not_know(facilitator) -> None:
    contract = making.running(facilitator, ends_on=None)
    known = {each.name: getattr(contract, each.name) for each in fields(actions.ContractContent)}
    content = actions.ContractContent(**known | {"ends_on": date(2027, 9, 30)})
    lock = {"expected_revision": contract.revision, "at": NOW}
    assert actions.update_contract(facilitator, contract.pk, content, **lock).ends_on == date(2027, 9, 30)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"minutes_change": 20 * HOUR}, "+ 20 h. Travaux ajoutés"),
        (
            {"new_end_on": date(2027, 12, 31)},
            "fin reportée au 31 décembre 2027 (auparavant 30 septembre 2027). Travaux",
        ),
        ({"minutes_change": 20 * HOUR, "new_end_on": date(2027, 12, 31)}, "+ 20 h, fin reportée au 31 décembre 2027"),
    ],
)
def test_an_amendment_reads_as_a_sentence(facilitator, client_of, changed, told) -> None:
    contract = making.running(facilitator, 100)
    actions.add_amendment(
        facilitator,
        contract.pk,
        decided_on=date(2027, 3, 1),
        reason="Travaux ajoutés",
        obligation_pk=contract.obligations.get().pk if "minutes_change" in changed else None,
        **changed,
        expected_revision=contract.revision,
        at=NOW,
    )
    assert told in shown(client_of(facilitator), f"/contrats/{contract.pk}")


def test_a_contract_is_not_notified_after_its_end(facilitator) -> None:
    with pytest.raises(ContractRefused, match="précède la notification"):
        making.contract(facilitator, notified_on=date(2027, 1, 1), ends_on=date(2026, 12, 1))


def test_the_people_an_obligation_is_for_are_entered_shown_and_corrected(facilitator, client_of) -> None:
    contract = making.contract(facilitator)
    client = client_of(facilitator)
    typed = {
        "revision": contract.revision,
        "clause_type": "EXECUTION_CONDITION",
        "due_minutes": "120",
        "base": "worked",
        "tranche": "firm",
        "penalty_mode": "NONE",
        "publics": ["DELD", "RSA"],
        "document_penalty_cents": "50",
    }
    assert client.post(f"/contrats/{contract.pk}/obligation", typed).status_code == 302
    made = contract.obligations.get()
    assert (made.publics, made.document_penalty_cents, made.waiver_allowed) == (["DELD", "RSA"], 5_000, False)
    assert "bénéficiaires du revenu de solidarité active" in shown(client, f"/contrats/{contract.pk}")
    address = f"/contrats/{contract.pk}/modifier-obligation"
    form = shown(client, f"{address}?obligation={made.pk}")
    assert 'value="RSA"' in form
    assert 'value="50,00"' in form
    contract.refresh_from_db()
    changed = {**typed, "revision": contract.revision, "obligation": made.pk, "publics": ["DELD"]}
    assert client.post(address, changed).status_code == 302
    made.refresh_from_db()
    assert made.publics == ["DELD"]


def test_people_named_in_the_words_of_another_tool_are_kept_by_the_form(facilitator, client_of) -> None:
    contract = making.contract(facilitator)
    made = making.obligation(facilitator, contract, 100, publics=["Jeunes du territoire"])
    form = shown(client_of(facilitator), f"/contrats/{contract.pk}/modifier-obligation?obligation={made.pk}")
    assert 'value="Jeunes du territoire"' in form
