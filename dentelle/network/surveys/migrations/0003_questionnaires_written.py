import dentelle.network.surveys.models
from django.db import migrations, models


def publish_known(apps, schema_editor):
    """What was there before drafts were could be asked at once: it is published since it was made."""
    questionnaires = apps.get_model("surveys", "Questionnaire")
    questionnaires.objects.filter(published_at=None).update(published_at=models.F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0002_sent_answers_stand"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="question",
            name="question_kind_known",
        ),
        migrations.AddField(
            model_name="question",
            name="unit",
            field=models.CharField(blank=True, max_length=20, verbose_name="unité"),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="published_at",
            field=models.DateTimeField(null=True, verbose_name="publié le"),
        ),
        migrations.AlterField(
            model_name="question",
            name="kind",
            field=models.CharField(
                choices=[
                    ("line", "une ligne"),
                    ("text", "un texte"),
                    ("whole", "un nombre entier"),
                    ("decimal", "un nombre à virgule"),
                    ("money", "un montant"),
                    ("day", "une date"),
                    ("yes_no", "oui ou non"),
                    ("choice", "un choix"),
                    ("choices", "plusieurs choix"),
                ],
                max_length=10,
                verbose_name="nature",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="options",
            field=dentelle.network.surveys.models.OptionsField(default=dict, verbose_name="réponses possibles"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["line", "text", "whole", "decimal", "money", "day", "yes_no", "choice", "choices"])
                ),
                name="question_kind_known",
            ),
        ),
        migrations.RunPython(publish_known, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="questionnaire",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at", None)),
                fields=("network", "code"),
                name="one_draft_per_questionnaire",
            ),
        ),
    ]
