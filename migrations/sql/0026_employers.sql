-- Companies, their vacancies, and who may be found for them. Frozen with migration 0026; what each is for stands in
-- app/models/employers.py.

-- Once approved a company is an organisation of the same id, whose staff can be invited.
CREATE TABLE companies (
    id UUID NOT NULL,
    number_kind VARCHAR(3) NOT NULL,
    number VARCHAR(12) NOT NULL,
    name JSONB NOT NULL,
    contact_sealed BYTEA NOT NULL,
    status VARCHAR(10) NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by UUID,
    reason VARCHAR(500),
    CONSTRAINT pk_companies PRIMARY KEY (id),
    CONSTRAINT ck_companies_number_kind CHECK (number_kind IN ('bin', 'inn')),
    CONSTRAINT ck_companies_status CHECK (status IN ('applied', 'approved', 'refused', 'suspended')),
    CONSTRAINT ck_companies_decided CHECK ((status = 'applied') = (decided_at IS NULL)),
    CONSTRAINT ck_companies_reason CHECK (status NOT IN ('refused', 'suspended') OR reason IS NOT NULL)
);
CREATE UNIQUE INDEX uq_companies_number ON companies (number_kind, number) WHERE status <> 'refused';

CREATE TABLE vacancies (
    id UUID NOT NULL,
    company_id UUID NOT NULL,
    status VARCHAR(10) NOT NULL,
    posting JSONB NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    valid_through DATE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_vacancies PRIMARY KEY (id),
    CONSTRAINT fk_vacancies_company_id FOREIGN KEY (company_id) REFERENCES companies (id),
    CONSTRAINT ck_vacancies_status CHECK (status IN ('closed', 'draft', 'published')),
    CONSTRAINT ck_vacancies_published CHECK (status <> 'published' OR published_at IS NOT NULL),
    CONSTRAINT ck_vacancies_closed CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX ix_vacancies_company_id ON vacancies (company_id, created_at);
CREATE INDEX ix_vacancies_published ON vacancies (valid_through) WHERE status = 'published';

-- `changed_at` moves with everything that matters to matching: a process reads what has changed since it looked last.
CREATE TABLE work_profiles (
    person_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    visible BOOLEAN NOT NULL,
    allowed_from DATE,
    allowed_until DATE,
    sure SMALLINT NOT NULL,
    names_work BOOLEAN NOT NULL,
    log_seq BIGINT NOT NULL,
    reckoned_on DATE NOT NULL,
    CONSTRAINT pk_work_profiles PRIMARY KEY (person_id),
    CONSTRAINT fk_work_profiles_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT ck_work_profiles_sure CHECK (sure BETWEEN 0 AND 100)
);
CREATE INDEX ix_work_profiles_changed_at ON work_profiles (changed_at);
CREATE INDEX ix_work_profiles_visible ON work_profiles (person_id) WHERE visible;

-- One person in one vacancy's list. Its id says nothing, and another vacancy's is another.
CREATE TABLE vacancy_cards (
    id UUID NOT NULL,
    vacancy_id UUID NOT NULL,
    person_id UUID NOT NULL,
    shown_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR(10) NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE,
    asked_by UUID,
    expires_at TIMESTAMP WITH TIME ZONE,
    answered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_vacancy_cards PRIMARY KEY (id),
    CONSTRAINT fk_vacancy_cards_vacancy_id FOREIGN KEY (vacancy_id) REFERENCES vacancies (id),
    CONSTRAINT fk_vacancy_cards_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT uq_vacancy_cards_vacancy_id_person_id UNIQUE (vacancy_id, person_id),
    CONSTRAINT ck_vacancy_cards_status CHECK (status IN ('accepted', 'asked', 'declined', 'ended', 'shown')),
    CONSTRAINT ck_vacancy_cards_asked CHECK ((status = 'shown') = (asked_at IS NULL)
        AND (asked_at IS NULL) = (expires_at IS NULL)),
    CONSTRAINT ck_vacancy_cards_answered CHECK (status NOT IN ('accepted', 'declined') OR answered_at IS NOT NULL)
);
CREATE INDEX ix_vacancy_cards_person_id ON vacancy_cards (person_id);
CREATE INDEX ix_vacancy_cards_waiting ON vacancy_cards (expires_at) WHERE status = 'asked';

GRANT SELECT, INSERT, UPDATE ON companies, vacancies TO __APP_ROLE__;
GRANT SELECT, INSERT, UPDATE, DELETE ON work_profiles, vacancy_cards TO __APP_ROLE__;
