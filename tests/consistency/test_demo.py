"""The demonstration tells a story: no page it opens to is in its empty state, no page is missing."""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client, override_settings
from django.urls import resolve, reverse
from django.utils import timezone

from dentelle.cli.main import main
from dentelle.demo.load import TERRITORIES, load_demo
from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, NETWORK_HEAD, SEAT_ROLES
from dentelle.foundations.accounts.models import User
from dentelle.foundations.awaiting.queries import everything
from dentelle.foundations.directory.models import Seat
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages.models import Message
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.foundations.sent_forms.actions import FIELD
from dentelle.network.agreements.models import Indicator
from dentelle.network.practices.models import SheetAgreement
from dentelle.opendata.marts.serving_filters import PurchaseFilters
from dentelle.opendata.marts.serving_territory import territory_figures, together
from dentelle.rules.calibration import hours_rates
from dentelle.thread.clauses.engine import compute
from dentelle.thread.clauses.forms import CalibrationForm
from dentelle.thread.clauses.prefill import initial_of
from dentelle.thread.purchases.queries import contract
from dentelle.thread.territory.queries import store
from dentelle.web.formatting import hours, number
from tests.samples import addresses

pytestmark = pytest.mark.django_db
# Pages that may say « rien ici » even in the demonstration, and why.
MAY_BE_EMPTY = {
    "search:results": "it answers to words, and nothing was typed",
}


def demo_pages():
    """Every page a member reaches without choosing an object first."""
    kinds = {"members", "network_people"}
    return [address.name for address in addresses() if not address.arguments and address.view.door.kind in kinds]


@pytest.fixture(scope="module")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where the demonstration keeps its files."""
    home = tmp_path_factory.mktemp("demo")
    return {
        "DENTELLE_HOME": home,
        "DENTELLE_GROUND": home / "ground",
        "DENTELLE_DECP": home / "decp",
        "MEDIA_ROOT": home / "files",
    }


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, demo_files) -> Iterator[None]:
    """The demonstration in the database, loaded once for this module; each test's own changes are undone after it."""
    said = []
    with django_db_blocker.unblock(), override_settings(**demo_files), transaction.atomic():
        assert load_demo(at=timezone.now(), say=said.append)
        assert said
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db, client, settings, demo_files):
    for name, place in demo_files.items():
        setattr(settings, name, place)
    client.force_login(User.objects.get(email=DEMO_ACCOUNTS[0].email))
    return client


def test_no_page_of_the_demonstration_is_in_its_empty_state(demo):
    empty, failed = [], []
    for name in demo_pages():
        response = demo.get(reverse(name), follow=True)
        body = b"".join(response) if response.streaming else response.content
        if response.status_code not in {200, 404, 405}:  # 404 and 405: fragments that need words, acts that need POST
            failed.append((name, response.status_code))
        if b"data-empty-state" in body and name not in MAY_BE_EMPTY:
            empty.append(name)
    assert (empty, failed) == ([], [])


def test_no_page_of_the_people_outside_is_in_its_empty_state(demo):
    empty = []
    for account in DEMO_ACCOUNTS:
        if account.role not in SEAT_ROLES:
            continue
        demo.force_login(User.objects.get(email=account.email))
        for address in addresses():
            door = address.view.door
            if not address.arguments and door.kind == "seated" and account.role in door.opens:
                response = demo.get(reverse(address.name))
                assert response.status_code == 200, address.name
                if b"data-empty-state" in response.content:
                    empty.append((account.role, address.name))
    assert empty == []


# Forms that may be sent twice from one opening without a word of the first, and why.
MAY_BE_SENT_TWICE = {
    "tour:carry": "each sending is another concern of one's own, the words of the finding being a proposal",
}


