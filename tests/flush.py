"""How tests empty a database whose journal refuses to be emptied.

Tests marked ``django_db(transaction=True)`` end by flushing every table; the triggers of append-only tables refuse it, as
they must. This is the one place that lifts them: drop, flush, restore.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from dentelle.foundations.journal.triggers import protect, unprotect

_FIND = {
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = tbl_name || '_no_delete'",
    "postgresql": """
        SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND tgname = relname || '_no_truncate'
    """,
}


def protected_tables() -> list[str]:
    """The append-only tables of the current database, as the database itself tells."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND[connection.vendor])
        return sorted(name for (name,) in cursor.fetchall())


@contextmanager
def triggers_lifted() -> Iterator[None]:
    """Within it the append-only tables may be emptied; outside a transaction only."""
    tables = protected_tables()
    with connection.schema_editor() as editor:
        for table in tables:
            unprotect(editor, table)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            for table in tables:
                protect(editor, table)


def flushing(teardown: Callable[[TransactionTestCase], Any]) -> Callable[[TransactionTestCase], None]:
    """Wrap ``TransactionTestCase._fixture_teardown`` so that its flush meets no trigger."""

    def wrapped(self: TransactionTestCase) -> None:
        with triggers_lifted():
            teardown(self)

    return wrapped
