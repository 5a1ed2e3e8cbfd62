from django.db import migrations


class Migration(migrations.Migration):
    """Until now every manager could."""

    dependencies = [("staff", "0005_right_to_pass_gates")]

    operations = [
        migrations.RunSQL(
            "UPDATE staff_user SET may_override_gates = true WHERE role IN ('manager', 'administrator')",
            migrations.RunSQL.noop,
        )
    ]
