-- Limits of sign-in, turning keys, devices, staff accounts, number changes and recovery. Frozen with migration 0009.

CREATE TABLE tallies (
    subject BYTEA NOT NULL,
    count INTEGER NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_tallies PRIMARY KEY (subject)
);
CREATE INDEX ix_tallies_until ON tallies (until);

ALTER TABLE accounts
    ADD COLUMN disabled_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN disabled_by UUID,
    DROP CONSTRAINT ck_accounts_credentials,
    ADD CONSTRAINT ck_accounts_credentials CHECK (
        CASE WHEN role IN ('host', 'migrant') THEN login IS NULL AND password_hash IS NULL
            AND totp_sealed IS NULL
        ELSE login IS NOT NULL AND phone_index IS NULL AND (password_hash IS NULL) = (totp_sealed IS NULL) END);

ALTER TABLE devices ADD COLUMN name_sealed BYTEA, ADD COLUMN seen_at TIMESTAMP WITH TIME ZONE;
UPDATE devices SET seen_at = created_at;
ALTER TABLE devices ALTER COLUMN seen_at SET NOT NULL;

ALTER TABLE sessions ADD COLUMN ends_at TIMESTAMP WITH TIME ZONE;
UPDATE sessions SET ends_at = created_at
    + CASE WHEN device_id IS NULL THEN interval '12 hours' ELSE interval '180 days' END;
ALTER TABLE sessions ALTER COLUMN ends_at SET NOT NULL;

ALTER TABLE signing_keys ADD COLUMN signs_from TIMESTAMP WITH TIME ZONE;
UPDATE signing_keys SET signs_from = created_at;
ALTER TABLE signing_keys ALTER COLUMN signs_from SET NOT NULL;

CREATE TABLE enrolments (
    account_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    made_by UUID,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_enrolments PRIMARY KEY (account_id),
    CONSTRAINT fk_enrolments_account_id FOREIGN KEY (account_id) REFERENCES accounts (id),
    CONSTRAINT uq_enrolments_digest UNIQUE (digest)
);

CREATE TABLE number_changes (
    account_id UUID NOT NULL,
    phone_index BYTEA NOT NULL,
    phone_sealed BYTEA NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    takes_effect_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_number_changes PRIMARY KEY (account_id),
    CONSTRAINT fk_number_changes_account_id FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_number_changes_takes_effect_at ON number_changes (takes_effect_at);

CREATE TABLE recoveries (
    account_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_recoveries PRIMARY KEY (account_id),
    CONSTRAINT fk_recoveries_account_id FOREIGN KEY (account_id) REFERENCES accounts (id),
    CONSTRAINT uq_recoveries_digest UNIQUE (digest)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON tallies, enrolments, number_changes, recoveries TO __APP_ROLE__;
