"""What is imported on the command line reaches the pages; a disk that refuses is said in one line."""

import errno
import json
from pathlib import Path

import pytest

from dentelle.cli.disk import disk_said, is_disk
from dentelle.cli.main import main
from dentelle.opendata.marts.serving_store import STORE_FILE, ServingStore
from tests.ground_fixtures import ground_directory  # noqa: F401 (a session fixture)

CONTRACT = {
    "id": "2024TRAVAUX01",
    "uid": "213502388000192024TRAVAUX01",
    "acheteur": {"id": "21350238800019", "nom": "Ville de Rennes"},
    "nature": "Marché",
    "objet": "Entretien des espaces verts",
    "codeCPV": "77310000",
    "procedure": "Procédure adaptée",
    "lieuExecution": {"code": "35238", "typeCode": "Code commune", "nom": "Rennes"},
    "dureeMois": 36,
    "dateNotification": "2024-03-01",
    "datePublicationDonnees": "2024-03-05",
    "montant": 120000,
    "formePrix": "Ferme",
    "titulaires": [{"typeIdentifiant": "SIRET", "id": "55208131766522", "denominationSociale": "VERT"}],
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ground_directory: Path) -> Path:  # noqa: F811
    monkeypatch.setenv("DENTELLE_HOME", str(tmp_path))
    monkeypatch.setenv("DENTELLE_GROUND", str(ground_directory))
    monkeypatch.delenv("DENTELLE_DECP", raising=False)
    (tmp_path / "one.json").write_text(json.dumps({"marches": [CONTRACT]}), encoding="utf-8")
    return tmp_path


def test_an_import_on_the_command_line_reaches_the_pages(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decp", "import", str(home / "one.json"), "--into", str(home / "decp")]) == 0
    assert f"dentelle decp publish --data {home / 'decp'}" in capsys.readouterr().out
    assert main(["decp", "publish", "--as-of", "2026-11-22"]) == 0
    assert "2026-11-22" in capsys.readouterr().out
    assert ServingStore(home / "decp" / STORE_FILE).meta()["uids"] == "1"


def test_publishing_before_importing_says_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decp", "publish"]) == 2
    assert "dentelle decp import" in capsys.readouterr().err


def test_a_data_set_below_a_file_is_refused_in_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = home / "one.json" / "decp"
    assert main(["decp", "import", str(home / "one.json"), "--into", str(into)]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "un fichier est là où un dossier est attendu" in told


def test_a_full_disk_is_told_by_python_and_by_duckdb_alike() -> None:
    python = OSError(errno.ENOSPC, "No space left on device", "/data/x")
    duckdb = RuntimeError('IO Error: {"exception_message":"Could not write","errno":"28"}')
    assert is_disk(python)
    assert is_disk(duckdb)
    assert disk_said(python, "/data") == "/data/x : le disque est plein."
    assert disk_said(duckdb, "/data") == "/data : le disque est plein."


def test_an_error_of_the_program_is_not_taken_for_the_disk() -> None:
    assert not is_disk(RuntimeError("Catalog Error: no such table"))
