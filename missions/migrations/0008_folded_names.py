from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from companies.models.folding import folded


class Migration(migrations.Migration):
    """The name folded once, not again for every mission that the search looks at."""

    dependencies = [("missions", "0007_travel_times"), ("companies", "0001_folding")]
    operations = [
        migrations.RemoveIndex("mission", "mission_search"),
        migrations.AddField("mission", "folded", folded("name")),
        migrations.AddIndex("mission", GinIndex(fields=["folded"], name="mission_search", opclasses=["gin_trgm_ops"])),
    ]
