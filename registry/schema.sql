-- The registry's own tables, in a database of its own. Run at each start: everything is made only if it is missing.
SELECT pg_advisory_xact_lock(20421);

CREATE TABLE IF NOT EXISTS subjects (
    source TEXT NOT NULL,
    subject UUID NOT NULL,
    applied BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (source, subject)
);

-- Every event that ever came, without its content once it is applied. A superseded one gave its number to a tombstone.
CREATE TABLE IF NOT EXISTS events (
    source TEXT NOT NULL,
    id UUID NOT NULL,
    subject UUID NOT NULL,
    seq BIGINT NOT NULL,
    digest BYTEA,
    act TEXT NOT NULL,
    purpose TEXT NOT NULL,
    scope TEXT NOT NULL,
    ground TEXT NOT NULL,
    consent UUID,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    sealed BYTEA,
    fault TEXT,
    state TEXT NOT NULL CHECK (state IN ('held', 'applied', 'rejected', 'superseded')),
    received_at TIMESTAMPTZ NOT NULL,
    applied_at TIMESTAMPTZ,
    PRIMARY KEY (source, id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_events_place ON events (source, subject, seq) WHERE state <> 'superseded';
CREATE INDEX IF NOT EXISTS ix_events_sealed ON events (source, consent) WHERE sealed IS NOT NULL;

-- What the registry holds of a person now.
CREATE TABLE IF NOT EXISTS records (
    source TEXT NOT NULL,
    subject UUID NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    seq BIGINT NOT NULL,
    event_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    scope TEXT NOT NULL,
    ground TEXT NOT NULL,
    consent UUID,
    sealed BYTEA NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (source, subject, kind, key)
);
CREATE INDEX IF NOT EXISTS ix_records_consent ON records (source, consent);
CREATE INDEX IF NOT EXISTS ix_records_kind ON records (kind);

CREATE TABLE IF NOT EXISTS erasures (
    source TEXT NOT NULL,
    event_id UUID NOT NULL,
    subject UUID NOT NULL,
    consent UUID NOT NULL,
    purpose TEXT NOT NULL,
    scope TEXT NOT NULL,
    seq BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    erased INTEGER NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    receipt TEXT,
    PRIMARY KEY (source, event_id)
);
CREATE INDEX IF NOT EXISTS ix_erasures_consent ON erasures (source, consent);
CREATE INDEX IF NOT EXISTS ix_erasures_open ON erasures (at) WHERE receipt IS NULL;

CREATE TABLE IF NOT EXISTS acknowledgements (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source TEXT NOT NULL,
    event_id UUID NOT NULL,
    subject UUID NOT NULL,
    seq BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('applied', 'rejected')),
    reason TEXT,
    receipt TEXT,
    at TIMESTAMPTZ NOT NULL,
    told_at TIMESTAMPTZ
);
CREATE INDEX IF NOT EXISTS ix_acknowledgements_source ON acknowledgements (source, number);

CREATE TABLE IF NOT EXISTS nonces (
    kid TEXT NOT NULL,
    nonce TEXT NOT NULL,
    until TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (kid, nonce)
);
CREATE INDEX IF NOT EXISTS ix_nonces_until ON nonces (until);

CREATE TABLE IF NOT EXISTS alarms (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    code TEXT NOT NULL,
    source TEXT,
    event_id UUID
);

-- Who read what of whom, and why. Never the data.
CREATE TABLE IF NOT EXISTS uses (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    reader TEXT NOT NULL,
    purpose TEXT NOT NULL,
    source TEXT NOT NULL,
    subject UUID NOT NULL,
    kinds TEXT[] NOT NULL
);
CREATE INDEX IF NOT EXISTS ix_uses_subject ON uses (source, subject, number);

CREATE TABLE IF NOT EXISTS signing_keys (
    kid TEXT PRIMARY KEY,
    public_jwk JSONB NOT NULL,
    private_sealed BYTEA NOT NULL,
    signs_from TIMESTAMPTZ NOT NULL
);

CREATE OR REPLACE FUNCTION use_nonce(p_kid TEXT, p_nonce TEXT, p_until TIMESTAMPTZ, p_now TIMESTAMPTZ, p_source TEXT)
RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO nonces VALUES (p_kid, p_nonce, p_until) ON CONFLICT DO NOTHING;
    IF FOUND THEN RETURN true; END IF;
    INSERT INTO alarms (at, code, source) VALUES (p_now, 'nonce_reused', p_source);
    RETURN false;
END $$;

CREATE OR REPLACE FUNCTION acknowledge(e events, p_now TIMESTAMPTZ, p_receipt TEXT) RETURNS VOID
LANGUAGE sql AS $$
    INSERT INTO acknowledgements (source, event_id, subject, seq, digest, state, reason, receipt, at)
    VALUES (e.source, e.id, e.subject, e.seq, e.digest, e.state, e.fault, p_receipt, p_now);
$$;

-- Applies one event whose turn it is. The event's content moves to the record, or goes.
CREATE OR REPLACE FUNCTION apply(e events, p_now TIMESTAMPTZ) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    gone INTEGER := 0;
    forgotten INTEGER := 0;
BEGIN
    IF e.fault IS NULL AND e.act LIKE '%.put.%' AND e.consent IS NOT NULL
        AND EXISTS (SELECT FROM erasures x WHERE x.source = e.source AND x.consent = e.consent) THEN
        e.fault := 'consent_erased';
    END IF;
    IF e.fault IS NULL AND e.act LIKE '%.erase.%' AND e.consent IS NULL THEN
        e.fault := 'no_consent_named';
    END IF;
    e.state := CASE WHEN e.fault IS NULL THEN 'applied' ELSE 'rejected' END;
    UPDATE events SET state = e.state, fault = e.fault, applied_at = p_now, sealed = NULL
        WHERE source = e.source AND id = e.id;
    IF e.fault IS NULL AND e.act LIKE '%.put.%' THEN
        INSERT INTO records VALUES (e.source, e.subject, e.kind, e.key, e.seq, e.id, e.digest, e.purpose, e.scope,
            e.ground, e.consent, e.sealed, p_now)
        ON CONFLICT (source, subject, kind, key) DO UPDATE SET seq = excluded.seq, event_id = excluded.event_id,
            digest = excluded.digest, purpose = excluded.purpose, scope = excluded.scope, ground = excluded.ground,
            consent = excluded.consent, sealed = excluded.sealed, applied_at = excluded.applied_at;
    ELSIF e.fault IS NULL AND e.act LIKE '%.remove.%' THEN
        DELETE FROM records r
            WHERE r.source = e.source AND r.subject = e.subject AND r.kind = e.kind AND r.key = e.key;
    ELSIF e.fault IS NULL AND e.act LIKE '%.erase.%' THEN
        DELETE FROM records r WHERE r.source = e.source AND r.subject = e.subject AND r.consent = e.consent;
        GET DIAGNOSTICS gone = ROW_COUNT;
        UPDATE events h SET sealed = NULL
            WHERE h.source = e.source AND h.subject = e.subject AND h.consent = e.consent AND h.sealed IS NOT NULL;
        GET DIAGNOSTICS forgotten = ROW_COUNT;
        INSERT INTO erasures VALUES (e.source, e.id, e.subject, e.consent, e.purpose, e.scope, e.seq, e.digest,
            gone + forgotten, p_now, NULL);
        RETURN;  -- acknowledged with its receipt, once the key is gone too
    END IF;
    PERFORM acknowledge(e, p_now, NULL);
END $$;

-- Takes in one event whose signature holds, and applies all whose turn it is. One transaction: what is answered stands.
CREATE OR REPLACE FUNCTION receive(
    p_kid TEXT, p_nonce TEXT, p_until TIMESTAMPTZ, p_now TIMESTAMPTZ, p_source TEXT, p_id UUID, p_subject UUID,
    p_seq BIGINT, p_digest BYTEA, p_act TEXT, p_purpose TEXT, p_scope TEXT, p_ground TEXT, p_consent UUID,
    p_kind TEXT, p_key TEXT, p_sealed BYTEA, p_fault TEXT, p_supersedes UUID
) RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    reached BIGINT;
    known events;
    here events;
    told TEXT := 'received';
BEGIN
    IF NOT use_nonce(p_kid, p_nonce, p_until, p_now, p_source) THEN RETURN 'nonce_reused'; END IF;
    INSERT INTO subjects VALUES (p_source, p_subject) ON CONFLICT DO NOTHING;
    SELECT applied INTO reached FROM subjects WHERE source = p_source AND subject = p_subject FOR UPDATE;
    SELECT * INTO known FROM events WHERE source = p_source AND id = p_id;
    IF FOUND THEN
        IF known.digest <> p_digest OR known.subject <> p_subject THEN
            INSERT INTO alarms (at, code, source, event_id) VALUES (p_now, 'content_changed', p_source, p_id);
            RETURN 'content_changed';
        ELSIF known.state = 'superseded' THEN
            RETURN 'superseded';
        ELSIF known.state <> 'held' AND NOT EXISTS (
            SELECT FROM acknowledgements a WHERE a.source = p_source AND a.event_id = p_id) THEN
            PERFORM acknowledge(known, p_now,
                (SELECT x.receipt FROM erasures x WHERE x.source = p_source AND x.event_id = p_id))
            WHERE NOT EXISTS (SELECT FROM erasures x
                WHERE x.source = p_source AND x.event_id = p_id AND x.receipt IS NULL);
        END IF;
        RETURN 'duplicate';
    END IF;
    SELECT * INTO here FROM events
        WHERE source = p_source AND subject = p_subject AND seq = p_seq AND state <> 'superseded';
    IF (FOUND AND here.id IS DISTINCT FROM p_supersedes) OR (here.id IS NULL AND p_seq <= reached) THEN
        INSERT INTO alarms (at, code, source, event_id) VALUES (p_now, 'sequence_taken', p_source, p_id);
        RETURN 'sequence_taken';
    END IF;
    IF p_supersedes IS NOT NULL THEN
        -- The original may have come already, or may still come: either way nothing of it stays.
        INSERT INTO events VALUES (p_source, p_supersedes, p_subject, p_seq, NULL, 'superseded', '', '', '', NULL,
            '', '', NULL, NULL, 'superseded', p_now, NULL)
            ON CONFLICT (source, id) DO UPDATE SET state = 'superseded', sealed = NULL;
        DELETE FROM records WHERE source = p_source AND subject = p_subject AND event_id = p_supersedes;
    END IF;
    INSERT INTO events VALUES (p_source, p_id, p_subject, p_seq, p_digest, p_act, p_purpose, p_scope, p_ground,
        p_consent, p_kind, p_key, p_sealed, p_fault, 'held', p_now, NULL)
        RETURNING * INTO here;
    IF p_seq <= reached THEN
        PERFORM apply(here, p_now);
        RETURN 'received';
    END IF;
    LOOP
        SELECT * INTO here FROM events
            WHERE source = p_source AND subject = p_subject AND seq = reached + 1 AND state = 'held';
        EXIT WHEN NOT FOUND;
        PERFORM apply(here, p_now);
        IF here.act LIKE '%.erase.%' THEN told := 'erasing'; END IF;
        reached := reached + 1;
    END LOOP;
    UPDATE subjects SET applied = reached WHERE source = p_source AND subject = p_subject AND applied <> reached;
    RETURN told;
END $$;

CREATE OR REPLACE FUNCTION finish_erasure(p_source TEXT, p_id UUID, p_receipt TEXT, p_now TIMESTAMPTZ) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
    done events;
BEGIN
    UPDATE erasures SET receipt = p_receipt WHERE source = p_source AND event_id = p_id AND receipt IS NULL;
    IF FOUND THEN
        SELECT * INTO done FROM events WHERE source = p_source AND id = p_id;
        PERFORM acknowledge(done, p_now, p_receipt);
    END IF;
END $$;
