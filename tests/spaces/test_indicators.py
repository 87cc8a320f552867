"""What a SPASER is fed with: each figure is the number of its lines, natures of hours stay apart, the unknown is said."""

from datetime import date

import pytest

from dentelle.foundations.directory.models import Kind, OrganisationKind
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.dues import dues_of
from dentelle.thread.contracts.models import Contract
from dentelle.web.spaces.indicators import INDICATORS, notified_in, year_figures
from dentelle.web.spaces.published import published_in, published_lines
from dentelle.web.spaces.queries import owed_together
from tests.contracts import making
from tests.factories import NOW
from tests.serving_frames import make_store, purchase
from tests.spaces.making import raw, seat, text

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def person(db):
    return seat(making.organisation(), "buyer")


def counted(person, year: int = YEAR) -> dict[str, int]:
    return {each.indicator.code: each.contracts for each in year_figures(person, year, on=NOW.date()).counted}


def of_kind(number: int, kind: Kind, *, until: date | None = None) -> None:
    OrganisationKind.objects.create(organisation=making.company(number), kind=kind, valid_to=until)


def test_contracts_are_counted_in_the_year_of_their_notification(facilitator, person) -> None:
    making.running(facilitator, notified_on=date(2026, 1, 1))
    making.running(facilitator, notified_on=date(2025, 12, 31))
    making.contract(facilitator)
    assert (counted(person)["clauses"], counted(person, 2025)["clauses"], counted(person, 2024)["clauses"]) == (1, 1, 0)


def test_another_buyers_contracts_are_never_counted(facilitator, person) -> None:
    making.running(facilitator, buyer=making.organisation("Autre", "217900026"))
    assert set(counted(person).values()) == {0}


def test_an_siae_counts_as_holder_or_at_any_depth_below_and_once(facilitator, person) -> None:
    of_kind(1, Kind.SIAE_EI)
    of_kind(3, Kind.EA)
    held = making.running(facilitator)
    lock = {"expected_revision": held.revision, "at": NOW}
    first = actions.add_subcontract(
        facilitator, held.pk, held.holders.get().pk, SubcontractContent(making.company(2), due_minutes=60), **lock
    )
    held.refresh_from_db()
    deeper = SubcontractContent(making.company(3), due_minutes=30)
    actions.add_subcontract(
        facilitator,
        held.pk,
        held.holders.get().pk,
        deeper,
        parent_pk=first.pk,
        expected_revision=held.revision,
        at=NOW,
    )
    assert (counted(person)["insertion"], counted(person)["handicap"]) == (1, 1)


def test_a_kind_that_ended_before_the_notification_does_not_count(facilitator, person) -> None:
    of_kind(1, Kind.SIAE_EI, until=date(2026, 8, 31))
    making.running(facilitator, notified_on=date(2026, 9, 1))
    assert counted(person)["insertion"] == 0


def test_amounts_are_added_and_those_unknown_are_counted(facilitator, person, client_of) -> None:
    making.running(facilitator, amount_cents=100_000_00)
    making.running(facilitator)
    first = year_figures(person, YEAR, on=NOW.date()).counted[0]
    assert (first.contracts, first.cents, first.without_amount) == (2, 100_000_00, 1)
    assert "100 000 € HT, 1 marché sans montant." in text(client_of(person).get(f"/mes-indicateurs/?annee={YEAR}"))


def test_hours_of_different_natures_are_two_lines(facilitator, person) -> None:
    contract = making.contract(facilitator, notified_on=date(2026, 9, 1), starts_on=date(2026, 10, 1))
    making.obligation(facilitator, contract, 1_600)
    making.obligation(facilitator, contract, 70, clause_type="INTERNSHIP_CLAUSE")
    making.holder(facilitator, contract)
    actions.move_contract(facilitator, contract.pk, "notify", expected_revision=contract.revision, at=NOW)
    lines = year_figures(person, YEAR, on=NOW.date()).hours
    assert [(each.counts.value, each.owed) for each in lines] == [
        ("insertion_hours", 96_000),
        ("internship_hours", 4_200),
    ]
    assert (str(lines[0].same.jobs), str(lines[0].same.weeks)) == ("1.00", "45.7")


