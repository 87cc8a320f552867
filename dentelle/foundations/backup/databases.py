"""How each database is copied whole, and given back whole: SQLite by its online backup, PostgreSQL by its own tools."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from dentelle.foundations.backup.archive import ArchiveRefused

# Every table and every trigger function of ours, in the transaction that puts the saved ones back
_RESET = """
SET lock_timeout = '15s';
DO $$
DECLARE item record;
BEGIN
  FOR item IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE 'DROP TABLE ' || item.name || ' CASCADE';
  END LOOP;
  FOR item IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public' AND p.proname LIKE '%\\_append\\_only' LOOP
    EXECUTE 'DROP FUNCTION ' || item.name;
  END LOOP;
END $$;
"""


def vendor_of(settings: Mapping[str, Any]) -> str:
    return "sqlite" if settings["ENGINE"].endswith("sqlite3") else "postgresql"


def dump(settings: Mapping[str, Any], target: Path) -> None:
    """Copy the database, as it is at one moment, into ``target``; the site may go on working."""
    if vendor_of(settings) == "sqlite":
        with closing(sqlite3.connect(settings["NAME"])) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    _postgresql("pg_dump", settings, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def check(vendor: str, source: Path) -> None:
    """Raise ``ArchiveRefused`` when the dump, although intact, is not one the database can read."""
    if vendor == "sqlite":
        try:
            with closing(sqlite3.connect(f"{source.as_uri()}?immutable=1", uri=True)) as copy:
                verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as failure:
            verdict = str(failure)
        if verdict != "ok":
            raise ArchiveRefused(f"la base de la sauvegarde est illisible : {verdict}.")


def load(settings: Mapping[str, Any], source: Path, scratch: Path) -> None:
    """Put the saved database in the place of the present one: wholly, or not at all. The site must be stopped."""
    if vendor_of(settings) == "sqlite":
        _load_sqlite(Path(settings["NAME"]), source)
        return
    script = scratch / "restore.sql"
    _postgresql("pg_restore", None, "--no-owner", "--no-privileges", f"--file={script}", str(source))
    reset = scratch / "reset.sql"
    reset.write_text(_RESET, encoding="utf-8")
    quiet = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null")
    _postgresql("psql", settings, *quiet, f"--file={reset}", f"--file={script}")


def is_empty(settings: Mapping[str, Any]) -> bool:
    """Whether there is nothing to lose: no database, no table of accounts, or no account. A damaged file is not nothing.

    Raises ``ArchiveRefused`` when the database server does not answer.
    """
    from django.db import DatabaseError, connection

    vendor = vendor_of(settings)
    if vendor == "sqlite" and not Path(settings["NAME"]).exists():
        return True
    try:
        if "accounts_user" not in connection.introspection.table_names():
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM accounts_user LIMIT 1")
            return cursor.fetchone() is None
    except DatabaseError as failure:
        if vendor == "sqlite":
            return False
        raise ArchiveRefused(f"la base de données ne répond pas : {str(failure).splitlines()[0]}") from failure
    finally:
        connection.close()


def _load_sqlite(place: Path, source: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        _settle(place)
    beside = place.with_name(place.name + ".restoring")
    shutil.copyfile(source, beside)
    with beside.open("rb") as copied:
        os.fsync(copied.fileno())
    beside.replace(place)
    # a log left by a damaged database would be replayed over the restored one
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)


def _settle(place: Path) -> None:
    """Fold the write-ahead log into its file, which SQLite does only when nobody else has the database open."""
    try:
        with closing(sqlite3.connect(place, timeout=2)) as former:
            former.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as failure:
        raise ArchiveRefused(f"la base est utilisée ({failure}) : arrêtez le site, puis recommencez.") from failure
    except sqlite3.DatabaseError:
        return  # damaged: nothing to fold, and the reason for restoring


def connection_of(settings: Mapping[str, Any]) -> tuple[str, str]:
    """Return what PostgreSQL's tools are given to reach the very database the site uses, and its password apart.

    What ``DATABASE_URL`` says after « ? » (host, port, sslmode…) counts as much as what it says before. A password never
    stands among the words of a command, which everybody on the machine can read.
    """
    from psycopg import pq
    from psycopg.conninfo import make_conninfo

    understood = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    said = {word: settings[name] for word, name in names.items() if settings.get(name)}
    said |= {word: value for word, value in settings.get("OPTIONS", {}).items() if word in understood}
    password = str(said.pop("password", ""))
    return make_conninfo(**said), password


def _postgresql(tool: str, settings: Mapping[str, Any] | None, *words: str) -> None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"), key=lambda path: int(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which(tool)
    if program is None:
        raise ArchiveRefused(f"{tool} est introuvable : installez postgresql-client sur cette machine.")
    environment = dict(os.environ)
    if settings is not None:
        target, password = connection_of(settings)
        words = (f"--dbname={target}", *words)
        environment |= {"PGPASSWORD": password} if password else {}
    done = subprocess.run(  # noqa: S603 (the tool was found on this machine, its words are ours)
        [program, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise ArchiveRefused(f"{tool} a échoué : {said[0] if said else 'sans explication'}")