@dataclass
class Walk:
    """What following the links of the demonstration met.

    Closed doors (account, path, origin), spaces before a comma (path, words), texts that a second window wrote over without a
    word (address, field), and the forms whose second window was told.
    """

    closed: list[tuple[str, str, str]] = field(default_factory=list)
    spaced: list[tuple[str, str]] = field(default_factory=list)
    silenced: list[tuple[str, str]] = field(default_factory=list)
    heard: set[str] = field(default_factory=set)
    _written: set[str] = field(default_factory=set)

    def follow(self, account: str, client: Client) -> int:
        """One page of each address, from link to link, as an account already logged in; how many addresses it met."""
        waiting, met = deque([("/", "")]), {"/"}
        while waiting:
            path, origin = waiting.popleft()
            response = client.get(path, follow=True)
            # read to its end: closing a stream half read would close the connection of the test
            content = response.getvalue()
            if response.status_code >= 400:
                self.closed.append((account, path, origin))
            if not response.headers["Content-Type"].startswith("text/html"):
                continue
            page = content.decode()
            self.spaced += [(path, each) for each in re.findall(r"\w</a>\s+(?:<span[^>]*>)?,[^<]*", page)]
            self.write_twice(response.request["PATH_INFO"], page, client)
            for link in re.findall(r'<a\b[^>]*\bhref="(/[^"#]*)', page):
                link = unescape(link)
                kind = re.sub(r"[0-9a-f]{20}|[0-9]+", "N", link.partition("?")[0])
                if kind not in met:
                    met.add(kind)
                    waiting.append((link, path))
        return len(met)

    def write_twice(self, path: str, page: str, client: Client) -> None:
        """Send each form that shows a kept text from two windows opened on it, each with its own words."""
        for form in lxml.html.fromstring(page).forms:
            name, address = first_text(form), form.get("action") or path
            kind = re.sub(r"[0-9]+", "N", address)
            if form.method != "POST" or name is None or kind in self._written:
                continue
            self._written.add(kind)
            view = resolve(address.partition("?")[0]).view_name
            if view in MAY_BE_SENT_TWICE:
                continue
            with transaction.atomic():
                first = client.post(address, typed(form, name, " (un)"))
                client.cookies.pop("messages", None)
                second = client.post(address, typed(form, name, " (deux)"))
                transaction.set_rollback(True)
            if first.status_code == 302 and (second.status_code == 409 or warned(second)):
                self.heard.add(view)
            elif first.status_code == second.status_code == 302:
                self.silenced.append((address, name))
            client.cookies.pop("messages", None)


def first_text(form) -> str | None:
    """The first box of a form that holds words: a text kept earlier, or proposed."""
    for box in form.xpath(".//textarea | .//input[not(@type) or @type='text']"):
        if box.name and re.search(r"[a-zé]{4}", box.value or ""):
            return box.name
    return None


def typed(form, name: str, words: str) -> dict[str, list[str]]:
    """What a browser sends of a form, with words added in the box ``name``."""
    values: dict[str, list[str]] = {}
    for box, value in form.form_values():
        if box != FIELD:  # each window has its own key
            values.setdefault(box, []).append(value + words if box == name else value)
    return values


def warned(answer) -> bool:
    """Whether the page that follows says what was not kept."""
    return any(message.level_tag == "warning" for message in get_messages(answer.wsgi_request))


@pytest.fixture(scope="module")
def walk(loaded, django_db_blocker, demo_files) -> Walk:
    """The demonstration walked once by each of its accounts; what the visits write is undone."""
    walk = Walk()
    with django_db_blocker.unblock(), override_settings(**demo_files), transaction.atomic():
        for account in DEMO_ACCOUNTS:
            client = Client()
            client.force_login(User.objects.get(email=account.email))
            assert walk.follow(account.email, client) > 10, account.email
        transaction.set_rollback(True)
    return walk


def test_no_link_of_the_demonstration_leads_to_a_closed_door(walk):
    assert walk.closed == []


def test_no_page_of_the_demonstration_leaves_a_space_before_a_comma(walk):
    assert walk.spaced == []


def test_no_form_of_the_demonstration_lets_a_second_window_write_over_the_first_without_a_word(walk):
    assert walk.silenced == []
    assert walk.heard >= {
        "surveys:ask",
        "surveys:present",
        "members:public-settings",
        "structures:identity",
        "intake:act",
    }
    assert len(walk.heard) > 20


def test_a_sheet_of_the_demonstration_waits_for_the_agreement_of_those_whose_it_is(demo):
    [asked] = SheetAgreement.objects.filter(state="asked")
    waiting = {line.kind for member in asked.structure.memberships.all() for line in everything(member, timezone.now())}
    assert asked.version.state == "reviewed"
    assert "practice.agree" in waiting


def test_an_indicator_of_the_demonstration_is_read_over_three_years_without_a_gap(demo):
    years = {}
    for indicator in Indicator.objects.all():
        ends = sorted(indicator.readings.values_list("ends_on", flat=True))
        years[len({end.year for end in ends})] = ends
    ends = years[max(years)]
    assert max(years) >= 3
    assert all((after - before).days < 95 for before, after in pairwise(ends))


def test_the_demonstration_has_an_invitation_and_a_link_on_their_way(demo):
    said = "".join(Message.objects.values_list("text", flat=True))
    assert re.search(r"/invitation/\S+", said)
    assert re.search(r"/lien/\S+", said)


