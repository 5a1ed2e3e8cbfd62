from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("companies", "0018_privacy_notices")]

    operations = [
        migrations.RemoveIndex(model_name="contactpoint", name="contact_point_by_mail_domain"),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(
                OpClass(
                    models.Func(
                        models.F("value"),
                        models.Value("@"),
                        models.Value(2),
                        function="split_part",
                        output_field=models.TextField(),
                    ),
                    name="text_pattern_ops",
                ),
                name="contact_point_by_domain",
                condition=models.Q(("kind", "email")),
            ),
        ),
    ]
