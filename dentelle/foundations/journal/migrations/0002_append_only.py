from django.db import migrations

from dentelle.foundations.journal.triggers import protect, unprotect

TABLE = "journal_entry"


class Migration(migrations.Migration):
    """From the first day the journal only grows, whatever code or console writes to it."""

    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: protect(schema_editor, TABLE),
            lambda apps, schema_editor: unprotect(schema_editor, TABLE),
        )
    ]
