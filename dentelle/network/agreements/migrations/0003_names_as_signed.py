from django.db import migrations, models

SIGNED_OR_PROPOSED = ("proposed", "signed", "ended", "terminated")


def keep_names(apps, schema_editor):
    """Keep what the parties are called today where people have signed or may: nothing tells what a record said before."""
    Party = apps.get_model("agreements", "Party")
    signing = Party.objects.filter(agreement__state__in=SIGNED_OR_PROPOSED, name="", organisation__isnull=False)
    for party in signing.select_related("organisation").iterator():
        party.name = party.organisation.name
        party.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0002_what_was_said"),
    ]

    operations = [
        migrations.AddField(
            model_name="party",
            name="former",
            field=models.JSONField(default=list, verbose_name="noms avant correction"),
        ),
        migrations.AlterField(
            model_name="party",
            name="name",
            field=models.CharField(blank=True, max_length=250, verbose_name="nom à la signature"),
        ),
        migrations.AddField(
            model_name="party",
            name="is_own",
            field=models.BooleanField(default=False, verbose_name="la structure elle-même"),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_own", False), models.Q(("side", "author"), ("structure__isnull", False)), _connector="OR"
                ),
                name="own_party_is_on_its_side",
            ),
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop),
    ]
