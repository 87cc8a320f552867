from datetime import date

import pytest

from dentelle.foundations.directory.models import Organisation
from dentelle.thread.contracts.acts import ACTS
from dentelle.thread.contracts.forms.acts import ChargeForm
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.states import ContractState
from tests.clauses import making as calibrations
from tests.contracts import making

pytestmark = pytest.mark.django_db
NEW = "/contrats/nouveau"
BUYER = "21350238800019"
COMPANY = "55208131766522"


def text(response) -> str:
    return response.content.decode()


def entered(**changes: str) -> dict[str, str]:
    return {"title": "Réfection du groupe scolaire", "clause_type": "EXECUTION_CONDITION", **changes}


def test_a_contract_enters_with_its_title_alone(facilitator, client_of) -> None:
    response = client_of(facilitator).post(NEW, entered(), follow=True)
    assert "Contrat inscrit au registre." in text(response)
    assert Contract.objects.get().state == ContractState.DRAFT


def test_a_signed_contract_enters_complete_in_one_go(facilitator, client_of) -> None:
    client_of(facilitator).post(
        NEW,
        entered(
            number="2026-031",
            buyer_siret="213 502 388 00019",
            buyer_name="Commune de Rennes",
            amount_cents="1 250 000,50",
            notified_on="2026-09-01",
            due_minutes="833",
            holder_siret=COMPANY,
            holder_name="Énergies de l’Ouest",
        ),
    )
    contract = Contract.objects.get()
    assert (contract.state, contract.amount_cents) == (ContractState.NOTIFIED, 125_000_050)
    assert contract.buyer == Organisation.objects.get(siret=BUYER)
    assert [holder.organisation.siret for holder in contract.holders.all()] == [COMPANY]


def test_a_calibration_gives_its_hours_and_its_words(facilitator, client_of) -> None:
    calibration = calibrations.saved(facilitator)
    page = text(client_of(facilitator).get(NEW, {"calibrage": calibration.pk}))
    assert "Réfection du groupe scolaire" in page
    assert 'value="833"' in page
    assert "1 000 000" in page


def test_the_calibration_of_another_structure_gives_nothing(facilitator, outsider, client_of) -> None:
    calibration = calibrations.saved(outsider)
    client = client_of(facilitator)
    assert 'value="833"' not in text(client.get(NEW, {"calibrage": calibration.pk}))
    client.post(NEW, entered(calibration=str(calibration.pk)))
    assert Contract.objects.get().calibration is None


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("buyer_siret", "123", "SIRET"),
        ("amount_cents", "douze", "n’est pas un nombre"),
        ("ends_on", "2020-01-01", "précède son début"),
        ("due_minutes", "0,001", "minutes"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_lost(
    facilitator, client_of, field: str, typed: str, said: str
) -> None:
    response = client_of(facilitator).post(NEW, entered(**{"starts_on": "2026-10-01", "number": "N-7", field: typed}))
    page = text(response)
    assert response.status_code == 422
    assert said in page
    assert 'value="N-7"' in page
    assert not Contract.objects.exists()


def test_a_siret_nothing_can_name_asks_for_a_name(facilitator, client_of) -> None:
    response = client_of(facilitator).post(NEW, entered(buyer_siret=BUYER))
    assert response.status_code == 422
    assert "écrivez-le" in text(response)


def test_the_portfolio_says_stages_hours_and_who(facilitator, client_of) -> None:
    making.running(facilitator, 833)
    making.contract(facilitator, title="Cantines")
    page = text(client_of(facilitator).get("/contrats/"))
    assert "2 contrats au registre" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert "833" in page
    assert "Bâtisseurs 1" in page
    assert "Cantines" not in text(client_of(facilitator).get("/contrats/", {"etape": "running"}))


@pytest.mark.parametrize("words", ["ecole", "GROUPE scolaire", "2026-031"])
def test_the_portfolio_finds_words_without_accents_and_numbers(facilitator, client_of, words: str) -> None:
    making.contract(facilitator, title="École, groupe scolaire", number="2026-031")
    making.contract(facilitator, title="Cantines")
    page = text(client_of(facilitator).get("/contrats/", {"texte": words}))
    assert "École" in page
    assert "Cantines" not in page


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.code)
def test_every_act_has_a_page_for_those_who_write_and_none_for_others(
    act, facilitator, reader, outsider, client_of
) -> None:
    contract = making.running(facilitator)
    address = f"/contrats/{contract.pk}/{act.code}"
    assert act.title in text(client_of(facilitator).get(address))
    for other in (reader, outsider):
        assert client_of(other).get(address).status_code == 404
        assert client_of(other).post(address, {"revision": contract.revision}).status_code == 404


