-- Consents: their scope, their current state, kept true here, and the very texts that were shown. Frozen with
-- migration 0018.

-- New columns may be NULL: links written before keep their digests.
ALTER TABLE consent_events
    ADD COLUMN scope VARCHAR(40),
    ADD COLUMN witness_id UUID,
    ADD COLUMN reason VARCHAR(20),
    ADD CONSTRAINT ck_consent_events_expression CHECK (expression IN ('guardian', 'tap', 'witnessed')),
    ADD CONSTRAINT ck_consent_events_delegate CHECK (expression <> 'guardian' OR delegate_id IS NOT NULL),
    ADD CONSTRAINT ck_consent_events_witness CHECK (expression <> 'witnessed' OR witness_id IS NOT NULL),
    ADD CONSTRAINT ck_consent_events_expiry CHECK (expires_at IS NOT NULL);

-- What was shown, by the hash that the ledger keeps of it.
CREATE TABLE consent_notices (
    sha256 BYTEA NOT NULL,
    language VARCHAR(12) NOT NULL,
    shown TEXT NOT NULL,
    first_shown_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_consent_notices PRIMARY KEY (sha256),
    CONSTRAINT ck_consent_notices_hash CHECK (sha256 = sha256(convert_to(shown, 'UTF8')))
);

-- Where each person's newest consent for a purpose and scope stands; '' is no scope. Only the ledger writes it.
CREATE TABLE consent_states (
    person_id UUID NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    scope VARCHAR(40) NOT NULL,
    consent_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    status VARCHAR(12) NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_consent_states PRIMARY KEY (person_id, purpose, scope)
);
CREATE UNIQUE INDEX uq_consent_states_consent_id ON consent_states (consent_id);
CREATE INDEX ix_consent_states_open ON consent_states (expires_at) WHERE status IN ('given', 'renewed', 'requested');

-- What a person agreed to: none of it changes after *given*.
CREATE FUNCTION consent_terms(link consent_events) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
    SELECT to_jsonb(link) - '{seq,at,status,notice_language,notice_sha256,channel,expression,delegate_id,witness_id,
        reason,expires_at,previous,digest}'::text[]
$$;

-- The state machine (app/domain/consents/status.py), held at each link: whoever writes the ledger cannot leave it.
-- It runs as the owner, since the application may not touch the states. The row's lock serialises withdrawal and use.
CREATE FUNCTION consent_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
DECLARE
    state consent_states;
    before consent_events;
BEGIN
    SELECT * INTO state FROM consent_states
    WHERE (person_id, purpose, scope) = (NEW.person_id, NEW.purpose, coalesce(NEW.scope, '')) FOR NO KEY UPDATE;
    IF NEW.status = 'requested' THEN
        IF state.status IN ('requested', 'given', 'renewed')
            OR EXISTS (SELECT FROM consent_events WHERE consent_id = NEW.consent_id AND seq < NEW.seq) THEN
            RAISE EXCEPTION 'a consent for this is open' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'consent_follows';
        END IF;
    ELSE
        IF state.consent_id IS DISTINCT FROM NEW.consent_id OR NEW.at < state.since OR NOT (CASE state.status
            WHEN 'requested' THEN NEW.status IN ('given', 'refused', 'invalidated')
            WHEN 'given' THEN NEW.status IN ('renewed', 'withdrawn', 'revoked', 'expired')
            WHEN 'renewed' THEN NEW.status IN ('renewed', 'withdrawn', 'revoked', 'expired')
            ELSE false END)
            OR (NEW.status IN ('given', 'renewed') AND (NEW.expires_at <= NEW.at OR NEW.at >= state.expires_at))
            OR (NEW.status = 'expired' AND NEW.at < state.expires_at) THEN
            RAISE EXCEPTION '% cannot follow %', NEW.status, state.status USING ERRCODE = 'check_violation',
                CONSTRAINT = 'consent_follows';
        END IF;
        SELECT * INTO before FROM consent_events WHERE person_id = NEW.person_id AND seq = state.seq;
        IF state.status <> 'requested' AND (consent_terms(before) <> consent_terms(NEW)
            OR (NEW.status <> 'renewed' AND NEW.expires_at <> before.expires_at)) THEN
            RAISE EXCEPTION 'terms never change after given' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'consent_terms';
        END IF;
    END IF;
    INSERT INTO consent_states (person_id, purpose, scope, consent_id, seq, status, since, expires_at)
    VALUES (NEW.person_id, NEW.purpose, coalesce(NEW.scope, ''), NEW.consent_id, NEW.seq, NEW.status, NEW.at,
        NEW.expires_at)
    ON CONFLICT (person_id, purpose, scope) DO UPDATE SET consent_id = excluded.consent_id, seq = excluded.seq,
        status = excluded.status, since = excluded.since, expires_at = excluded.expires_at;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION consent_follows() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION consent_terms(consent_events) FROM PUBLIC;
