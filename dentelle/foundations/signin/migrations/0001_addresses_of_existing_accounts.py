from django.db import migrations


def confirm_existing(apps, schema_editor):
    """Accounts opened before were opened by whoever runs the installation: their address is confirmed."""
    user, address = apps.get_model("accounts", "User"), apps.get_model("account", "EmailAddress")
    known = set(address.objects.values_list("user_id", flat=True))
    address.objects.bulk_create(
        [
            address(user_id=pk, email=email, verified=True, primary=True)
            for pk, email in user.objects.values_list("pk", "email")
            if pk not in known
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [migrations.RunPython(confirm_existing, migrations.RunPython.noop)]
