import django.contrib.postgres.indexes
import django.db.models.functions
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("leads", "0006_delivery_log")]

    operations = [
        migrations.AddIndex(
            model_name="interaction",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.Upper("note"), name="gin_trgm_ops"
                ),
                name="interaction_note_search",
            ),
        ),
    ]
