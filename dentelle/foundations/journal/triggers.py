"""SQL that makes a table append-only: the database itself refuses to change or remove what is written.

Used by migrations (journal now, the hours ledger later). On SQLite, REPLACE is refused whatever the connection says of
``recursive_triggers``: a row is not inserted over another. PostgreSQL also refuses TRUNCATE.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
SQLITE_DROP = """
DROP TRIGGER IF EXISTS {table}_no_update;
DROP TRIGGER IF EXISTS {table}_no_delete;
DROP TRIGGER IF EXISTS {table}_no_replace;
"""

POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END; $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only();
"""
POSTGRESQL_DROP = """
DROP TRIGGER IF EXISTS {table}_no_change ON {table};
DROP TRIGGER IF EXISTS {table}_no_truncate ON {table};
"""


def protect(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Install the triggers that make ``table`` append-only."""
    sql = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    _run(schema_editor, sql.format(table=table))


def unprotect(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Remove them: for reversing a migration and for the tests' documented flush, nothing else."""
    sql = SQLITE_DROP if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_DROP
    _run(schema_editor, sql.format(table=table))


def _run(schema_editor: BaseDatabaseSchemaEditor, sql: str) -> None:
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute(sql)
        return
    for statement in _sqlite_statements(sql):
        schema_editor.execute(statement)


def _sqlite_statements(sql: str) -> list[str]:
    """SQLite's driver takes one statement at a time; a trigger ends at its END."""
    separator = "END;" if "END;" in sql else ";"
    pieces = (piece.strip() for piece in sql.split(separator))
    return [piece + (" END" if separator == "END;" else "") for piece in pieces if piece]
