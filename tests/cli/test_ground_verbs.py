"""The ``ground`` verbs as a person types them: what they print, and how they refuse."""

import json
from pathlib import Path

import pytest

from dentelle.cli.main import main
from tests.shared import ROOT


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DENTELLE_GROUND", raising=False)
    monkeypatch.setenv("DENTELLE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def built(home: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["ground", "build", "--from", str(ROOT / "node_modules")]) == 0
    capsys.readouterr()
    return home


def test_building_says_what_was_made_then_that_it_was_there(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["ground", "build", "--from", str(ROOT / "node_modules"), "--format", "json"]
    assert main(words) == 0
    first = json.loads(capsys.readouterr().out)
    assert main(words) == 0
    second = json.loads(capsys.readouterr().out)
    assert (first["made"], second["made"]) == (True, False)
    assert first["sha256"] == second["sha256"]
    assert first["vintage"] == "2026"
    assert Path(first["path"]) == home / "ground" / "cog.parquet"


def test_building_without_the_npm_packages_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ground", "build", "--from", str(home)]) == 2
    assert "make setup" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["search", "tours"], ["list"], ["load", "zones", "x.csv", "--vintage", "2026"]])
def test_nothing_works_before_the_ground_is_built_and_the_command_is_named(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["ground", *words]) == 2
    assert "dentelle ground build" in capsys.readouterr().err


def test_searching_prints_the_words_other_commands_take(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ground", "search", "st", "etiene"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("commune:42218")
    assert main(["ground", "search", "rennes", "--kind", "epci", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["code"] == "243500139"


def test_searching_in_vain_says_so(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ground", "search", "xqzxqzxqz"]) == 1
    assert "Aucun territoire" in capsys.readouterr().out
    assert main(["ground", "search", "tours", "--kind", "planète"]) == 2


def test_loading_then_listing_tells_vintage_rows_and_codes_without_commune(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = built / "ze.csv"
    path.write_text("CODGEO,ZE2020,LIBZE2020\n35238,5315,Rennes\n35001,5315,Rennes\n99999,5315,Rennes\n")
    words = ["ground", "load", "zones", str(path), "--vintage", "2026", "--valid-from", "2026-01-01"]
    assert main(words) == 0
    assert "codes sans commune actuelle : 1" in capsys.readouterr().out
    assert main(["ground", "list", "--format", "json"]) == 0
    rows = {row["kind"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["zones"]["vintage"], rows["zones"]["rows"], rows["zones"]["unmatched"]) == ("2026", 2, 1)
    assert rows["cog"]["rows"] == 40988


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["load", "planets", "x.csv", "--vintage", "2026"], "genre inconnu « planets »"),
        (["load", "zones", "absent.csv", "--vintage", "2026"], "n’existe pas"),
        (["load", "zones", "absent.csv", "--vintage", "../x"], "millésime"),
        (["load", "zones", "absent.csv", "--vintage", "2026", "--valid-from", "demain"], "AAAA-MM-JJ"),
        (["load", "zones", "absent.csv", "--vintage", "2026", "--only", "x"], "Sirene"),
        (["load", "sirene", "absent.csv", "--vintage", "2026", "--only", "absent.txt"], "n’existe pas"),
    ],
)
def test_a_loading_badly_asked_is_refused_in_one_line(
    built: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["ground", *words]) == 2
    printed = capsys.readouterr().err.strip()
    assert said in printed
    assert "\n" not in printed
