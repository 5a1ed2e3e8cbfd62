from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0004_board_shows_won_leads")]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="seen"),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["person", "-due_at", "-id"], name="inbox_of_a_person"),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("seen_at", None)), fields=["person", "-due_at"], name="unseen_reminders"
            ),
        ),
    ]
