-- Points that change, and a search that is fast in a crowded month. Frozen with migration 0006.

ALTER TABLE points
    ADD COLUMN features VARCHAR(20)[] DEFAULT '{}' NOT NULL,
    ADD COLUMN interpreters JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN directions JSONB,
    ADD COLUMN to_know JSONB,
    ADD COLUMN contact JSONB;

ALTER TABLE pools ADD COLUMN weekly_counters JSONB DEFAULT '{}' NOT NULL;

CREATE TABLE point_exceptions (
    id UUID NOT NULL,
    point_id UUID NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    hours JSONB NOT NULL,
    reason JSONB NOT NULL,
    CONSTRAINT pk_point_exceptions PRIMARY KEY (id),
    CONSTRAINT ck_point_exceptions_days CHECK (first_day <= last_day),
    CONSTRAINT ex_point_exceptions_one_a_day EXCLUDE USING gist (point_id WITH =, daterange(first_day, last_day, '[]') WITH &&),
    CONSTRAINT fk_point_exceptions_point_id FOREIGN KEY(point_id) REFERENCES points (id)
);

CREATE TABLE pool_exceptions (
    id UUID NOT NULL,
    pool_id UUID NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    counters SMALLINT NOT NULL,
    CONSTRAINT pk_pool_exceptions PRIMARY KEY (id),
    CONSTRAINT ck_pool_exceptions_days CHECK (first_day <= last_day),
    CONSTRAINT ck_pool_exceptions_counters CHECK (counters >= 0),
    CONSTRAINT ex_pool_exceptions_one_a_day EXCLUDE USING gist (pool_id WITH =, daterange(first_day, last_day, '[]') WITH &&),
    CONSTRAINT fk_pool_exceptions_pool_id FOREIGN KEY(pool_id) REFERENCES pools (id)
);

CREATE TABLE directory_version (
    only_row BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    CONSTRAINT pk_directory_version PRIMARY KEY (only_row),
    CONSTRAINT ck_directory_version_only_row CHECK (only_row)
);
INSERT INTO directory_version VALUES (true, 1);

-- Every process keeps the points in memory, and every search tells it whether they are still these.
CREATE FUNCTION directory_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE directory_version SET version = version + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER directory AFTER INSERT OR UPDATE OR DELETE ON points
    FOR EACH STATEMENT EXECUTE FUNCTION directory_changed();
CREATE TRIGGER directory AFTER INSERT OR UPDATE OR DELETE ON point_services
    FOR EACH STATEMENT EXECUTE FUNCTION directory_changed();

-- Days made until now begin at their opening, and stay so; days made from now on begin at local midnight.
ALTER TABLE capacity_days
    ADD COLUMN opens_tick SMALLINT DEFAULT '0' NOT NULL,
    ADD COLUMN planned SMALLINT[],
    ADD COLUMN longest_free SMALLINT GENERATED ALWAYS AS (longest_free_ticks(capacity, used, opens_tick)) STORED NOT NULL,
    ADD CONSTRAINT ck_capacity_days_opens_tick CHECK (opens_tick >= 0),
    ADD CONSTRAINT ck_capacity_days_planned CHECK (planned IS NULL OR cardinality(planned) = cardinality(capacity));

-- A place beyond the plan is gone for good once it is given back, whoever gives it back.
CREATE FUNCTION close_surplus() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept smallint[] := ticks_kept(OLD.planned, NEW.used);
    goal smallint[] := coalesce(kept, OLD.planned);
BEGIN
    FOR tick IN 1 .. cardinality(goal) LOOP
        NEW.capacity[tick] := least(NEW.capacity[tick], goal[tick]);
    END LOOP;
    IF kept IS NULL THEN
        NEW.planned := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER surplus BEFORE UPDATE OF used ON capacity_days FOR EACH ROW
    WHEN (OLD.planned IS NOT NULL AND NEW.planned = OLD.planned) EXECUTE FUNCTION close_surplus();

GRANT SELECT, INSERT, UPDATE, DELETE ON point_exceptions, pool_exceptions TO __APP_ROLE__;
GRANT SELECT, UPDATE ON directory_version TO __APP_ROLE__;
