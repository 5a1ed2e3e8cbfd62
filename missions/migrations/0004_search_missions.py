import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('missions', '0003_attendees_of_missions'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='mission',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.Func(models.F('name'), function='puente_fold', output_field=models.TextField()), name='gin_trgm_ops'), name='mission_search'),
        ),
    ]
