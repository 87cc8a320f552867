"""Writes: through the rooms' acts, once, in one transaction, with the version they were made on."""

import pytest
from django.test import override_settings

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.journal.queries import timeline
from dentelle.foundations.tokens.models import SentRequest
from dentelle.thread.clauses.engine import recomputed_digest
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.clauses.workbench import open_form
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.models import Contract, Operation
from dentelle.web.api.gate import LARGEST_BODY
from dentelle.web.views import server_error
from tests.api.calling import program
from tests.clauses.making import TODAY, saved
from tests.contracts import making
from tests.directory.making import siret_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def bearer(manager):
    return program(manager)


def faults(answer):
    return [(fault["place"], fault["field"], fault["code"]) for fault in answer.json()["errors"]]


def test_an_organisation_is_added_once_by_its_siret(bearer):
    given = {"siret": siret_of(7), "name": "Les Jardins", "kinds": ["siae_aci"]}
    first, second = (bearer.post("organisations", given) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["kinds"] == ["siae_aci"]
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [({"siret": "12345678901234"}, "wrong_key"), ({"siret": siret_of(8)}, "name_needed")],
)
def test_an_organisation_nobody_can_name_or_number_is_refused(given, code, bearer):
    answer = bearer.post("organisations", given)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_contract_enters_the_register_with_what_is_known(manager, bearer):
    answer = bearer.post(
        "contracts",
        {
            "title": "Réfection des toitures",
            "amount_cents": 125_000_000,
            "notified_on": "2026-10-01",
            "buyer_siret": siret_of(1),
            "buyer_name": "Commune de Saint-Élan",
            "holder_siret": siret_of(2),
            "holder_name": "Bâtisseurs",
            "obligation": {
                "due_minutes": 30_000,
                "neighbourhood_share_basis_points": 2_550,
                "deadline_on": "2027-10-01",
            },
        },
    )
    shown = answer.json()
    assert answer.status_code == 201, shown
    assert answer["Location"] == f"/api/v1/contracts/{shown['id']}"
    assert (shown["state"], shown["buyer"]["name"], shown["holders"][0]["organisation"]["name"]) == (
        "notified",
        "Commune de Saint-Élan",
        "Bâtisseurs",
    )
    assert shown["obligations"][0]["neighbourhood_share_basis_points"] == 2_550
    assert Contract.objects.get().structure == manager.structure


def test_the_journal_says_that_a_program_did_it_and_whose(manager, bearer):
    contract = Contract.objects.get(pk=bearer.post("contracts", {"title": "Voirie"}).json()["id"])
    entry = Entry.objects.get(act="contract.created")
    assert (entry.actor, entry.facts["api_token"]) == (manager.user, bearer.token.pk)
    assert f"un programme de {manager.user.full_name} a" in timeline(contract, viewer=manager).events[0].sentence
    making.contract(manager)
    assert "api_token" not in Entry.objects.filter(act="contract.created").latest("pk").facts


def test_a_contract_refused_leaves_nothing_behind(bearer):
    given = {
        "title": "Voirie",
        "buyer_siret": siret_of(1),
        "buyer_name": "Commune",
        "starts_on": "2027-01-01",
        "ends_on": "2026-01-01",
    }
    answer = bearer.post("contracts", given, idempotency_key="demande-1")
    assert (answer.status_code, faults(answer)) == (422, [("body", "ends_on", "dates_reversed")])
    assert (Contract.objects.count(), Organisation.objects.count(), SentRequest.objects.count()) == (0, 0, 0)


def test_a_correction_changes_what_is_sent_and_nothing_else(manager, bearer):
    contract = making.contract(manager, number="A-1", amount_cents=500, operation=_operation(manager))
    tag = bearer.get(f"contracts/{contract.pk}")["ETag"]
    answer = bearer.patch(f"contracts/{contract.pk}", {"number": "A-2", "amount_cents": None}, if_match=tag)
    contract.refresh_from_db()
    assert answer.status_code == 200
    assert (contract.number, contract.amount_cents, contract.title) == ("A-2", None, "Réfection du groupe scolaire")
    assert (contract.buyer, contract.operation.name) == (making.organisation(), "Écoles")


