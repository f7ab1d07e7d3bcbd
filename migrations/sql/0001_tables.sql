-- The first tables. Frozen with migration 0001; what each is for stands in app/models.

CREATE TABLE audit_entries (
    person_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action VARCHAR(60) NOT NULL,
    purpose VARCHAR(60),
    ground VARCHAR(200),
    actor_role VARCHAR(20) NOT NULL,
    actor_id UUID,
    receiver VARCHAR(200),
    subject JSONB NOT NULL,
    previous BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    CONSTRAINT pk_audit_entries PRIMARY KEY (person_id, seq)
);

CREATE TABLE chain_heads (
    ledger VARCHAR(20) NOT NULL,
    person_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    sealed_seq BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_chain_heads PRIMARY KEY (ledger, person_id)
);
CREATE INDEX ix_chain_heads_unsealed ON chain_heads (ledger, person_id) WHERE seq > sealed_seq;

CREATE TABLE chain_seals (
    number BIGINT NOT NULL,
    sealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    heads JSONB NOT NULL,
    mac BYTEA NOT NULL,
    CONSTRAINT pk_chain_seals PRIMARY KEY (number)
);

CREATE TABLE consent_events (
    consent_id UUID NOT NULL,
    person_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR(12) NOT NULL,
    schema_version VARCHAR(20) NOT NULL,
    controller VARCHAR(200) NOT NULL,
    controller_contact VARCHAR(200) NOT NULL,
    recipients VARCHAR(200)[] NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    data_categories VARCHAR(60)[] NOT NULL,
    operations VARCHAR(60)[] NOT NULL,
    legal_basis VARCHAR(200) NOT NULL,
    notice_id VARCHAR(60) NOT NULL,
    notice_version VARCHAR(20) NOT NULL,
    notice_language VARCHAR(12) NOT NULL,
    notice_sha256 BYTEA NOT NULL,
    jurisdiction VARCHAR(10) NOT NULL,
    channel VARCHAR(20) NOT NULL,
    expression VARCHAR(12) NOT NULL,
    delegate_id UUID,
    expires_at TIMESTAMP WITH TIME ZONE,
    retention VARCHAR(60) NOT NULL,
    previous BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    CONSTRAINT pk_consent_events PRIMARY KEY (person_id, seq),
    CONSTRAINT ck_consent_events_status CHECK (status IN ('requested', 'given', 'refused', 'invalidated', 'renewed', 'withdrawn', 'revoked', 'expired')),
    CONSTRAINT ck_consent_events_notice_hash CHECK (octet_length(notice_sha256) = 32)
);
CREATE INDEX ix_consent_events_consent_id ON consent_events (consent_id);

CREATE TABLE kept_answers (
    key_digest BYTEA NOT NULL,
    request_digest BYTEA NOT NULL,
    answer_sealed BYTEA,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_kept_answers PRIMARY KEY (key_digest)
);
CREATE INDEX ix_kept_answers_expires_at ON kept_answers (expires_at);

CREATE TABLE outbox_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    topic VARCHAR(60) NOT NULL,
    payload_sealed BYTEA,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    available_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts SMALLINT DEFAULT '0' NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    dead_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_outbox_events PRIMARY KEY (id)
);
CREATE INDEX ix_outbox_events_due ON outbox_events (available_at, id) WHERE delivered_at IS NULL AND dead_at IS NULL;

CREATE TABLE persons (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_persons PRIMARY KEY (id)
);

CREATE TABLE points (
    id UUID NOT NULL,
    code VARCHAR(40) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    name JSONB NOT NULL,
    municipality JSONB NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    zone VARCHAR(40) NOT NULL,
    languages VARCHAR(12)[] NOT NULL,
    step_free BOOLEAN NOT NULL,
    hours JSONB NOT NULL,
    open_on_holidays BOOLEAN NOT NULL,
    CONSTRAINT pk_points PRIMARY KEY (id),
    CONSTRAINT uq_points_code UNIQUE (code)
);

CREATE TABLE sign_in_codes (
    phone_index BYTEA NOT NULL,
    code_mac BYTEA NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    tries SMALLINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_sign_in_codes PRIMARY KEY (phone_index)
);

CREATE TABLE signing_keys (
    kid VARCHAR(43) NOT NULL,
    public_jwk JSONB NOT NULL,
    private_sealed BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_signing_keys PRIMARY KEY (kid)
);

