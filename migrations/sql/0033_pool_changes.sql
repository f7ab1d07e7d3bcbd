-- In which transaction a work profile last changed in what matters to matching. A process that keeps profiles in memory
-- reads what was changed in transactions that its last look could not have seen: however long these took, and whatever
-- the clocks of those who wrote. Frozen with migration 0033.

ALTER TABLE work_profiles ADD COLUMN changed_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX ix_work_profiles_changed_in ON work_profiles (changed_in);
DROP INDEX ix_work_profiles_changed_at;

CREATE FUNCTION work_profile_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION work_profile_changed() FROM PUBLIC;
CREATE TRIGGER changed_in_insert BEFORE INSERT ON work_profiles
    FOR EACH ROW EXECUTE FUNCTION work_profile_changed();
CREATE TRIGGER changed_in_update BEFORE UPDATE ON work_profiles
    FOR EACH ROW WHEN ((OLD.sealed, OLD.visible, OLD.allowed_from, OLD.allowed_until, OLD.sure, OLD.names_work)
        IS DISTINCT FROM (NEW.sealed, NEW.visible, NEW.allowed_from, NEW.allowed_until, NEW.sure, NEW.names_work))
    EXECUTE FUNCTION work_profile_changed();
