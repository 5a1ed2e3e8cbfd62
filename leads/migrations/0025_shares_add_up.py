from django.db import migrations

# Held at the end of the transaction, so that a reading and its shares may be written one after another.
SHARES = """
CREATE FUNCTION leads_check_shares(of_reading bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    told bigint;
    shared bigint;
BEGIN
    SELECT sum(jobs) INTO shared FROM leads_readingshare WHERE reading_id = of_reading;
    SELECT jobs INTO told FROM leads_reading WHERE id = of_reading;
    IF FOUND AND shared IS NOT NULL AND shared IS DISTINCT FROM told THEN
        RAISE EXCEPTION 'shares_add_up_to_the_jobs: those of reading % are % in all, and it says %', of_reading, shared, told
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_add_up_to_the_jobs';
    END IF;
END $$;

CREATE FUNCTION leads_share_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM leads_check_shares(OLD.reading_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM leads_check_shares(NEW.reading_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION leads_reading_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM leads_check_shares(NEW.id);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER shares_add_up_to_the_jobs
    AFTER INSERT OR UPDATE OR DELETE ON leads_readingshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION leads_share_changed();

CREATE CONSTRAINT TRIGGER shares_still_add_up_to_the_jobs
    AFTER UPDATE OF jobs ON leads_reading
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION leads_reading_changed();
"""
NO_SHARES = """
DROP TRIGGER shares_still_add_up_to_the_jobs ON leads_reading;
DROP TRIGGER shares_add_up_to_the_jobs ON leads_readingshare;
DROP FUNCTION leads_reading_changed();
DROP FUNCTION leads_share_changed();
DROP FUNCTION leads_check_shares(bigint);
"""

# One level: a project and its phases, each of which is counted with it.
PHASES = """
CREATE FUNCTION leads_check_phase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM leads_lead WHERE id = NEW.parent_id AND parent_id IS NOT NULL)
        OR EXISTS (SELECT FROM leads_lead WHERE parent_id = NEW.id)
    THEN
        RAISE EXCEPTION 'a_phase_has_no_phases: lead % cannot be a phase of lead %', NEW.id, NEW.parent_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_phase_has_no_phases';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER a_phase_has_no_phases
    AFTER INSERT OR UPDATE OF parent_id ON leads_lead
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION leads_check_phase();
"""
NO_PHASES = "DROP TRIGGER a_phase_has_no_phases ON leads_lead; DROP FUNCTION leads_check_phase();"


class Migration(migrations.Migration):

    dependencies = [("leads", "0024_forget_the_one_fdi_flag")]

    operations = [migrations.RunSQL(SHARES, NO_SHARES), migrations.RunSQL(PHASES, NO_PHASES)]
