"""The day's list: whose lines, in which order, and what was put off."""

from datetime import date, timedelta

import pytest
from django.http import Http404

from dentelle.foundations.awaiting import registry
from dentelle.foundations.awaiting.actions import SnoozeRefused, resume, snooze
from dentelle.foundations.awaiting.models import Snooze
from dentelle.foundations.awaiting.queries import Urgency, agenda, everything, urgency_of
from dentelle.foundations.awaiting.registry import Awaiting, Cut, register, sources
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.hats import MEMBERSHIP
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def line(pk: int, *, due: int | None = None, since: int = 0, in_charge: int | None = None) -> Awaiting:
    """A line due in so many days, waiting for so many days."""
    return Awaiting(
        kind="essay.thing",
        pk=pk,
        subject=f"Chose {pk}",
        sentence="Elle attend.",
        since=TODAY - timedelta(days=since),
        due=None if due is None else TODAY + timedelta(days=due),
        action="Faire",
        page="home",
        in_charge=in_charge,
    )


@pytest.fixture
def waiting(monkeypatch):
    """The only lines there are: the test fills the list."""
    lines: list[Awaiting] = []
    monkeypatch.setattr(registry, "_sources", {})
    register("essay", kinds={"essay.thing": "Chose"}, awaits=lambda viewer, at: list(lines))
    return lines


@pytest.mark.parametrize(
    ("due", "urgency"),
    [
        (-1, Urgency.LATE),
        (0, Urgency.SOON),
        (7, Urgency.SOON),
        (8, Urgency.LATER),
        (None, Urgency.UNDATED),
    ],
)
def test_a_line_is_late_the_day_after_its_last_day(due, urgency) -> None:
    assert urgency_of(line(1, due=due), TODAY) is urgency


def test_the_most_pressing_comes_first_then_what_has_waited_longest(facilitator, waiting) -> None:
    waiting += [
        line(1, due=20),
        line(2),
        line(3, due=-2),
        line(4, due=3, since=1),
        line(5, due=3, since=9),
        line(6, since=5),
    ]
    groups = agenda(facilitator, NOW).groups
    assert [(group.urgency, [one.pk for one in group.lines]) for group in groups] == [
        (Urgency.LATE, [3]),
        (Urgency.SOON, [5, 4]),
        (Urgency.UNDATED, [6, 2]),
        (Urgency.LATER, [1]),
    ]


def test_mine_is_what_i_follow_and_what_nobody_follows(facilitator, manager, waiting) -> None:
    waiting += [line(1, in_charge=facilitator.user_id), line(2, in_charge=manager.user_id), line(3)]
    mine, whole = agenda(facilitator, NOW), agenda(facilitator, NOW, whole=True)
    assert (mine.total, mine.mine, mine.whole) == (2, 2, 3)
    assert whole.total == 3
    assert whole.names == {facilitator.user_id: facilitator.user.full_name, manager.user_id: manager.user.full_name}
    of_manager = agenda(facilitator, NOW, whole=True, of=(manager.user_id,))
    assert [one.pk for group in of_manager.groups for one in group.lines] == [2]


@pytest.mark.parametrize("own", [True, False])
def test_a_list_too_long_to_be_read_says_that_it_is_cut(facilitator, monkeypatch, own: bool) -> None:
    monkeypatch.setattr(registry, "_sources", {})
    register("essay", kinds={"essay.thing": "Chose"}, awaits=lambda viewer, at: Cut([line(1), line(2)], own=own))
    register("other", kinds={"other.thing": "Autre"}, awaits=lambda viewer, at: [line(3)])
    mine, whole = agenda(facilitator, NOW), agenda(facilitator, NOW, whole=True)
    assert (mine.total, mine.is_cut, mine.mine_is_cut, mine.shown_is_cut) == (3, True, own, own)
    assert (whole.total, whole.is_cut, whole.mine_is_cut, whole.shown_is_cut) == (3, True, own, True)