CREATE TABLE accounts (
    id UUID NOT NULL,
    role VARCHAR(20) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    person_id UUID,
    phone_index BYTEA,
    phone_sealed BYTEA,
    login VARCHAR(80),
    password_hash VARCHAR(200),
    totp_sealed BYTEA,
    totp_last_step BIGINT DEFAULT '0' NOT NULL,
    failed_tries SMALLINT DEFAULT '0' NOT NULL,
    locked_until TIMESTAMP WITH TIME ZONE,
    point_id UUID,
    CONSTRAINT pk_accounts PRIMARY KEY (id),
    CONSTRAINT ck_accounts_role CHECK (role IN ('migrant', 'clerk')),
    CONSTRAINT ck_accounts_credentials CHECK (CASE WHEN role = 'migrant' THEN person_id IS NOT NULL AND phone_index IS NOT NULL ELSE login IS NOT NULL AND password_hash IS NOT NULL AND totp_sealed IS NOT NULL END),
    CONSTRAINT ck_accounts_clerk_has_point CHECK (role <> 'clerk' OR point_id IS NOT NULL),
    CONSTRAINT uq_accounts_person_id UNIQUE (person_id),
    CONSTRAINT fk_accounts_person_id FOREIGN KEY(person_id) REFERENCES persons (id),
    CONSTRAINT uq_accounts_phone_index UNIQUE (phone_index),
    CONSTRAINT uq_accounts_login UNIQUE (login),
    CONSTRAINT fk_accounts_point_id FOREIGN KEY(point_id) REFERENCES points (id)
);

CREATE TABLE entries (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    number SMALLINT NOT NULL,
    entered_on DATE NOT NULL,
    purpose VARCHAR(20) NOT NULL,
    visa BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_entries PRIMARY KEY (id),
    CONSTRAINT ck_entries_purpose CHECK (purpose IN ('work', 'study', 'family', 'visit', 'resettlement', 'asylum', 'diplomatic', 'other')),
    CONSTRAINT fk_entries_person_id FOREIGN KEY(person_id) REFERENCES persons (id)
);
CREATE UNIQUE INDEX uq_entries_person_id_number ON entries (person_id, number);

CREATE TABLE identity_documents (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    number_index BYTEA NOT NULL,
    fields_sealed BYTEA NOT NULL,
    current BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_identity_documents PRIMARY KEY (id),
    CONSTRAINT ck_identity_documents_number_index CHECK (octet_length(number_index) = 32),
    CONSTRAINT fk_identity_documents_person_id FOREIGN KEY(person_id) REFERENCES persons (id),
    CONSTRAINT uq_identity_documents_number_index UNIQUE (number_index)
);
CREATE INDEX ix_identity_documents_person_id ON identity_documents (person_id);
CREATE UNIQUE INDEX uq_identity_documents_current ON identity_documents (person_id) WHERE current;

CREATE TABLE pools (
    id UUID NOT NULL,
    point_id UUID NOT NULL,
    code VARCHAR(40) NOT NULL,
    counters SMALLINT NOT NULL,
    CONSTRAINT pk_pools PRIMARY KEY (id),
    CONSTRAINT ck_pools_counters CHECK (counters > 0),
    CONSTRAINT fk_pools_point_id FOREIGN KEY(point_id) REFERENCES points (id)
);
CREATE INDEX ix_pools_point_id ON pools (point_id);

CREATE TABLE profiles (
    person_id UUID NOT NULL,
    migrant_id VARCHAR(14) NOT NULL,
    citizenship VARCHAR(3),
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_profiles PRIMARY KEY (person_id),
    CONSTRAINT fk_profiles_person_id FOREIGN KEY(person_id) REFERENCES persons (id),
    CONSTRAINT uq_profiles_migrant_id UNIQUE (migrant_id)
);

CREATE TABLE step_events (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    step VARCHAR(40) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    happened_on DATE NOT NULL,
    expires_on DATE,
    source VARCHAR(20) NOT NULL,
    evidence_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_step_events PRIMARY KEY (id),
    CONSTRAINT fk_step_events_person_id FOREIGN KEY(person_id) REFERENCES persons (id),
    CONSTRAINT uq_step_events_evidence_id UNIQUE (evidence_id)
);
CREATE INDEX ix_step_events_person ON step_events (person_id, recorded_at);

