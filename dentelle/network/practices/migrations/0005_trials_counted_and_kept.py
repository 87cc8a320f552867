"""What a trial said before is kept; published sheets are found as tried elsewhere when a member said so, and only then."""

from django.db import migrations, models


def count_trials(apps, schema_editor):
    tag = apps.get_model("practices", "PracticeTag")
    tag.objects.filter(facet="transfer", value="replicated").delete()
    tried = apps.get_model("practices", "Practice").objects.filter(published__isnull=False, archived_on=None)
    tag.objects.bulk_create(
        (
            tag(
                network_id=practice.network_id,
                practice_id=practice.pk,
                structure_id=practice.structure_id,
                facet="transfer",
                value="replicated",
            )
            for practice in tried.filter(replications__isnull=False).distinct().order_by("pk")
        ),
        batch_size=1_000,
    )


class Migration(migrations.Migration):
    dependencies = [("practices", "0004_sheets_sorted_by_more")]
    operations = [
        migrations.AddField(
            model_name="replication",
            name="former",
            field=models.JSONField(default=list, verbose_name="ce qui était dit avant"),
        ),
        migrations.RunPython(count_trials, migrations.RunPython.noop),
    ]
