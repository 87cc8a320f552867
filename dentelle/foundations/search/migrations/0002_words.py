from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE search_words USING fts5(
        scopes, words, content='search_searchentry', content_rowid='id',
        tokenize='unicode61 remove_diacritics 0', prefix='2 3 4', detail='column')""",
    """CREATE TRIGGER search_words_insert AFTER INSERT ON search_searchentry BEGIN
        INSERT INTO search_words(rowid, scopes, words) VALUES (new.id, new.scopes, new.words); END""",
    """CREATE TRIGGER search_words_delete AFTER DELETE ON search_searchentry BEGIN
        INSERT INTO search_words(search_words, rowid, scopes, words) VALUES ('delete', old.id, old.scopes, old.words); END""",
    """CREATE TRIGGER search_words_update AFTER UPDATE ON search_searchentry BEGIN
        INSERT INTO search_words(search_words, rowid, scopes, words) VALUES ('delete', old.id, old.scopes, old.words);
        INSERT INTO search_words(rowid, scopes, words) VALUES (new.id, new.scopes, new.words); END""",
)
SQLITE_BACK = (
    "DROP TRIGGER search_words_insert",
    "DROP TRIGGER search_words_delete",
    "DROP TRIGGER search_words_update",
    "DROP TABLE search_words",
)
POSTGRESQL = (
    """CREATE INDEX search_words ON search_searchentry
        USING gin (array_to_tsvector(string_to_array(scopes || ' ' || words, ' ')))""",
)
POSTGRESQL_BACK = ("DROP INDEX search_words",)


def run(sqlite, postgresql):
    def execute(apps, schema_editor):
        for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
            schema_editor.execute(statement)

    return execute


class Migration(migrations.Migration):
    """The words of each entry, found by their beginning. Triggers keep SQLite's index in step with its table.

    Later migrations that make Django copy the table on SQLite (changing a field) must drop and make these again.
    """

    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(run(SQLITE, POSTGRESQL), run(SQLITE_BACK, POSTGRESQL_BACK))]
