from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from companies.models.folding import folded


class Migration(migrations.Migration):
    """Title and code name folded once, not again for every lead that the search looks at."""

    dependencies = [("leads", "0028_follow_ups_in_time")]
    operations = [
        migrations.RemoveIndex("lead", "lead_search"),
        migrations.AddField("lead", "folded", folded("title", "code_name")),
        migrations.AddIndex("lead", GinIndex(fields=["folded"], name="lead_search", opclasses=["gin_trgm_ops"])),
    ]