def _operation(manager):
    return actions.create_operation(manager, name="Écoles", programme="none", at=NOW)


def test_buyer_and_operation_are_replaced_or_erased(manager, bearer):
    contract = making.contract(manager, operation=_operation(manager))
    tag = bearer.get(f"contracts/{contract.pk}")["ETag"]
    changed = {"buyer_siret": siret_of(3), "buyer_name": "Département", "operation_id": None}
    shown = bearer.patch(f"contracts/{contract.pk}", changed, if_match=tag).json()
    assert (shown["buyer"]["name"], shown["operation_id"]) == ("Département", None)


def test_a_correction_made_on_an_older_version_changes_nothing_and_says_why(manager, bearer):
    contract = making.contract(manager)
    tag = bearer.get(f"contracts/{contract.pk}")["ETag"]
    making.obligation(manager, contract)  # somebody, on the page
    for method, path, body in (
        ("patch", f"contracts/{contract.pk}", {"number": "A-2"}),
        ("post", f"contracts/{contract.pk}/obligations", {"due_minutes": 600}),
    ):
        answer = bearer.ask(method, path, body, if_match=tag)
        assert (answer.status_code, faults(answer)) == (412, [("header", "If-Match", "edited_meanwhile")])
        assert "rien n’a été écrasé" in answer.json()["detail"]
    contract.refresh_from_db()
    assert (contract.number, contract.obligations.count()) == ("", 1)


