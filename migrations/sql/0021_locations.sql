-- Where a person was, sealed with their key. Frozen with migration 0021.

-- One row a person: what they chose, and the latest that is known.
CREATE TABLE location_people (
    person_id UUID NOT NULL,
    resolution SMALLINT,
    keep_days SMALLINT NOT NULL,
    deleted_until TIMESTAMP WITH TIME ZONE,
    latest_at TIMESTAMP WITH TIME ZONE,
    latest_sealed BYTEA,
    told_at TIMESTAMP WITH TIME ZONE,
    news BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_location_people PRIMARY KEY (person_id),
    CONSTRAINT fk_location_people_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT ck_location_people_resolution CHECK (resolution BETWEEN 4 AND 10),
    CONSTRAINT ck_location_people_keep_days CHECK (keep_days BETWEEN 1 AND 30),
    CONSTRAINT ck_location_people_latest CHECK ((latest_at IS NULL) = (latest_sealed IS NULL))
);
CREATE INDEX ix_location_people_news ON location_people (person_id) WHERE news;

-- What came in one batch of one day (UTC), sealed as a whole. A month is dropped whole when nothing in it may be kept.
CREATE TABLE location_batches (
    person_id UUID NOT NULL,
    day DATE NOT NULL,
    id UUID NOT NULL,
    first_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    samples INTEGER NOT NULL,
    sealed BYTEA NOT NULL,
    CONSTRAINT pk_location_batches PRIMARY KEY (person_id, day, id),
    CONSTRAINT fk_location_batches_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT ck_location_batches_samples CHECK (samples > 0 AND first_at <= last_at)
) PARTITION BY RANGE (day);

-- Makes the partitions of the months from `first` to `last` that are missing, and drops those before `first`. It runs
-- as the owner, since the application may make and drop nothing. Returns how many were made and dropped.
-- A partition is attached, not made in place: the table stays open for writing meanwhile.
CREATE FUNCTION keep_location_months(first date, last date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    month date := date_trunc('month', first);
    old regclass;
    moved integer := 0;
    name text;
BEGIN
    IF last - first > 1100 THEN
        RAISE EXCEPTION 'three years at most';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || '.location_months', 0));
    WHILE month <= last LOOP
        name := 'location_batches_' || to_char(month, 'YYYY_MM');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE location_batches INCLUDING ALL)', name);
            EXECUTE format('ALTER TABLE location_batches ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                name, month, (month + interval '1 month')::date);
            moved := moved + 1;
        END IF;
        month := month + interval '1 month';
    END LOOP;
    FOR old IN SELECT inhrelid::regclass FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
            WHERE inhparent = 'location_batches'::regclass
            AND c.relname < 'location_batches_' || to_char(first, 'YYYY_MM') LOOP
        EXECUTE format('DROP TABLE %s', old);
        moved := moved + 1;
    END LOOP;
    RETURN moved;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON location_people, location_batches TO __APP_ROLE__;
