"""Published sheets are no longer found as tried elsewhere when every trial told of them failed."""

from django.db import migrations


def forget_failures(apps, schema_editor):
    tried = apps.get_model("practices", "Replication").objects.filter(outcome__in=["worked", "partly"])
    tags = apps.get_model("practices", "PracticeTag").objects.filter(facet="transfer", value="replicated")
    tags.exclude(practice__in=tried.values("practice")).delete()


class Migration(migrations.Migration):
    dependencies = [("practices", "0005_trials_counted_and_kept")]
    operations = [migrations.RunPython(forget_failures, migrations.RunPython.noop)]