@pytest.mark.parametrize("sent", [None, "*", "3", 'W/"1"', '""', '"un"'])
def test_a_change_that_does_not_say_its_version_is_refused(sent, manager, bearer):
    contract = making.contract(manager)
    headers = {} if sent is None else {"if_match": sent}
    answer = bearer.patch(f"contracts/{contract.pk}", {"number": "A-2"}, **headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (428, "If-Match")


def test_an_obligation_is_added_and_gives_the_next_version(manager, bearer):
    contract = making.contract(manager)
    tag = bearer.get(f"contracts/{contract.pk}")["ETag"]
    answer = bearer.post(
        f"contracts/{contract.pk}/obligations",
        {"due_minutes": 600, "penalty_mode": "EUR_PER_HOUR", "penalty_value_hundredths": 6_050, "publics": ["DELD"]},
        if_match=tag,
    )
    (shown,) = answer.json()["obligations"]
    assert answer.status_code == 201, answer.content
    assert (shown["penalty_value_hundredths"], shown["publics"]) == (6_050, ["DELD"])
    assert answer["ETag"] != tag
    assert answer["ETag"] == bearer.get(f"contracts/{contract.pk}")["ETag"]


def test_the_lot_of_another_contract_is_refused(manager, bearer):
    mine, other = making.contract(manager), making.contract(manager, title="Autre")
    lot = actions.add_lot(manager, other.pk, number="1", expected_revision=1, at=NOW)
    tag = bearer.get(f"contracts/{mine.pk}")["ETag"]
    answer = bearer.post(f"contracts/{mine.pk}/obligations", {"due_minutes": 600, "lot_id": lot.pk}, if_match=tag)
    assert (answer.status_code, faults(answer)) == (422, [("body", "lot_id", "lot_unknown")])


def test_things_of_another_structure_cannot_be_named(bearer, outsider):
    operation = actions.create_operation(outsider, name="Ailleurs", programme="none", at=NOW)
    calibration = saved(outsider)
    for field, pk in (("operation_id", operation.pk), ("calibration_id", calibration.pk)):
        real = bearer.post("contracts", {"title": "Voirie", field: pk})
        fake = bearer.post("contracts", {"title": "Voirie", field: 987_654})
        assert real.status_code == 422
        assert real.content == fake.content


def test_a_contract_comes_from_a_calibration(manager, bearer):
    calibration = saved(manager)
    shown = bearer.post("contracts", {"title": "Voirie", "calibration_id": calibration.pk}).json()
    assert shown["calibration_id"] == calibration.pk


def test_an_operation_is_created_under_a_name_of_its_own(bearer):
    first, second = (bearer.post("operations", {"name": "Écoles", "neighbourhoods": ["QN03501M"]}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 422)
    assert faults(second) == [("body", "name", "name_taken")]
    assert Operation.objects.get().neighbourhoods == ["QN03501M"]


CALIBRATION = {
    "title": "Réfection du groupe scolaire",
    "method": "amount",
    "amount_cents": 100_000_000,
    "trade": "masonry",
    "contract_kind": "works",
    "buyer_kind": "local",
    "launched_on": "2026-12-01",
    "duration_months": 18,
    "rounding": "1",
}


def test_a_calibration_is_computed_by_the_rules_and_explained(bearer):
    answer = bearer.post("calibrations", CALIBRATION)
    shown = answer.json()
    assert (answer.status_code, shown["hours"], shown["due_minutes"]) == (201, 833, 49_980)
    assert [step["value"] for step in shown["explanation"]["arithmetic"][:3]] == [
        "500\u202f000\u00a0€",
        "25\u202f000\u00a0€",
        "833,33\u00a0h",
    ]
    assert all(factor["source"] for factor in shown["explanation"]["factors"])
    assert shown == bearer.get(f"calibrations/{shown['id']}").json()


def test_the_api_and_the_page_give_the_same_hours_and_the_same_digest(manager, bearer):
    shown = bearer.post("calibrations", CALIBRATION).json()
    assert shown["digest"] == saved(manager).digest
    kept = Calibration.objects.get(pk=shown["id"])
    assert recomputed_digest(kept.inputs, kept.parameters, kept.result) == (833, kept.digest)


def test_what_a_program_calibrated_opens_in_the_form_of_the_page(manager, bearer):
    given = {
        "title": "Deux lots",
        "method": "lots",
        "launched_on": "2026-12-01",
        "lots": [
            {"label": "Gros œuvre", "amount_cents": 80_000_050, "trade": "masonry"},
            {"label": "Voirie", "amount_cents": 20_000_000, "trade": "roads"},
        ],
    }
    answer = bearer.post("calibrations", given)
    assert answer.status_code == 201, answer.content
    kept = Calibration.objects.get()
    assert kept.inputs["typed"]["lots-0-amount"] == "800000,5"
    bench = open_form(kept.inputs["typed"], manager, today=TODAY)
    assert bench.computed is not None
    assert bench.computed.digest == kept.digest


@pytest.mark.parametrize("minutes", [60, 90, 100, 50_000_000])
def test_minutes_go_through_the_form_without_loss(minutes, bearer):
    given = {"title": "Postes", "method": "hours_worked", "launched_on": "2026-12-01", "worked_minutes": minutes}
    assert bearer.post("calibrations", given).status_code == 201
    typed = Calibration.objects.get().inputs["typed"]["hours_worked"]
    assert round(float(typed.replace(",", ".")) * 60) == minutes


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount_cents": None}, "amount_cents"),
        ({"method": "lots", "lots": []}, "lots.0.amount_cents"),
        ({"method": "lots", "lots": [{"amount_cents": 100}]}, "lots.0.trade"),
        ({"exemption": "NO_LINK"}, "exemption_reason"),
        ({"launched_on": "1950-01-01"}, "launched_on"),
    ],
)
def test_a_calibration_the_rules_refuse_says_where(changed, field, bearer):
    answer = bearer.post("calibrations", CALIBRATION | changed)
    assert answer.status_code == 422
    assert field in [fault["field"] for fault in answer.json()["errors"]]
    assert Calibration.objects.count() == 0


def test_the_same_request_sent_again_acts_once_and_is_answered_the_same(bearer):
    first, second = (bearer.post("contracts", {"title": "Voirie"}, idempotency_key="demande-1") for _ in range(2))
    assert Contract.objects.count() == 1
    assert (first.status_code, first.content, first["ETag"], first["Location"]) == (
        second.status_code,
        second.content,
        second["ETag"],
        second["Location"],
    )
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")


