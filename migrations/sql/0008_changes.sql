-- One statement carries out what a command about bookings has decided. Frozen with migration 0008.

ALTER TABLE bookings
    ADD COLUMN version INTEGER DEFAULT '1' NOT NULL,
    ADD COLUMN moves SMALLINT DEFAULT '0' NOT NULL;

-- All of `command` (app/db/changes.py) or nothing. MZ001: what it was decided on is no longer so.
-- Locks in the one order: the answer's key, persons, their bookings, ledger rows, heads of the log.
CREATE FUNCTION commit_changes(command jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    claimed kept_answers := jsonb_populate_record(NULL::kept_answers, command -> 'answer');
    someone record;
    place record;
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

    FOR place IN SELECT * FROM jsonb_populate_recordset(NULL::bookings, command -> 'changed') ORDER BY id LOOP
        UPDATE bookings SET point_id = place.point_id, pool_id = place.pool_id, day = place.day,
            first_tick = place.first_tick, ticks = place.ticks, during = place.during, status = place.status,
            held_until = place.held_until, changed_at = place.changed_at, moves = place.moves, version = version + 1
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

-- The same links as before, with one write of the head instead of two, and the digest spelled out: calling a function
-- for it took longer than the digest. It is that of `chain_digest`, by which `broken_links` checks.
CREATE OR REPLACE FUNCTION chain_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
BEGIN
    LOOP
        SELECT seq + 1, digest INTO NEW.seq, NEW.previous FROM chain_heads
        WHERE ledger = TG_TABLE_NAME AND person_id = NEW.person_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            NEW.seq := 1;
            NEW.previous := '';
        END IF;
        NEW.digest := sha256(convert_to(jsonb_strip_nulls(to_jsonb(NEW) - 'digest')::text, 'UTF8'));
        IF NEW.seq > 1 THEN
            UPDATE chain_heads SET seq = NEW.seq, digest = NEW.digest
            WHERE ledger = TG_TABLE_NAME AND person_id = NEW.person_id;
            RETURN NEW;
        END IF;
        -- Of two who write a person's first link at once, the second finds a head, and links to it.
        INSERT INTO chain_heads (ledger, person_id, seq, digest)
        VALUES (TG_TABLE_NAME, NEW.person_id, NEW.seq, NEW.digest) ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN NEW;
        END IF;
    END LOOP;
END $$;
