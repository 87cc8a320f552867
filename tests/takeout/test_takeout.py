"""All of a structure's data leave, nothing of another, in formats anybody reads back the same."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal

import duckdb
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection  # noqa: F401 (read by the condition of a mark)
from django.db.models import Sum
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dentelle.cli.main import main
from dentelle.foundations.documents import sniff
from dentelle.foundations.documents.access import files_readable_by
from dentelle.foundations.documents.actions import receive_upload
from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.jobs.models import Job, JobState
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Role
from dentelle.foundations.takeout.cells import FORMULA_STARTS, neutral, plain, written
from dentelle.foundations.takeout.package import PACKAGE, README, SUMS
from dentelle.foundations.takeout.tables import PACKAGE_PATH, tables
from dentelle.foundations.takeout.writing import TakeoutRefused, digest_of, export
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.contracts.actions.association import associate_structure
from dentelle.thread.contracts.models import Contract, Obligation
from tests.clauses.making import saved
from tests.contracts import making
from tests.directory.making import contact
from tests.factories import NOW, MembershipFactory, StructureFactory
from tests.samples import all_samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(manager):
    """A structure with a little of much, and texts that are hard to write."""
    contract = making.running(
        manager,
        title='=HYPERLINK("http://x")',
        subject="Première ligne\nseconde ; « guillemets »",
        amount_cents=125_000_050,
    )
    making.contract(manager, title="'Déjà une apostrophe", number="-12")
    contact(manager, contract.buyer, name="Jeanne Marchand", phone="+33 2 99 00 00 00")
    saved(manager)
    upload = SimpleUploadedFile("preuve.pdf", b"%PDF-1.4 preuve")
    receive_upload(upload, accept={sniff.PDF}, max_bytes=1_000, structure=manager.structure, actor=manager.user, at=NOW)
    return manager


def taken(membership, folder):
    export(membership.structure, folder, at=NOW)
    return json.loads((folder / PACKAGE).read_text())


def rows_of(folder, table):
    with (folder / "data" / f"{table}.csv").open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def test_counts_and_sums_read_back_with_duckdb_are_those_of_the_database(busy, tmp_path):
    taken(busy, tmp_path / "out")
    mine = Contract.objects.filter(structure=busy.structure)
    owed = Obligation.objects.filter(structure=busy.structure).aggregate(total=Sum("due_minutes"))["total"]
    ask = duckdb.connect().execute
    assert ask(f"SELECT count(*), sum(amount_cents) FROM '{tmp_path}/out/data/contracts_contract.csv'").fetchone() == (
        mine.count(),
        mine.aggregate(total=Sum("amount_cents"))["total"],
    )
    assert ask(f"SELECT sum(due_minutes) FROM '{tmp_path}/out/data/contracts_obligation.csv'").fetchone() == (owed,)
    assert ask(f"SELECT sum(hours) FROM '{tmp_path}/out/data/clauses_calibration.csv'").fetchone() == (
        Calibration.objects.aggregate(total=Sum("hours"))["total"],
    )


TYPES = {
    "integer": "BIGINT",
    "number": "DECIMAL(38, 6)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
}


def test_every_cell_is_what_the_schema_says(busy, tmp_path):
    for resource in taken(busy, tmp_path / "out")["resources"]:
        fields = resource["schema"]["fields"]
        columns = {field["name"]: TYPES.get(field["type"], "VARCHAR") for field in fields}
        read = duckdb.connect().read_csv(
            str(tmp_path / "out" / resource["path"]), header=True, columns=columns, auto_detect=False, quotechar='"'
        )
        assert read.aggregate("count(*), count(columns(*))").fetchall()[0][0] == resource["rows"], resource["name"]
        for row in rows_of(tmp_path / "out", resource["name"]):
            for field in fields:
                limits, cell = field.get("constraints", {}), row[field["name"]]
                assert cell or not limits.get("required"), (resource["name"], field["name"])
                assert not cell or "enum" not in limits or cell in limits["enum"], (
                    resource["name"],
                    field["name"],
                    cell,
                )
                assert len(cell) <= limits.get("maxLength", 10**9)
                if field["type"] in {"array", "object"} and cell:
                    assert isinstance(json.loads(cell), list if field["type"] == "array" else dict)


@pytest.mark.usefixtures("site_data")
def test_every_key_leads_to_a_row_that_is_there(busy, tmp_path):
    all_samples(busy)
    document = taken(busy, tmp_path / "out")
    keys = {
        resource["name"]: {row[resource["schema"]["primaryKey"]] for row in rows_of(tmp_path / "out", resource["name"])}
        for resource in document["resources"]
    }
    for resource in document["resources"]:
        for link in resource["schema"].get("foreignKeys", ()):
            named = {row[link["fields"]] for row in rows_of(tmp_path / "out", resource["name"])} - {""}
            assert named <= keys[link["reference"]["resource"]], (resource["name"], link["fields"])


def test_texts_come_back_as_they_were_typed(busy, tmp_path):
    taken(busy, tmp_path / "out")
    titles = {plain(row["title"]) for row in rows_of(tmp_path / "out", "contracts_contract")}
    assert titles == set(Contract.objects.values_list("title", flat=True))
    assert [row["phone"] for row in rows_of(tmp_path / "out", "directory_contact")] == ["'+33 2 99 00 00 00"]


def test_no_cell_runs_in_a_spreadsheet(busy, tmp_path):
    for resource in taken(busy, tmp_path / "out")["resources"]:
        text = {field["name"] for field in resource["schema"]["fields"] if field["type"] == "string"}
        for row in rows_of(tmp_path / "out", resource["name"]):
            assert [cell for name, cell in row.items() if name in text and cell.startswith(FORMULA_STARTS)] == []


@given(st.text())
def test_any_text_is_harmless_and_comes_back(text):
    assert plain(neutral(text)) == text
    assert not neutral(text).startswith(FORMULA_STARTS)


@given(
    st.one_of(st.none(), st.integers(), st.booleans(), st.dates(), st.decimals(allow_nan=False, allow_infinity=False))
)
def test_values_are_written_as_the_schema_reads_them(value):
    cell = written(value, "number")
    assert (cell == "") == (value is None)
    if isinstance(value, Decimal):
        assert Decimal(cell) == value
        assert "E" not in cell


def test_a_negative_figure_stays_a_figure():
    assert written(-600, "integer") == "-600"


def test_files_leave_with_their_bytes_and_their_names(busy, tmp_path):
    taken(busy, tmp_path / "out")
    (row,) = rows_of(tmp_path / "out", "documents_storedfile")
    copied = tmp_path / "out" / row[PACKAGE_PATH]
    assert (row["name"], copied.read_bytes(), digest_of(copied)) == ("preuve.pdf", b"%PDF-1.4 preuve", row["sha256"])


def test_a_file_lost_on_the_server_is_said_and_stops_nothing(busy, tmp_path, settings):
    stored = StoredFile.objects.get()
    (settings.MEDIA_ROOT / stored.path).unlink()
    found = export(busy.structure, tmp_path / "out", at=NOW)
    assert found.missing == [f"{stored.pk}\u00a0: le fichier n’est plus sur le serveur."]
    assert str(stored.pk) in (tmp_path / "out" / README).read_text()


def test_the_sums_are_those_of_every_file(busy, tmp_path):
    document = taken(busy, tmp_path / "out")
    sums = dict(reversed(line.split("  ", 1)) for line in (tmp_path / "out" / SUMS).read_text().splitlines())
    present = {
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    assert set(sums) == present - {SUMS}
    for name, digest in sums.items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
    for resource in document["resources"]:
        assert resource["hash"] == f"sha256:{sums[resource['path']]}"


def test_the_journal_leaves_whole(busy, tmp_path):
    taken(busy, tmp_path / "out")
    told = rows_of(tmp_path / "out", "journal_entry")
    assert len(told) == Entry.objects.filter(structure=busy.structure).count() > 0


MARKS = (
    "témoin 7f3a",
    "témoin 6e1f",
    "témoin 5c1e",
    "témoin 9d2b",
    "témoin 3b8d",
    "témoin@",
    "Personne témoin",
    "Collègue témoin",
)


@pytest.fixture
def neighbour(db, site_data):
    """Another structure, with one of everything, all bearing a mark."""
    owner = MembershipFactory(
        manager=True,
        structure=StructureFactory(name="Structure témoin 7f3a"),
        user__full_name="Personne témoin",
        user__email="personne-témoin@essai.example",
    )
    all_samples(owner)
    return owner


def everything(folder):
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.csv")))


def test_nothing_of_another_structure_leaves(neighbour, busy, tmp_path):
    taken(busy, tmp_path / "out")
    text = everything(tmp_path / "out")
    assert [mark for mark in MARKS if mark in text] == []


def test_what_a_structure_has_leaves_with_it(neighbour, tmp_path):
    # the same things, seen from their owner: the test above looks for marks that are really written
    taken(neighbour, tmp_path / "out")
    text = everything(tmp_path / "out")
    assert [mark for mark in MARKS if mark not in text and mark not in {"témoin@", "témoin 5c1e", "témoin 9d2b"}] == []


def test_of_another_structure_one_works_with_only_the_name_leaves(neighbour, busy, tmp_path):
    theirs = making.running(neighbour, title="Contrat partagé")
    associate_structure(
        neighbour,
        theirs.pk,
        busy.structure_id,
        due_minutes=600,
        since=NOW.date(),
        expected_revision=theirs.revision,
        at=NOW,
    )
    taken(busy, tmp_path / "mine")
    (row,) = rows_of(tmp_path / "mine", "contracts_association")
    assert row["contract_id"] == str(theirs.pk)
    assert "Contrat partagé" not in everything(tmp_path / "mine")
    # seen from the lead, which shared it
    taken(neighbour, tmp_path / "theirs")
    other = next(
        row for row in rows_of(tmp_path / "theirs", "organisations_structure") if row["id"] == str(busy.structure_id)
    )
    assert {name: cell for name, cell in other.items() if cell} == {
        "id": str(busy.structure_id),
        "name": busy.structure.name,
    }


def test_people_who_left_keep_their_name_and_nothing_else(busy, tmp_path):
    former = MembershipFactory(structure=busy.structure, facilitator=True, user__full_name="Ancienne collègue")
    making.contract(former, title="Suivi par elle")
    user = former.user
    former.delete()
    taken(busy, tmp_path / "out")
    people = {row["id"]: (row["full_name"], row["email"]) for row in rows_of(tmp_path / "out", "accounts_user")}
    assert people[str(user.pk)] == ("Ancienne collègue", "")
    assert people[str(busy.user_id)] == (busy.user.full_name, busy.user.email)


def test_only_the_organisations_spoken_of_leave(neighbour, busy, tmp_path):
    making.company(77)
    taken(busy, tmp_path / "out")
    names = {row["name"] for row in rows_of(tmp_path / "out", "directory_organisation")}
    assert "Bâtisseurs 77" not in names
    assert "Bâtisseurs 1" in names


@pytest.mark.parametrize("name", ["déjà", "fichier"])
def test_a_place_already_taken_is_refused_and_left_as_it_is(name, busy, tmp_path):
    place = tmp_path / name
    if name == "fichier":
        place.write_text("à garder")
    else:
        place.mkdir()
        (place / "à garder").write_text("")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(TakeoutRefused):
        export(busy.structure, place, at=NOW)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_export_that_fails_leaves_nothing(busy, tmp_path):
    def fails(name, done, total):
        if done == 5:
            raise OSError("disque plein")

    with pytest.raises(OSError, match="disque plein"):
        export(busy.structure, tmp_path / "out", at=NOW, told=fails)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("out")] == []


def test_memory_holds_a_batch_whatever_the_number_of_rows(busy, tmp_path, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("dentelle.foundations.takeout.writing.BATCH", 2)
    for rank in range(7):
        making.contract(busy, title=f"Contrat {rank}")
    taken(busy, tmp_path / "out")
    assert len(rows_of(tmp_path / "out", "contracts_contract")) == 9


def test_the_command_writes_the_folder_and_tells_the_journal(busy, tmp_path, capsys):
    assert main(["structure", "export", "--structure", busy.structure.slug, "--into", str(tmp_path / "out")]) == 0
    assert f"{len(tables())} tables" in capsys.readouterr().out.replace("\u00a0", " ").replace("\u202f", " ")
    assert Entry.objects.get(act="structure.exported").facts["files"] == 1


def test_the_command_refuses_in_one_line(busy, tmp_path, capsys):
    assert main(["structure", "export", "--structure", "inconnue", "--into", str(tmp_path / "out")]) == 2
    assert busy.structure.slug in capsys.readouterr().err


def test_a_manager_asks_for_the_archive_and_takes_it(busy, client_of, run_jobs):
    browser = client_of(busy)
    asked = browser.post(reverse("takeout:export"))
    run_jobs()
    job = Job.objects.get()
    assert (asked["Location"], job.state) == (reverse("jobs:detail", args=[job.pk]), JobState.DONE), job.error
    stored = job.files.get()
    content = b"".join(browser.get(reverse("documents:download", args=[stored.pk])))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
    assert {PACKAGE, SUMS, README, "data/contracts_contract.csv"} <= names


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.MANAGER])
def test_nobody_but_a_manager_takes_the_archive(role, busy, client_of, run_jobs):
    client_of(busy).post(reverse("takeout:export"))
    run_jobs()
    job = Job.objects.get()
    other = MembershipFactory(structure=busy.structure, role=role)
    browser = client_of(other)
    assert browser.get(reverse("documents:download", args=[job.files.get().pk])).status_code == 404
    assert job.files.get().name not in browser.get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert not files_readable_by(other).filter(pk=job.files.get().pk).exists()


def test_an_export_does_not_hold_the_former_ones(busy, client_of, run_jobs, tmp_path):
    client_of(busy).post(reverse("takeout:export"))
    run_jobs()
    taken(busy, tmp_path / "out")
    assert {row["name"]: bool(row[PACKAGE_PATH]) for row in rows_of(tmp_path / "out", "documents_storedfile")} == {
        "preuve.pdf": True,
        Job.objects.get().files.get().name: False,
    }


def test_asking_while_one_is_being_made_makes_no_other(busy, client_of):
    for _ in range(2):
        client_of(busy).post(reverse("takeout:export"))
    assert Job.objects.count() == 1


def test_somebody_who_no_longer_manages_gets_no_archive(busy, client_of, run_jobs):
    client_of(busy).post(reverse("takeout:export"))
    busy.role = Role.READER
    busy.save()
    run_jobs()
    assert (Job.objects.get().state, StoredFile.objects.filter(is_takeout=True).count()) == (JobState.FAILED, 0)


def test_moments_are_written_in_universal_time():
    assert written(NOW + timedelta(hours=1), "datetime") == "2026-11-21T10:30:00Z"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="the SQLite of tests lives in memory, where a reader stops a writer"
)
def test_what_is_written_meanwhile_waits_for_the_next_export(tmp_path):
    manager = MembershipFactory(manager=True)
    making.contract(manager, title="Avant")

    def meanwhile(name, done, total):
        if done == 1:
            making.contract(manager, title="Pendant")

    export(manager.structure, tmp_path / "out", at=NOW, told=meanwhile)
    assert [row["title"] for row in rows_of(tmp_path / "out", "contracts_contract")] == ["Avant"]
    assert [row["act"] for row in rows_of(tmp_path / "out", "journal_entry")] == ["contract.created"]
    assert Contract.objects.count() == 2
