"""Taking a file out: the data set is then what importing the others alone would have made."""

import json
from pathlib import Path
from typing import Any

import pytest

from dentelle.cli.main import main
from dentelle.opendata.decp import importing as machinery
from dentelle.opendata.decp.dataset import DatasetMissing, open_dataset
from dentelle.opendata.decp.importing import ImportBusy, ImportCancelled, _locked, import_files
from dentelle.opendata.decp.schema import TABLES
from dentelle.opendata.decp.undoing import SourceUnknown, imported_files, undo_import
from tests.opendata.decp.helpers import Imported, contract, former, importing, text_2019, text_2022

GOOD = text_2022(contract(), contract(id="B"))
MISTAKEN = text_2022(contract(montant=130000, datePublicationDonnees="2024-05-01"), contract(id="C"))
OLD = text_2019(former())


def rows(imported: Imported) -> dict[str, list[dict[str, Any]]]:
    return {table: imported.rows(table) for table in TABLES}


def names(folder: Path) -> dict[str, str]:
    """Digest by name of file."""
    return {file.name: file.sha256 for file in imported_files(folder)}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    importing(tmp_path, GOOD, MISTAKEN, OLD)
    return tmp_path / "data"


def test_what_is_left_is_what_the_others_alone_give(mixed: Path, tmp_path: Path) -> None:
    undone = undo_import(["source-1.json"], mixed)
    for name, content in (("source-0.json", GOOD), ("source-2.json", OLD)):
        (tmp_path / "alone").mkdir(exist_ok=True)
        (tmp_path / "alone" / name).write_text(content, encoding="utf-8")
    summary = import_files([tmp_path / "alone"], tmp_path / "apart", workers=0)
    left = Imported(summary, open_dataset(mixed))
    assert rows(left) == rows(Imported(summary, open_dataset(tmp_path / "apart")))
    assert left.dataset.digest == open_dataset(tmp_path / "apart").digest == undone.digest
    assert (undone.sources, undone.contracts) == (2, 3)
    assert {row["amount_cents"] for row in left.contracts()} == {12_050_050, 8_400_000}


def test_importing_again_gives_back_what_there_was(mixed: Path, tmp_path: Path) -> None:
    before = open_dataset(mixed).digest
    undo_import(["source-1.json"], mixed)
    assert import_files([tmp_path / "source-1.json"], mixed, workers=0).new_sources == 1
    assert open_dataset(mixed).digest == before


def test_the_list_says_what_each_file_alone_brings(mixed: Path) -> None:
    files = {file.name: file for file in imported_files(mixed)}
    assert {name: (file.read, file.only_here) for name, file in files.items()} == {
        "source-0.json": (2, 1), "source-1.json": (2, 1), "source-2.json": (1, 1),
    }  # fmt: skip
    assert all(file.read_at is not None for file in files.values())


def test_nothing_of_the_file_stays_on_disk(mixed: Path) -> None:
    digest = names(mixed)["source-1.json"]
    undo_import([digest[:6]], mixed)
    assert not (mixed / "staging" / digest).exists()
    assert len(list(mixed.glob("tables-*"))) == 1
    assert names(mixed).keys() == {"source-0.json", "source-2.json"}


def test_without_any_file_left_there_is_no_data_set(mixed: Path, tmp_path: Path) -> None:
    undone = undo_import(["source-0.json", "source-1.json", "source-2.json"], mixed)
    assert (undone.sources, undone.contracts, undone.digest) == (0, 0, "")
    with pytest.raises(DatasetMissing):
        open_dataset(mixed)
    assert not list(mixed.glob("tables-*"))
    assert import_files([tmp_path / "source-0.json"], mixed, workers=0).contracts == 2


@pytest.mark.parametrize("asked", ["inconnu.json", "abcde", ""])
def test_a_file_that_is_not_there_changes_nothing(mixed: Path, asked: str) -> None:
    before = (mixed / "manifest.json").read_bytes()
    with pytest.raises(SourceUnknown, match="n’est ni un fichier"):
        undo_import(["source-0.json", asked], mixed)
    assert (mixed / "manifest.json").read_bytes() == before


def test_two_files_of_one_name_are_told_apart_by_their_digest(tmp_path: Path) -> None:
    for folder, content in (("a", GOOD), ("b", OLD)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "decp.json").write_text(content, encoding="utf-8")
    import_files([tmp_path / "a", tmp_path / "b"], tmp_path / "data", workers=0)
    with pytest.raises(SourceUnknown, match="désigne 2 fichiers"):
        undo_import(["decp.json"], tmp_path / "data")


def test_a_crash_before_the_manifest_leaves_the_former_data_set(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = open_dataset(mixed).digest

    def crash(*_: object) -> None:
        raise OSError("plus de place")

    monkeypatch.setattr(machinery, "replace_file", crash)
    with pytest.raises(OSError, match="place"):
        undo_import(["source-1.json"], mixed)
    monkeypatch.undo()
    dataset = open_dataset(mixed)
    assert dataset.digest == before
    assert len(imported_files(mixed)) == 3
    assert undo_import(["source-1.json"], mixed).sources == 2


def test_cancelled_it_changes_nothing(mixed: Path) -> None:
    before = open_dataset(mixed).digest
    for asked in (["source-1.json"], ["source-0.json", "source-1.json", "source-2.json"]):
        with pytest.raises(ImportCancelled):
            undo_import(asked, mixed, cancelled=lambda: True)
    assert open_dataset(mixed).digest == before


def test_it_waits_for_no_import_under_way(mixed: Path) -> None:
    with _locked(mixed), pytest.raises(ImportBusy):
        undo_import(["source-1.json"], mixed)


def test_the_command_lists_then_takes_out(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decp", "imports", "--into", str(mixed)]) == 0
    assert "source-1.json" in capsys.readouterr().out
    assert main(["decp", "imports", "--into", str(mixed), "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {line["name"] for line in listed} == {"source-0.json", "source-1.json", "source-2.json"}
    assert main(["decp", "undo", "source-1.json", "--into", str(mixed), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert ([line["name"] for line in told["removed"]], told["sources"]) == (["source-1.json"], 2)
    assert main(["decp", "undo", "source-1.json", "--into", str(mixed)]) == 2
    assert "n’est ni un fichier" in capsys.readouterr().err
    assert main(["decp", "undo", "source-0.json", "source-2.json", "--into", str(mixed)]) == 0
    assert "aucun fichier" in capsys.readouterr().out
    assert main(["decp", "imports", "--into", str(mixed)]) == 1
