-- What people are to be told, what was told, and its way to each of their devices. Frozen with migration 0016.

-- Every change of a person moves the head of their log: planning looks for heads that have moved since.
ALTER TABLE chain_heads ADD COLUMN planned_seq BIGINT DEFAULT '0' NOT NULL;
CREATE INDEX ix_chain_heads_unplanned ON chain_heads (person_id) WHERE seq > planned_seq;
GRANT UPDATE (planned_seq) ON chain_heads TO __APP_ROLE__;

CREATE TABLE reminder_plans (
    person_id UUID NOT NULL,
    replan_at TIMESTAMP WITH TIME ZONE NOT NULL,
    book VARCHAR(40),
    papers JSONB DEFAULT '{}' NOT NULL,
    told_too UUID[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_reminder_plans PRIMARY KEY (person_id),
    CONSTRAINT fk_reminder_plans_person_id FOREIGN KEY (person_id) REFERENCES persons (id)
);
CREATE INDEX ix_reminder_plans_replan_at ON reminder_plans (replan_at);

CREATE TABLE reminders (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    person_id UUID NOT NULL,
    subject VARCHAR(20) NOT NULL,
    subject_id VARCHAR(40) NOT NULL,
    kind VARCHAR(24) NOT NULL,
    about TIMESTAMP WITH TIME ZONE NOT NULL,
    days SMALLINT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    matter VARCHAR(60),
    point_id UUID,
    more JSONB,
    urgent BOOLEAN NOT NULL,
    planned BOOLEAN NOT NULL,
    status VARCHAR(10) DEFAULT 'waiting' NOT NULL,
    message_id UUID,
    told_at TIMESTAMP WITH TIME ZONE,
    read_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_reminders PRIMARY KEY (id),
    CONSTRAINT uq_reminders_person_id_subject_subject_id_kind_due_at
        UNIQUE (person_id, subject, subject_id, kind, due_at),
    CONSTRAINT fk_reminders_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT ck_reminders_status CHECK (status IN ('lapsed', 'outdated', 'told', 'waiting')),
    CONSTRAINT ck_reminders_told CHECK ((message_id IS NULL) = (told_at IS NULL)),
    CONSTRAINT ck_reminders_told_at CHECK (status NOT IN ('told', 'outdated') OR told_at IS NOT NULL)
);
CREATE INDEX ix_reminders_due ON reminders (urgent, due_at) WHERE status = 'waiting';
CREATE INDEX ix_reminders_expires_at ON reminders USING brin (expires_at);

CREATE TABLE reminder_preferences (
    person_id UUID NOT NULL,
    quiet_begins TIME WITHOUT TIME ZONE NOT NULL,
    quiet_ends TIME WITHOUT TIME ZONE NOT NULL,
    zone VARCHAR(40),
    detail BOOLEAN NOT NULL,
    sms BOOLEAN NOT NULL,
    email BOOLEAN NOT NULL,
    muted JSONB NOT NULL,
    CONSTRAINT pk_reminder_preferences PRIMARY KEY (person_id),
    CONSTRAINT fk_reminder_preferences_person_id FOREIGN KEY (person_id) REFERENCES persons (id)
);

CREATE TABLE push_addresses (
    device_id UUID NOT NULL,
    person_id UUID NOT NULL,
    kind VARCHAR(12) NOT NULL,
    value_index BYTEA NOT NULL,
    value_sealed BYTEA NOT NULL,
    language VARCHAR(12) NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_push_addresses PRIMARY KEY (device_id),
    CONSTRAINT fk_push_addresses_device_id FOREIGN KEY (device_id) REFERENCES devices (id),
    CONSTRAINT fk_push_addresses_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT uq_push_addresses_value_index UNIQUE (value_index),
    CONSTRAINT ck_push_addresses_kind CHECK (kind IN ('installation', 'token'))
);
CREATE INDEX ix_push_addresses_person_id ON push_addresses (person_id);

CREATE TABLE deliveries (
    id UUID NOT NULL,
    message_id UUID NOT NULL,
    person_id UUID NOT NULL,
    channel VARCHAR(8) NOT NULL,
    target_id UUID NOT NULL,
    status VARCHAR(10) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    available_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts SMALLINT DEFAULT '0' NOT NULL,
    unknown SMALLINT DEFAULT '0' NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    reference VARCHAR(200),
    reason VARCHAR(60),
    received_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_deliveries PRIMARY KEY (id),
    CONSTRAINT uq_deliveries_message_id_channel_target_id UNIQUE (message_id, channel, target_id),
    CONSTRAINT fk_deliveries_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT ck_deliveries_channel CHECK (channel IN ('email', 'push', 'sms')),
    CONSTRAINT ck_deliveries_status CHECK (
        status IN ('accepted', 'failed', 'lapsed', 'sending', 'spared', 'waiting', 'withdrawn'))
);
CREATE INDEX ix_deliveries_due ON deliveries (available_at) WHERE status IN ('sending', 'waiting');
CREATE INDEX ix_deliveries_created_at ON deliveries USING brin (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON
    reminder_plans, reminders, reminder_preferences, push_addresses, deliveries
    TO __APP_ROLE__;
