from django.db import migrations, models

LICENCES = {
    "etalab-2.0": "Licence Ouverte 2.0",
    "cc-by-4.0": "Creative Commons, attribution 4.0",
    "network": "Lecture dans le réseau seulement",
}


def say_what_was_agreed_to(apps, schema_editor):
    """By a link one agreed to « paraître dans le réseau », as its page said; elsewhere to the sheet as it was, licence read."""
    given = apps.get_model("practices", "SheetAgreement")._base_manager.filter(state="given").select_related("version")
    for one in given.iterator():
        one.licence = "network" if one.means == "link" else one.version.content.get("licence", "")
        one.save(update_fields=["licence"])


class Migration(migrations.Migration):
    dependencies = [("practices", "0006_trials_that_worked")]

    operations = [
        migrations.AddField(
            model_name="sheetagreement",
            name="licence",
            field=models.CharField(blank=True, choices=LICENCES, max_length=10, verbose_name="licence acceptée"),
        ),
        migrations.RunPython(say_what_was_agreed_to, migrations.RunPython.noop),
    ]
