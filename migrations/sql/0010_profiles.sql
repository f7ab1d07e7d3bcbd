-- Documents of every kind with their versions, names and numbers, birth and entries, family, and merges.
-- Frozen with migration 0010.

ALTER TABLE persons
    ADD COLUMN merged_into UUID,
    ADD CONSTRAINT fk_persons_merged_into FOREIGN KEY (merged_into) REFERENCES persons (id);
CREATE INDEX ix_persons_merged_into ON persons (merged_into) WHERE merged_into IS NOT NULL;

-- A person who turned out to be two has two numbers to sign in with.
ALTER TABLE accounts DROP CONSTRAINT uq_accounts_person_id;
CREATE INDEX ix_accounts_person_id ON accounts (person_id);

ALTER TABLE profiles
    ADD COLUMN birth_year SMALLINT,
    ADD COLUMN birth_month SMALLINT,
    ADD COLUMN birth_day SMALLINT,
    ADD COLUMN languages VARCHAR(12)[] DEFAULT '{}' NOT NULL,
    ADD CONSTRAINT ck_profiles_birth CHECK (birth_month BETWEEN 1 AND 12 AND birth_day BETWEEN 1 AND 31);

ALTER TABLE identity_documents
    ADD COLUMN status VARCHAR(10) DEFAULT 'valid' NOT NULL,
    ADD COLUMN changed_at TIMESTAMP WITH TIME ZONE,
    ALTER COLUMN number_index DROP NOT NULL,
    DROP CONSTRAINT uq_identity_documents_number_index,
    ADD CONSTRAINT ck_identity_documents_kind CHECK (kind IN (
        'asylum_certificate', 'birth_certificate', 'identity_card', 'migration_card', 'other', 'passport', 'patent',
        'refugee_certificate', 'residence_permit', 'translation', 'travel_document', 'visa')),
    ADD CONSTRAINT ck_identity_documents_status CHECK (status IN ('disowned', 'ended', 'replaced', 'valid')),
    ADD CONSTRAINT ck_identity_documents_current CHECK (NOT current OR status = 'valid'),
    ADD CONSTRAINT ck_identity_documents_identified CHECK (kind NOT IN (
        'asylum_certificate', 'identity_card', 'passport', 'refugee_certificate', 'travel_document')
        OR number_index IS NOT NULL);
CREATE UNIQUE INDEX uq_identity_documents_number_index ON identity_documents (number_index) WHERE kind IN (
    'asylum_certificate', 'identity_card', 'passport', 'refugee_certificate', 'travel_document')
    AND status IN ('ended', 'valid');
CREATE INDEX ix_identity_documents_number_index ON identity_documents (number_index);

CREATE TABLE details (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    value_sealed BYTEA NOT NULL,
    value_index BYTEA,
    document_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    replaced_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_details PRIMARY KEY (id),
    CONSTRAINT fk_details_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT fk_details_document_id FOREIGN KEY (document_id) REFERENCES identity_documents (id)
);
CREATE UNIQUE INDEX uq_details_kind ON details (person_id, kind) WHERE replaced_at IS NULL;
CREATE INDEX ix_details_value_index ON details (value_index) WHERE value_index IS NOT NULL;

ALTER TABLE entries
    ADD COLUMN stay_days SMALLINT,
    ADD COLUMN left_on DATE,
    ADD COLUMN crossing_sealed BYTEA,
    ADD COLUMN replaced_at TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT ck_entries_left_on CHECK (left_on >= entered_on),
    ADD CONSTRAINT ck_entries_stay_days CHECK (stay_days > 0);
DROP INDEX uq_entries_person_id_number;
CREATE UNIQUE INDEX uq_entries_person_id_number ON entries (person_id, number) WHERE replaced_at IS NULL;

CREATE TABLE family_links (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    other_id UUID NOT NULL,
    relation VARCHAR(20) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_family_links PRIMARY KEY (id),
    CONSTRAINT fk_family_links_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT fk_family_links_other_id FOREIGN KEY (other_id) REFERENCES persons (id),
    CONSTRAINT ck_family_links_relation CHECK (relation IN ('ward', 'spouse', 'relative')),
    CONSTRAINT ck_family_links_two_persons CHECK (person_id <> other_id)
);
CREATE UNIQUE INDEX uq_family_links_pair ON family_links (person_id, other_id) WHERE ended_at IS NULL;
CREATE INDEX ix_family_links_other ON family_links (other_id);

CREATE TABLE merge_cases (
    id UUID NOT NULL,
    code VARCHAR(14) NOT NULL,
    claimant_id UUID NOT NULL,
    holder_id UUID NOT NULL,
    number_index BYTEA NOT NULL,
    status VARCHAR(12) NOT NULL,
    tries SMALLINT DEFAULT '0' NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_merge_cases PRIMARY KEY (id),
    CONSTRAINT uq_merge_cases_code UNIQUE (code),
    CONSTRAINT fk_merge_cases_claimant_id FOREIGN KEY (claimant_id) REFERENCES persons (id),
    CONSTRAINT fk_merge_cases_holder_id FOREIGN KEY (holder_id) REFERENCES persons (id),
    CONSTRAINT ck_merge_cases_status CHECK (status IN ('pending', 'joined', 'rejected', 'moved')),
    CONSTRAINT ck_merge_cases_number_index CHECK (octet_length(number_index) = 32),
    CONSTRAINT ck_merge_cases_decided_at CHECK ((status = 'pending') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX uq_merge_cases_pending ON merge_cases (claimant_id, number_index) WHERE status = 'pending';
CREATE INDEX ix_merge_cases_holder ON merge_cases (holder_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON details, family_links, merge_cases TO __APP_ROLE__;