CREATE TRIGGER follows AFTER INSERT ON consent_events FOR EACH ROW EXECUTE FUNCTION consent_follows();

-- The state of one consent, locked against its end until the transaction of its use is over. To lock a row one has to
-- be able to change it, which the application may not. Not FOR SHARE: uses that follow each other closely would share
-- the lock among themselves for ever, and a withdrawal could wait for ever.
CREATE FUNCTION consent_ground(person uuid, for_purpose text, for_scope text) RETURNS SETOF consent_states
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT * FROM consent_states
    WHERE person_id = person AND purpose = for_purpose AND scope = for_scope FOR NO KEY UPDATE
$$;
REVOKE EXECUTE ON FUNCTION consent_ground(uuid, text, text) FROM PUBLIC;

-- States that are not what the ledger, played again, comes to. Empty when they are.
CREATE FUNCTION broken_consent_states() RETURNS TABLE (person_id uuid, purpose text, fault text)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    WITH newest AS (
        SELECT DISTINCT ON (person_id, purpose, coalesce(scope, '')) *, coalesce(scope, '') AS of
        FROM consent_events ORDER BY person_id, purpose, coalesce(scope, ''), seq DESC
    )
    SELECT coalesce(s.person_id, n.person_id), coalesce(s.purpose, n.purpose), CASE
        WHEN n.person_id IS NULL THEN 'stands in no ledger' WHEN s.person_id IS NULL THEN 'is missing'
        ELSE 'differs from the ledger' END
    FROM newest n FULL JOIN consent_states s
        ON (s.person_id, s.purpose, s.scope) = (n.person_id, n.purpose, n.of)
    WHERE (s.consent_id, s.seq, s.status, s.since, s.expires_at)
        IS DISTINCT FROM (n.consent_id, n.seq, n.status, n.at, n.expires_at)
    UNION ALL
    SELECT person_id, purpose, status || ' cannot follow ' || coalesce(was, 'nothing') FROM (
        SELECT person_id, purpose, status, lag(status) OVER (PARTITION BY consent_id ORDER BY seq) AS was
        FROM consent_events) AS links
    WHERE NOT CASE
        WHEN was IS NULL THEN status = 'requested'
        WHEN was = 'requested' THEN status IN ('given', 'refused', 'invalidated')
        WHEN was IN ('given', 'renewed') THEN status IN ('renewed', 'withdrawn', 'revoked', 'expired')
        ELSE false END
$$;

-- What signs receipts. The public parts stay for as long as somebody may show a receipt: for good.
CREATE TABLE receipt_keys (
    kid VARCHAR(43) NOT NULL,
    public_jwk JSONB NOT NULL,
    private_sealed BYTEA,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_receipt_keys PRIMARY KEY (kid)
);
GRANT SELECT, INSERT, UPDATE (private_sealed) ON receipt_keys TO __APP_ROLE__;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_notices
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON consent_notices TO __APP_ROLE__;
GRANT SELECT ON consent_states TO __APP_ROLE__;
GRANT EXECUTE ON FUNCTION consent_ground(uuid, text, text) TO __APP_ROLE__;
