"""Every kind of line of the day's list comes with its cause, goes with it, and opens to whoever must act."""

import pytest
import time_machine

from dentelle.foundations.awaiting.queries import everything
from dentelle.foundations.awaiting.registry import sources
from dentelle.foundations.organisations.hats import MEMBERSHIP, NETWORK_SEAT, SEAT
from dentelle.foundations.organisations.models import Role
from tests.awaiting.cases import all_cases
from tests.factories import MembershipFactory, NetworkSeatFactory
from tests.network.agreements.making import partner_seat
from tests.publications.making import last_of_data
from tests.serving_frames import make_store

CASES = all_cases()
# What every member of a network is asked, whose line another structure therefore has too.
OF_EVERY_MEMBER = {"call.closing"}
# What is asked of elected officials in person; every other line of a member is for those who act.
OF_OFFICIALS = {"call.open", "concern.told", "contribution.draft", "contribution.returned", "session.coming"}
HATS = {kind: source.hat for source in sources() for kind in source.kinds}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def read_until_today(settings, tmp_path):
    """Open data that reach today: what is not in them is missing."""
    settings.DENTELLE_DECP = tmp_path
    make_store(tmp_path / "serving.duckdb", last_of_data())


def viewer_of(kind):
    if HATS[kind] == SEAT:
        return partner_seat()
    if HATS[kind] == NETWORK_SEAT:
        return NetworkSeatFactory()
    return MembershipFactory(**{"elected_official" if kind in OF_OFFICIALS else "manager": True})


def lines_of(kind, viewer, at):
    return [line for line in everything(viewer, at) if line.kind == kind]


def test_every_kind_of_line_has_its_case_and_no_case_is_of_a_kind_that_is_gone():
    assert set(CASES) == set(HATS)


@pytest.mark.parametrize("kind", CASES)
def test_a_line_comes_with_its_cause_and_leaves_with_it(kind):
    viewer = viewer_of(kind)
    made = CASES[kind](viewer)
    [line] = lines_of(kind, viewer, made.at)
    assert line.subject
    assert line.sentence.endswith(".")
    assert line.label
    assert line.since is None or line.since <= made.at.date()
    made.settle()
    assert lines_of(kind, viewer, made.at) == []


@pytest.mark.parametrize("kind", CASES)
def test_the_next_act_of_a_line_opens_to_whoever_reads_it(kind, client):
    viewer = viewer_of(kind)
    made = CASES[kind](viewer)
    [line] = lines_of(kind, viewer, made.at)
    with time_machine.travel(made.at):
        client.force_login(viewer.user)
        answer = client.get(line.url)
    assert answer.status_code == 200
    assert "n’attend" not in answer.content.decode()


@pytest.mark.parametrize("kind", [kind for kind, hat in HATS.items() if hat == MEMBERSHIP])
def test_a_line_is_of_its_structure_and_of_those_who_act(kind):
    owner = viewer_of(kind)
    made = CASES[kind](owner)
    others = [MembershipFactory(structure=owner.structure, role=role) for role in Role.values]
    told = {other.role for other in others if lines_of(kind, other, made.at)}
    if kind in OF_OFFICIALS:
        assert told == {Role.ELECTED_OFFICIAL}
    else:
        assert Role.MANAGER in told
        assert told <= {Role.FACILITATOR, Role.MANAGER}
    other = MembershipFactory(manager=True)
    assert lines_of(kind, other, made.at) == [] or kind in OF_EVERY_MEMBER
