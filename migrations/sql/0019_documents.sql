-- Copies of papers: documents, versions, files, parts, shares. Frozen with migration 0019; what each is for stands in
-- app/models/documents.py.

CREATE TABLE doomed_objects (
    object VARCHAR(120) NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_doomed_objects PRIMARY KEY (object)
);
CREATE INDEX ix_doomed_objects_since ON doomed_objects (since);

CREATE TABLE stored_documents (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    kind VARCHAR(24) NOT NULL,
    version SMALLINT,
    identity_document_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_stored_documents PRIMARY KEY (id),
    CONSTRAINT ck_stored_documents_kind CHECK (kind IN ('exam_certificate', 'insurance', 'medical_certificate', 'migration_card', 'other', 'passport', 'patent', 'photo', 'receipt', 'registration', 'translation')),
    CONSTRAINT fk_stored_documents_person_id FOREIGN KEY(person_id) REFERENCES persons (id),
    CONSTRAINT fk_stored_documents_identity_document_id FOREIGN KEY(identity_document_id) REFERENCES identity_documents (id)
);
CREATE INDEX ix_stored_documents_person_id ON stored_documents (person_id);

CREATE TABLE document_versions (
    document_id UUID NOT NULL,
    version SMALLINT NOT NULL,
    pages SMALLINT NOT NULL,
    issued_on DATE,
    expires_on DATE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ready_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_document_versions PRIMARY KEY (document_id, version),
    CONSTRAINT ck_document_versions_pages CHECK (pages > 0 AND version > 0),
    CONSTRAINT ck_document_versions_dates CHECK (issued_on <= expires_on),
    CONSTRAINT fk_document_versions_document_id FOREIGN KEY(document_id) REFERENCES stored_documents (id)
);

CREATE TABLE document_files (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    document_id UUID NOT NULL,
    version SMALLINT NOT NULL,
    page SMALLINT NOT NULL,
    state VARCHAR(10) NOT NULL,
    length INTEGER NOT NULL,
    received INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    claimed_until TIMESTAMP WITH TIME ZONE,
    refusal VARCHAR(20),
    secret_sealed BYTEA NOT NULL,
    media_type VARCHAR(20),
    size INTEGER,
    content VARCHAR(120),
    preview VARCHAR(120),
    CONSTRAINT pk_document_files PRIMARY KEY (id),
    CONSTRAINT fk_document_files_version FOREIGN KEY(document_id, version) REFERENCES document_versions (document_id, version),
    CONSTRAINT ck_document_files_state CHECK (state IN ('checking', 'ready', 'refused', 'uploading')),
    CONSTRAINT ck_document_files_received CHECK (received BETWEEN 0 AND length AND length > 0),
    CONSTRAINT ck_document_files_expires_at CHECK ((state = 'uploading') = (expires_at IS NOT NULL)),
    CONSTRAINT ck_document_files_whole CHECK (state = 'uploading' OR received = length),
    CONSTRAINT ck_document_files_content CHECK ((state = 'ready') = (content IS NOT NULL)),
    CONSTRAINT ck_document_files_refusal CHECK ((state = 'refused') = (refusal IS NOT NULL) AND refusal IN ('damaged', 'heic', 'hidden_content', 'infected', 'protected', 'too_many_pages', 'too_many_pixels', 'unknown_type', 'unpacks_too_far')),
    CONSTRAINT fk_document_files_person_id FOREIGN KEY(person_id) REFERENCES persons (id)
);
CREATE INDEX ix_document_files_checking ON document_files (claimed_until) WHERE state = 'checking';
CREATE INDEX ix_document_files_expires_at ON document_files (expires_at) WHERE state = 'uploading';
CREATE INDEX ix_document_files_person_id ON document_files (person_id);
CREATE UNIQUE INDEX uq_document_files_page ON document_files (document_id, version, page) WHERE state IN ('checking', 'ready', 'uploading');

CREATE TABLE document_shares (
    document_id UUID NOT NULL,
    booking_id UUID NOT NULL,
    person_id UUID NOT NULL,
    point_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_document_shares PRIMARY KEY (document_id, booking_id),
    CONSTRAINT fk_document_shares_document_id FOREIGN KEY(document_id) REFERENCES stored_documents (id) ON DELETE CASCADE,
    CONSTRAINT fk_document_shares_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id),
    CONSTRAINT fk_document_shares_person_id FOREIGN KEY(person_id) REFERENCES persons (id),
    CONSTRAINT fk_document_shares_point_id FOREIGN KEY(point_id) REFERENCES points (id)
);
CREATE INDEX ix_document_shares_booking_id ON document_shares (booking_id);
CREATE INDEX ix_document_shares_person_id ON document_shares (person_id);

CREATE TABLE upload_parts (
    file_id UUID NOT NULL,
    first INTEGER NOT NULL,
    size INTEGER NOT NULL,
    object VARCHAR(120) NOT NULL,
    CONSTRAINT pk_upload_parts PRIMARY KEY (file_id, first),
    CONSTRAINT ck_upload_parts_size CHECK (size > 0),
    CONSTRAINT fk_upload_parts_file_id FOREIGN KEY(file_id) REFERENCES document_files (id) ON DELETE CASCADE
);

GRANT SELECT, INSERT, UPDATE, DELETE ON
    stored_documents, document_versions, document_files, upload_parts, document_shares, doomed_objects
TO __APP_ROLE__;
