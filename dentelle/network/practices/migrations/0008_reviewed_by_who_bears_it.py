"""A version says whether its reviewer is of what bears it; those already reviewed, as people are placed today."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q


def say_who_bears(apps, schema_editor):
    members = apps.get_model("organisations", "Membership").objects.filter(
        user=OuterRef("reviewer"), structure=OuterRef("practice__structure")
    )
    seats = apps.get_model("organisations", "NetworkSeat").objects.filter(
        user=OuterRef("reviewer"), network=OuterRef("practice__network")
    )
    version = apps.get_model("practices", "PracticeVersion")
    inside = version.objects.filter(Q(Exists(members)) | Q(Exists(seats), practice__structure=None))
    keys = list(inside.exclude(reviewer=None).values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        version.objects.filter(pk__in=keys[start : start + 500]).update(reviewed_inside=True)


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0007_agreement_keeps_its_licence"),
        ("organisations", "0003_approve_existing_structures"),
    ]
    operations = [
        migrations.AddField(
            model_name="practiceversion",
            name="reviewed_inside",
            field=models.BooleanField(default=False, verbose_name="relue par quelqu’un de ce qui la porte"),
        ),
        migrations.RunPython(say_who_bears, migrations.RunPython.noop),
    ]
