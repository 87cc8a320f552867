"""Saving, revising and choosing a territory: what changes, what is kept, what is refused."""

from datetime import timedelta

import pytest

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.ground.store import Ground
from dentelle.thread.territory import actions
from dentelle.thread.territory.actions import TerritoryRefused
from dentelle.thread.territory.models import Territory
from tests.factories import NOW

BASIN = ("epci:243500139", "commune:35024")


def save(membership: Membership, reference: Ground, **changes: object) -> Territory:
    asked = {
        "name": "Bassin rennais",
        "specs": BASIN,
        "reason": "Délibération du 3 mars",
        "ground": reference,
        "at": NOW,
    }
    return actions.save_territory(membership, **(asked | changes))  # type: ignore[arg-type]


def test_a_saved_territory_keeps_its_communes_vintage_and_author(facilitator: Membership, reference: Ground) -> None:
    territory = save(facilitator, reference)
    version = territory.versions.get()
    assert version.communes == sorted(reference.communes_of("epci", "243500139"))
    assert (version.number, version.vintage, version.created_by) == (1, reference.vintage, facilitator.user)
    assert version.population == reference.population_of(version.communes)


def test_the_first_territory_becomes_the_structures_own_and_the_next_does_not(
    facilitator: Membership, reference: Ground
) -> None:
    first = save(facilitator, reference)
    second = save(facilitator, reference, name="Brest", specs=["commune:29019"])
    assert (first.is_default, second.is_default) == (True, False)


def test_saving_leaves_one_line_in_the_journal(facilitator: Membership, reference: Ground) -> None:
    territory = save(facilitator, reference)
    entry = Entry.objects.get(act="territory.saved")
    assert entry.object_id == str(territory.pk)
    assert entry.facts == {"version": 1, "communes": 43, "vintage": reference.vintage, "default": True}


def test_a_revision_adds_a_version_and_keeps_the_former(facilitator: Membership, reference: Ground) -> None:
    territory = save(facilitator, reference)
    actions.revise_territory(
        facilitator,
        territory,
        specs=["epci:243500139", "commune:29019"],
        reason="Brest nous rejoint",
        ground=reference,
        at=NOW + timedelta(days=1),
    )
    territory.refresh_from_db()
    assert territory.current_number == 2
    assert [len(version.communes) for version in territory.versions.order_by("number")] == [43, 44]
    facts = Entry.objects.get(act="territory.revised").facts
    assert (facts["added"], facts["removed"]) == (1, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "   "}, "name_missing"),
        ({"specs": []}, "empty"),
        ({"specs": ["commune:99999"]}, "unknown_place"),
    ],
)
def test_an_impossible_territory_is_refused_and_nothing_is_written(
    facilitator: Membership, reference: Ground, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(TerritoryRefused) as refusal:
        save(facilitator, reference, **changes)
    assert refusal.value.code == code
    assert not Territory.objects.exists()
    assert not Entry.objects.exists()


def test_a_name_is_used_once_in_a_structure_and_freely_elsewhere(
    facilitator: Membership, outsider: Membership, reference: Ground
) -> None:
    save(facilitator, reference)
    with pytest.raises(TerritoryRefused) as refusal:
        save(facilitator, reference, name=" Bassin   rennais ")
    assert refusal.value.code == "name_taken"
    save(outsider, reference)


@pytest.mark.parametrize(
    ("specs", "reason", "code"), [(BASIN, "Motif", "unchanged"), (["commune:29019"], "  ", "reason_missing")]
)
def test_a_revision_changes_something_and_says_why(
    facilitator: Membership, reference: Ground, specs: list[str], reason: str, code: str
) -> None:
    territory = save(facilitator, reference)
    with pytest.raises(TerritoryRefused) as refusal:
        actions.revise_territory(facilitator, territory, specs=specs, reason=reason, ground=reference, at=NOW)
    assert refusal.value.code == code
    assert territory.versions.count() == 1


def test_choosing_leaves_exactly_one_territory_by_default(facilitator: Membership, reference: Ground) -> None:
    save(facilitator, reference)
    second = save(facilitator, reference, name="Brest", specs=["commune:29019"])
    actions.choose_territory(facilitator, second, at=NOW)
    assert list(Territory.objects.filter(is_default=True)) == [second]


def test_a_reader_changes_nothing(reader: Membership, facilitator: Membership, reference: Ground) -> None:
    territory = save(facilitator, reference)
    for act in (
        lambda: save(reader, reference, name="Autre"),
        lambda: actions.choose_territory(reader, territory, at=NOW),
        lambda: actions.revise_territory(
            reader, territory, specs=["commune:29019"], reason="Motif", ground=reference, at=NOW
        ),
    ):
        with pytest.raises(TerritoryRefused) as refusal:
            act()
        assert refusal.value.code == "not_editor"


def test_another_structure_can_neither_revise_nor_choose(
    facilitator: Membership, outsider: Membership, reference: Ground
) -> None:
    territory = save(facilitator, reference)
    with pytest.raises(Territory.DoesNotExist):
        actions.choose_territory(outsider, territory, at=NOW)
    with pytest.raises(Territory.DoesNotExist):
        actions.revise_territory(outsider, territory, specs=["commune:29019"], reason="Motif", ground=reference, at=NOW)
