-- What officers wrote of people ends. Frozen with migration 0038.

-- About whom a request was is kept until it is over, and what an officer wrote by the region's term: nothing else changes.
ALTER TABLE lawful_requests ALTER COLUMN subject_sealed DROP NOT NULL;
GRANT UPDATE (subject_sealed) ON lawful_requests TO __APP_ROLE__;
DROP TRIGGER append_only ON exchange_uses;
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON exchange_uses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER forgets_only BEFORE UPDATE ON exchange_uses FOR EACH ROW
    WHEN (NEW.reason_sealed IS NOT NULL
        OR to_jsonb(NEW) - 'reason_sealed' IS DISTINCT FROM to_jsonb(OLD) - 'reason_sealed')
    EXECUTE FUNCTION refuse_change();
GRANT UPDATE (reason_sealed) ON exchange_uses TO __APP_ROLE__;
CREATE INDEX ix_exchange_uses_reasons ON exchange_uses (at) WHERE reason_sealed IS NOT NULL;
GRANT DELETE ON companies TO __APP_ROLE__;
