-- Who passes what another asked for is let in by two people. Frozen with migration 0036.

-- `second_digest` is of the half that whoever confirmed an invitation was shown: without it the first half opens nothing.
ALTER TABLE enrolments ADD COLUMN made_at TIMESTAMP WITH TIME ZONE, ADD COLUMN confirmed_by UUID,
    ADD COLUMN second_digest BYTEA, ADD COLUMN needs_second BOOLEAN;
-- What one person has invited of these must be invited anew.
DELETE FROM enrolments e USING accounts a
WHERE a.id = e.account_id AND a.role IN ('region_operator', 'auditor') AND e.made_by IS NOT NULL;
UPDATE enrolments SET made_at = expires_at - interval '3 days', needs_second = false;
ALTER TABLE enrolments ALTER COLUMN made_at SET NOT NULL, ALTER COLUMN needs_second SET NOT NULL,
    ADD CONSTRAINT ck_enrolments_two_people CHECK (
        (confirmed_by IS NULL) = (second_digest IS NULL) AND (confirmed_by IS NULL OR needs_second)
        AND (needs_second IS FALSE OR made_by IS NOT NULL) AND confirmed_by <> made_by AND confirmed_by <> account_id);

-- Who did what with an account of staff. `by_id` NULL: the person themselves, or whoever has the server's shell.
CREATE TABLE staff_log (
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    account_id UUID NOT NULL,
    action VARCHAR(20) NOT NULL,
    by_id UUID,
    CONSTRAINT pk_staff_log PRIMARY KEY (id),
    CONSTRAINT ck_staff_log_action CHECK (action IN (
        'confirmed', 'deputy_ended', 'deputy_named', 'disabled', 'enrolled', 'invited', 'invited_again'))
);
CREATE INDEX ix_staff_log_at ON staff_log (at, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON staff_log TO __APP_ROLE__;
