from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0007_search_notes")]

    operations = [
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                fields=["due_on"],
                include=["state", "closed_at"],
                name="follow_ups_kept_in_time",
                condition=models.Q(("waiting_for", ""), models.Q(("state", "cancelled"), _negated=True)),
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["qualified_on"],
                name="qualified_leads",
                condition=models.Q(("qualified_on__isnull", False)),
            ),
        ),
    ]
