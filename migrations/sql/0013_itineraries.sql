-- Itineraries: the visits of a whole pathway, booked together and kept good. Frozen with migration 0013.

-- What one person asked for, and whose visits it holds. `terms_sealed`: how they want to go, without where they live.
-- Looked at again by the worker when a log of its people has grown, when a day has begun, when the rules changed.
CREATE TABLE itineraries (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    status VARCHAR(12) NOT NULL,
    terms_sealed BYTEA NOT NULL,
    completes_on DATE,
    book_version VARCHAR(40) NOT NULL,
    looked_on DATE NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_itineraries PRIMARY KEY (id),
    CONSTRAINT fk_itineraries_person_id FOREIGN KEY (person_id) REFERENCES persons (id),
    CONSTRAINT ck_itineraries_status CHECK (status IN ('standing', 'replaced', 'ended')),
    CONSTRAINT ck_itineraries_decided_at CHECK ((status = 'standing') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX uq_itineraries_standing ON itineraries (person_id) WHERE status = 'standing';

-- `seen_seq`: how long the person's log was when the itinerary was last looked at.
CREATE TABLE itinerary_people (
    itinerary_id UUID NOT NULL,
    person_id UUID NOT NULL,
    seen_seq BIGINT NOT NULL,
    CONSTRAINT pk_itinerary_people PRIMARY KEY (itinerary_id, person_id),
    CONSTRAINT fk_itinerary_people_itinerary_id FOREIGN KEY (itinerary_id) REFERENCES itineraries (id),
    CONSTRAINT fk_itinerary_people_person_id FOREIGN KEY (person_id) REFERENCES persons (id)
);
CREATE INDEX ix_itinerary_people_person ON itinerary_people (person_id);

CREATE TABLE itinerary_offers (
    id UUID NOT NULL,
    itinerary_id UUID NOT NULL,
    status VARCHAR(12) NOT NULL,
    why JSONB NOT NULL,
    plan JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_itinerary_offers PRIMARY KEY (id),
    CONSTRAINT fk_itinerary_offers_itinerary_id FOREIGN KEY (itinerary_id) REFERENCES itineraries (id),
    CONSTRAINT ck_itinerary_offers_status CHECK (status IN ('open', 'accepted', 'declined', 'withdrawn')),
    CONSTRAINT ck_itinerary_offers_decided_at CHECK ((status = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX uq_itinerary_offers_open ON itinerary_offers (itinerary_id) WHERE status = 'open';

ALTER TABLE bookings
    ADD COLUMN itinerary_id UUID,
    ADD CONSTRAINT fk_bookings_itinerary_id FOREIGN KEY (itinerary_id) REFERENCES itineraries (id);

-- As before, and with what features above bookings decided in the same breath: rows `inserted` into tables of theirs
-- (before the bookings that name them), and rows `decided`, which had to stand in the status that was read.
CREATE OR REPLACE FUNCTION commit_changes(command jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    claimed kept_answers := jsonb_populate_record(NULL::kept_answers, command -> 'answer');
    someone record;
    place record;
    other record;
    done integer;
BEGIN
    IF claimed.key_digest IS NOT NULL THEN
        INSERT INTO kept_answers AS kept SELECT (claimed).*
        ON CONFLICT (key_digest) DO UPDATE SET request_digest = excluded.request_digest,
            answer_sealed = excluded.answer_sealed, expires_at = excluded.expires_at
        WHERE kept.expires_at <= (command -> 'answer' ->> 'now')::timestamptz;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'answered meanwhile' USING ERRCODE = 'MZ001';
        END IF;
    END IF;

    FOR someone IN SELECT key::uuid AS id, value::bigint AS seq FROM jsonb_each_text(command -> 'people') ORDER BY 1 LOOP
        PERFORM FROM persons WHERE id = someone.id FOR NO KEY UPDATE;
        IF someone.seq <> coalesce((SELECT seq FROM chain_heads
                                    WHERE ledger = 'audit_entries' AND person_id = someone.id), 0) THEN
            RAISE EXCEPTION 'something has happened to this person since' USING ERRCODE = 'MZ001';
        END IF;
    END LOOP;

    FOR other IN SELECT * FROM jsonb_to_recordset(command -> 'decided')
            AS d ("table" text, id uuid, was text, status text, at timestamptz) ORDER BY 1, 2 LOOP
        EXECUTE format('UPDATE %I SET status = $1, decided_at = $2 WHERE id = $3 AND status = $4', other.table)
        USING other.status, other.at, other.id, other.was;
        GET DIAGNOSTICS done = ROW_COUNT;
        IF done = 0 THEN
            RAISE EXCEPTION 'it was decided meanwhile' USING ERRCODE = 'MZ001';
        END IF;
    END LOOP;
    FOR other IN SELECT value ->> 'table' AS "table", value -> 'rows' AS rows
            FROM jsonb_array_elements(command -> 'inserted') LOOP
        EXECUTE format('INSERT INTO %1$I SELECT * FROM jsonb_populate_recordset(NULL::%1$I, $1)', other.table)
        USING other.rows;
    END LOOP;

    -- Of several that move, one may come to stand where another still is: all step aside first.
    IF jsonb_array_length(command -> 'changed') > 1 THEN
        UPDATE bookings b SET during = tstzrange(lower(during) - interval '1000 years', upper(during) - interval '1000 years')
        FROM jsonb_to_recordset(command -> 'changed') AS c (id uuid, version int)
        WHERE b.id = c.id AND b.version = c.version;
    END IF;
    FOR place IN SELECT * FROM jsonb_populate_recordset(NULL::bookings, command -> 'changed') ORDER BY id LOOP
        UPDATE bookings SET point_id = place.point_id, pool_id = place.pool_id, day = place.day,
            first_tick = place.first_tick, ticks = place.ticks, during = place.during, status = place.status,
            held_until = place.held_until, changed_at = place.changed_at, moves = place.moves,
            itinerary_id = place.itinerary_id, version = version + 1
        WHERE id = place.id AND version = place.version;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the booking has changed since' USING ERRCODE = 'MZ001';
        END IF;
    END LOOP;

    -- Within a row, what is given back goes first: a move by ten minutes does not stand in its own way.
    FOR place IN SELECT * FROM jsonb_to_recordset(command -> 'ledger')
            AS l (pool_id uuid, day date, first_tick int, ticks int, change int) ORDER BY pool_id, day, change LOOP
        UPDATE capacity_days SET used = ticks_changed(used, place.first_tick, place.ticks, place.change)
        WHERE pool_id = place.pool_id AND day = place.day;
    END LOOP;

    INSERT INTO bookings SELECT * FROM jsonb_populate_recordset(NULL::bookings, command -> 'added');
    INSERT INTO audit_entries SELECT * FROM jsonb_populate_recordset(NULL::audit_entries, command -> 'entries');
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON itineraries, itinerary_people, itinerary_offers TO __APP_ROLE__;
