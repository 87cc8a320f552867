"""The space of a buyer, of a company and of an SIAE: what they read, what they do there, and what stays hidden."""

import pytest

from dentelle.foundations.documents.models import StoredFile
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.models import Contract, Exchange, PenaltyDecision
from dentelle.thread.contracts.states import ContractState
from tests.contracts import making
from tests.factories import NOW, MembershipFactory
from tests.spaces.making import buyer, company, plan, raw, seat, shared, short_of_hours, text

pytestmark = pytest.mark.django_db


def page_of(contract: Contract, *rest: str) -> str:
    return "/".join(["/mes-contrats", str(contract.pk), *rest])


def calibrated(facilitator, **known) -> Contract:
    contract = making.contract(facilitator, **known)
    making.obligation(facilitator, contract, 1_600)
    return actions.move_contract(facilitator, contract.pk, "calibrate", expected_revision=contract.revision, at=NOW)


def test_a_buyer_finds_its_contracts_of_every_structure_that_follows_it(facilitator, outsider, client_of) -> None:
    mine, theirs = calibrated(facilitator, title="Chez l’une"), calibrated(outsider, title="Chez l’autre")
    making.contract(facilitator, title="Un autre acheteur", buyer=making.organisation("Autre", "217900026"))
    page = text(client_of(buyer(mine)).get("/", follow=True))
    assert "2 contrats, 2 attendent quelque chose de vous" in page
    assert mine.structure.name in page
    assert theirs.structure.name in page
    assert "Un autre acheteur" not in page


def test_hours_stand_beside_weeks_and_jobs(facilitator, client_of) -> None:
    contract = making.running(facilitator, 1_600)
    page = text(client_of(buyer(contract)).get("/mes-contrats/"))
    assert "46 semaines de travail à temps plein, ou 1,0 emploi pendant un an (1 600 h)" in page
    assert "46 semaines, 1,0 emploi" in page


def test_a_buyer_validates_from_its_own_page(facilitator, client_of) -> None:
    contract = calibrated(facilitator)
    client = client_of(buyer(contract))
    assert "Valider les heures proposées" in text(client.get(page_of(contract)))
    assert "1 600 h" in text(client.get(page_of(contract, "valider")))
    contract.refresh_from_db()
    page = text(client.post(page_of(contract, "valider"), {"revision": contract.revision}, follow=True))
    assert "Heures validées." in page
    contract.refresh_from_db()
    assert contract.state == ContractState.BUYER_APPROVED
    assert "a noté « L’acheteur valide »" in page


def test_a_volume_changed_meanwhile_is_read_again_before_it_is_validated(facilitator, client_of) -> None:
    contract = calibrated(facilitator)
    read = contract.revision
    making.obligation(facilitator, contract, 400)
    response = client_of(buyer(contract)).post(page_of(contract, "valider"), {"revision": read})
    page = text(response)
    assert response.status_code == 409
    assert "2 000 h" in page
    assert f'value="{contract.revision}"' in raw(response)
    assert Contract.objects.get().state == ContractState.CALIBRATED


