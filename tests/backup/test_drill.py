"""The drill: back up, lose everything, restore. Real commands on a real installation, on the vendor the suite runs on."""

import json
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import environ
import psycopg
import pytest

from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS
from tests.databases import DENTELLE, MANAGE, environment, fresh_database

PREPARE = """
from datetime import timedelta
from pathlib import Path
from django.utils import timezone
from dentelle.demo.accounts import create_demo_accounts
from dentelle.foundations.documents.actions import store_file
now = timezone.now()
member = create_demo_accounts(now)[0]
Path("{source}").write_text("preuve", encoding="utf-8")
store_file(Path("{source}"), name="preuve.txt", media_type="text/plain",
           structure=member.structure, actor=member.user, at=now)
"""


class Installation:
    """One DENTELLE_HOME and one database, seen only through commands and plain SQL."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        self.environment = environment(home, url)

    def run(self, *command):
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )

    def must(self, *command):
        done = self.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def prepare(self):
        self.must(*MANAGE, "migrate", "--verbosity", "0")
        self.must(*MANAGE, "shell", "--no-imports", "--command", PREPARE.format(source=self.home / "source.txt"))

    def sql(self, query):
        if self.url.startswith("sqlite"):
            link = sqlite3.connect(self.url.removeprefix("sqlite:///"))
        else:
            parts = environ.Env.db_url_config(self.url)
            link = psycopg.connect(dbname=parts["NAME"], host=parts["HOST"], user=parts["USER"])
        try:
            cursor = link.execute(query)
            rows = cursor.fetchall() if cursor.description else []
            link.commit()
            return rows
        finally:
            link.close()

    def facts(self):
        """What must come back identical."""
        return {
            "people": self.sql("SELECT email, password FROM accounts_user ORDER BY email"),
            "journal": self.sql("SELECT id, act, object_id FROM journal_entry ORDER BY id"),
            "files": sorted(
                (path.relative_to(self.home).as_posix(), path.read_bytes())
                for path in (self.home / "files").rglob("*")
                if path.is_file()
            ),
        }


@pytest.fixture
def installation(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with fresh_database(tmp_path) as url:
        made = Installation(home, url)
        made.prepare()
        yield made


def lose(installation):
    """The disk is gone: an empty home, an empty database."""
    shutil.rmtree(installation.home)
    installation.home.mkdir()
    if installation.url.startswith("sqlite"):
        Path(installation.url.removeprefix("sqlite:///")).unlink()
    else:
        installation.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def test_everything_comes_back_after_everything_is_lost(installation, tmp_path):
    archive = tmp_path / "sauvegarde.zip"
    before = installation.facts()
    assert len(before["people"]) == len(DEMO_ACCOUNTS)
    assert [content for _, content in before["files"]] == [b"preuve"]
    said = installation.must(*DENTELLE, "backup", "--to", str(archive))
    assert "base de données et 1\u00a0fichier." in said
    assert "non comprises" in said
    lose(installation)
    assert "1\u00a0fichier" in installation.must(*DENTELLE, "restore", str(archive))
    assert installation.facts() == before
    # the journal is as protected as before
    for act in ("UPDATE journal_entry SET act = 'forged'", "DELETE FROM journal_entry"):
        with pytest.raises((sqlite3.DatabaseError, psycopg.DatabaseError), match="append-only"):
            installation.sql(act)
    # and still accepts what comes next, in sequence
    installation.must(*MANAGE, "shell", "--no-imports", "--command", PREPARE.format(source=tmp_path / "again.txt"))
    assert len(installation.facts()["journal"]) == len(before["journal"]) + 1


def test_what_is_there_is_replaced_only_when_forced_and_files_are_set_aside(installation, tmp_path):
    archive = tmp_path / "sauvegarde.zip"
    installation.must(*DENTELLE, "backup", "--to", str(archive))
    before = installation.facts()
    installation.sql("UPDATE accounts_user SET full_name = 'Changé'")
    (installation.home / "files" / "since").write_bytes(b"written since")
    refused = installation.run(*DENTELLE, "restore", str(archive))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "--force" in refused.stderr
    assert installation.sql("SELECT DISTINCT full_name FROM accounts_user") == [("Changé",)]
    said = installation.must(*DENTELLE, "restore", str(archive), "--force")
    assert installation.facts() == before
    assert installation.sql("SELECT count(*) FROM accounts_user WHERE full_name = 'Changé'") == [(0,)]
    [aside] = installation.home.glob("files.avant-restauration-*")
    assert (aside / "since").read_bytes() == b"written since"
    assert str(aside) in said


def damage(archive, member, change):
    """Rewrite ``archive`` with one member changed, everything else as it was, zip checksums right."""
    with zipfile.ZipFile(archive) as source:
        members = {name: source.read(name) for name in source.namelist()}
    members[member] = change(members[member])
    with zipfile.ZipFile(archive, "w") as target:
        for name, content in members.items():
            target.writestr(name, content)


def other_vendor(manifest):
    read = json.loads(manifest)
    read["vendor"] = "postgresql" if read["vendor"] == "sqlite" else "sqlite"
    return json.dumps(read).encode()


def test_a_damaged_or_foreign_archive_is_refused_before_anything_is_touched(installation, tmp_path):
    good = tmp_path / "bonne.zip"
    installation.must(*DENTELLE, "backup", "--to", str(good))
    before = installation.facts()

    def refusal(make):
        archive = tmp_path / "autre.zip"
        shutil.copy(good, archive)
        make(archive)
        done = installation.run(*DENTELLE, "restore", str(archive), "--force")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert installation.facts() == before
        return done.stderr

    def cut(archive):
        archive.write_bytes(archive.read_bytes()[:-2000])

    def flip_a_bit(archive):
        content = bytearray(archive.read_bytes())
        content[len(content) // 2] ^= 1
        archive.write_bytes(content)

    assert "abîmée" in refusal(cut)
    assert "abîmée" in refusal(flip_a_bit)
    assert "« database/dump » n’a pas l’empreinte" in refusal(
        lambda archive: damage(archive, "database/dump", lambda dump: dump[:-1] + b"?")
    )
    assert "cette sauvegarde vient de" in refusal(lambda archive: damage(archive, "manifest.json", other_vendor))
