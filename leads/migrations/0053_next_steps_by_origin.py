from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0052_cleared_by_a_person")]

    operations = [
        migrations.RemoveIndex(model_name="followup", name="next_step_of_a_lead"),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                fields=["lead", "due_on"],
                include=["origin"],
                name="next_step_of_a_lead",
                condition=models.Q(("state", "open")),
            ),
        ),
    ]
