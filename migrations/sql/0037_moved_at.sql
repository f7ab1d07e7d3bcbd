-- When a visit was moved: of moves the last day's are counted, not those of a lifetime. Frozen with migration 0037.

ALTER TABLE bookings ADD COLUMN moved_at timestamptz[] DEFAULT '{}' NOT NULL;
UPDATE bookings SET moved_at = array_fill(changed_at, ARRAY[moves::integer])
WHERE moves > 0 AND changed_at > now() - interval '1 day';
ALTER TABLE bookings DROP COLUMN moves;

-- As in 0034.
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
            held_until = place.held_until, changed_at = place.changed_at, moved_at = place.moved_at,
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
