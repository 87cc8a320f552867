"""Published sheets begun from a finding are sorted by the stage it comes from, without being published again."""

from django.db import migrations

KEY_BEGINS = "constat:"


def sort_by_stage(apps, schema_editor):
    tag = apps.get_model("practices", "PracticeTag")
    stages = dict(apps.get_model("tour", "Finding").objects.values_list("pk", "stage_id"))
    networks = dict(apps.get_model("tour", "Finding").objects.values_list("pk", "network_id"))
    sheets = apps.get_model("practices", "Practice").objects.filter(
        origin="finding", published__isnull=False, archived_on=None
    )
    tags = []
    for practice in sheets.iterator():
        key = practice.origin_key.removeprefix(KEY_BEGINS)
        finding = int(key) if key.isdecimal() else 0
        if networks.get(finding) == practice.network_id:
            tags.append(
                tag(
                    network_id=practice.network_id,
                    practice_id=practice.pk,
                    structure_id=practice.structure_id,
                    facet="stage",
                    value=str(stages[finding]),
                )
            )
    tag.objects.bulk_create(tags, batch_size=1_000, ignore_conflicts=True)


def sort_no_more(apps, schema_editor):
    apps.get_model("practices", "PracticeTag").objects.filter(facet="stage").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0004_sheets_sorted_by_more"),
        ("tour", "0002_personal_data_and_feeds"),
    ]
    operations = [migrations.RunPython(sort_by_stage, sort_no_more)]
