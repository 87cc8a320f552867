"""SIRENE, loaded beside the ground, names buyers and holders and says what kind of buyer they are."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dentelle.cli.main import main
from dentelle.opendata.decp.dataset import open_dataset
from dentelle.opendata.decp.importing import import_files
from dentelle.opendata.ground import load_ground
from dentelle.opendata.marts.legal_units import legal_units_of
from dentelle.opendata.marts.serving import build_serving
from dentelle.opendata.sirene.shape import ESTABLISHMENT_COLUMNS, UNIT_COLUMNS
from tests.ground_fixtures import ground_directory
from tests.opendata.decp.helpers import contract, siret, text_2022

__all__ = ["ground_directory"]

AGENCY, COMPANY, UNLISTED = siret("39990001"), siret("99000001"), siret("39990002")
UNITS = [
    (AGENCY[:9], "O", "AUTORITÉ FICTIVE", "7113", "84.11Z", "A"),
    (COMPANY[:9], "O", "JARDINS FICTIFS", "5499", "81.30Z", "F"),
    (
        COMPANY[:9],
        "O",
        "JARDINS FICTIFS ET FILS",
        "5499",
        "81.30Z",
        "A",
    ),  # the same SIREN twice: the active one is taken
    ("987654321", "O", "ÉTRANGÈRE AU JEU", "5499", "81.30Z", "A"),
]
OFFICES = [
    (AGENCY, "O", "37261", "84.11Z", "", "", "true", "A"),
    (AGENCY[:9] + "00029", "O", "69123", "84.11Z", "", "", "false", "A"),
]


def written(path: Path, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


@pytest.fixture
def here(tmp_path: Path, ground_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a ground of its own and a data set of two buyers the COG does not know."""
    shutil.copytree(ground_directory, tmp_path / "ground")
    monkeypatch.setenv("DENTELLE_GROUND", str(tmp_path / "ground"))
    records = [
        contract(acheteur={"id": AGENCY}, titulaires=[{"titulaire": {"id": COMPANY, "typeIdentifiant": "SIRET"}}]),
        contract(id="B", acheteur={"id": UNLISTED}),
    ]
    (tmp_path / "source.json").write_text(text_2022(*records), encoding="utf-8")
    import_files([tmp_path / "source.json"], tmp_path / "data", workers=0)
    return tmp_path


def load(folder: Path, kind: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    path = written(folder / f"{kind}.csv", columns, rows)
    assert main(["ground", "load", kind, str(path), "--vintage", "2026-11"]) == 0


def foreseen(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    capsys.readouterr()
    words = ["--data", str(folder / "data"), "--from", "2024-01", "--months", "24", "--as-of", "2024-03-20"]
    assert main(["decp", "renewals", *words, "--format", "json"]) == 0
    return {row["buyer_id"]: row for row in json.loads(capsys.readouterr().out)}


def test_without_sirene_an_unknown_buyer_stays_unknown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = foreseen(here, capsys)[AGENCY]
    assert (row["buyer_name_source"], row["buyer_kind"]) == ("unknown", "unknown")
    assert legal_units_of(load_ground(here / "ground"), open_dataset(here / "data")).num_rows == 0


def test_the_legal_category_decides_the_buyer_kind_and_the_name(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(here, "sirene_units", UNIT_COLUMNS, UNITS)
    rows = foreseen(here, capsys)
    row = rows[AGENCY]
    assert (row["buyer_name"], row["buyer_name_source"]) == ("AUTORITÉ FICTIVE", "sirene")
    assert (row["buyer_kind"], row["buyer_kind_basis"]) == ("central", "legal_category")
    assert row["holder_name"] == "JARDINS FICTIFS ET FILS"
    assert len(rows) == 2, "a SIREN given twice never doubles a contract"
    assert rows[UNLISTED]["buyer_kind"] == "unknown"


def test_the_seat_comes_from_the_head_office(here: Path) -> None:
    load(here, "sirene_units", UNIT_COLUMNS, UNITS)
    load(here, "sirene", ESTABLISHMENT_COLUMNS, OFFICES)
    units = legal_units_of(load_ground(here / "ground"), open_dataset(here / "data")).to_pylist()
    assert {unit["siren"]: unit["commune"] for unit in units} == {AGENCY[:9]: "37261", COMPANY[:9]: None}


def test_the_site_reads_the_same_names(here: Path) -> None:
    load(here, "sirene_units", UNIT_COLUMNS, UNITS)
    store = build_serving(here / "data", here / "ground", as_of=date(2024, 3, 20), into=here / "serving.duckdb")
    with duckdb.connect(str(store), read_only=True) as connection:
        named = connection.execute("SELECT DISTINCT buyer_name FROM buyers ORDER BY 1 NULLS LAST").fetchall()
    assert ("AUTORITÉ FICTIVE",) in named
