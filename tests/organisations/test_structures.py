"""Structures: who approves them, what they cover version after version, who works there and what is handed over."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Coverage, Membership, Role, Structure
from dentelle.foundations.structures import actions, approvals, structure_actions
from dentelle.opendata.ground import load_ground
from tests.clauses.making import saved
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.forms import said_of, sent_back
from tests.ground_fixtures import ground_directory  # noqa: F401 (a session fixture)

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


@pytest.fixture
def ground(settings, ground_directory):  # noqa: F811 (the fixture imported above)
    settings.DENTELLE_GROUND = ground_directory
    return load_ground(ground_directory)


@pytest.fixture
def head():
    return NetworkSeatFactory()


def acts():
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def test_a_request_is_approved_then_closed_then_approved_again(head):
    structure = StructureFactory(network=head.network, requested=True)
    approvals.approve(head, structure.pk, at=NOW)
    approvals.close(head, structure.pk, reason="Fusion", at=NOW)
    again = approvals.approve(head, structure.pk, at=NOW)
    assert (again.status, again.status_reason, again.approved_by) == ("approved", "", head.user)
    assert acts() == ["structure.approved", "structure.closed", "structure.approved"]


@pytest.mark.parametrize(("status", "move"), [("approved", "refuse"), ("closed", "close"), ("approved", "approve")])
def test_a_decision_already_taken_is_not_taken_twice(head, status, move):
    structure = StructureFactory(network=head.network, status=status)
    arguments = {} if move == "approve" else {"reason": "déjà"}
    with pytest.raises(approvals.StructureRefused) as refused:
        getattr(approvals, move)(head, structure.pk, at=NOW, **arguments)
    assert refused.value.code == "moved_meanwhile"
    assert acts() == []


def test_a_refusal_without_a_reason_is_refused(head, client):
    structure = StructureFactory(network=head.network, requested=True)
    client.force_login(head.user)
    answer = client.post(reverse("structures:network-refuse", args=[structure.pk]), {"reason": " "})
    assert answer.status_code == 422
    assert "Donnez le motif" in answer.content.decode()
    assert Structure.objects.get(pk=structure.pk).status == "requested"


def test_the_head_of_the_network_adds_a_structure_approved_at_once(head, client):
    client.force_login(head.user)
    client.post(reverse("structures:network-structure-new"), {"name": "PLIE du Val", "kind": "plie"})
    made = Structure.objects.get(name="PLIE du Val")
    assert (made.network, made.status, made.approved_by) == (head.network, "approved", head.user)
    again = client.post(reverse("structures:network-structure-new"), {"name": "PLIE du Val", "kind": "plie"})
    assert (again.status_code, Structure.objects.count()) == (422, 1)


def test_a_territory_covered_is_appended_never_edited(manager, ground):
    first = structure_actions.cover(
        manager, places=["epci:243500139", "commune:35238"], valid_from=DAY, reason="", ground=ground, at=NOW
    )
    second = structure_actions.cover(
        manager, places=["epci:243500139"], valid_from=DAY + timedelta(days=365), reason="Départ", ground=ground, at=NOW
    )
    assert (first.version, second.version) == (1, 2)
    assert Coverage.objects.get(version=1).places == ["epci:243500139", "commune:35238"]
    in_force = [Coverage.objects.in_force(DAY + timedelta(days=days)).get().version for days in (0, 364, 365)]
    assert in_force == [1, 1, 2]
    assert not Coverage.objects.in_force(DAY - timedelta(days=1)).exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"places": []}, "places_missing"),
        ({"places": ["epci:000000000"]}, "unknown_place"),
        ({"reason": " "}, "reason_missing"),
        ({"valid_from": DAY - timedelta(days=1)}, "valid_from"),
        ({"places": ["epci:243500139"]}, "unchanged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_version_that_says_nothing_sure_is_refused(manager, ground, change, code):
    structure_actions.cover(manager, places=["epci:243500139"], valid_from=DAY, reason="", ground=ground, at=NOW)
    asked = {"places": ["commune:35238"], "valid_from": DAY, "reason": "Avenant"} | change
    with pytest.raises(approvals.StructureRefused) as refused:
        structure_actions.cover(manager, **asked, ground=ground, at=NOW)
    assert (refused.value.code, Coverage.objects.count()) == (code, 1)


def test_a_manager_puts_the_territory_together_by_search(client_of, manager, ground):
    client = client_of(manager)
    address = reverse("structures:coverage")
    found = client.get(address, {"q": "Rennes"}).content.decode()
    assert "lieu=epci%3A243500139" in found
    client.post(address, {"lieu": ["epci:243500139"], "valid_from": "2026-01-01", "reason": ""})
    page = client.get(reverse("structures:structure")).content.decode()
    assert "en vigueur depuis le 1" in page


def test_only_a_manager_changes_the_structure(facilitator, ground):
    with pytest.raises(approvals.StructureRefused) as refused:
        structure_actions.cover(
            facilitator, places=["epci:243500139"], valid_from=DAY, reason="", ground=ground, at=NOW
        )
    assert refused.value.code == "not_manager"


def test_the_identity_says_which_fields_changed_and_refuses_a_wrong_siret(client_of, manager):
    client = client_of(manager)
    typed = {"name": "PLIE neuf", "kind": "plie", "siret": "732 829 320 00075"}
    assert client.post(reverse("structures:identity"), typed).status_code == 422
    typed["siret"] = "732 829 320 00074"
    assert client.post(reverse("structures:identity"), typed).status_code == 302
    manager.structure.refresh_from_db()
    assert (manager.structure.name, manager.structure.siret) == ("PLIE neuf", "73282932000074")
    assert Entry.objects.get().facts == {"fields": "name kind siret"}


def test_two_managers_on_the_identity_replace_none_of_each_other_s_words(client_of, manager):
    client, address = client_of(manager), reverse("structures:identity")
    opened = client.get(address)
    assert client.post(address, sent_back(opened, "siret", name="Le premier nom")).status_code == 302
    elsewhere = sent_back(opened, "siret", phone="02 99 00 00 00")
    assert client.post(address, elsewhere).status_code == 302
    conflict = client.post(address, sent_back(opened, "siret", name="Le second nom"))
    assert (conflict.status_code, said_of(conflict, "Nom")) == (409, ["Le premier nom", "Le second nom"])
    manager.structure.refresh_from_db()
    assert (manager.structure.name, manager.structure.phone) == ("Le premier nom", "02 99 00 00 00")
    assert client.post(address, sent_back(conflict, "siret")).status_code == 302
    manager.structure.refresh_from_db()
    assert manager.structure.name == "Le second nom"


def test_a_device_closes_once_and_stays_in_the_history(manager):
    device = structure_actions.open_device(manager, kind="plie", name="PLIE", opened_on=DAY, at=NOW)
    with pytest.raises(approvals.StructureRefused, match="avant"):
        structure_actions.close_device(manager, device.pk, closed_on=DAY - timedelta(days=1), at=NOW)
    structure_actions.close_device(manager, device.pk, closed_on=DAY, at=NOW)
    with pytest.raises(approvals.StructureRefused, match="déjà fermé"):
        structure_actions.close_device(manager, device.pk, closed_on=DAY, at=NOW)
    assert manager.structure.devices.get().closed_on == DAY


def test_there_is_always_somebody_left_to_manage(manager):
    for act in (
        lambda: actions.remove_person(manager, manager.pk, at=NOW),
        lambda: actions.change_role(manager, manager.pk, role="reader", at=NOW),
    ):
        with pytest.raises(actions.PersonRefused) as refused:
            act()
        assert refused.value.code == "last_manager"
    other = MembershipFactory(structure=manager.structure, manager=True)
    actions.remove_person(other, manager.pk, at=NOW)
    assert list(Membership.objects.all()) == [other]
    assert acts() == ["membership.removed"]


def test_a_portfolio_is_handed_over_with_its_history(client_of, manager, facilitator):
    receiver = MembershipFactory(structure=manager.structure, facilitator=True)
    kept = saved(facilitator)
    elsewhere = saved(MembershipFactory(user=facilitator.user, facilitator=True))
    client = client_of(manager)
    page = client.get(reverse("structures:person", args=[facilitator.pk])).content.decode()
    assert "1 calibrage" in page.replace("\u202f", " ").replace("\xa0", " ")
    client.post(reverse("structures:person-hand-over", args=[facilitator.pk]), {"to": receiver.pk})
    kept.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (kept.in_charge, kept.author, elsewhere.in_charge) == (receiver.user, facilitator.user, facilitator.user)
    assert acts()[-2:] == ["calibration.handed_over", "membership.handed_over"]
    assert f"suivie par {receiver.user.full_name}" in client.get(f"/calibrages/{kept.pk}/").content.decode()
    mine = client_of(receiver).get("/calibrages/", {"mes": "1"}).content.decode()
    assert kept.title in mine


@pytest.mark.parametrize("role", ["reader", "elected_official", "auditor"])
def test_a_portfolio_goes_only_to_somebody_who_acts_here(manager, facilitator, role):
    for receiver in (
        MembershipFactory(structure=manager.structure, role=role),
        MembershipFactory(outsider=True),
        facilitator,
    ):
        with pytest.raises(actions.PersonRefused):
            actions.hand_over(facilitator.user, receiver.user, manager.structure, manager=manager, at=NOW)


def test_an_elected_official_reads_the_structure_but_not_its_people(client_of, manager):
    official = MembershipFactory(structure=manager.structure, elected_official=True)
    page = client_of(official).get(reverse("structures:structure")).content.decode()
    assert manager.user.email not in page


def test_the_network_page_counts_a_commune_once(client, head, ground):
    for places in (["epci:243500139"], ["commune:35238"]):
        member = MembershipFactory(manager=True, structure__network=head.network)
        structure_actions.cover(member, places=places, valid_from=DAY, reason="", ground=ground, at=NOW)
    elsewhere = MembershipFactory(manager=True, structure=StructureFactory(network=NetworkFactory(name="Ailleurs")))
    structure_actions.cover(elsewhere, places=["commune:29019"], valid_from=DAY, reason="", ground=ground, at=NOW)
    client.force_login(head.user)
    territory = client.get(reverse("structures:network")).context["page"].territory
    assert (territory.communes, territory.shared) == (len(ground.communes_of("epci", "243500139")), 1)


@pytest.mark.parametrize("page", ["network", "structure"])
def test_pages_make_the_same_few_queries_at_10_and_1000_rows(page, client, head, ground, assert_max_queries):
    made = []
    manager = MembershipFactory(manager=True, structure__network=head.network)
    client.force_login(head.user if page == "network" else manager.user)
    for count in (10, 1000):
        structures = Structure.objects.bulk_create(
            StructureFactory.build(network=head.network, slug=f"s{count}-{n}", name=f"S{count}-{n}")
            for n in range(count)
        )
        Coverage.objects.bulk_create(
            Coverage(structure=one, version=1, valid_from=DAY, places=["commune:35238"], created_at=NOW)
            for one in structures
        )
        for _ in range(count // 10):
            MembershipFactory(structure=manager.structure)
        with assert_max_queries(20) as captured:
            assert client.get(reverse(f"structures:{page}")).status_code == 200
        made.append(len(captured))
    assert made[0] == made[1]


def test_the_roles_of_the_command_line_are_those_of_structures():
    from dentelle.cli.account_create import NETWORK_HEAD, ROLES

    assert set(ROLES) == {*Role.values, NETWORK_HEAD}
