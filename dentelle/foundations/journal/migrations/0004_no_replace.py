from django.db import migrations

from dentelle.foundations.journal.triggers import protect, unprotect

TABLES = ("journal_entry", "organisations_coverage")


def protect_again(apps, schema_editor):
    """Install the triggers as they are now: they also refuse REPLACE on a connection without recursive triggers."""
    for table in TABLES:
        unprotect(schema_editor, table)
        protect(schema_editor, table)


class Migration(migrations.Migration):
    """Nothing to reverse: the migrations before this one remove all the triggers."""

    dependencies = [("journal", "0003_coverage_append_only")]

    operations = [migrations.RunPython(protect_again, migrations.RunPython.noop)]
