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
CREATE INDEX IF NOT EXISTS ix_acknowledgements_event_id ON acknowledgements (event_id);

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

-- What came that nobody known has signed, by minute: whoever sends a million of these makes one row of each.
CREATE TABLE IF NOT EXISTS strangers (
    minute TIMESTAMPTZ NOT NULL,
    code TEXT NOT NULL,
    times BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    number BIGINT NOT NULL DEFAULT nextval(pg_get_serial_sequence('alarms', 'number')),
    PRIMARY KEY (minute, code)
);

-- Who read what of whom, why, and on what ground. Never the data. `known_at`: since when whoever sent it knows of that.
CREATE TABLE IF NOT EXISTS uses (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    reader TEXT NOT NULL,
    purpose TEXT NOT NULL,
    source TEXT NOT NULL,
    subject UUID NOT NULL,
    kinds TEXT[] NOT NULL
);
ALTER TABLE uses ADD COLUMN IF NOT EXISTS id UUID NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN IF NOT EXISTS ground TEXT NOT NULL DEFAULT '', ADD COLUMN IF NOT EXISTS known_at TIMESTAMPTZ;
CREATE INDEX IF NOT EXISTS ix_uses_subject ON uses (source, subject, number);
CREATE INDEX IF NOT EXISTS ix_uses_untold ON uses (source, number) WHERE known_at IS NULL;

CREATE TABLE IF NOT EXISTS signing_keys (
    kid TEXT PRIMARY KEY,
    public_jwk JSONB NOT NULL,
    private_sealed BYTEA NOT NULL,
    signs_from TIMESTAMPTZ NOT NULL
);

-- What an earlier version of this schema had.
DROP FUNCTION IF EXISTS receive, apply, acknowledge(events, TIMESTAMPTZ, TEXT);

CREATE OR REPLACE FUNCTION use_nonce(p_kid TEXT, p_nonce TEXT, p_until TIMESTAMPTZ, p_now TIMESTAMPTZ, p_source TEXT)
RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO nonces VALUES (p_kid, p_nonce, p_until) ON CONFLICT DO NOTHING;
    IF FOUND THEN RETURN true; END IF;
    INSERT INTO alarms (at, code, source) VALUES (p_now, 'nonce_reused', p_source);
    RETURN false;
END $$;

-- An acknowledgement; its number. `p_told_at`: where the answer that is being given tells it already.
CREATE OR REPLACE FUNCTION acknowledge(e events, p_now TIMESTAMPTZ, p_receipt TEXT, p_told_at TIMESTAMPTZ)
RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    given BIGINT;
BEGIN
    INSERT INTO acknowledgements (source, event_id, subject, seq, digest, state, reason, receipt, at, told_at)
    VALUES (e.source, e.id, e.subject, e.seq, e.digest, e.state, e.fault, p_receipt, p_now, p_told_at)
    RETURNING number INTO given;
    RETURN given;
END $$;

-- Applies one event whose turn it is, and acknowledges it; the number of that, but for an erasure, which is acknowledged
-- with its receipt once the key is gone too. The event's content moves to the record, or goes.
CREATE OR REPLACE FUNCTION apply_event(e events, p_now TIMESTAMPTZ, p_told_at TIMESTAMPTZ) RETURNS BIGINT
LANGUAGE plpgsql AS $$
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
        RETURN NULL;
    END IF;
    RETURN acknowledge(e, p_now, NULL, p_told_at);
END $$;

-- Takes in one event, and applies all whose turn it is. `numbers`: of the acknowledgements that came of it.
CREATE OR REPLACE FUNCTION take_in(
    e events, p_supersedes UUID, p_now TIMESTAMPTZ, p_told_at TIMESTAMPTZ, OUT outcome TEXT, OUT numbers BIGINT[]
) LANGUAGE plpgsql AS $$
DECLARE
    reached BIGINT;
    known events;
    here events;