def test_the_list_the_page_and_the_calibration_of_a_contract_give_the_same_hours(demo):
    columns = ("contract_key", "hours_low", "hours_central", "hours_high", "required")
    rows = [row for batch in store().stream(PurchaseFilters(), columns) for row in batch if row[2] is not None]
    drawn = rows[:: max(1, len(rows) // 60)]
    assert len(drawn) >= 50
    today = date.fromisoformat(store().meta()["as_of"])
    for key, *listed, required in drawn:
        initial = {"title": "Calibrage", **initial_of(contract(key), today=today)}
        form = CalibrationForm({name: value for name, value in initial.items() if value})
        assert form.is_valid(), form.errors
        result = compute(form.cleaned_data, author="Camille Roy")
        calibrated = [result.sheet["low_hours"], result.hours, result.sheet["high_hours"]]
        assert (calibrated, result.sheet["obligation"]["code"]) == (listed, required), key
    for key, low, central, high, _ in drawn[:5]:
        page = demo.get(reverse("purchases:contract", args=[key])).content.decode()
        assert f"{hours(central)} possibles, entre {number(low)} et {hours(high)}" in page


def test_the_total_of_a_territory_is_that_of_the_exact_hours(demo):
    found = territory_figures(store(), PurchaseFilters())
    columns = ("trade", "amount_cents", "hours_central")
    rows = [row for batch in store().stream(PurchaseFilters(), columns) for row in batch if row[2] is not None]
    today = date.fromisoformat(store().meta()["as_of"])
    rates = {rate.trade: rate for rate in hours_rates(today)}
    for trade in found.trades:
        cents = sum(row[1] for row in rows if row[0] == trade.trade)
        exact = rates[trade.trade].hours(cents)
        assert (trade.low, trade.central, trade.high) == (exact.low, exact.central, exact.high)
    assert together(found.trades)[1] != sum(row[2] for row in rows)  # the sum of the rounded lines is another figure


def test_the_command_line_and_the_page_of_a_territory_give_the_same_hours(demo, demo_files, capsys):
    page = " ".join(demo.get("/territoire/").content.decode().split())
    today = date.fromisoformat(store().meta()["as_of"])
    following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    data, ground = str(demo_files["DENTELLE_DECP"]), str(demo_files["DENTELLE_GROUND"])
    asked = ["--territory", TERRITORIES["Maison de l’emploi du Bocage"][1], "--from", f"{following:%Y-%m}"]
    told = ["--as-of", today.isoformat(), "--format", "json", "--by", "total"]
    command = ["decp", "hours-potential", "--data", data, "--ground", ground, "--months", "24", *asked, *told]
    assert main(command) == 0
    (total,) = json.loads(capsys.readouterr().out)
    assert total["hours_low"] < total["hours_central"] < total["hours_high"]
    for figure in (f"de {number(total['hours_low'])} à {hours(total['hours_high'])}", number(total["hours_central"])):
        assert " ".join(figure.split()) in page


def test_the_demonstration_is_loaded_once(demo):
    people, acts = User.objects.count(), Entry.objects.count()
    assert not load_demo(at=timezone.now(), say=print)
    assert (User.objects.count(), Entry.objects.count()) == (people, acts)


def test_every_account_shown_on_the_login_page_opens_its_structure(demo, client):
    for account in DEMO_ACCOUNTS:
        client.logout()
        answer = client.post("/connexion/", {"username": account.email, "password": DEMO_PASSWORD})
        assert answer.status_code == 302, account.email
        if account.role == NETWORK_HEAD:
            assert NetworkSeat.objects.get(user__email=account.email).network.name == account.structure
            continue
        if account.role in SEAT_ROLES:
            assert Seat.objects.get(user__email=account.email).role == account.role
            continue
        membership = Membership.objects.get(user__email=account.email)
        assert (membership.structure.name, membership.role) == (account.structure, account.role)


@pytest.mark.parametrize("account", DEMO_ACCOUNTS, ids=lambda account: account.email.partition("@")[0])
def test_every_account_lands_on_a_page_with_something_to_do_or_to_read(demo, client, account):
    client.force_login(User.objects.get(email=account.email))
    answer = client.get("/", follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "data-empty-state" not in page
    if account.role in {"facilitator", "manager"}:
        assert page.count('class="awaiting-subject"') > 5
        assert "Portefeuille par étape" in page
    if account.role == NETWORK_HEAD:
        assert "Examiner la demande" in page
