"""The life of a data set: added to, imported again, interrupted, locked, too new."""

import contextlib
import gc
import gzip
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import weakref
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from dentelle.opendata.decp.columns import Shaper
from dentelle.opendata.decp.dataset import DatasetMissing, DatasetTooNew, open_dataset
from dentelle.opendata.decp.importing import ImportBusy, ImportCancelled, Progress, _locked, import_files
from dentelle.opendata.decp.schema import TABLES
from dentelle.opendata.decp.sources import Digest, SourceRefused
from tests.opendata.decp.helpers import Imported, contract, former, importing, text_2019, text_2022


def everything(imported: Imported) -> dict[str, list[dict[str, object]]]:
    return {table: imported.rows(table) for table in TABLES}


MIXED = [
    text_2022(
        *[
            contract(
                id=f"N{rank % 40}", montant=1000 * (rank % 7), datePublicationDonnees=f"2024-03-{1 + rank % 28:02d}"
            )
            for rank in range(200)
        ]
    ),
    text_2019(*[former(id=f"2018X{rank % 30:03d}00", montant=500 * (rank % 5)) for rank in range(100)]),
    text_2022(contract(id="N1"), None, contract(id="N2", dateNotification=None)),
]


def test_two_runs_give_the_same_rows_whatever_the_order_of_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, second = importing(tmp_path / "a", *MIXED), importing(tmp_path / "b", *MIXED[::-1])
    for one, other in zip(everything(first).items(), everything(second).items(), strict=True):
        strip = [{key: value for key, value in row.items() if key != "source_name"} for row in one[1]]
        assert sorted(map(str, strip)) == sorted(
            str({key: value for key, value in row.items() if key != "source_name"}) for row in other[1]
        )
    assert first.dataset.digest == second.dataset.digest