BEGIN
    INSERT INTO subjects VALUES (e.source, e.subject) ON CONFLICT DO NOTHING;
    SELECT applied INTO reached FROM subjects WHERE source = e.source AND subject = e.subject FOR UPDATE;
    SELECT * INTO known FROM events WHERE source = e.source AND id = e.id;
    IF FOUND THEN
        IF known.digest <> e.digest OR known.subject <> e.subject THEN
            INSERT INTO alarms (at, code, source, event_id) VALUES (p_now, 'content_changed', e.source, e.id);
            outcome := 'content_changed';
        ELSIF known.state = 'superseded' THEN
            outcome := 'superseded';
        ELSE
            outcome := 'duplicate';
            numbers := ARRAY[acknowledge_again(known, p_now, p_told_at)];
        END IF;
        RETURN;
    END IF;
    SELECT * INTO here FROM events
        WHERE source = e.source AND subject = e.subject AND seq = e.seq AND state <> 'superseded';
    IF (FOUND AND here.id IS DISTINCT FROM p_supersedes) OR (here.id IS NULL AND e.seq <= reached) THEN
        INSERT INTO alarms (at, code, source, event_id) VALUES (p_now, 'sequence_taken', e.source, e.id);
        outcome := 'sequence_taken';
        RETURN;
    END IF;
    IF p_supersedes IS NOT NULL THEN
        -- The original may have come already, or may still come: either way nothing of it stays.
        INSERT INTO events VALUES (e.source, p_supersedes, e.subject, e.seq, NULL, 'superseded', '', '', '', NULL,
            '', '', NULL, NULL, 'superseded', p_now, NULL)
            ON CONFLICT (source, id) DO UPDATE SET state = 'superseded', sealed = NULL;
        DELETE FROM records WHERE source = e.source AND subject = e.subject AND event_id = p_supersedes;
    END IF;
    INSERT INTO events SELECT e.* RETURNING * INTO here;
    outcome := 'received';
    IF e.seq <= reached THEN
        numbers := ARRAY[apply_event(here, p_now, p_told_at)];
        RETURN;
    END IF;
    WHILE here.seq = reached + 1 LOOP
        numbers := numbers || apply_event(here, p_now, p_told_at);
        IF here.act LIKE '%.erase.%' THEN outcome := 'erasing'; END IF;
        reached := reached + 1;
        SELECT * INTO here FROM events
            WHERE source = e.source AND subject = e.subject AND seq = reached + 1 AND state = 'held';
    END LOOP;
    UPDATE subjects SET applied = reached WHERE source = e.source AND subject = e.subject AND applied <> reached;
END $$;

-- Of an event that came before, and came again: whoever sends it may have lost what was told of it.
CREATE OR REPLACE FUNCTION acknowledge_again(e events, p_now TIMESTAMPTZ, p_told_at TIMESTAMPTZ) RETURNS BIGINT
LANGUAGE plpgsql AS $$
DECLARE
    told BIGINT;
    proof erasures;
BEGIN
    IF e.state = 'held' THEN RETURN NULL; END IF;
    UPDATE acknowledgements SET told_at = coalesce(p_told_at, told_at)
        WHERE source = e.source AND event_id = e.id RETURNING number INTO told;
    IF FOUND THEN RETURN told; END IF;
    SELECT * INTO proof FROM erasures WHERE source = e.source AND event_id = e.id;
    IF FOUND AND proof.receipt IS NULL THEN RETURN NULL; END IF;
    RETURN acknowledge(e, p_now, proof.receipt, p_told_at);
END $$;

-- Takes in the events of one message whose signature holds. One transaction: what is answered stands. `outcomes` in the
-- order in which they were given; no outcome at all where the message was heard before. With `p_tell`, `told` is what
-- came of them, for the answer to tell; else it waits to be asked for. Subjects are locked in one order.
CREATE OR REPLACE FUNCTION receive_all(
    p_kid TEXT, p_nonce TEXT, p_until TIMESTAMPTZ, p_now TIMESTAMPTZ, p_source TEXT, p_tell BOOLEAN, p_ids UUID[],
    p_subjects UUID[], p_seqs BIGINT[], p_digests BYTEA[], p_acts TEXT[], p_purposes TEXT[], p_scopes TEXT[],
    p_grounds TEXT[], p_consents UUID[], p_kinds TEXT[], p_keys TEXT[], p_sealed BYTEA[], p_faults TEXT[],
    p_supersedes UUID[], OUT outcomes TEXT[], OUT told acknowledgements[]
) LANGUAGE plpgsql AS $$
DECLARE
    i INTEGER;
    e events;
    came RECORD;
    numbers BIGINT[] := '{}';
BEGIN
    IF NOT use_nonce(p_kid, p_nonce, p_until, p_now, p_source) THEN RETURN; END IF;
    outcomes := array_fill(NULL::TEXT, ARRAY[cardinality(p_ids)]);
    FOR i IN SELECT t.place FROM unnest(p_subjects, p_seqs) WITH ORDINALITY AS t (subject, seq, place)
        ORDER BY t.subject, t.seq, t.place
    LOOP
        e := ROW(p_source, p_ids[i], p_subjects[i], p_seqs[i], p_digests[i], p_acts[i], p_purposes[i], p_scopes[i],
            p_grounds[i], p_consents[i], p_kinds[i], p_keys[i], p_sealed[i], p_faults[i], 'held', p_now, NULL)::events;
        SELECT * INTO came FROM take_in(e, p_supersedes[i], p_now, CASE WHEN p_tell THEN p_now END);
        outcomes[i] := came.outcome;
        numbers := numbers || came.numbers;
    END LOOP;
    IF p_tell AND cardinality(numbers) > 0 THEN
        SELECT array_agg(a ORDER BY a.number) INTO told FROM acknowledgements a WHERE a.number = ANY (numbers);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION finish_erasure(p_source TEXT, p_id UUID, p_receipt TEXT, p_now TIMESTAMPTZ) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
    done events;
BEGIN
    UPDATE erasures SET receipt = p_receipt WHERE source = p_source AND event_id = p_id AND receipt IS NULL;
    IF FOUND THEN
        SELECT * INTO done FROM events WHERE source = p_source AND id = p_id;
        PERFORM acknowledge(done, p_now, p_receipt, NULL);
    END IF;
END $$;
