-- What is mirrored to the regional registry: a sequence a person, erasures, dead letters, alarms. Frozen with 0022.

CREATE TABLE mirror_alarms (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    code VARCHAR(60) NOT NULL,
    event_id UUID,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_mirror_alarms PRIMARY KEY (id)
);
CREATE INDEX ix_mirror_alarms_open ON mirror_alarms (id) WHERE settled_at IS NULL;

CREATE TABLE mirror_keys (
    kid VARCHAR(64) NOT NULL,
    public_jwk JSONB NOT NULL,
    private_sealed BYTEA NOT NULL,
    signs_from TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_mirror_keys PRIMARY KEY (kid)
);

CREATE TABLE mirror_people (
    person_id UUID NOT NULL,
    subject UUID NOT NULL,
    last_seq BIGINT DEFAULT '0' NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    lease UUID,
    leased_until TIMESTAMP WITH TIME ZONE,
    compared_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_mirror_people PRIMARY KEY (person_id),
    CONSTRAINT fk_mirror_people_person_id FOREIGN KEY(person_id) REFERENCES persons (id),
    CONSTRAINT uq_mirror_people_subject UNIQUE (subject)
);
CREATE INDEX ix_mirror_people_due_at ON mirror_people (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_mirror_people_compared_at ON mirror_people (compared_at);

CREATE TABLE mirror_dead_letters (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    key VARCHAR(80) NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    scope VARCHAR(60) NOT NULL,
    consent_id UUID,
    content_sealed BYTEA,
    reason VARCHAR(60) NOT NULL,
    died_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_mirror_dead_letters PRIMARY KEY (id),
    CONSTRAINT fk_mirror_dead_letters_person_id FOREIGN KEY(person_id) REFERENCES mirror_people (person_id)
);
CREATE INDEX ix_mirror_dead_letters_person_id ON mirror_dead_letters (person_id);

CREATE TABLE mirror_erasures (
    consent_id UUID NOT NULL,
    event_id UUID NOT NULL,
    person_id UUID NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    scope VARCHAR(60) NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_by TIMESTAMP WITH TIME ZONE NOT NULL,
    escalated_at TIMESTAMP WITH TIME ZONE,
    receipt TEXT,
    receipt_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_mirror_erasures PRIMARY KEY (consent_id),
    CONSTRAINT ck_mirror_erasures_receipt CHECK ((receipt IS NULL) = (receipt_at IS NULL)),
    CONSTRAINT uq_mirror_erasures_event_id UNIQUE (event_id),
    CONSTRAINT fk_mirror_erasures_person_id FOREIGN KEY(person_id) REFERENCES mirror_people (person_id)
);
CREATE INDEX ix_mirror_erasures_open ON mirror_erasures (asked_at) WHERE receipt IS NULL;
CREATE INDEX ix_mirror_erasures_person_id ON mirror_erasures (person_id);

CREATE TABLE mirror_events (
    person_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    id UUID NOT NULL,
    act VARCHAR(40) NOT NULL,
    kind VARCHAR(40) DEFAULT '' NOT NULL,
    key VARCHAR(80) DEFAULT '' NOT NULL,
    purpose VARCHAR(60) DEFAULT '' NOT NULL,
    scope VARCHAR(60) DEFAULT '' NOT NULL,
    ground VARCHAR(200) DEFAULT '' NOT NULL,
    consent_id UUID,
    content_sealed BYTEA,
    digest BYTEA NOT NULL,
    supersedes UUID,
    reason VARCHAR(60) DEFAULT '' NOT NULL,
    status VARCHAR(10) DEFAULT 'queued' NOT NULL,
    attempts SMALLINT DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    available_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_mirror_events PRIMARY KEY (person_id, seq),
    CONSTRAINT ck_mirror_events_act CHECK (act IN ('manzil.mirror.put.v1', 'manzil.mirror.remove.v1', 'manzil.mirror.erase.v1', 'manzil.mirror.tombstone.v1')),
    CONSTRAINT ck_mirror_events_status CHECK (status IN ('queued', 'sent', 'received', 'applied', 'rejected')),
    CONSTRAINT ck_mirror_events_seq CHECK (seq >= 1),
    CONSTRAINT ck_mirror_events_content CHECK (content_sealed IS NULL OR act LIKE '%.put.%'),
    CONSTRAINT fk_mirror_events_person_id FOREIGN KEY(person_id) REFERENCES mirror_people (person_id),
    CONSTRAINT uq_mirror_events_id UNIQUE (id)
);
CREATE INDEX ix_mirror_events_received ON mirror_events (answered_at) WHERE status = 'received';
CREATE INDEX ix_mirror_events_consent_id ON mirror_events (consent_id) WHERE consent_id IS NOT NULL;
CREATE INDEX ix_mirror_events_open ON mirror_events (person_id, seq) WHERE status IN ('queued', 'sent');

-- A number that is given out stays: an event may become a tombstone, and is never deleted nor moved.
CREATE FUNCTION keep_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR (NEW.person_id, NEW.seq) IS DISTINCT FROM (OLD.person_id, OLD.seq) THEN
        RAISE EXCEPTION 'a number of the mirror''s sequence never disappears' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_sequence BEFORE UPDATE OF person_id, seq ON mirror_events
    FOR EACH ROW EXECUTE FUNCTION keep_sequence();
CREATE TRIGGER keep_rows BEFORE DELETE OR TRUNCATE ON mirror_events
    FOR EACH STATEMENT EXECUTE FUNCTION keep_sequence();

-- The mirror sleeps until the commit of an event wakes it.
CREATE FUNCTION wake_mirror() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('manzil_mirror', TG_TABLE_SCHEMA);
    RETURN NULL;
END $$;
CREATE TRIGGER wake AFTER INSERT ON mirror_events FOR EACH STATEMENT EXECUTE FUNCTION wake_mirror();

GRANT SELECT, INSERT, UPDATE ON mirror_people, mirror_events, mirror_erasures, mirror_alarms TO __APP_ROLE__;
GRANT SELECT, INSERT, UPDATE, DELETE ON mirror_dead_letters, mirror_keys TO __APP_ROLE__;
