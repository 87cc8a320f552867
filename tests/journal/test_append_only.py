"""What is written in the journal stays, whatever code or console writes to the database."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from dentelle.foundations.journal.actions import record
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Coverage
from tests.factories import NOW, StructureFactory
from tests.flush import protected_tables, triggers_lifted

pytestmark = pytest.mark.django_db
PROTECTED = ["journal_entry", "organisations_coverage"]


def write_one():
    structure = StructureFactory()
    return record("structure.seen", structure, at=NOW, actor=None, structure=structure, count=3)


@contextmanager
def recursive_triggers_off():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
        try:
            yield
        finally:
            cursor.execute("PRAGMA recursive_triggers=ON")


def refused(sql, params=()):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_an_entry_keeps_what_was_recorded():
    entry = write_one()
    entry.refresh_from_db()
    assert (entry.act, entry.object_type, entry.facts) == ("structure.seen", "organisations.structure", {"count": 3})


def test_update_and_delete_are_refused_by_the_database():
    entry = write_one()
    refused("UPDATE journal_entry SET act = 'forged' WHERE id = %s", [entry.pk])
    refused("DELETE FROM journal_entry WHERE id = %s", [entry.pk])
    assert Entry.objects.get().act == "structure.seen"


def test_emptying_the_journal_is_refused_too():
    # SQLite empties a table without looking at its rows, unless a trigger watches them
    write_one()
    refused("DELETE FROM journal_entry")
    assert Entry.objects.count() == 1


def test_the_orm_meets_the_same_refusal():
    entry = write_one()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(act="forged")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


def test_replacing_an_entry_is_refused():
    entry = write_one()
    columns = "(id, at, act, object_type, object_id, facts)"
    values = (entry.pk, NOW, "forged", "x", "1", "{}")
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO journal_entry {columns} VALUES (%s, %s, %s, %s, %s, %s)", values)
        refused(f"REPLACE INTO journal_entry {columns} VALUES (%s, %s, %s, %s, %s, %s)", values)
        with recursive_triggers_off():  # as any other programme opens the file
            refused(f"REPLACE INTO journal_entry {columns} VALUES (%s, %s, %s, %s, %s, %s)", values)
    refused(
        f"INSERT INTO journal_entry {columns} VALUES (%s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (id) DO UPDATE SET act = EXCLUDED.act",
        values,
    )
    assert Entry.objects.get().act == "structure.seen"


def test_a_version_of_the_territory_covered_is_never_edited_nor_removed():
    structure = StructureFactory()
    known = {"valid_from": NOW.date(), "places": ["epci:243500139"], "created_at": NOW}
    kept = Coverage.objects.create(structure=structure, version=1, **known)
    refused("UPDATE organisations_coverage SET places = '[]' WHERE id = %s", [kept.pk])
    refused("DELETE FROM organisations_coverage WHERE id = %s", [kept.pk])
    refused("DELETE FROM organisations_coverage")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Coverage.objects.filter(pk=kept.pk).update(reason="autre")
    Coverage.objects.create(structure=structure, version=2, **known)  # the next version is how it changes
    kept.refresh_from_db()
    assert (kept.places, structure.coverages.count()) == (["epci:243500139"], 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_truncate_is_refused():
    write_one()  # committed: with foreign keys still to be checked PostgreSQL would refuse for another reason
    refused("TRUNCATE journal_entry")
    refused("TRUNCATE organisations_structure CASCADE")
    assert Entry.objects.count() == 1


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="settings of SQLite only")
def test_sqlite_writes_through_to_the_disk_and_fires_triggers_on_replace():
    with connection.cursor() as cursor:
        values = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "recursive_triggers")
        }
    assert values == {"synchronous": 2, "recursive_triggers": 1}  # 2: FULL


@pytest.mark.django_db(transaction=True)
def test_the_flush_helper_lifts_the_triggers_and_puts_them_back():
    write_one()
    with triggers_lifted(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry")
    assert protected_tables() == PROTECTED
    write_one()
    refused("DELETE FROM journal_entry")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_with_an_empty_protected_journal(turn):
    assert Entry.objects.count() == 0
    assert protected_tables() == PROTECTED
    write_one()