def test_an_act_the_contract_no_longer_calls_for_leads_back_to_it(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    client = client_of(buyer(contract))
    for method in (client.get, client.post):
        response = method(page_of(contract, "valider"))
        assert (response.status_code, response["Location"]) == (302, page_of(contract))


@pytest.mark.parametrize(
    ("role", "code"), [("buyer", "plan"), ("company", "valider"), ("company", "penalite"), ("buyer", "rien")]
)
def test_an_act_of_another_side_does_not_exist(facilitator, client_of, role: str, code: str) -> None:
    contract = short_of_hours(facilitator)
    person = buyer(contract) if role == "buyer" else company()
    for method in (client_of(person).get, client_of(person).post):
        assert method(page_of(contract, code)).status_code == 404


def test_a_penalty_is_decided_by_the_buyer_and_shows_on_both_pages(facilitator, client_of) -> None:
    contract = short_of_hours(facilitator, 100, 60)
    client = client_of(buyer(contract))
    page = text(client.get(page_of(contract, "penalite")))
    assert "1 800 €" in page
    typed = {
        "revision": contract.revision,
        "obligation": contract.obligations.get().pk,
        "outcome": "waived",
        "on": "2026-11-20",
        "reason": "Chantier arrêté par nos soins",
    }
    assert "Décision enregistrée." in text(client.post(page_of(contract, "penalite"), typed, follow=True))
    assert PenaltyDecision.objects.get().amount_cents == 0
    for reader, address in ((client, page_of(contract)), (client_of(facilitator), f"/contrats/{contract.pk}")):
        assert "Chantier arrêté par nos soins" in text(reader.get(address))
    assert "Chantier arrêté" not in text(client_of(company()).get(page_of(contract)))


def test_a_company_reads_what_it_owes_whom_to_call_and_what_is_next(facilitator, client_of) -> None:
    contract = making.running(facilitator, 833)
    facilitator.structure.phone = "05 49 00 00 00"
    facilitator.structure.save()
    page = text(client_of(company()).get(page_of(contract)))
    assert "833 h d’insertion pour Bâtisseurs 1" in page
    assert "05 49 00 00 00" in page
    assert "Attendu de vous : nommer un correspondant et confirmer le plan d’insertion" in page


def test_a_company_confirms_its_plan_month_by_month(facilitator, client_of) -> None:
    contract = making.running(facilitator, 1_200)
    plan(facilitator, contract)
    client = client_of(company())
    page = client.get(page_of(contract, "plan"))
    form = page.context["form"]
    typed = {bound.name: bound.value() for bound, _ in [*form.lines, *form.months]}
    typed |= {"phone": "06 00 00 00 00"}
    typed |= {
        "m-2026-10": "50",
        "m-2026-11": str(int(typed["m-2026-10"]) + int(typed["m-2026-11"]) - 50),
    }
    response = client.post(page_of(contract, "plan"), typed)
    assert response.status_code == 302, response.context["form"].errors
    made = contract.plans.get()
    assert made.confirmed_by == company().user.full_name or made.confirmed_by
    assert made.months.get(month="2026-10-01").minutes == 3_000
    assert "Plan d’insertion" in text(client.get(page_of(contract)))
    assert "a confirmé le plan d'insertion" in text(client_of(facilitator).get(f"/contrats/{contract.pk}")).replace(
        "’", "'"
    )


def test_a_company_asks_with_a_file_and_reads_the_answer(facilitator, client_of) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    contract = making.running(facilitator)
    client = client_of(company())
    typed = {"revision": contract.revision, "text": "Quand ?", "attachment": SimpleUploadedFile("plan.txt", b"plan")}
    assert "Question envoyée." in text(client.post(page_of(contract, "question"), typed, follow=True))
    asked = Exchange.objects.get()
    answer = {"revision": contract.revision, "exchange": asked.pk, "on": "2026-11-21", "answer": "Lundi prochain."}
    assert "Sans réponse." in text(client_of(facilitator).get(f"/contrats/{contract.pk}"))
    client_of(facilitator).post(f"/contrats/{contract.pk}/reponse", answer)
    assert "Lundi prochain." in text(client.get(page_of(contract)))
    stored = StoredFile.objects.get()
    assert b"".join(client.get(page_of(contract, "pieces", str(stored.pk)))) == b"plan"
    assert client_of(buyer(contract)).get(page_of(contract, "pieces", str(stored.pk))).status_code == 404


@pytest.mark.parametrize(
    ("sharing", "reads"),
    [("inner", set()), ("buyer", {"buyer"}), ("holder", {"holder"}), ("both", {"buyer", "holder"})],
)
def test_an_exchange_and_its_file_are_read_by_those_chosen(facilitator, client_of, sharing: str, reads: set) -> None:
    contract = making.running(facilitator)
    content = SubcontractContent(making.company(2), due_minutes=60)
    actions.add_subcontract(
        facilitator, contract.pk, contract.holders.get().pk, content, expected_revision=contract.revision, at=NOW
    )
    contract.refresh_from_db()
    told = shared(facilitator, contract, sharing, "Compte rendu témoin", file="cr.txt")
    people = {"buyer": buyer(contract), "holder": company(1), "subcontractor": company(2), "stranger": company(3)}
    for name, person in people.items():
        client = client_of(person)
        page = client.get(page_of(contract))
        assert ("Compte rendu témoin" in text(page)) is (name in reads), name
        file = client.get(page_of(contract, "pieces", str(told.attachment_id)))
        assert file.status_code == (200 if name in reads else 404), name
        if file.status_code == 200:
            assert b"".join(file) == "pièce de Compte rendu témoin".encode()
        assert ("cr.txt" in text(client.get("/mes-pieces/"))) is (name in reads), name


def test_a_file_in_quarantine_is_named_and_not_served(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    told = shared(facilitator, contract, "buyer", file="cr.txt")
    StoredFile.objects.update(state="quarantined")
    client = client_of(buyer(contract))
    assert "cr.txt (en quarantaine)" in text(client.get(page_of(contract)))
    assert "cr.txt (en cours de contrôle)" in text(client.get("/mes-pieces/"))
    assert client.get(page_of(contract, "pieces", str(told.attachment_id))).status_code == 404


INNER = "Note interne témoin"


@pytest.mark.parametrize("role", ["buyer", "holder", "subcontractor"])
def test_nothing_the_structure_wrote_for_itself_is_shown(facilitator, client_of, role: str) -> None:
    facilitator.structure.email = "clause@structure.example"
    facilitator.structure.save()
    contract = making.running(facilitator, 500)
    holder = contract.holders.get()
    content = SubcontractContent(making.company(2), due_minutes=60)
    lock = {"expected_revision": contract.revision, "at": NOW}
    actions.add_subcontract(facilitator, contract.pk, holder.pk, content, **lock)
    contract.refresh_from_db()
    shared(facilitator, contract, "inner", INNER, file="interne.txt")
    actions.add_amendment(
        facilitator,
        contract.pk,
        decided_on=NOW.date(),
        reason=INNER,
        obligation_pk=contract.obligations.get().pk,
        minutes_change=60,
        expected_revision=contract.revision,
        at=NOW,
    )
    contract.refresh_from_db()
    actions.move_contract(
        facilitator, contract.pk, "suspend", reason=INNER, expected_revision=contract.revision, at=NOW
    )
    colleague = MembershipFactory(structure=facilitator.structure, user__full_name="Collègue témoin")
    person = {"buyer": buyer(contract), "holder": company(1), "subcontractor": company(2)}[role]
    for address in (page_of(contract), "/mes-contrats/", "/mes-pieces/"):
        page = text(client_of(person).get(address))
        for hidden in (INNER, "interne.txt", colleague.user.full_name, facilitator.user.email):
            assert hidden not in page, (hidden, address)


def test_a_holder_reads_its_own_plan_and_not_its_partners(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    contract.holders.update(role="lead")
    making.holder(facilitator, contract, 2, role="joint")
    plan(facilitator, contract)
    assert "Agnès Besson" in text(client_of(company(1)).get(page_of(contract)))
    assert "Agnès Besson" not in text(client_of(company(2)).get(page_of(contract)))
    assert "Agnès Besson" in text(client_of(buyer(contract)).get(page_of(contract)))


def test_the_answers_to_bidders_are_there_to_copy_once_shared(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    asked = shared(facilitator, contract, "buyer", "Un apprenti ?", kind="question")
    answer = {
        "revision": contract.revision,
        "exchange": asked.pk,
        "on": "2026-11-21",
        "answer": "Oui, s’il est éligible.",
    }
    client_of(facilitator).post(f"/contrats/{contract.pk}/reponse", answer)
    response = client_of(buyer(contract)).get(page_of(contract))
    assert "Réponse donnée à tous le 21/11/2026" in text(response)
    assert "readonly" in raw(response)


def test_an_siae_has_its_space_too(facilitator, client_of) -> None:
    contract = making.running(facilitator, 300)
    page = text(client_of(seat(making.company(), "siae")).get("/mes-contrats/"))
    assert contract.title in page
    assert "1 contrat, 1 attend quelque chose de vous" in page


def test_the_menu_shows_what_opens(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    assert "Mes indicateurs" in text(client_of(buyer(contract)).get("/mes-contrats/"))
    assert "Mes indicateurs" not in text(client_of(company()).get("/mes-contrats/"))
    assert "Mes contrats" not in text(client_of(facilitator).get("/contrats/"))


@pytest.mark.parametrize(
    "address", ["/mes-contrats/?apres=rien", "/mes-pieces/?apres=rien", "/mes-indicateurs/?annee=99999999"]
)
def test_an_address_nobody_wrote_starts_over(facilitator, client_of, address: str) -> None:
    contract = making.running(facilitator)
    assert client_of(buyer(contract)).get(address).status_code == 200


def test_figures_too_large_to_be_meant_are_refused(facilitator, client_of) -> None:
    contract = short_of_hours(facilitator)
    typed = {
        "revision": contract.revision,
        "obligation": contract.obligations.get().pk,
        "outcome": "applied",
        "amount_cents": "9" * 30,
        "on": "2026-11-20",
        "reason": "trop",
    }
    assert client_of(buyer(contract)).post(page_of(contract, "penalite"), typed).status_code == 422
    running = making.running(facilitator)
    client = client_of(company())
    form = client.get(page_of(running, "plan")).context["form"]
    months = {bound.name: "9" * 30 for bound, _ in form.months}
    typed = {bound.name: bound.value() or "" for bound, _ in form.lines}
    response = client.post(page_of(running, "plan"), {**typed, "name": "A", "phone": "1", **months})
    assert response.status_code == 422
    assert not running.plans.exists()