def test_a_correction_sent_again_with_its_key_is_not_taken_for_a_conflict(manager, bearer):
    contract = making.contract(manager)
    tag = bearer.get(f"contracts/{contract.pk}")["ETag"]
    answers = [
        bearer.patch(f"contracts/{contract.pk}", {"number": "A-2"}, if_match=tag, idempotency_key="demande-2")
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_a_key_already_used_for_something_else_is_refused(bearer):
    bearer.post("contracts", {"title": "Voirie"}, idempotency_key="demande-1")
    answer = bearer.post("contracts", {"title": "Toiture"}, idempotency_key="demande-1")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Contract.objects.count() == 1


@pytest.mark.parametrize("key", ["court", "x" * 101, "avec espace", "clé-accentuée"])
def test_a_key_badly_written_is_refused(key, bearer):
    answer = bearer.post("contracts", {"title": "Voirie"}, idempotency_key=key)
    assert (answer.status_code, [fault["field"] for fault in answer.json()["errors"]]) == (422, ["Idempotency-Key"])
    assert Contract.objects.count() == 0


def test_a_key_is_its_tokens_own(manager, bearer):
    other = program(manager)
    for caller in (bearer, other):
        assert caller.post("contracts", {"title": "Voirie"}, idempotency_key="demande-1").status_code == 201
    assert Contract.objects.count() == 2


def test_a_request_refused_may_be_mended_under_the_same_key(bearer):
    assert bearer.post("contracts", {"title": " "}, idempotency_key="demande-1").status_code == 422
    assert bearer.post("contracts", {"title": "Voirie"}, idempotency_key="demande-1").status_code == 201


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", 422),
        (b"{", 400),
        (b'{"title": NaN}', 400),
        (b'{"title": "\xff"}', 400),
        (b'{"title": "\\ud800"}', 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"x"', 422),
        (b'{"title": "a\\u0000b"}', 422),
        (b'{"title": 12}', 422),
        (b'{"title": "x", "amount_cents": "12"}', 422),
        (b'{"title": "x", "amount_cents": 12.5}', 422),
        (b'{"title": "x", "amount_cents": 1e30}', 422),
        (b'{"title": "x", "amount_cents": 99999999999999999999999}', 422),
        (b'{"title": "x", "starts_on": 20260101}', 422),
        (b'{"title": "x", "starts_on": "2026-1-1"}', 422),
    ],
)
def test_a_body_nobody_can_read_is_refused(body, expected, bearer):
    answer = bearer.post("contracts", body)
    assert (answer.status_code, answer["Content-Type"]) == (expected, "application/problem+json")
    assert Contract.objects.count() == 0


def test_a_body_too_large_is_refused_before_it_is_read(bearer):
    answer = bearer.post("contracts", b'{"title": "' + b"x" * LARGEST_BODY + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_faults_are_told_in_french(bearer):
    given = {
        "title": "x" * 201,
        "kind": "ships",
        "is_framework": 1,
        "amount_cents": 0,
        "obligation": {"due_minutes": -1},
        "nom": "",
    }
    answer = bearer.post("contracts", given)
    assert {fault["field"]: fault["message"] for fault in answer.json()["errors"]} == {
        "title": "Ce texte dépasse 200 caractères.",
        "kind": "Choisissez parmi\u00a0: (vide), works, supplies, services, concession.",
        "is_framework": "Écrivez true ou false.",
        "amount_cents": "Écrivez un nombre d’au moins 1.",
        "obligation.due_minutes": "Écrivez un nombre d’au moins 0.",
        "nom": "Ce champ n’existe pas\u00a0: vérifiez son nom.",
    }


@override_settings(ALLOWED_HOSTS=["testserver"])
def test_a_failure_is_told_to_a_program_as_a_problem(rf):
    answer = server_error(rf.get("/api/v1/contracts"))
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
