import json
import sqlite3
import zipfile
from datetime import UTC, datetime

import pytest

from dentelle.foundations.backup import archive, databases
from dentelle.foundations.backup.archive import ArchiveRefused

AT = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def made(tmp_path):
    (tmp_path / "a").write_bytes(b"a" * 3_000_000)
    (tmp_path / "b").write_bytes(b"")
    sources = [("files/a", tmp_path / "a"), ("files/deep/b", tmp_path / "b"), ("files/gone", tmp_path / "absent")]
    path = tmp_path / "made.zip"
    archive.write(path, sources, vendor="sqlite", version="0", at=AT)
    return path


def rewrite(path, manifest=None, drop=(), add=()):
    with zipfile.ZipFile(path) as source:
        members = {name: source.read(name) for name in source.namelist() if name not in drop}
    if manifest:
        members["manifest.json"] = json.dumps(manifest(json.loads(members["manifest.json"]))).encode()
    with zipfile.ZipFile(path, "w") as target:
        for name, content in [*members.items(), *add]:
            target.writestr(name, content)


def test_what_is_written_is_read_back_and_a_vanished_file_is_left_out(made, tmp_path):
    manifest = archive.verify(made)
    assert [(member.path, member.size) for member in manifest.members] == [("files/a", 3_000_000), ("files/deep/b", 0)]
    assert archive.extract(made, "files/", tmp_path / "out") == 2
    assert (tmp_path / "out" / "deep" / "b").read_bytes() == b""


def test_an_archive_that_fails_half_way_leaves_the_former_one(made, tmp_path):
    before = made.read_bytes()

    def sources():
        yield "files/a", tmp_path / "a"
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        archive.write(made, sources(), vendor="sqlite", version="0", at=AT)
    assert made.read_bytes() == before
    assert not list(tmp_path.glob("*.partial"))


def test_a_member_missing_or_added_is_named(made):
    rewrite(made, add=[("files/intruder", b"x")])
    with pytest.raises(ArchiveRefused, match="files/intruder"):
        archive.verify(made)
    rewrite(made, drop=("files/intruder", "files/a"))
    with pytest.raises(ArchiveRefused, match="files/a"):
        archive.verify(made)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "files/../../outside"])
def test_a_name_that_leaves_the_archive_is_refused(made, name):
    def with_name(manifest):
        manifest["members"].append({"path": name, "size": 1, "sha256": "0"})
        return manifest

    rewrite(made, manifest=with_name, add=[(name, b"x")])
    with pytest.raises(ArchiveRefused, match="nom interdit"):
        archive.verify(made)


def test_a_later_format_says_which_version_to_use(made):
    rewrite(made, manifest=lambda manifest: manifest | {"format": 2})
    with pytest.raises(ArchiveRefused, match="format 2"):
        archive.verify(made)


def test_a_zip_of_something_else_and_a_text_are_not_taken_for_a_backup(made, tmp_path):
    rewrite(made, drop=("manifest.json",))
    with pytest.raises(ArchiveRefused, match="pas une sauvegarde"):
        archive.verify(made)
    with pytest.raises(ArchiveRefused, match="abîmée"):
        archive.verify(tmp_path / "a")
    with pytest.raises(ArchiveRefused, match="n’existe pas"):
        archive.verify(tmp_path / "absent.zip")


def test_a_sqlite_dump_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "dump").write_bytes(b"not a database" * 1000)
    with pytest.raises(ArchiveRefused, match="illisible"):
        databases.check("sqlite", tmp_path / "dump")


def test_a_sqlite_database_in_use_is_not_replaced(tmp_path):
    place = tmp_path / "site.sqlite3"
    with sqlite3.connect(place) as site:
        site.execute("PRAGMA journal_mode=WAL")
        site.execute("CREATE TABLE held (id)")
    with pytest.raises(ArchiveRefused, match="arrêtez le site"):
        databases.load({"ENGINE": "django.db.backends.sqlite3", "NAME": str(place)}, tmp_path / "unused", tmp_path)
    site.close()


def test_a_damaged_sqlite_database_can_be_replaced(tmp_path):
    place, good = tmp_path / "site.sqlite3", tmp_path / "good"
    place.write_bytes(b"ruined" * 1000)
    site = sqlite3.connect(good)
    site.execute("CREATE TABLE back (id)")
    site.close()
    databases.load({"ENGINE": "django.db.backends.sqlite3", "NAME": str(place)}, good, tmp_path)
    assert place.read_bytes() == good.read_bytes()
