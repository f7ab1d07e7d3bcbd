-- Ratings of visits, and complaints. Frozen with migration 0028.

-- One for each visit. `month` of a figure is that in which a rating was first given.
CREATE TABLE ratings (
    booking_id UUID NOT NULL,
    person_id UUID NOT NULL,
    point_id UUID NOT NULL,
    stars SMALLINT NOT NULL,
    comment_sealed BYTEA,
    language VARCHAR(12),
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ratings PRIMARY KEY (booking_id),
    CONSTRAINT fk_ratings_booking_id FOREIGN KEY (booking_id) REFERENCES bookings (id),
    CONSTRAINT fk_ratings_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT fk_ratings_point_id FOREIGN KEY (point_id) REFERENCES points (id),
    CONSTRAINT ck_ratings_stars CHECK (stars BETWEEN 1 AND 5),
    CONSTRAINT ck_ratings_comment CHECK ((comment_sealed IS NULL) = (language IS NULL))
);
CREATE INDEX ix_ratings_person_id ON ratings (person_id);
CREATE INDEX ix_ratings_point_id ON ratings (point_id, given_at);

-- What is told of a month once nothing in it can change any more. It is counted once and never again: of two figures
-- of one month the difference would be a person.
CREATE TABLE rating_months (
    point_id UUID NOT NULL,
    month DATE NOT NULL,
    people INTEGER NOT NULL,
    mean NUMERIC(2, 1) NOT NULL,
    CONSTRAINT pk_rating_months PRIMARY KEY (point_id, month),
    CONSTRAINT fk_rating_months_point_id FOREIGN KEY (point_id) REFERENCES points (id),
    CONSTRAINT ck_rating_months_people CHECK (people >= 10),
    CONSTRAINT ck_rating_months_month CHECK (extract(day FROM month) = 1)
);

-- The last number of a year. A row rather than a maximum: two that come at once get two numbers.
CREATE TABLE complaint_years (
    year SMALLINT NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_complaint_years PRIMARY KEY (year)
);

-- Texts are sealed with the person's key.
CREATE TABLE complaints (
    id UUID NOT NULL,
    number VARCHAR(14) NOT NULL,
    person_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    matter VARCHAR(20) NOT NULL,
    point_id UUID,
    booking_id UUID,
    text_sealed BYTEA NOT NULL,
    language VARCHAR(12) NOT NULL,
    status VARCHAR(12) NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer_by DATE NOT NULL,
    law VARCHAR(200) NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE,
    escalated_at TIMESTAMP WITH TIME ZONE,
    answered_at TIMESTAMP WITH TIME ZONE,
    answer_sealed BYTEA,
    answer_language VARCHAR(12),
    CONSTRAINT pk_complaints PRIMARY KEY (id),
    CONSTRAINT uq_complaints_number UNIQUE (number),
    CONSTRAINT fk_complaints_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT fk_complaints_point_id FOREIGN KEY (point_id) REFERENCES points (id),
    CONSTRAINT fk_complaints_booking_id FOREIGN KEY (booking_id) REFERENCES bookings (id),
    CONSTRAINT ck_complaints_status CHECK (status IN ('received', 'in_work', 'escalated', 'answered')),
    CONSTRAINT ck_complaints_kind CHECK (kind IN ('service', 'register_entry', 'labour')),
    CONSTRAINT ck_complaints_answered CHECK ((status = 'answered') = (answered_at IS NOT NULL)
        AND (answered_at IS NULL) = (answer_sealed IS NULL) AND (answered_at IS NULL) = (answer_language IS NULL)),
    CONSTRAINT ck_complaints_visit CHECK (booking_id IS NULL OR point_id IS NOT NULL)
);
CREATE INDEX ix_complaints_person_id ON complaints (person_id, received_at);
CREATE INDEX ix_complaints_open ON complaints (answer_by, id) WHERE status <> 'answered';

GRANT SELECT, INSERT, UPDATE, DELETE ON ratings, complaints TO __APP_ROLE__;
GRANT SELECT, INSERT ON rating_months TO __APP_ROLE__;
GRANT SELECT, INSERT, UPDATE ON complaint_years TO __APP_ROLE__;
