import django.contrib.postgres.constraints
from django.db import migrations, models

# A seat is what its appointment and its delegate say, whoever writes to which of the three. The shared locks make a
# seat that is being written wait for a change of its appointment or delegate, and the other way round.
FOLLOW = """
CREATE FUNCTION public.puente_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT tstzrange(a.starts_at, a.ends_at), NOT a.tentative AND a.status NOT IN ('cancelled', 'no_show')
    INTO NEW.during, NEW.blocks FROM public.missions_appointment a WHERE a.id = NEW.appointment_id FOR SHARE;
  SELECT d.person INTO NEW.person FROM public.missions_delegate d WHERE d.id = NEW.delegate_id FOR SHARE;
  NEW.blocks := coalesce(NEW.blocks, false);
  NEW.person := coalesce(NEW.person, '');
  RETURN NEW;
END $$;

CREATE FUNCTION public.puente_seats_of_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.missions_seat SET appointment_id = appointment_id WHERE appointment_id = NEW.id;
  RETURN NULL;
END $$;

-- Two delegates turn out to be one person. Both appointments were promised, so both stay: the ones of this delegate
-- are marked as tentative, and a person decides.
CREATE FUNCTION public.puente_seats_of_delegate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE seat record;
BEGIN
  FOR seat IN SELECT id, appointment_id FROM public.missions_seat WHERE delegate_id = NEW.id ORDER BY id LOOP
    BEGIN
      UPDATE public.missions_seat SET delegate_id = delegate_id WHERE id = seat.id;
    EXCEPTION WHEN exclusion_violation THEN
      UPDATE public.missions_appointment SET tentative = true, version = version + 1 WHERE id = seat.appointment_id;
      UPDATE public.missions_seat SET delegate_id = delegate_id WHERE id = seat.id;
    END;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER seat_follows BEFORE INSERT OR UPDATE ON missions_seat
  FOR EACH ROW EXECUTE FUNCTION public.puente_seat();
CREATE TRIGGER seats_follow AFTER UPDATE ON missions_appointment FOR EACH ROW
  WHEN (OLD.starts_at IS DISTINCT FROM NEW.starts_at OR OLD.ends_at IS DISTINCT FROM NEW.ends_at
    OR OLD.status IS DISTINCT FROM NEW.status OR OLD.tentative IS DISTINCT FROM NEW.tentative)
  EXECUTE FUNCTION public.puente_seats_of_appointment();
CREATE TRIGGER seats_follow AFTER UPDATE ON missions_delegate FOR EACH ROW
  WHEN (OLD.person IS DISTINCT FROM NEW.person)
  EXECUTE FUNCTION public.puente_seats_of_delegate();
"""
UNFOLLOW = """
DROP TRIGGER seats_follow ON missions_delegate;
DROP TRIGGER seats_follow ON missions_appointment;
DROP TRIGGER seat_follows ON missions_seat;
DROP FUNCTION public.puente_seats_of_delegate();
DROP FUNCTION public.puente_seats_of_appointment();
DROP FUNCTION public.puente_seat();
"""
# What lies over an earlier one today was promised all the same.
SETTLE = """
UPDATE missions_appointment SET tentative = true WHERE id IN (
  SELECT b.id
  FROM missions_appointment a JOIN missions_seat sa ON sa.appointment_id = a.id
  JOIN missions_delegate da ON da.id = sa.delegate_id JOIN missions_delegate db ON db.person = da.person
  JOIN missions_seat sb ON sb.delegate_id = db.id JOIN missions_appointment b ON b.id = sb.appointment_id
  WHERE a.id < b.id AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
  AND a.status NOT IN ('cancelled', 'no_show') AND b.status NOT IN ('cancelled', 'no_show'));
UPDATE missions_seat SET appointment_id = appointment_id;
-- What is checked at the end of a transaction would stand in the way of the constraint.
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("missions", "0005_nobody_in_two_places")]

    operations = [
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="seat",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("blocks", True)),
                expressions=[("person", "="), ("during", "&&")],
                name="nobody_is_in_two_places",
            ),
        ),
    ]