def test_reading_with_processes_gives_the_same_rows(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    alone, two = importing(tmp_path / "a", *MIXED), importing(tmp_path / "b", *MIXED, workers=2)
    assert everything(alone) == everything(two)


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    first = importing(tmp_path, *MIXED)
    manifest = (tmp_path / "data" / "manifest.json").read_bytes()
    again = import_files(sorted(tmp_path.glob("source-*")), tmp_path / "data", workers=0)
    assert again.unchanged
    assert (again.contracts, again.read, again.already_imported) == (first.summary.contracts, first.summary.read, 3)
    assert (tmp_path / "data" / "manifest.json").read_bytes() == manifest


@pytest.mark.parametrize("workers", [0, 1])
def test_a_source_is_staged_under_the_digest_of_its_content(tmp_path: Path, workers: int) -> None:
    importing(tmp_path, MIXED[0], gzip.compress(MIXED[1].encode()), workers=workers)
    staging = tmp_path / "data" / "staging"
    digests = {hashlib.sha256(text.encode()).hexdigest() for text in MIXED[:2]}
    assert {folder.name for folder in staging.iterdir()} == digests


@pytest.mark.parametrize("workers", [0, 1])
def test_the_same_content_under_another_name_is_not_read_twice(tmp_path: Path, workers: int) -> None:
    both = importing(tmp_path, MIXED[0], MIXED[0], workers=workers).summary
    again = importing(tmp_path, MIXED[0], workers=workers).summary
    assert (both.new_sources, both.read, again.new_sources, again.already_imported) == (1, 200, 0, 1)


@pytest.mark.parametrize("workers", [0, 1])
def test_another_content_of_the_same_size_is_another_source(tmp_path: Path, workers: int) -> None:
    one, other = text_2022(contract(id="N1")), text_2022(contract(id="N2"))
    assert len(one) == len(other)
    summary = importing(tmp_path, one, other, workers=workers).summary
    assert (summary.new_sources, summary.contracts) == (2, 2)


def test_what_was_staged_when_its_digest_was_its_number_is_still_added_to(tmp_path: Path) -> None:
    before = everything(importing(tmp_path, MIXED[0]))
    (staged,) = (tmp_path / "data" / "staging").glob("*/source.json")
    told = json.loads(staged.read_text())
    key = int.from_bytes(bytes.fromhex(told["sha256"][:16]), "big", signed=True)
    for file in staged.parent.glob("*.arrow"):
        table = pa.ipc.open_file(file.read_bytes()).read_all()
        aged = table.set_column(0, "source_key", pa.array([key] * len(table), pa.int64()))
        with pa.ipc.new_file(file, aged.schema) as writer:
            writer.write_table(aged)
    del told["key"]
    staged.write_text(json.dumps(told))
    after = everything(importing(tmp_path, MIXED[1]))
    assert len(after["contracts"]) > len(before["contracts"])
    assert [row for row in after["lineage"] if row["source_sha256"] == told["sha256"]] == before["lineage"]


def test_a_file_that_cannot_be_read_to_its_end_is_told(tmp_path: Path) -> None:
    gone = Digest(tmp_path / "gone.json")
    gone.begin()
    with pytest.raises(SourceRefused, match="le fichier ne peut pas être lu"):
        gone.sha256()


def test_importing_more_adds_and_equals_importing_all(tmp_path: Path) -> None:
    for name in ("steps", "once"):
        (tmp_path / name).mkdir()
    importing(tmp_path / "steps", MIXED[0])
    steps = importing(tmp_path / "steps", *MIXED[1:])
    once = importing(tmp_path / "once", *MIXED)
    assert everything(steps)["contracts"] == everything(once)["contracts"]
    assert steps.summary.sources == 3


def test_former_tables_are_swept_away(tmp_path: Path) -> None:
    importing(tmp_path, MIXED[0])
    importing(tmp_path, MIXED[1])
    assert len(list((tmp_path / "data").glob("tables-*"))) == 1
    assert not (tmp_path / "data" / "scratch").exists()


def test_a_cancelled_import_leaves_the_former_data_set_whole(tmp_path: Path) -> None:
    before = importing(tmp_path, MIXED[0])
    more = tmp_path / "more.json"
    more.write_text(MIXED[1])
    for moment in range(50):
        asked = [0]

        def cancelled(limit: int = moment, asked: list[int] = asked) -> bool:
            asked[0] += 1
            return asked[0] > limit

        with contextlib.suppress(ImportCancelled):
            import_files([more], tmp_path / "data", cancelled=cancelled, workers=0)
            break
        assert open_dataset(tmp_path / "data").digest == before.dataset.digest
    else:
        pytest.fail("the import asked more than fifty times whether it was cancelled")
    assert moment > 5
    assert open_dataset(tmp_path / "data").manifest.contracts > before.summary.contracts


def test_progress_counts_bytes_then_steps(tmp_path: Path) -> None:
    heard: list[Progress] = []
    importing(tmp_path, *MIXED, progress=heard.append)
    reading = [each for each in heard if each.step == "lecture"]
    assert reading[-1].done == reading[-1].total == sum(path.stat().st_size for path in tmp_path.glob("source-*"))
    assert [each.done for each in reading] == sorted(each.done for each in reading)
    assert [each.step for each in heard if each.step != "lecture"][-1] == "écriture"
    assert heard[-1].records == 303


def test_two_imports_never_mix(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with _locked(tmp_path / "data"), pytest.raises(ImportBusy, match="attendez"):
        importing(tmp_path, MIXED[0])


def test_an_absent_data_set_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(DatasetMissing, match="dentelle decp import"):
        open_dataset(tmp_path)


def test_a_data_set_of_a_later_version_is_refused(tmp_path: Path) -> None:
    importing(tmp_path, MIXED[0])
    manifest = tmp_path / "data" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "schema_version": 999}))
    with pytest.raises(DatasetTooNew, match="mettez Dentelle à jour"):
        open_dataset(tmp_path / "data")
    with pytest.raises(DatasetTooNew):
        importing(tmp_path, MIXED[1])


def test_a_data_set_without_one_of_its_tables_is_refused(tmp_path: Path) -> None:
    imported = importing(tmp_path, MIXED[0])
    imported.dataset.path("holders").unlink()
    with pytest.raises(DatasetMissing, match="holders"):
        open_dataset(tmp_path / "data")


def test_a_given_reference_date_stays_with_the_data_set(tmp_path: Path) -> None:
    importing(tmp_path, MIXED[0], as_of=date(2024, 3, 10))
    assert importing(tmp_path, MIXED[1]).summary.as_of == date(2024, 3, 10)


