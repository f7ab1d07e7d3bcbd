-- Every role with its scope. Frozen with migration 0002.

CREATE TABLE organisations (
    id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    name JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_organisations PRIMARY KEY (id),
    CONSTRAINT ck_organisations_kind CHECK (kind IN ('employer', 'agency'))
);

ALTER TABLE accounts
    ADD COLUMN organisation_id UUID,
    ADD CONSTRAINT fk_accounts_organisation_id FOREIGN KEY (organisation_id) REFERENCES organisations (id),
    DROP CONSTRAINT ck_accounts_role,
    DROP CONSTRAINT ck_accounts_credentials,
    DROP CONSTRAINT ck_accounts_clerk_has_point,
    DROP CONSTRAINT uq_accounts_phone_index,
    ADD CONSTRAINT ck_accounts_role CHECK (role IN (
        'agency_officer', 'auditor', 'clerk', 'employer', 'host', 'migrant', 'point_manager', 'region_operator')),
    ADD CONSTRAINT ck_accounts_credentials CHECK (
        CASE WHEN role IN ('host', 'migrant') THEN phone_index IS NOT NULL
        ELSE login IS NOT NULL AND password_hash IS NOT NULL AND totp_sealed IS NOT NULL END),
    ADD CONSTRAINT ck_accounts_scope CHECK (
        (person_id IS NOT NULL) = (role = 'migrant')
        AND (point_id IS NOT NULL) = (role IN ('clerk', 'point_manager'))
        AND (organisation_id IS NOT NULL) = (role IN ('agency_officer', 'employer')));
CREATE UNIQUE INDEX uq_accounts_phone_role ON accounts (phone_index, role);

GRANT SELECT, INSERT, UPDATE, DELETE ON organisations TO __APP_ROLE__;
