"""Structures that were at work before approvals existed stay at work."""

from django.db import migrations
from django.utils import timezone


def approve(apps, schema_editor):
    structures = apps.get_model("organisations", "Structure").objects.using(schema_editor.connection.alias)
    structures.filter(status="requested").update(status="approved", approved_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_tenants")]

    operations = [migrations.RunPython(approve, migrations.RunPython.noop)]
