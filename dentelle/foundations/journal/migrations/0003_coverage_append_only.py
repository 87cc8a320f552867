from django.db import migrations

from dentelle.foundations.journal.triggers import protect, unprotect

TABLE = "organisations_coverage"


class Migration(migrations.Migration):
    """A version of the territory covered is never edited nor removed: who was served by whom must stay readable.

    Here rather than in organisations, which stands under the journal and its triggers.
    """

    dependencies = [("journal", "0002_append_only"), ("organisations", "0003_approve_existing_structures")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: protect(schema_editor, TABLE),
            lambda apps, schema_editor: unprotect(schema_editor, TABLE),
        )
    ]