@pytest.mark.parametrize("act", [each for each in ACTS if each.form is not ChargeForm], ids=lambda act: act.code)
def test_an_act_sent_empty_says_what_is_missing_and_changes_nothing(act, facilitator, client_of) -> None:
    contract = making.running(facilitator)
    response = client_of(facilitator).post(f"/contrats/{contract.pk}/{act.code}", {"revision": contract.revision})
    # a plan may be empty: its pace is then proposed; but it names its holder
    assert response.status_code == 422
    assert Contract.objects.get(pk=contract.pk).revision == contract.revision


def test_a_change_made_from_an_older_page_is_refused_with_a_way_on(facilitator, manager, client_of) -> None:
    contract = making.running(facilitator)
    lot = {"revision": contract.revision, "number": "1"}
    assert client_of(manager).post(f"/contrats/{contract.pk}/lot", lot).status_code == 302
    response = client_of(facilitator).post(f"/contrats/{contract.pk}/lot", {**lot, "number": "2"})
    page = text(response)
    assert response.status_code == 409
    assert "modifié par une autre personne" in page
    assert "tel qu’il est maintenant" in page
    assert contract.lots.count() == 1


def test_a_contract_closes_on_the_totals_typed(facilitator, client_of) -> None:
    contract = making.running(facilitator, notified_on=date(2025, 9, 1), starts_on=date(2025, 10, 1))
    typed = {
        "revision": contract.revision,
        "move": "close_met",
        "total-insertion_hours": "850",
        "total_source": "Bilan du titulaire",
        "closed_on": "2025-12-05",
    }
    page = text(client_of(facilitator).post(f"/contrats/{contract.pk}/etape", typed, follow=True))
    assert "Bilan du titulaire" in page
    assert Contract.objects.get().stated_insertion_minutes == 850 * 60


def test_a_plan_without_months_takes_the_pace_of_the_execution(facilitator, client_of) -> None:
    contract = making.running(facilitator, 1200)
    typed = {"revision": contract.revision, "holder": contract.holders.get().pk, "kickoff_on": "2026-09-20"}
    client_of(facilitator).post(f"/contrats/{contract.pk}/plan", typed)
    plan = contract.plans.get()
    assert sum(plan.months.values_list("minutes", flat=True)) == 72_000


def test_a_month_that_cannot_be_read_gives_its_line(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    typed = {
        "revision": contract.revision,
        "holder": contract.holders.get().pk,
        "months": "10/2026 : 120\nnovembre : 80",
    }
    response = client_of(facilitator).post(f"/contrats/{contract.pk}/plan", typed)
    assert response.status_code == 422
    assert "Ligne 2" in text(response)


def test_the_page_tells_the_chain_the_penalty_and_the_history(facilitator, client_of) -> None:
    contract = making.running(facilitator, 100)
    client = client_of(facilitator)
    sub = {
        "revision": contract.revision,
        "siret": COMPANY,
        "name": "Énergies de l’Ouest",
        "above": str(contract.holders.get().pk),
        "due_minutes": "40",
    }
    client.post(f"/contrats/{contract.pk}/sous-traitant", sub)
    page = text(client.get(f"/contrats/{contract.pk}"))
    assert "Énergies de l’Ouest" in page
    assert "a ajouté un sous-traitant" in page


def test_a_type_chosen_at_entry_without_its_hours_is_asked_for_them(facilitator, client_of) -> None:
    typed = entered(clause_type="RESERVED_SIAE")
    response = client_of(facilitator).post(NEW, typed)
    assert response.status_code == 422
    assert "se compte en heures" in text(response)
    assert not Contract.objects.exists()


def test_a_deadline_at_entry_is_not_dropped_for_want_of_hours(facilitator, client_of) -> None:
    response = client_of(facilitator).post(NEW, entered(deadline_on="2030-01-01"))
    assert response.status_code == 422


def test_a_type_that_counts_no_hours_makes_its_obligation_at_entry(facilitator, client_of) -> None:
    client_of(facilitator).post(NEW, entered(clause_type="AWARD_CRITERION"))
    made = Contract.objects.get().obligations.get()
    assert (made.clause_type, made.due_minutes) == ("AWARD_CRITERION", 0)
