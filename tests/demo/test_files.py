"""The demonstration's files: the same day tells the same story, and real life's defects are in it."""

import json
from datetime import date, timedelta
from pathlib import Path

from stdnum.fr import siret

from dentelle.demo.buyers import Place, buyers_on
from dentelle.demo.files import DEFECTS, write_demo_files

PLACES = (
    Place("79049", "Bressuire", "79", 20_000),
    Place("79191", "Niort", "79", 60_000),
    Place("86194", "Poitiers", "86", 90_000),
)
TODAY = date(2026, 11, 21)


def written(into: Path, today: date = TODAY):
    return write_demo_files(into, PLACES, dense=frozenset({"79049", "79191"}), local_department="79", today=today)


def test_the_same_day_gives_the_same_files(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a"), written(tmp_path / "b")
    assert [p.read_bytes() for p in first.paths] == [p.read_bytes() for p in second.paths]


def test_a_year_later_the_story_has_moved_with_the_calendar(tmp_path: Path) -> None:
    later = written(tmp_path, TODAY + timedelta(days=365))
    assert '"dateNotification":"2027-' in later.paths[1].read_text("utf-8")


def test_nothing_is_notified_after_today(tmp_path: Path) -> None:
    text = written(tmp_path).paths[1].read_text("utf-8")
    dates = [
        line.split('"dateNotification":"')[1][:10] for line in text.splitlines() if '"dateNotification":"2' in line
    ]
    assert max(dates) <= TODAY.isoformat()


def test_unreadable_records_are_broken_on_purpose_and_the_others_are_not(tmp_path: Path) -> None:
    files = written(tmp_path)
    unreadable = 0
    for path in files.paths:
        for line in path.read_text("utf-8").splitlines()[1:-1]:
            try:
                json.loads(line.rstrip(","))
            except ValueError:
                unreadable += 1
    assert unreadable == files.defects.get("enregistrement illisible", 0)


def test_every_kind_of_defect_named_can_happen() -> None:
    assert all(share > 0 for _, share, _ in DEFECTS)


def test_fictional_buyers_have_right_keys_and_commune_numbers_that_do_not_exist() -> None:
    for buyer in buyers_on(PLACES, local_department="79"):
        assert siret.is_valid(buyer.siret), buyer
        assert buyer.siret[4:6] == "90", buyer
