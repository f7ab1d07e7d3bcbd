-- Points that change, and a search that is fast in a crowded month. Frozen with migration 0006.

ALTER TABLE points
    ADD COLUMN features VARCHAR(20)[] DEFAULT '{}' NOT NULL,
    ADD COLUMN interpreters JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN directions JSONB,
    ADD COLUMN to_know JSONB,
    ADD COLUMN contact JSONB;

-- A pool without counters no longer works; its ledger is kept for the bookings it had.
ALTER TABLE pools
    ADD COLUMN weekly_counters JSONB DEFAULT '{}' NOT NULL,
    DROP CONSTRAINT ck_pools_counters,
    ADD CONSTRAINT ck_pools_counters CHECK (counters >= 0);

CREATE TABLE services (
    code VARCHAR(40) NOT NULL,
    name JSONB NOT NULL,
    purpose JSONB NOT NULL,
    settling_in BOOLEAN NOT NULL,
    CONSTRAINT pk_services PRIMARY KEY (code)
);

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

-- A day begins at local midnight from now on, and no longer at its opening. Whoever has read the ledger holds a lock
-- until the booking is written, so no tick is counted from the old beginning after this.
LOCK TABLE capacity_days, bookings IN ACCESS EXCLUSIVE MODE;
ALTER TABLE capacity_days
    ADD COLUMN opens_tick SMALLINT DEFAULT '0' NOT NULL,
    ADD COLUMN planned SMALLINT[],
    ADD COLUMN longest_free SMALLINT GENERATED ALWAYS AS (longest_free_ticks(capacity, used, opens_tick)) STORED NOT NULL,
    ADD CONSTRAINT ck_capacity_days_opens_tick CHECK (opens_tick >= 0),
    ADD CONSTRAINT ck_capacity_days_planned CHECK (planned IS NULL OR cardinality(planned) = cardinality(capacity));

CREATE TEMPORARY TABLE later_days ON COMMIT DROP AS
    SELECT pool_id, day, day::timestamp AT TIME ZONE zone AS midnight,
        (extract(epoch FROM starts_at - (day::timestamp AT TIME ZONE zone)) / 300)::integer AS later
    FROM capacity_days JOIN pools ON pools.id = pool_id JOIN points ON points.id = point_id;
UPDATE capacity_days d SET
    starts_at = midnight, opens_tick = later,
    capacity = array_fill(0::smallint, ARRAY[later]) || capacity,
    used = array_fill(0::smallint, ARRAY[later]) || used
    FROM later_days l WHERE (l.pool_id, l.day) = (d.pool_id, d.day) AND later > 0;
UPDATE bookings b SET first_tick = first_tick + later
    FROM later_days l WHERE (l.pool_id, l.day) = (b.pool_id, b.day) AND later > 0;

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

GRANT SELECT, INSERT, UPDATE, DELETE ON services, point_exceptions, pool_exceptions TO __APP_ROLE__;
GRANT SELECT, UPDATE ON directory_version TO __APP_ROLE__;
