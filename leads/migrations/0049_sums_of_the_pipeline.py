from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0048_where_leads_are_looked_at")]

    operations = [
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["stage"],
                include=[
                    *("level", "involvement", "status", "parent", "owner", "team", "operational_on"),
                    *("capex_estimate_usd", "jobs_estimate", "id"),
                ],
                name="pipeline_in_sums",
                condition=models.Q(("status__in", ("active", "on_hold", "delayed", "dormant", "won"))),
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("level", "open"), _negated=True), fields=["id"], name="restricted_leads"
            ),
        ),
    ]
