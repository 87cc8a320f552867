from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("advocacy", "0006_sentences_to_reread"),
        ("governance", "0004_themes_taken_up_structures_by_name"),
        ("organisations", "0003_approve_existing_structures"),
    ]

    operations = [
        migrations.AddField(
            model_name="whitepaper",
            name="revision",
            field=models.PositiveIntegerField(default=1, verbose_name="révision"),
        ),
        migrations.AddField(
            model_name="call",
            name="revision",
            field=models.PositiveIntegerField(default=1, verbose_name="révision"),
        ),
        migrations.AddField(
            model_name="idea",
            name="revision",
            field=models.PositiveIntegerField(default=1, verbose_name="révision"),
        ),
        migrations.AddField(
            model_name="chapter",
            name="revision",
            field=models.PositiveIntegerField(default=1, verbose_name="révision"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="revision",
            field=models.PositiveIntegerField(default=1, verbose_name="révision"),
        ),
        migrations.AddField(
            model_name="figure",
            name="revision",
            field=models.PositiveIntegerField(default=1, verbose_name="révision"),
        ),
        migrations.RemoveConstraint(
            model_name="contributionnews",
            name="contribution_news_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="contributionnews",
            name="contribution_refused_says_why",
        ),
        migrations.RemoveConstraint(
            model_name="discussion",
            name="idea_discussed_once_per_session",
        ),
        migrations.AddField(
            model_name="discussion",
            name="taken_back_at",
            field=models.DateTimeField(null=True, verbose_name="retirée le"),
        ),
        migrations.AddField(
            model_name="discussion",
            name="taken_back_because",
            field=models.TextField(blank=True, max_length=1500, verbose_name="pourquoi elle est retirée"),
        ),
        migrations.AlterField(
            model_name="contributionnews",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sent", "envoyée"),
                    ("returned", "renvoyée à l’auteur"),
                    ("moderated", "reçue"),
                    ("grouped", "rangée dans une idée"),
                    ("discussed", "discutée"),
                    ("taken_back", "discussion notée par erreur"),
                    ("retained", "retenue"),
                    ("merged", "réunie à une autre idée"),
                    ("set_aside", "écartée"),
                    ("reopened", "décision reprise"),
                    ("cited", "citée"),
                    ("not_cited", "non citée"),
                    ("followed", "suite donnée à une proposition qui la cite"),
                ],
                max_length=10,
                verbose_name="nature",
            ),
        ),
        migrations.AddConstraint(
            model_name="contributionnews",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "sent",
                            "returned",
                            "moderated",
                            "grouped",
                            "discussed",
                            "taken_back",
                            "retained",
                            "merged",
                            "set_aside",
                            "reopened",
                            "cited",
                            "not_cited",
                            "followed",
                        ],
                    )
                ),
                name="contribution_news_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contributionnews",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["returned", "set_aside", "reopened", "taken_back"]), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="contribution_refused_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at", None)),
                fields=("idea", "session"),
                name="idea_discussed_once_per_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_back_at", None), ("taken_back_because", "")),
                    models.Q(("taken_back_at__isnull", False), models.Q(("taken_back_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="discussion_taken_back_says_why",
            ),
        ),
    ]
