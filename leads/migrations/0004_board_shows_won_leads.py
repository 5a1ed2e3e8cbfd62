from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0003_reminders_raised")]

    operations = [
        migrations.RemoveIndex(model_name="lead", name="board_by_stage"),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["stage", "stage_since", "id"],
                name="board_by_stage",
                condition=models.Q(("status__in", ["active", "on_hold", "delayed", "dormant", "won"])),
            ),
        ),
    ]
