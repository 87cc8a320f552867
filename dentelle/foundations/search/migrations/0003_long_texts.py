from django.db import migrations, models

SQLITE = (
    """CREATE VIRTUAL TABLE search_texts USING fts5(
        scopes, title, keys, body, content='search_searchtext', content_rowid='id',
        tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER search_texts_insert AFTER INSERT ON search_searchtext BEGIN
        INSERT INTO search_texts(rowid, scopes, title, keys, body)
        VALUES (new.id, new.scopes, new.title, new.keys, new.body); END""",
    """CREATE TRIGGER search_texts_delete AFTER DELETE ON search_searchtext BEGIN
        INSERT INTO search_texts(search_texts, rowid, scopes, title, keys, body)
        VALUES ('delete', old.id, old.scopes, old.title, old.keys, old.body); END""",
    """CREATE TRIGGER search_texts_update AFTER UPDATE ON search_searchtext BEGIN
        INSERT INTO search_texts(search_texts, rowid, scopes, title, keys, body)
        VALUES ('delete', old.id, old.scopes, old.title, old.keys, old.body);
        INSERT INTO search_texts(rowid, scopes, title, keys, body)
        VALUES (new.id, new.scopes, new.title, new.keys, new.body); END""",
)
SQLITE_BACK = (
    "DROP TRIGGER search_texts_insert",
    "DROP TRIGGER search_texts_delete",
    "DROP TRIGGER search_texts_update",
    "DROP TABLE search_texts",
)
POSTGRESQL = (
    """ALTER TABLE search_searchtext ADD COLUMN weighted tsvector GENERATED ALWAYS AS (
        array_to_tsvector(string_to_array(scopes, ' '))
        || setweight(to_tsvector('simple', title), 'A')
        || setweight(to_tsvector('simple', keys), 'B')
        || setweight(to_tsvector('simple', body), 'C')) STORED""",
    "CREATE INDEX search_texts ON search_searchtext USING gin (weighted)",
)
POSTGRESQL_BACK = ("DROP INDEX search_texts", "ALTER TABLE search_searchtext DROP COLUMN weighted")


def run(sqlite, postgresql):
    def execute(apps, schema_editor):
        for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
            schema_editor.execute(statement)

    return execute


class Migration(migrations.Migration):
    """Long texts, found by the stems of their words. As for the words, SQLite's index follows its table by triggers."""

    dependencies = [("search", "0002_words")]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30, verbose_name="sorte d’objet")),
                ("object_id", models.BigIntegerField(verbose_name="clé")),
                ("scopes", models.TextField(verbose_name="portée")),
                ("title", models.TextField(verbose_name="racines du titre")),
                ("keys", models.TextField(verbose_name="racines des mots clés")),
                ("body", models.TextField(verbose_name="racines du texte")),
            ],
            options={
                "verbose_name": "texte cherché",
                "verbose_name_plural": "textes cherchés",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id"), name="one_search_text_per_object"),
                    models.CheckConstraint(condition=~models.Q(scopes=""), name="search_text_has_scopes"),
                ],
            },
        ),
        migrations.RunPython(run(SQLITE, POSTGRESQL), run(SQLITE_BACK, POSTGRESQL_BACK)),
    ]