def test_the_database_adds_up_what_each_contract_says_it_owes(facilitator, person) -> None:
    contract = making.running(facilitator, 100, is_framework=True)
    owed = contract.obligations.get()
    lock = {"expected_revision": contract.revision, "at": NOW}
    actions.add_order(
        facilitator,
        contract.pk,
        owed.pk,
        number="1",
        ordered_on=NOW.date(),
        amount_cents=None,
        added_minutes=600,
        **lock,
    )
    contract.refresh_from_db()
    actions.add_amendment(
        facilitator,
        contract.pk,
        decided_on=NOW.date(),
        reason="Réduction",
        obligation_pk=owed.pk,
        minutes_change=-120,
        expected_revision=contract.revision,
        at=NOW,
    )
    optional = making.contract(facilitator, notified_on=date(2026, 9, 1))
    making.obligation(facilitator, optional, 50, tranche="optional", tranche_number=1)
    each_says = [(due.counts, due.owed) for due in dues_of(contract)]
    assert owed_together(Contract.objects.all()) == tuple(each_says) == ((each_says[0][0], 6_480),)


def test_every_figure_opens_to_as_many_lines(facilitator, person, client_of) -> None:
    of_kind(1, Kind.SIAE_ACI)
    for rank in range(3):
        making.running(facilitator, title=f"Marché {rank}")
    client = client_of(person)
    page = raw(client.get(f"/mes-indicateurs/?annee={YEAR}"))
    for each in INDICATORS:
        assert f'href="/mes-indicateurs/{each.code}?annee={YEAR}"' in page
        lines = client.get(f"/mes-indicateurs/{each.code}?annee={YEAR}").context.get("rows") or ()
        assert len(lines) == counted(person)[each.code] == each.select(notified_in(person, YEAR)).count()


def test_what_no_data_says_is_said_to_be_unknown(person, client_of) -> None:
    page = text(client_of(person).get("/mes-indicateurs/"))
    assert "ESUS, qu’un SPASER compte aussi, ne sont pas connus de Dentelle : non renseigné" in page
    assert "Aucune donnée d’achats publics n’est chargée" in page


@pytest.fixture
def published(settings, tmp_path, person):
    settings.DENTELLE_DECP = tmp_path / "decp"
    siren = person.organisation.siren
    answers = ["considered", "none", "none", "not_stated", None]
    rows = [
        purchase(
            f"{rank + 1:020x}",
            buyer_siren=siren,
            buyer_id=f"{siren}00019",
            effective_on=date(2025, 5, 1),
            social_status=answer,
        )
        for rank, answer in enumerate(answers)
    ]
    rows.append(purchase(f"{90:020x}", buyer_siren="999999999", effective_on=date(2025, 5, 1)))
    make_store(tmp_path / "decp" / "serving.duckdb", *rows)


def test_published_contracts_that_say_nothing_are_neither_yes_nor_no(published, person, client_of) -> None:
    found = published_in(person, 2025)
    assert (found.considered, found.none, found.not_stated) == (1, 2, 2)
    response = client_of(person).get("/mes-indicateurs/?annee=2025")
    page = text(response)
    assert "33 % des marchés qui répondent" in page
    assert "Objectif national (PNAD) : 30 %" in page
    for code, _, count in found.lines:
        assert len(published_lines(person, 2025, code)[0]) == count
        assert f"/mes-indicateurs/{code}?annee=2025" in raw(response)


def test_no_target_is_given_for_a_year_the_plan_does_not_cover(published, person) -> None:
    assert published_in(person, 2026).target.projected
    assert published_in(person, 2021).target is None


def test_an_indicator_nobody_knows_does_not_exist(person, client_of) -> None:
    assert client_of(person).get("/mes-indicateurs/inconnu").status_code == 404
