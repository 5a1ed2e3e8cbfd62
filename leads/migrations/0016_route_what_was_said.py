from django.db import migrations


class Migration(migrations.Migration):
    """What was said, or is on its way, by mail needs no other way any more."""

    dependencies = [("leads", "0015_channels")]

    operations = [
        migrations.RunSQL(
            "UPDATE leads_reminder SET routed_at = created_at WHERE state <> 'due'"
            " OR EXISTS (SELECT FROM leads_deliveryitem WHERE reminder_id = leads_reminder.id)",
            migrations.RunSQL.noop,
        ),
    ]
