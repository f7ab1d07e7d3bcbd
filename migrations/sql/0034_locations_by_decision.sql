-- Batches of samples are kept by the one statement that carries a decision out. Frozen with migration 0034.

-- As in 0013, and what only a feature's own function can say: `calls` of them, each with its argument.
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
    FOR other IN SELECT value ->> 'function' AS function, value -> 'argument' AS argument
            FROM jsonb_array_elements(command -> 'calls') LOOP
        EXECUTE format('SELECT %I($1)', other.function) USING other.argument;
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

-- Keeps what was decided of a phone's samples: `batches`, rows of one person, and `state`, the person's row, if it is
-- still the `version` that was decided on, or still none.
CREATE FUNCTION keep_locations(command jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    state location_people := jsonb_populate_record(NULL::location_people, command -> 'state');
BEGIN
    IF command ->> 'version' IS NULL THEN
        INSERT INTO location_people SELECT (state).* ON CONFLICT DO NOTHING;
    ELSE
        UPDATE location_people SET latest_at = state.latest_at, latest_sealed = state.latest_sealed,
            told_at = state.told_at, news = state.news
        WHERE person_id = state.person_id AND xmin = (command ->> 'version')::xid;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'where the person was has changed since' USING ERRCODE = 'MZ001';
    END IF;
    INSERT INTO location_batches SELECT * FROM jsonb_populate_recordset(NULL::location_batches, command -> 'batches');
END $$;

-- What decides on samples that come now: the person's row, how many samples there are of these days, and the batches
-- that reach into the time. Plans are kept: of many partitions PostgreSQL would plan anew each time, which takes longer
-- than the reading.
CREATE FUNCTION locations_standing(person uuid, since timestamptz, until timestamptz, days date[])
RETURNS TABLE (resolution smallint, keep_days smallint, deleted_until timestamptz, latest_at timestamptz,
    latest_sealed bytea, told_at timestamptz, news boolean, version text, held json, sealed json)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT p.resolution, p.keep_days, p.deleted_until, p.latest_at, p.latest_sealed, p.told_at, p.news,
        p.xmin::text,
        (SELECT json_object_agg(d.day, d.samples) FROM (
            SELECT b.day, sum(b.samples) AS samples FROM location_batches b
            WHERE b.person_id = person AND b.day = ANY (days) GROUP BY b.day) AS d),
        (SELECT json_agg(b.sealed) FROM location_batches b WHERE b.person_id = person AND b.day = ANY (days)
            AND b.first_at <= until AND b.last_at >= since)
    FROM (VALUES (1)) AS one LEFT JOIN location_people p ON p.person_id = person;
END $$;
