-- What shows that a step was done, and invitations to hosts. Frozen with migration 0011.

ALTER TABLE step_events
    ADD COLUMN evidence_kind VARCHAR(20),
    ADD COLUMN ordinal BIGINT GENERATED ALWAYS AS IDENTITY,
    DROP CONSTRAINT uq_step_events_evidence_id;
-- Until now only visits were evidence.
UPDATE step_events SET evidence_kind = 'booking' WHERE evidence_id IS NOT NULL;
ALTER TABLE step_events
    ADD CONSTRAINT ck_step_events_evidence CHECK ((evidence_kind IS NULL) = (evidence_id IS NULL)),
    ADD CONSTRAINT ck_step_events_evidence_kind CHECK (evidence_kind IN ('booking', 'document', 'invitation'));
CREATE UNIQUE INDEX uq_step_events_evidence ON step_events (evidence_id)
    WHERE evidence_kind IN ('booking', 'invitation');

CREATE TABLE step_invitations (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    step VARCHAR(40) NOT NULL,
    code_index BYTEA NOT NULL,
    status VARCHAR(20) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    number_sealed BYTEA,
    CONSTRAINT pk_step_invitations PRIMARY KEY (id),
    CONSTRAINT fk_step_invitations_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT uq_step_invitations_code_index UNIQUE (code_index),
    CONSTRAINT ck_step_invitations_status CHECK (status IN ('open', 'answered', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_step_invitations_open ON step_invitations (person_id, step) WHERE status = 'open';
CREATE INDEX ix_step_invitations_person ON step_invitations (person_id, created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON step_invitations TO __APP_ROLE__;
