"""Every address is tried by everybody, GET and POST, on the things of two structures: what each may do is what the doors say.

The expectation is read from each view's door and from who the person is; the site must agree, and whatever is closed must
look exactly like an address that does not exist.
"""

import re
import time
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.doors import HEAD
from dentelle.foundations.invitations.access import SESSION_KEY
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import READ_ONLY_ROLES, Role, Structure
from dentelle.thread.clauses.actions import share_calibration
from dentelle.thread.contracts.actions.links import PURPOSE
from tests.clauses.making import saved
from tests.factories import (
    MembershipFactory,
    NetworkFactory,
    NetworkSeatFactory,
    StructureFactory,
    UserFactory,
)
from tests.organisations.seats import seat_of
from tests.samples import addresses, all_samples
from tests.spaces.samples import organisation_of

pytestmark = pytest.mark.usefixtures("site_data")

# addresses of programs know no session: tests/api/test_wall.py walks them with tokens
WALKED = [address for address in addresses() if address.view.door.kind not in {"public", "machines"}]
NETWORK = "the network"  # whose things they are, beside A's and B's
FAKE = {
    "pk": 987654,
    "code": "lot",
    "share_pk": 987654,
    "link_pk": 987654,
    "uuid": "00000000-0000-4000-8000-000000000000",
    "contract_key": "f" * 20,
    "number": "987654321",
    "purpose": "programmation",
    "slug": "avis",
    "form": "csv",
    "time": 1,
    "contract_pk": 987654,
    "sha256": "f" * 64,
    "year": 2026,
    "rank": 1,
    "part_code": "partie",
    "item": 987654,
    "decision": 987654,
}
MARKS = (
    "témoin 6e1f",
    "témoin 7f3a",
    "témoin 5c1e",
    "témoin 9d2b",
    "témoin 3b8d",
    "Personne témoin",
    "Collègue témoin",
)
# A door may open on nothing: what stands behind is narrower than the role, and why.
NARROWER = {
    "advocacy:edit": "a draft, or what was sent back, is written by its author",
    "advocacy:own-act": "words are taken back by their author; who follows the structure’s work may say an outcome is read",
    "agreements:detail": "a local agreement not signed yet is not the network's to read",
    "agreements:edit": "the same: it is its structure that writes it",
    "agreements:act": "the same",
    "agreements:document": "the same",
    "agreements:signed-file": "a signed copy bears signatures: its author's people and its parties take it, once there is one",
    "agreements:seat-signed-file": "the same",
    "awaiting:resume": "what one puts off is one's own",
    "intake:seat-act": "a spreadsheet dropped is its dropper's, and this one was a member's",
    "intake:seat-grid": "the same",
    "intake:seat-progress": "the same",
    "documents:download": "an elected official's files are those they asked for",
    "mfa_edit_webauthn": "a passkey is its owner's",
    "mfa_remove_webauthn": "the same",
    "mfa_deactivate_totp": "an app is switched off by whoever has one",
    "mfa_view_recovery_codes": "codes are their owner's",
    "governance:concern": "one not gathered yet is its structure's and the head's",
    "governance:withdraw": "a concern is taken back by its author",
    "governance:read": "what became of a concern is read by its author",
    **{f"library:{name}": "an item is changed by who answers for it" for name in ("change", "confirm", "retire")},
    "jobs:detail": "an elected official's background work is their own",
    "jobs:progress": "the same",
    "jobs:cancel": "one's own work; a manager's is everybody's",
    "jobs:retry": "the same",
    "structures:wear": "a hat is chosen among one's own",
    "purchases:delete_view": "a saved view is its owner's",
    "purchases:export": "a file has a known format",
    "contracts:export": "the same",
    "tour:need-withdraw": "a need is taken back by who noted it, or by the head",
    "surveys:answer": "what is sent names its part of the questionnaire",
    "surveys:draft": "the same",
}
# Where members of a network read each other's names: address → marks it may show.
TOLD_TO_MEMBERS = {"members:directory": {"témoin 7f3a", "témoin 3b8d"}}  # names of members and of their devices
# What people who only read may leave in the journal: their preferences, the files they ask for, their own place at a meeting.
HARMLESS_ACTS = {
    "columns.chosen",
    "saved_view.created",
    "saved_view.deleted",
    "job.started",
    "stage.registered",
    "calendar.opened",
    "calendar.closed",
}
ANSWERS = {200, 286, 302, 403, 405, 409, 422}


@dataclass(frozen=True)
class Somebody:
    """A person as the doors see them: ``kind`` of door they stand at, ``role`` there, whose things are theirs."""

    user: object
    kind: str = ""
    role: str = ""
    theirs: tuple[str, ...] = ()

    def may(self, door, method):
        if door.kind == "signed_in":
            return True
        if door.kind == "network_people" and self.kind in {"members", "network_heads"}:
            role = HEAD if self.kind == "network_heads" else self.role
            return role in (door.opens if method == "get" else door.acts)
        if door.kind != self.kind:
            return False
        return door.kind == "network_heads" or self.role in (door.opens if method == "get" else door.acts)