CREATE TABLE capacity_days (
    pool_id UUID NOT NULL,
    day DATE NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    capacity SMALLINT[] NOT NULL,
    used SMALLINT[] NOT NULL,
    CONSTRAINT pk_capacity_days PRIMARY KEY (pool_id, day),
    CONSTRAINT ck_capacity_days_within_capacity CHECK (capacity_holds(capacity, used)),
    CONSTRAINT fk_capacity_days_pool_id FOREIGN KEY(pool_id) REFERENCES pools (id)
);

CREATE TABLE devices (
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    public_jwk JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    certified_until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_devices PRIMARY KEY (id),
    CONSTRAINT fk_devices_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_devices_account_id ON devices (account_id);

CREATE TABLE point_services (
    point_id UUID NOT NULL,
    service VARCHAR(40) NOT NULL,
    pool_id UUID NOT NULL,
    minutes SMALLINT NOT NULL,
    every SMALLINT NOT NULL,
    CONSTRAINT pk_point_services PRIMARY KEY (point_id, service),
    CONSTRAINT ck_point_services_ticks CHECK (minutes > 0 AND minutes % 5 = 0 AND every > 0 AND every % 5 = 0),
    CONSTRAINT fk_point_services_point_id FOREIGN KEY(point_id) REFERENCES points (id),
    CONSTRAINT fk_point_services_pool_id FOREIGN KEY(pool_id) REFERENCES pools (id)
);
CREATE INDEX ix_point_services_service ON point_services (service);

CREATE TABLE bookings (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    step VARCHAR(40) NOT NULL,
    service VARCHAR(40) NOT NULL,
    point_id UUID NOT NULL,
    pool_id UUID NOT NULL,
    day DATE NOT NULL,
    first_tick SMALLINT NOT NULL,
    ticks SMALLINT NOT NULL,
    during TSTZRANGE NOT NULL,
    status VARCHAR(12) NOT NULL,
    held_until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_bookings PRIMARY KEY (id),
    CONSTRAINT fk_bookings_capacity_day FOREIGN KEY(pool_id, day) REFERENCES capacity_days (pool_id, day),
    CONSTRAINT ck_bookings_status CHECK (status IN ('held', 'confirmed', 'arrived', 'completed', 'released', 'expired', 'cancelled', 'missed')),
    CONSTRAINT ck_bookings_during CHECK (NOT isempty(during)),
    CONSTRAINT ck_bookings_ticks CHECK (first_tick >= 0 AND ticks > 0),
    CONSTRAINT ck_bookings_held_until CHECK ((status = 'held') = (held_until IS NOT NULL)),
    CONSTRAINT ex_bookings_one_place EXCLUDE USING gist (person_id WITH =, during WITH &&) WHERE (status IN ('arrived', 'confirmed')),
    CONSTRAINT fk_bookings_person_id FOREIGN KEY(person_id) REFERENCES persons (id),
    CONSTRAINT fk_bookings_point_id FOREIGN KEY(point_id) REFERENCES points (id)
);
CREATE INDEX ix_bookings_confirmed_day ON bookings (day) WHERE status = 'confirmed';
CREATE INDEX ix_bookings_held_until ON bookings (held_until) WHERE status = 'held';
CREATE INDEX ix_bookings_person ON bookings (person_id, created_at, id);
CREATE INDEX ix_bookings_point_day ON bookings (point_id, day);
CREATE INDEX ix_bookings_pool_day ON bookings (pool_id, day);
CREATE UNIQUE INDEX uq_bookings_held_step ON bookings (person_id, step) WHERE status = 'held';
CREATE UNIQUE INDEX uq_bookings_live_step ON bookings (person_id, step) WHERE status IN ('arrived', 'confirmed');

CREATE TABLE sessions (
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    device_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT fk_sessions_account_id FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_sessions_device_id FOREIGN KEY(device_id) REFERENCES devices (id)
);
CREATE INDEX ix_sessions_account_id ON sessions (account_id);

CREATE TABLE refresh_tokens (
    digest BYTEA NOT NULL,
    session_id UUID NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (digest),
    CONSTRAINT fk_refresh_tokens_session_id FOREIGN KEY(session_id) REFERENCES sessions (id)
);
CREATE INDEX ix_refresh_tokens_session_id ON refresh_tokens (session_id);
CREATE UNIQUE INDEX uq_refresh_tokens_live ON refresh_tokens (session_id) WHERE used_at IS NULL;

