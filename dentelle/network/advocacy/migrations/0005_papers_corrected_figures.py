import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("advocacy", "0004_ideas_reopened")]

    operations = [
        migrations.AddField(
            model_name="figure",
            name="replaced_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="replaces",
                to="advocacy.figure",
                verbose_name="corrigé par",
            ),
        ),
    ]
