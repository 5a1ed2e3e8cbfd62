from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

IN_TIME = "UPDATE leads_followup SET in_time = true WHERE state = 'done' AND (closed_at AT TIME ZONE %s)::date <= due_on"


class Migration(migrations.Migration):
    """What figures count of follow-ups, out of an index alone: that it was done in time, whose it is while it is open."""

    dependencies = [("leads", "0027_mails_that_come_in")]
    operations = [
        migrations.RemoveIndex("followup", "follow_ups_kept_in_time"),
        migrations.RemoveIndex("followup", "open_follow_ups_by_day"),
        migrations.AddField(
            "followup", "in_time", models.BooleanField(default=False, editable=False, verbose_name="done in time")
        ),
        migrations.RunSQL([(IN_TIME, [settings.AGENCY_ZONE])], migrations.RunSQL.noop),
        migrations.AddIndex(
            "followup",
            models.Index(
                fields=["due_on"],
                include=["in_time"],
                name="follow_ups_kept_in_time",
                condition=Q(waiting_for="") & ~Q(state="cancelled"),
            ),
        ),
        migrations.AddIndex(
            "followup",
            models.Index(
                fields=["due_on", "id"],
                include=["owner", "waiting_for"],
                name="open_follow_ups_by_day",
                condition=Q(state="open"),
            ),
        ),
        migrations.AddConstraint(
            "followup",
            models.CheckConstraint(condition=Q(in_time=False) | Q(state="done"), name="only_what_is_done_was_in_time"),
        ),
    ]
