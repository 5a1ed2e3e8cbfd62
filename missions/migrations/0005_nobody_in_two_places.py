import django.contrib.postgres.fields.ranges
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Who a delegate is, whatever mission they travel with: their account, or else their name with its organisation.
PERSON = """
CREATE FUNCTION public.puente_person(account bigint, name text, organisation bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN account IS NOT NULL THEN 'account ' || account::text
    ELSE public.puente_fold(name) || ' of ' || coalesce(organisation, 0)::text END
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('missions', '0004_search_missions'),
    ]

    operations = [
        migrations.RunSQL(PERSON, "DROP FUNCTION public.puente_person(bigint, text, bigint);"),
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
        pgtrigger.migrations.RemoveTrigger(
            model_name='delegate',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='seat',
            name='update_update',
        ),
        migrations.AddField(
            model_name='appointment',
            name='tentative',
            field=models.BooleanField(default=False, help_text='A tentative one may lie over another of the same person.', verbose_name='tentative'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='updated_at',
            field=models.DateTimeField(auto_now=True, verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='appointmentevent',
            name='tentative',
            field=models.BooleanField(default=False, help_text='A tentative one may lie over another of the same person.', verbose_name='tentative'),
        ),
        migrations.AddField(
            model_name='delegate',
            name='person',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('user'), models.F('name'), models.F('organisation'), function='puente_person'), output_field=models.TextField()),
        ),
        migrations.AddField(
            model_name='seat',
            name='blocks',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='seat',
            name='during',
            field=django.contrib.postgres.fields.ranges.DateTimeRangeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='seat',
            name='person',
            field=models.TextField(default='', editable=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "missions_appointmentevent" ("address", "company_id", "created_at", "event_id", "id", "level", "local_end", "local_start", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "priority", "purpose", "status", "stop_id", "target_id", "tentative", "zone") VALUES (NEW."address", NEW."company_id", NEW."created_at", NEW."event_id", NEW."id", NEW."level", NEW."local_end", NEW."local_start", NEW."mission_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."priority", NEW."purpose", NEW."status", NEW."stop_id", NEW."target_id", NEW."tentative", NEW."zone"); RETURN NULL;', hash='64bc4504ea4ca70d9ab7d67bca82b8993669f21e', operation='INSERT', pgid='pgtrigger_insert_insert_4375a', table='missions_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."event_id" IS DISTINCT FROM (NEW."event_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."local_end" IS DISTINCT FROM (NEW."local_end") OR OLD."local_start" IS DISTINCT FROM (NEW."local_start") OR OLD."mission_id" IS DISTINCT FROM (NEW."mission_id") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."stop_id" IS DISTINCT FROM (NEW."stop_id") OR OLD."target_id" IS DISTINCT FROM (NEW."target_id") OR OLD."tentative" IS DISTINCT FROM (NEW."tentative") OR OLD."zone" IS DISTINCT FROM (NEW."zone"))', func='INSERT INTO "missions_appointmentevent" ("address", "company_id", "created_at", "event_id", "id", "level", "local_end", "local_start", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "priority", "purpose", "status", "stop_id", "target_id", "tentative", "zone") VALUES (NEW."address", NEW."company_id", NEW."created_at", NEW."event_id", NEW."id", NEW."level", NEW."local_end", NEW."local_start", NEW."mission_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."priority", NEW."purpose", NEW."status", NEW."stop_id", NEW."target_id", NEW."tentative", NEW."zone"); RETURN NULL;', hash='7e97e6305a66995ea4c0b9251a5d67f86118cf72', operation='UPDATE', pgid='pgtrigger_update_update_0690b', table='missions_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "missions_appointmentevent" ("address", "company_id", "created_at", "event_id", "id", "level", "local_end", "local_start", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "priority", "purpose", "status", "stop_id", "target_id", "tentative", "zone") VALUES (OLD."address", OLD."company_id", OLD."created_at", OLD."event_id", OLD."id", OLD."level", OLD."local_end", OLD."local_start", OLD."mission_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."priority", OLD."purpose", OLD."status", OLD."stop_id", OLD."target_id", OLD."tentative", OLD."zone"); RETURN NULL;', hash='9ebb01237362c774e976c0e8088f6ce0e9e5f3f1', operation='DELETE', pgid='pgtrigger_delete_delete_9eb8f', table='missions_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegate',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."arrives_on" IS DISTINCT FROM (NEW."arrives_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."languages" IS DISTINCT FROM (NEW."languages") OR OLD."leaves_on" IS DISTINCT FROM (NEW."leaves_on") OR OLD."mission_id" IS DISTINCT FROM (NEW."mission_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))', func='INSERT INTO "missions_delegateevent" ("arrives_on", "id", "languages", "leaves_on", "mission_id", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."arrives_on", NEW."id", NEW."languages", NEW."leaves_on", NEW."mission_id", NEW."name", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;', hash='2d01ca6a202ce35aef5b49e0cfe78d3e541a3708', operation='UPDATE', pgid='pgtrigger_update_update_7c2c7', table='missions_delegate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seat',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."appointment_id" IS DISTINCT FROM (NEW."appointment_id") OR OLD."delegate_id" IS DISTINCT FROM (NEW."delegate_id") OR OLD."id" IS DISTINCT FROM (NEW."id"))', func='INSERT INTO "missions_seatevent" ("appointment_id", "delegate_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."appointment_id", NEW."delegate_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='76f252628857be038b013bcf855c61d66a558dba', operation='UPDATE', pgid='pgtrigger_update_update_fe608', table='missions_seat', when='AFTER')),
        ),
    ]
