"""Whoever made a calibration follows it, until it is handed over."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def author_follows(apps, schema_editor):
    calibrations = apps.get_model("clauses", "Calibration").objects.using(schema_editor.connection.alias)
    calibrations.filter(in_charge=None).update(in_charge=F("author"))


def followed_by(null):
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name="suivi par",
    )


class Migration(migrations.Migration):
    # a foreign key that is filled and then made compulsory: one transaction each on PostgreSQL
    atomic = False

    dependencies = [("clauses", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("calibration", "in_charge", followed_by(null=True)),
        migrations.RunPython(author_follows, migrations.RunPython.noop),
        migrations.AlterField("calibration", "in_charge", followed_by(null=False)),
    ]