@pytest.fixture
def owners(db):
    """Two structures of one network, each with a manager who owns one of everything."""
    return {
        name: MembershipFactory(
            manager=True,
            structure=StructureFactory(name=f"Structure témoin 7f3a {name}"),
            user__full_name="Personne témoin",
        )
        for name in "AB"
    }


def member(role, theirs="A"):
    def build(owners):
        made = MembershipFactory(structure=owners[theirs].structure, role=role)
        return Somebody(made.user, "members", role, (theirs, NETWORK))

    return build


def shut(status):
    """The manager of A, once A is no longer at work."""

    def build(owners):
        Structure.objects.filter(pk=owners["A"].structure_id).update(status=status)
        return Somebody(owners["A"].user, theirs=("A",))  # their own account stays theirs

    return build


def head_of_another_network(owners):
    return Somebody(NetworkSeatFactory(network=NetworkFactory(name="Autre réseau")).user, "network_heads")


def manager_in_another_network(owners):
    structure = StructureFactory(network=NetworkFactory(name="Autre réseau"))
    return Somebody(MembershipFactory(structure=structure, manager=True).user, "members", "manager")


def outside(role, theirs="A", more=()):
    """Somebody seated in the organisation the witness contract of a structure belongs to; made after the samples."""

    def build(owners):
        organisation = organisation_of(owners[theirs], role)
        seat = Seat.objects.create(user=UserFactory(), organisation=organisation, role=role, opened_at=timezone.now())
        return Somebody(seat.user, "seated", role, (theirs, *more))

    return build


EVERYBODY = {
    **{f"{role} of A": member(role) for role in Role.values},
    "manager of B": member("manager", "B"),
    "manager of A once closed": shut("closed"),
    "manager of A not approved yet": shut("requested"),
    "manager of A refused": shut("refused"),
    "head of the network": lambda owners: Somebody(NetworkSeatFactory().user, "network_heads", "", ("A", "B", NETWORK)),
    "head of another network": head_of_another_network,
    "manager in another network": manager_in_another_network,
    **{
        f"seat: {role}": lambda owners, role=role: Somebody(seat_of(role).user, "seated", role)
        for role in ("buyer", "company", "siae", "partner")
    },
    "buyer of a contract of A": outside("buyer"),
    "company of a contract of A": outside("company"),
    "company of a contract of B": outside("company", "B"),
    "partner of an agreement of A": outside("partner", more=(NETWORK,)),
    "nobody's": lambda owners: Somebody(UserFactory()),
}


class Site:
    """One person's browser; each request is undone, so that the order of addresses does not matter."""

    def __init__(self, user):
        self.client = Client()
        self.client.force_login(user)
        # as if the password had just been typed: pages of one's own account ask for it before they look for anything
        session = self.client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        self.session = session.session_key
        self.unknown = {}

    def ask(self, method, url):
        # what one request said is shown by the next page, which here would be another person's or another thing's
        self.client.cookies.pop("messages", None)
        self.client.cookies[settings.SESSION_COOKIE_NAME] = self.session  # an answer undone may have renewed it
        cache.clear()  # attempts are counted per address
        with transaction.atomic():
            before = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            response = getattr(self.client, method)(url)
            content = b"".join(response) if response.streaming else response.content
            acts = list(Entry.objects.filter(pk__gt=before).values_list("act", "structure_id"))
            transaction.set_rollback(True)
        return response.status_code, without_keys(content.decode("utf-8", "replace")), acts

    def unknown_like(self, method, url):
        """What this person gets at an address nobody has, in the same part of the site."""
        part = (method, url.strip("/").partition("/")[0])
        if part not in self.unknown:
            self.unknown[part] = self.ask(method, url + "inconnu-de-tous")
        return self.unknown[part]


def without_keys(html):
    """The page without the keys that protect its forms, new at each page."""
    return re.sub(r'(csrfmiddlewaretoken" value=|"X-CSRFToken": )"[^"]+"', "", html)


def urls_of(address, samples):
    """(whose, address) of each thing, or the one address that names nothing."""
    if not address.arguments:
        return [(None, reverse(address.name))]
    if samples["A"][address.name].network:
        return [(NETWORK, reverse(address.name, kwargs=samples["A"][address.name].kwargs))]
    if samples["A"][address.name].shared:
        return [(None, reverse(address.name, kwargs=samples["A"][address.name].kwargs))]
    return [(name, reverse(address.name, kwargs=samples[name][address.name].kwargs)) for name in samples]