def test_nothing_readable_makes_no_data_set(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"nothing")
    summary = import_files([path], tmp_path / "data", workers=0)
    assert (summary.read, summary.contracts, len(summary.refused)) == (0, 0, 1)
    with pytest.raises(DatasetMissing):
        open_dataset(tmp_path / "data")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_killed_import_leaves_a_readable_data_set_and_the_next_completes_it(tmp_path: Path, seed: int) -> None:
    before = importing(tmp_path, MIXED[0])
    more = tmp_path / "more.json"
    more.write_text(text_2022(*[contract(id=f"K{rank}") for rank in range(2000)]))
    command = [
        sys.executable,
        "-m",
        "dentelle.cli.main",
        "decp",
        "import",
        str(more),
        "--into",
        str(tmp_path / "data"),
        "--workers",
        "2",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    time.sleep(random.Random(seed).uniform(0.2, 1.5))  # noqa: S311 -- a moment, not a secret
    process.send_signal(signal.SIGKILL)
    process.wait()
    found = open_dataset(tmp_path / "data")
    assert found.manifest.contracts in {before.summary.contracts, before.summary.contracts + 2000}
    after = import_files([more], tmp_path / "data", workers=0)
    assert after.contracts == before.summary.contracts + 2000
    assert os.path.exists(found.directory)


def test_the_command_prints_one_summary_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from dentelle.cli.main import main

    source = tmp_path / "a"
    source.write_text(MIXED[2])
    assert main(["decp", "import", str(source), "--into", str(tmp_path / "data"), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"files", "read", "kept", "rejected", "duplicates", "contracts", "uids", "seconds", "peak_mb"} <= set(told)
    assert told["read"] == told["kept"] + told["duplicates"] + told["rejected"] == 3
    assert main(["decp", "import", str(source), "--into", str(tmp_path / "data")]) == 0
    assert "rien de nouveau" in capsys.readouterr().out
    for form, sign in (("table", "null_contract"), ("csv", ";null_contract;"), ("json", '"null_contract"')):
        assert main(["decp", "rejects", "--data", str(tmp_path / "data"), "--format", form]) == 0
        assert sign in capsys.readouterr().out


def test_a_file_named_as_a_formula_reaches_the_spreadsheet_as_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dentelle.cli.main import main

    source = tmp_path / "=1+1.json"
    source.write_text(MIXED[2])
    main(["decp", "import", str(source), "--into", str(tmp_path / "data")])
    capsys.readouterr()
    main(["decp", "rejects", "--data", str(tmp_path / "data"), "--format", "csv"])
    assert "\n'=1+1.json;" in capsys.readouterr().out


def test_what_a_terminal_would_obey_is_dropped_from_a_table() -> None:
    from dentelle.cli.marts_common import short

    assert short("Ville\x9b2J de\x7f Rennes\u202e", 40) == "Ville2J de Rennes"


def test_the_command_says_what_it_cannot_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from dentelle.cli.main import main

    foreign = tmp_path / "x"
    foreign.write_bytes(b"nothing")
    assert main(["decp", "import", str(foreign), "--into", str(tmp_path / "data")]) == 1
    assert "Refusé : x" in capsys.readouterr().out
    assert main(["decp", "import", str(tmp_path / "absent"), "--into", str(tmp_path / "data")]) == 2
    assert main(["decp", "import", str(foreign), "--into", str(tmp_path / "data"), "--as-of", "hier"]) == 2
    assert main(["decp", "rejects", "--data", str(tmp_path / "data")]) == 1
    assert "n’existe pas" in capsys.readouterr().err


def test_a_block_leaves_nothing_behind_while_the_collector_rests() -> None:
    columns = Shaper().block()
    left = weakref.ref(columns)
    gc.disable()
    try:
        del columns
        assert left() is None
    finally:
        gc.enable()


def test_a_folder_that_may_not_be_opened_is_told_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "given" / "closed").mkdir(parents=True)
    (tmp_path / "given" / "a.json").write_text(MIXED[2])
    listed = os.scandir

    def scandir(place: str) -> object:
        # tests may run as root, whom no folder refuses
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(place))
        return listed(place)

    monkeypatch.setattr(os, "scandir", scandir)
    summary = import_files([tmp_path / "given"], tmp_path / "data", as_of=date(2026, 1, 1), workers=0)
    assert summary.read == 3
    assert [(one.name, one.reason) for one in summary.refused] == [
        (str(tmp_path / "given" / "closed"), "le dossier ne peut pas être lu : le droit de le lire manque.")
    ]
