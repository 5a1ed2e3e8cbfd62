from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0034_yearly_verifications")]

    operations = [
        migrations.RemoveIndex(model_name="lead", name="qualified_leads"),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["qualified_on"],
                include=["level", "involvement", "status", "parent", "id"],
                name="opportunities_of_a_period",
                condition=models.Q(("qualified_on__isnull", False)),
            ),
        ),
    ]
