-- Agreements between agencies, what is passed on by them, and lawful requests beyond them. Frozen with migration 0027.

-- Who stands in for whom: neither passes what the other asked for.
CREATE TABLE deputies (
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    deputy_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    named_by UUID NOT NULL,
    CONSTRAINT pk_deputies PRIMARY KEY (id),
    CONSTRAINT ck_deputies_another CHECK (account_id <> deputy_id),
    CONSTRAINT ck_deputies_term CHECK (until >= since)
);
CREATE UNIQUE INDEX uq_deputies_now ON deputies (account_id, deputy_id) WHERE until IS NULL;
CREATE INDEX ix_deputies_deputy_id ON deputies (deputy_id);
GRANT SELECT, INSERT, UPDATE (until) ON deputies TO __APP_ROLE__;

CREATE TABLE agencies (
    organisation_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    system VARCHAR(60) NOT NULL,
    points UUID[] NOT NULL,
    CONSTRAINT pk_agencies PRIMARY KEY (organisation_id),
    CONSTRAINT fk_agencies_organisation_id FOREIGN KEY (organisation_id) REFERENCES organisations (id),
    CONSTRAINT ck_agencies_kind CHECK (kind IN (
        'adaptation', 'authority', 'education', 'health', 'labour', 'migration', 'tax'))
);
GRANT SELECT, INSERT, UPDATE ON agencies TO __APP_ROLE__;

CREATE TABLE agreements (
    id UUID NOT NULL,
    agency_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_by UUID,
    CONSTRAINT pk_agreements PRIMARY KEY (id),
    CONSTRAINT fk_agreements_agency_id FOREIGN KEY (agency_id) REFERENCES agencies (organisation_id),
    CONSTRAINT ck_agreements_revoked CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX ix_agreements_agency_id ON agreements (agency_id);
GRANT SELECT, INSERT, UPDATE (revoked_at, revoked_by) ON agreements TO __APP_ROLE__;

-- A wording is never changed: the application may say who approved it, and nothing else.
CREATE TABLE agreement_versions (
    agreement_id UUID NOT NULL,
    number SMALLINT NOT NULL,
    fields VARCHAR(20)[] NOT NULL,
    people VARCHAR(20) NOT NULL,
    codes VARCHAR(40)[] NOT NULL,
    steps VARCHAR(40)[] NOT NULL,
    purpose VARCHAR(40) NOT NULL,
    basis VARCHAR(10) NOT NULL,
    citation VARCHAR(200) NOT NULL,
    ways VARCHAR(10)[] NOT NULL,
    every_hours SMALLINT,
    retention_days SMALLINT NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    approved_by UUID,
    approved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_agreement_versions PRIMARY KEY (agreement_id, number),
    CONSTRAINT fk_agreement_versions_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id),
    CONSTRAINT ck_agreement_versions_number CHECK (number > 0),
    CONSTRAINT ck_agreement_versions_fields CHECK (cardinality(fields) > 0 AND fields <@ ARRAY[
        'birth_date', 'citizenship', 'cyrillic_name', 'document', 'email', 'entry', 'inn', 'migrant_id', 'name',
        'snils', 'steps_done']::varchar[]),
    CONSTRAINT ck_agreement_versions_people CHECK (people IN ('consented', 'step_done', 'visited')),
    CONSTRAINT ck_agreement_versions_basis CHECK (
        basis IN ('consent', 'law') AND (basis = 'consent') = (people = 'consented')),
    CONSTRAINT ck_agreement_versions_ways CHECK (
        cardinality(ways) > 0 AND ways <@ ARRAY['feed', 'list', 'search']::varchar[]
        AND ('feed' = ANY (ways)) = (every_hours IS NOT NULL)),
    CONSTRAINT ck_agreement_versions_term CHECK (
        valid_from < valid_to AND retention_days > 0 AND (every_hours IS NULL OR every_hours > 0)),
    CONSTRAINT ck_agreement_versions_two_people CHECK (
        (approved_by IS NULL) = (approved_at IS NULL) AND approved_by <> proposed_by)
);
GRANT SELECT, INSERT, UPDATE (approved_by, approved_at) ON agreement_versions TO __APP_ROLE__;

