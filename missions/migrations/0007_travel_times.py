
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0010_exports'),
        ('missions', '0006_seats_follow_their_appointment'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='TravelTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('one', models.CharField(max_length=120, verbose_name='from')),
                ('other', models.CharField(max_length=120, verbose_name='to')),
                ('minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(2880)], verbose_name='minutes')),
            ],
            options={
                'verbose_name': 'travel time',
                'verbose_name_plural': 'travel times',
                'ordering': ['one', 'other'],
            },
        ),
        migrations.CreateModel(
            name='TravelTimeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('one', models.CharField(max_length=120, verbose_name='from')),
                ('other', models.CharField(max_length=120, verbose_name='to')),
                ('minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(2880)], verbose_name='minutes')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='appointment',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='appointment',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='appointment',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='appointment',
            name='town',
            field=models.CharField(blank=True, help_text='Where it is within the stop, such as Palo Alto; travel is reckoned from town to town.', max_length=120, verbose_name='town or district'),
        ),
        migrations.AddField(
            model_name='appointmentevent',
            name='town',
            field=models.CharField(blank=True, help_text='Where it is within the stop, such as Palo Alto; travel is reckoned from town to town.', max_length=120, verbose_name='town or district'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['mission', 'local_start'], name='agenda_of_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "missions_appointmentevent" ("address", "company_id", "created_at", "event_id", "id", "level", "local_end", "local_start", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "priority", "purpose", "status", "stop_id", "target_id", "tentative", "town", "zone") VALUES (NEW."address", NEW."company_id", NEW."created_at", NEW."event_id", NEW."id", NEW."level", NEW."local_end", NEW."local_start", NEW."mission_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."priority", NEW."purpose", NEW."status", NEW."stop_id", NEW."target_id", NEW."tentative", NEW."town", NEW."zone"); RETURN NULL;', hash='4d1c8c6f5e401078e0cf0ca230d4473ba14e3def', operation='INSERT', pgid='pgtrigger_insert_insert_4375a', table='missions_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."event_id" IS DISTINCT FROM (NEW."event_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."local_end" IS DISTINCT FROM (NEW."local_end") OR OLD."local_start" IS DISTINCT FROM (NEW."local_start") OR OLD."mission_id" IS DISTINCT FROM (NEW."mission_id") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."stop_id" IS DISTINCT FROM (NEW."stop_id") OR OLD."target_id" IS DISTINCT FROM (NEW."target_id") OR OLD."tentative" IS DISTINCT FROM (NEW."tentative") OR OLD."town" IS DISTINCT FROM (NEW."town") OR OLD."zone" IS DISTINCT FROM (NEW."zone"))', func='INSERT INTO "missions_appointmentevent" ("address", "company_id", "created_at", "event_id", "id", "level", "local_end", "local_start", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "priority", "purpose", "status", "stop_id", "target_id", "tentative", "town", "zone") VALUES (NEW."address", NEW."company_id", NEW."created_at", NEW."event_id", NEW."id", NEW."level", NEW."local_end", NEW."local_start", NEW."mission_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."priority", NEW."purpose", NEW."status", NEW."stop_id", NEW."target_id", NEW."tentative", NEW."town", NEW."zone"); RETURN NULL;', hash='e1afd94f2a3f2b2d474c4a0bb4a180bf93fd64c8', operation='UPDATE', pgid='pgtrigger_update_update_0690b', table='missions_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "missions_appointmentevent" ("address", "company_id", "created_at", "event_id", "id", "level", "local_end", "local_start", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "priority", "purpose", "status", "stop_id", "target_id", "tentative", "town", "zone") VALUES (OLD."address", OLD."company_id", OLD."created_at", OLD."event_id", OLD."id", OLD."level", OLD."local_end", OLD."local_start", OLD."mission_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."priority", OLD."purpose", OLD."status", OLD."stop_id", OLD."target_id", OLD."tentative", OLD."town", OLD."zone"); RETURN NULL;', hash='0f707eafd8b6249c0ca935327a369445353bdb06', operation='DELETE', pgid='pgtrigger_delete_delete_9eb8f', table='missions_appointment', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='traveltime',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Least(models.Func(models.F('one'), function='puente_fold', output_field=models.TextField()), models.Func(models.F('other'), function='puente_fold', output_field=models.TextField())), django.db.models.functions.comparison.Greatest(models.Func(models.F('one'), function='puente_fold', output_field=models.TextField()), models.Func(models.F('other'), function='puente_fold', output_field=models.TextField())), name='one_travel_time_a_pair', violation_error_message='The time between these two is written down already.'),
        ),
        migrations.AddConstraint(
            model_name='traveltime',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__lte', 2880)), name='travel_takes_two_days_at_most'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='traveltime',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "missions_traveltimeevent" ("id", "minutes", "one", "other", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."minutes", NEW."one", NEW."other", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='70ed9fba5f9147d453e5bd9b5f611fb440ebc5e0', operation='INSERT', pgid='pgtrigger_insert_insert_829b6', table='missions_traveltime', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='traveltime',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "missions_traveltimeevent" ("id", "minutes", "one", "other", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."minutes", NEW."one", NEW."other", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='fb92ce8c02fc9577a98ee592f02a852384097fbe', operation='UPDATE', pgid='pgtrigger_update_update_7f647', table='missions_traveltime', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='traveltime',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "missions_traveltimeevent" ("id", "minutes", "one", "other", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."minutes", OLD."one", OLD."other", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='11a9245d2a183a635dc4a6fc3e294241ea834ba9', operation='DELETE', pgid='pgtrigger_delete_delete_a5c4f', table='missions_traveltime', when='AFTER')),
        ),
        migrations.AddField(
            model_name='traveltimeevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='traveltimeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history_rows', to='missions.traveltime'),
        ),
    ]
