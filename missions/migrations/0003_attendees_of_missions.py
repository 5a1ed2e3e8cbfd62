import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0006_imports'),
        ('missions', '0002_files_of_missions'),
    ]

    operations = [
        migrations.CreateModel(
            name='AttendeeImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='missions.mission', verbose_name='mission')),
                ('of', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='attendees_of', to='companies.import', verbose_name='import')),
            ],
            options={
                'verbose_name': 'import of attendees',
                'verbose_name_plural': 'imports of attendees',
            },
        ),
    ]
