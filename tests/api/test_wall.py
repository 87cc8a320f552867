"""Every operation is asked by programs that may not: each gets what an address nobody has would give."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Role, StructureStatus
from dentelle.foundations.tokens.actions import revoke_token
from dentelle.thread.contracts.actions.association import associate_structure
from dentelle.web.api.reference import operations
from tests.api import samples
from tests.api.calling import EVERYTHING, Program, program
from tests.contracts import making
from tests.directory.making import siret_of
from tests.factories import NOW, MembershipFactory, StructureFactory

pytestmark = pytest.mark.django_db
OPERATIONS = operations()
CODES = [each.code for each in OPERATIONS]
MARK = "témoin 6e1f"
BODIES = {
    "find_or_create_organisation": {"siret": siret_of(5), "name": "Organisation d’essai"},
    "create_operation": {"name": "Écoles"},
    "create_contract": {"title": "Contrat"},
    "update_contract": {"number": "A-1"},
    "add_obligation": {"due_minutes": 60},
    "create_calibration": {"title": "Calibrage", "launched_on": "2026-12-01", "amount_cents": 100, "trade": "masonry"},
}


@pytest.fixture
def owner(db):
    return MembershipFactory(manager=True, structure=StructureFactory(name="Structure témoin 7f3a"))


def path_of(operation, membership):
    """The address of an operation, on a thing of the membership's structure."""
    path = operation.path.removeprefix("/api/v1/")
    if "{" not in path:
        return path
    kind = path.partition("/")[0].removesuffix("s")
    return path.replace("{pk}", str(samples.samples(membership)[f"api:{kind}_detail"].kwargs["pk"]))


def ask(caller, operation, path):
    cache.clear()
    before = Entry.objects.count()
    answer = caller.ask(operation.method, path, BODIES.get(operation.code), if_match='"1"')
    if operation.method != "GET" and answer.status_code >= 400:
        assert Entry.objects.count() == before
    return answer


def same(one, other):
    return (one.status_code, one.content, one["Content-Type"]) == (
        other.status_code,
        other.content,
        other["Content-Type"],
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=CODES)
@pytest.mark.parametrize("who", ["nobody", "unknown", "revoked", "expired", "removed", "closed"])
def test_without_a_living_token_every_address_answers_alike(who, operation, owner):
    path = path_of(operation, owner)
    caller = Program("" if who == "nobody" else "dentelle_" + "x" * 43)
    if who == "revoked":
        caller = program(owner)
        revoke_token(owner, caller.token.pk, at=NOW)
    elif who == "expired":
        caller = program(owner, at=NOW - timedelta(days=400), days=30)
    elif who == "removed":
        caller = program(owner)
        owner.delete()
    elif who == "closed":
        caller = program(owner)
        owner.structure.status = StructureStatus.CLOSED
        owner.structure.save()
    answer = ask(caller, operation, path)
    assert answer.status_code == 401
    assert same(answer, caller.ask(operation.method, "nulle/part"))


@pytest.mark.parametrize("operation", OPERATIONS, ids=CODES)
def test_without_the_scope_every_address_looks_like_one_that_does_not_exist(operation, owner):
    path = path_of(operation, owner)
    caller = program(owner, *(scope for scope in EVERYTHING if scope != operation.scope))
    answer = ask(caller, operation, path)
    assert answer.status_code == 404
    assert same(answer, caller.ask(operation.method, "nulle/part"))


@pytest.mark.parametrize("operation", OPERATIONS, ids=CODES)
def test_with_the_scope_alone_the_operation_answers(operation, owner):
    path = path_of(operation, owner)
    answer = ask(program(owner, operation.scope), operation, path)
    assert answer.status_code in {200, 201, 412}, answer.content


@pytest.mark.parametrize("role", [Role.READER, Role.AUDITOR, Role.PATHWAY_ADVISOR, Role.ELECTED_OFFICIAL])
@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.method != "GET"], ids=lambda each: each.code)
def test_a_token_whose_maker_may_only_read_now_writes_nothing(role, operation, owner):
    path = path_of(operation, owner)
    caller = program(owner)
    owner.role = role
    owner.save()
    answer = ask(caller, operation, path)
    assert answer.status_code == 404
    assert same(answer, caller.ask(operation.method, "nulle/part"))


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if "{" in each.path], ids=lambda each: each.code)
def test_things_of_another_structure_look_like_things_that_do_not_exist(operation, owner, manager):
    if operation.code == "get_organisation":
        return  # organisations are shared by all
    path, other = path_of(operation, owner), program(manager)
    answer = ask(other, operation, path)
    assert answer.status_code == 404
    assert same(answer, ask(other, operation, path.replace(path.split("/")[1], "987654")))


@pytest.mark.parametrize(
    "operation",
    [each for each in OPERATIONS if "{" not in each.path and each.method == "GET"],
    ids=lambda each: each.code,
)
def test_no_list_shows_anything_of_another_structure(operation, owner, manager):
    mine = ask(program(owner), operation, path_of(operation, owner) + "?limit=200")
    samples.samples(owner)
    if operation.code != "list_organisations":
        assert MARK not in ask(program(manager), operation, operation.path.removeprefix("/api/v1/")).content.decode()
        assert ask(program(manager), operation, operation.path.removeprefix("/api/v1/")).json()["items"] == []
    assert mine.status_code == 200


def test_what_an_associated_structure_reads_is_what_the_lead_shares(owner, manager):
    contract = making.running(owner)
    associate_structure(
        owner,
        contract.pk,
        manager.structure_id,
        due_minutes=6_000,
        since=NOW.date(),
        expected_revision=contract.revision,
        at=NOW,
    )
    (seen,) = program(manager).get("contracts").json()["items"]
    assert (seen["is_lead"], seen["share_minutes"], seen["operation_id"], seen["calibration_id"]) == (
        False,
        6_000,
        None,
        None,
    )
    refused = program(manager).patch(f"contracts/{contract.pk}", {"number": "A"}, if_match='"1"')
    assert refused.status_code == 404


def test_a_session_opens_nothing_of_the_api(owner, client_of):
    assert client_of(owner).get("/api/v1/contracts").status_code == 401


def test_a_token_opens_no_page_of_the_site(owner):
    answer = program(owner).client.get(reverse("contracts:list"))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("said", ["Basic abc", "Bearer", "Bearer  ", "bearer-x", "Bearer a b"])
def test_an_authorization_that_is_not_a_bearer_is_no_token(said, owner, client):
    assert client.get("/api/v1/contracts", headers={"Authorization": said}).status_code == 401


def test_the_scheme_is_read_whatever_its_case(owner, client):
    secret = program(owner).secret
    assert client.get("/api/v1/contracts", headers={"Authorization": f"bearer {secret}"}).status_code == 200