@pytest.mark.parametrize("who", EVERYBODY)
def test_doors_open_to_whom_they_say_and_to_nobody_else(who, owners):
    samples = {name: all_samples(owner) for name, owner in owners.items()}
    person = EVERYBODY[who](owners)
    site, wrong = Site(person.user), []
    for address in WALKED:
        for method in ("get", "post"):
            for whose, url in urls_of(address, samples):
                status, page, acts = site.ask(method, url)
                told = f"{method} {address.name} of {whose}: {status}"
                if person.may(address.view.door, method) and (whose is None or whose in person.theirs):
                    if status not in ANSWERS and not (status == 404 and address.name in NARROWER):
                        wrong.append(f"{told}, should open")
                    own = address.view.door.kind == "signed_in"
                    if person.role in READ_ONLY_ROLES and not own and {act for act, _ in acts} - HARMLESS_ACTS:
                        wrong.append(f"{told}, wrote {acts}")
                elif person.may(address.view.door, method) and (status, acts) == (405, []):
                    continue  # refused for its method, before any thing was looked for
                elif (status, page, acts) != (404, site.unknown_like(method, url)[1], []):
                    wrong.append(f"{told}, differs from an unknown address{', wrote' if acts else ''}")
    assert wrong == [], "; ".join(wrong)


def bearer_of(link):
    """A browser in which the button of a link was pressed."""
    client = Client()
    MagicLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
    session = client.session
    session[SESSION_KEY] = link.pk
    session.save()
    return client


def test_a_link_opens_the_pages_of_its_purpose_and_no_other(owners):
    samples = {name: all_samples(owner) for name, owner in owners.items()}
    link = MagicLink.objects.get(structure=owners["A"].structure, purpose=PURPOSE, revoked_at=None)
    client, wrong = bearer_of(link), []
    for address in WALKED:
        door = address.view.door
        for method in (client.get, client.post):
            for whose, url in urls_of(address, samples):
                cache.clear()
                with transaction.atomic():
                    response = method(url)
                    status, _ = response.status_code, b"".join(response) if response.streaming else b""
                    transaction.set_rollback(True)
                if door.kind != "link_bearers":
                    expected = {302}
                elif door.reason == PURPOSE and whose in (None, "A"):
                    expected = ANSWERS
                else:
                    expected = {404, 405} if door.reason == PURPOSE else {404}
                if status not in expected:
                    wrong.append(f"{address.name} of {whose}: {status}")
    assert wrong == [], "; ".join(wrong)


@pytest.mark.parametrize("role", ["buyer", "company", "siae", "partner"])
def test_no_page_of_an_organisation_shows_anything_of_another(role, owners):
    for owner in owners.values():
        all_samples(owner)
    client = Client()
    client.force_login(seat_of(role).user)
    for address in WALKED:
        if not address.arguments:
            page = client.get(reverse(address.name)).content.decode("utf-8", "replace")
            assert [mark for mark in MARKS if mark in page] == [], address.name


@pytest.mark.parametrize("role", ["manager", "auditor"])
def test_no_page_of_one_structure_shows_anything_of_another(role, owners):
    for owner in owners.values():
        all_samples(owner)
    client = Client()
    client.force_login(MembershipFactory(role=role).user)
    for address in WALKED:
        if not address.arguments:
            response = client.get(reverse(address.name))
            page = (b"".join(response) if response.streaming else response.content).decode("utf-8", "replace")
            shown = {mark for mark in MARKS if mark in page}
            assert shown - TOLD_TO_MEMBERS.get(address.name, set()) == set(), address.name


@pytest.mark.parametrize("address", [a for a in WALKED if a.view.door.kind != "link_bearers"], ids=lambda a: a.name)
def test_a_stranger_is_sent_to_the_login_page_whether_the_thing_exists_or_not(address, db, client):
    url = reverse(address.name, kwargs={name: FAKE[name] for name in address.arguments})
    for method in (client.get, client.post):
        response = method(url)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.parametrize("address", [a for a in WALKED if a.view.door.kind == "members"], ids=lambda a: a.name)
def test_somebody_of_the_structure_gets_in(address):
    assert address.view.door.opens


def test_roles_that_only_read_act_only_where_the_door_says_why():
    for address in WALKED:
        if set(address.view.door.acts) & set(READ_ONLY_ROLES):
            assert address.view.door.reason, address.name


@pytest.mark.parametrize("status", ["requested", "refused", "closed"])
def test_the_links_of_a_structure_not_at_work_open_nothing(status, owners, client):
    calibration = saved(owners["A"])
    _, token = share_calibration(owners["A"], calibration.pk, at=timezone.now())
    address = reverse("clauses:shared", kwargs={"token": token})
    opened = client.get(address).status_code
    Structure.objects.filter(pk=owners["A"].structure_id).update(status=status)
    assert (opened, client.get(address).status_code) == (200, 404)


def test_the_narrower_doors_are_addresses_that_exist():
    assert set(NARROWER) <= {address.name for address in WALKED}
