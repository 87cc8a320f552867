from django.conf import settings
from django.db import migrations, models


# the stages of the press that networks took as drafts before a stage could be known
TITLES = ("Première étape, Hauts-de-France", "Deuxième étape, Nouvelle-Aquitaine")


def know_stages_of_the_press(apps, schema_editor):
    """Say that the stages taken from the press, untouched since, are known by it; run again, nothing more changes."""
    stages = apps.get_model("tour", "Stage").objects.filter(state="draft", title__in=TITLES, place="")
    stages.filter(tour__source__startswith="Localtis, septembre 2021").update(state="known")


def prepare_them_again(apps, schema_editor):
    """Take them back as drafts: before, no other state allows a stage that was not announced."""
    apps.get_model("tour", "Stage").objects.filter(state="known").update(state="draft")


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_approve_existing_structures"),
        ("tour", "0004_corrections_and_shared_mailboxes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="tour",
            name="synthesis_at",
            field=models.DateTimeField(null=True, verbose_name="synthèse publiée le"),
        ),
        migrations.RemoveConstraint(
            model_name="stage",
            name="stage_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="stage",
            name="announced_stage_has_its_day",
        ),
        migrations.RemoveConstraint(
            model_name="stagecorrection",
            name="stage_correction_kind_known",
        ),
        migrations.AddField(
            model_name="stagecorrection",
            name="withdrawn_on",
            field=models.DateField(null=True, verbose_name="mots retirés le"),
        ),
        migrations.AlterField(
            model_name="stage",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "en préparation"),
                    ("known", "connue par la presse"),
                    ("announced", "annoncée"),
                    ("held", "tenue"),
                    ("reported", "racontée"),
                    ("cancelled", "annulée"),
                ],
                default="draft",
                max_length=9,
                verbose_name="état",
            ),
        ),
        migrations.AlterField(
            model_name="stagecorrection",
            name="after",
            field=models.TextField(blank=True, verbose_name="ce qui l’est maintenant"),
        ),
        migrations.AlterField(
            model_name="stagecorrection",
            name="before",
            field=models.TextField(blank=True, verbose_name="ce qui était écrit"),
        ),
        migrations.AlterField(
            model_name="stagecorrection",
            name="what",
            field=models.CharField(
                choices=[
                    ("title", "titre"),
                    ("summary", "présentation"),
                    ("day", "jour"),
                    ("hours", "heures"),
                    ("place", "lieu"),
                    ("address", "adresse"),
                    ("host", "structure qui accueille"),
                    ("lessons", "ce que l’étape a appris"),
                    ("programme", "programme"),
                    ("finding", "constat"),
                ],
                max_length=9,
                verbose_name="nature",
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "known", "announced", "held", "reported", "cancelled"])),
                name="stage_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "known", "cancelled"]),
                    models.Q(("announced_at__isnull", False), ("day__isnull", False)),
                    _connector="OR",
                ),
                name="announced_stage_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagecorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "what__in",
                        [
                            "title",
                            "summary",
                            "day",
                            "hours",
                            "place",
                            "address",
                            "host",
                            "lessons",
                            "programme",
                            "finding",
                        ],
                    )
                ),
                name="stage_correction_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagecorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_on", None), models.Q(("after", ""), ("before", "")), _connector="OR"),
                name="withdrawn_correction_keeps_no_word",
            ),
        ),
        migrations.RunPython(know_stages_of_the_press, prepare_them_again),
    ]