-- What was asked for at workstations and what came of it: never of whom. The person's own log says that.
CREATE TABLE exchange_uses (
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    way VARCHAR(10) NOT NULL,
    account_id UUID,
    agency_id UUID NOT NULL,
    agreement_id UUID,
    number SMALLINT,
    outcome VARCHAR(10) NOT NULL,
    code VARCHAR(40),
    people INTEGER NOT NULL,
    reason_sealed BYTEA,
    CONSTRAINT pk_exchange_uses PRIMARY KEY (id),
    CONSTRAINT ck_exchange_uses_way CHECK (way IN ('feed', 'list', 'request', 'search')),
    CONSTRAINT ck_exchange_uses_outcome CHECK (outcome IN ('answered', 'nothing', 'refused')),
    CONSTRAINT ck_exchange_uses_code CHECK ((outcome = 'refused') = (code IS NOT NULL)),
    CONSTRAINT ck_exchange_uses_people CHECK (people >= 0 AND (outcome = 'answered') = (people > 0))
);
CREATE INDEX ix_exchange_uses_account_id ON exchange_uses (account_id, at);
CREATE INDEX ix_exchange_uses_agency_id ON exchange_uses (agency_id, at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exchange_uses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON exchange_uses TO __APP_ROLE__;

-- An account that went through the numbers looks up nothing until an operator has settled it.
CREATE TABLE exchange_alarms (
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind VARCHAR(10) NOT NULL,
    account_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    settled_by UUID,
    CONSTRAINT pk_exchange_alarms PRIMARY KEY (id),
    CONSTRAINT ck_exchange_alarms_kind CHECK (kind IN ('many', 'misses', 'refused')),
    CONSTRAINT ck_exchange_alarms_settled CHECK ((settled_at IS NULL) = (settled_by IS NULL))
);
CREATE UNIQUE INDEX uq_exchange_alarms_open ON exchange_alarms (account_id) WHERE settled_at IS NULL;
CREATE INDEX ix_exchange_alarms_account_id ON exchange_alarms (account_id, settled_at);
GRANT SELECT, INSERT, UPDATE (settled_at, settled_by) ON exchange_alarms TO __APP_ROLE__;

-- How far the files of an agreement's feed are: `run_id` is the run under way by version `number`, `last_person` whom it
-- came to.
CREATE TABLE exchange_feeds (
    agreement_id UUID NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    run_id UUID,
    number SMALLINT,
    last_person UUID,
    files INTEGER NOT NULL,
    CONSTRAINT ck_exchange_feeds_run CHECK ((run_id IS NULL) = (number IS NULL)),
    CONSTRAINT pk_exchange_feeds PRIMARY KEY (agreement_id),
    CONSTRAINT fk_exchange_feeds_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id)
);
CREATE INDEX ix_exchange_feeds_due_at ON exchange_feeds (due_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange_feeds TO __APP_ROLE__;

-- `manifest` is signed and names nobody; what it is of lies beside it, sealed for each person.
CREATE TABLE exchange_files (
    id UUID NOT NULL,
    agreement_id UUID NOT NULL,
    number SMALLINT NOT NULL,
    run_id UUID NOT NULL,
    ordinal INTEGER NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    delete_at TIMESTAMP WITH TIME ZONE NOT NULL,
    manifest TEXT NOT NULL,
    fetched_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_exchange_files PRIMARY KEY (id),
    CONSTRAINT fk_exchange_files_version FOREIGN KEY (agreement_id, number)
        REFERENCES agreement_versions (agreement_id, number),
    CONSTRAINT uq_exchange_files_run_id_ordinal UNIQUE (run_id, ordinal)
);
CREATE INDEX ix_exchange_files_agreement_id ON exchange_files (agreement_id, made_at);
CREATE INDEX ix_exchange_files_delete_at ON exchange_files (delete_at);
CREATE TABLE exchange_items (
    file_id UUID NOT NULL,
    ordinal SMALLINT NOT NULL,
    person_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    CONSTRAINT pk_exchange_items PRIMARY KEY (file_id, ordinal),
    CONSTRAINT fk_exchange_items_file_id FOREIGN KEY (file_id) REFERENCES exchange_files (id) ON DELETE CASCADE,
    CONSTRAINT fk_exchange_items_person_id FOREIGN KEY (person_id) REFERENCES persons (id)
);
CREATE INDEX ix_exchange_items_person_id ON exchange_items (person_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange_files, exchange_items TO __APP_ROLE__;

-- `subject_sealed` is the Migrant ID that was asked about; who that is, is found when the answer is had.
CREATE TABLE lawful_requests (
    id UUID NOT NULL,
    agency_id UUID NOT NULL,
    ground VARCHAR(30) NOT NULL,
    case_number VARCHAR(80) NOT NULL,
    categories VARCHAR(20)[] NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    subject_sealed BYTEA NOT NULL,
    hide_ground VARCHAR(40),
    hide_until TIMESTAMP WITH TIME ZONE,
    asked_by UUID NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    approved_by UUID,
    approved_at TIMESTAMP WITH TIME ZONE,
    declined_by UUID,
    declined_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_lawful_requests PRIMARY KEY (id),
    CONSTRAINT fk_lawful_requests_agency_id FOREIGN KEY (agency_id) REFERENCES agencies (organisation_id),
    CONSTRAINT ck_lawful_requests_ground CHECK (ground IN (
        'court_order', 'criminal_investigation', 'prosecutor', 'search_for_missing')),
    CONSTRAINT ck_lawful_requests_categories CHECK (cardinality(categories) > 0 AND categories <@ ARRAY[
        'birth_date', 'citizenship', 'cyrillic_name', 'document', 'email', 'entry', 'inn', 'migrant_id', 'name',
        'snils', 'steps_done', 'visits']::varchar[]),
    CONSTRAINT ck_lawful_requests_period CHECK (first_day <= last_day),
    CONSTRAINT ck_lawful_requests_hidden CHECK ((hide_ground IS NULL) = (hide_until IS NULL)),
    CONSTRAINT ck_lawful_requests_two_people CHECK (
        (approved_by IS NULL) = (approved_at IS NULL) AND approved_by <> asked_by),
    CONSTRAINT ck_lawful_requests_declined CHECK (
        (declined_by IS NULL) = (declined_at IS NULL) AND (declined_at IS NULL OR approved_at IS NULL))
);
CREATE INDEX ix_lawful_requests_agency_id ON lawful_requests (agency_id, asked_at);
GRANT SELECT, INSERT, UPDATE (approved_by, approved_at, declined_by, declined_at) ON lawful_requests TO __APP_ROLE__;
