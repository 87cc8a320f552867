from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("advocacy", "0005_papers_corrected_figures")]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="to_reread",
            field=models.JSONField(default=list, verbose_name="phrases à relire"),
        ),
    ]
