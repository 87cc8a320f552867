"""What a day too long to be read keeps: the member's own first, then from the longest wait, and it says that there is more."""

from datetime import timedelta

import pytest

from dentelle.foundations.awaiting.registry import Cut
from dentelle.thread.contracts import awaited
from dentelle.thread.contracts.models import Contract
from tests.contracts import making
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafts(facilitator, manager) -> list[Contract]:
    """Three contracts that wait for their calibration: two of the manager's, the older, and one of the facilitator's."""
    made = [making.contract(who) for who in (manager, manager, facilitator)]
    for days, contract in enumerate(made):
        Contract.objects.filter(pk=contract.pk).update(state_since=NOW - timedelta(days=9 - days))
    return made


@pytest.fixture
def short_days(monkeypatch) -> None:
    monkeypatch.setattr(awaited, "MOST", 2)


def test_a_short_day_is_whole(facilitator, drafts) -> None:
    found = awaited.awaits(facilitator, NOW)
    assert not isinstance(found, Cut)
    assert len(found) == 3


def test_ones_own_comes_before_what_has_waited_longer_at_others(facilitator, drafts, short_days) -> None:
    found = awaited.awaits(facilitator, NOW)
    assert [line.pk for line in found] == [drafts[2].pk, drafts[0].pk]
    assert isinstance(found, Cut)
    assert not found.own


def test_the_list_says_when_some_of_ones_own_is_kept_back(manager, facilitator, drafts, monkeypatch) -> None:
    monkeypatch.setattr(awaited, "MOST", 1)
    found = awaited.awaits(manager, NOW)
    assert [line.pk for line in found] == [drafts[0].pk]
    assert isinstance(found, Cut)
    assert found.own


def test_the_page_of_the_day_counts_at_least(facilitator, drafts, short_days, client_of) -> None:
    page = client_of(facilitator).get("/?qui=structure").content.decode()
    assert "Au moins" in page
    assert "Il y en a plus que cette page n’en compte" in page
    own = client_of(facilitator).get("/?qui=moi").content.decode()
    assert "Au moins" not in own