def test_the_load_of_each_is_told_the_most_late_first(facilitator, manager, waiting) -> None:
    waiting += [
        line(1, in_charge=facilitator.user_id),
        line(2, in_charge=manager.user_id, due=-1),
        line(3),
        line(4),
    ]
    loads = agenda(manager, NOW, whole=True).loads
    assert [(load.user, load.total, load.late) for load in loads] == [
        (manager.user_id, 1, 1),
        (None, 2, 0),
        (facilitator.user_id, 1, 0),
    ]


def test_what_is_put_off_comes_back_on_its_day(facilitator, waiting) -> None:
    waiting += [line(1), line(2)]
    snooze(facilitator, "essay.thing:1", until=TODAY + timedelta(days=3), at=NOW)
    today = agenda(facilitator, NOW)
    assert (today.total, [one.line.pk for one in today.put_off]) == (1, [1])
    assert agenda(facilitator, NOW + timedelta(days=2)).total == 1
    assert agenda(facilitator, NOW + timedelta(days=3)).total == 2


def test_what_one_puts_off_stays_before_the_others(facilitator, manager, waiting) -> None:
    waiting.append(line(1))
    snooze(facilitator, "essay.thing:1", until=TODAY + timedelta(days=3), at=NOW)
    assert agenda(manager, NOW).total == 1


def test_putting_off_again_moves_the_day_and_both_are_in_the_journal(facilitator, waiting) -> None:
    waiting.append(line(1))
    for days in (3, 9):
        snooze(facilitator, "essay.thing:1", until=TODAY + timedelta(days=days), at=NOW)
    assert Snooze.objects.get().until == TODAY + timedelta(days=9)
    acts = Entry.objects.filter(act="awaiting.snoozed").order_by("pk").values_list("facts", flat=True)
    assert [facts["until"] for facts in acts] == ["2026-11-24", "2026-11-30"]


def test_what_was_put_off_may_be_taken_back(facilitator, waiting) -> None:
    waiting.append(line(1))
    put_off = snooze(facilitator, "essay.thing:1", until=TODAY + timedelta(days=3), at=NOW)
    with pytest.raises(Http404):
        resume(MembershipFactory(structure=facilitator.structure, facilitator=True), put_off.pk, at=NOW)
    resume(facilitator, put_off.pk, at=NOW)
    assert agenda(facilitator, NOW).total == 1
    assert Entry.objects.filter(act="awaiting.resumed").count() == 1


@pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=400), None])
def test_a_line_is_put_off_to_a_day_to_come(facilitator, waiting, until: date | None) -> None:
    waiting.append(line(1))
    with pytest.raises(SnoozeRefused):
        snooze(facilitator, "essay.thing:1", until=until, at=NOW)
    assert not Snooze.objects.exists()


def test_nothing_is_put_off_that_does_not_await(facilitator, waiting) -> None:
    with pytest.raises(Http404):
        snooze(facilitator, "essay.thing:1", until=TODAY + timedelta(days=3), at=NOW)


def test_what_was_put_off_is_forgotten_once_its_day_has_come(facilitator, waiting) -> None:
    waiting += [line(1), line(2)]
    snooze(facilitator, "essay.thing:1", until=TODAY + timedelta(days=1), at=NOW)
    snooze(facilitator, "essay.thing:2", until=TODAY + timedelta(days=9), at=NOW + timedelta(days=2))
    assert [put_off.key for put_off in Snooze.objects.all()] == ["essay.thing:2"]


def test_two_rooms_cannot_give_the_same_kind_of_line(waiting) -> None:
    with pytest.raises(ValueError, match=r"essay\.thing"):
        register("other", kinds={"essay.thing": "Chose"}, awaits=lambda viewer, at: [])


def test_a_person_outside_has_no_list(waiting) -> None:
    with pytest.raises(ValueError, match="nobody"):
        register("other", kinds={"other.thing": "Chose"}, awaits=lambda viewer, at: [], hat="nobody")


def test_everything_costs_the_same_with_ten_contracts_or_a_thousand(facilitator, assert_max_queries) -> None:
    with assert_max_queries(2 * len(sources(MEMBERSHIP))):
        everything(facilitator, NOW)
