-- The mirror's shorter way, and who read at the registry what was mirrored. Frozen with migration 0032.

-- Whether a consent allows something at an instant, for what is checked along with other things. It locks nothing, and
-- sees what was committed until it is asked, not only until the statement around it began.
CREATE FUNCTION consent_lives(p_consent uuid, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM consent_states
        WHERE consent_id = p_consent AND status IN ('given', 'renewed') AND expires_at > p_at);
END $$;

-- As before, but that its plan is kept: to make it anew took longer than what it does.
CREATE OR REPLACE FUNCTION claim_mirror(p_now timestamptz, p_lease uuid, p_until timestamptz, p_people int, p_each int)
RETURNS TABLE (person_id uuid, subject uuid, event mirror_events)
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH due AS (
        SELECT p.person_id FROM mirror_people p
        WHERE p.due_at <= p_now AND (p.leased_until IS NULL OR p.leased_until <= p_now)
        ORDER BY p.due_at LIMIT p_people FOR UPDATE SKIP LOCKED),
    taken AS (
        UPDATE mirror_people p SET lease = p_lease, leased_until = p_until FROM due WHERE p.person_id = due.person_id
        RETURNING p.person_id, p.subject),
    chosen AS (
        SELECT c.person_id, c.seq FROM taken t CROSS JOIN LATERAL (
            SELECT e.person_id, e.seq FROM mirror_events e
            WHERE e.person_id = t.person_id AND e.status IN ('queued', 'sent') AND e.available_at <= p_now
            ORDER BY e.seq LIMIT p_each) c),
    marked AS (
        UPDATE mirror_events e SET status = 'sent', attempts = e.attempts + 1 FROM chosen c
        WHERE e.person_id = c.person_id AND e.seq = c.seq RETURNING e)
    SELECT t.person_id, t.subject, m.e FROM taken t LEFT JOIN marked m ON (m.e).person_id = t.person_id
    ORDER BY t.person_id, (m.e).seq;
END $$;

CREATE OR REPLACE FUNCTION finish_mirror(p_now timestamptz, p_lease uuid, p_people uuid[], p_received uuid[])
RETURNS boolean LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    due boolean;
BEGIN
    -- By a statement of its own: what the next one sees is then as new as the lock.
    PERFORM FROM mirror_people p WHERE p.person_id = ANY (p_people) AND p.lease = p_lease
    ORDER BY p.person_id FOR NO KEY UPDATE;
    UPDATE mirror_events SET status = 'received', answered_at = p_now WHERE id = ANY (p_received) AND status = 'sent';
    WITH given AS (
        UPDATE mirror_people p SET lease = NULL, leased_until = NULL, due_at = (
            SELECT min(e.available_at) FROM mirror_events e
            WHERE e.person_id = p.person_id AND e.status IN ('queued', 'sent'))
        WHERE p.person_id = ANY (p_people) AND p.lease = p_lease
        RETURNING p.due_at)
    SELECT coalesce(bool_or(g.due_at <= p_now), false) INTO due FROM given g;
    RETURN due;
END $$;

-- A turn of the relay in one statement, where all went well: what was applied of people's events is written, with each
-- person's entry of it (`p_entries`: rows of the log, each with its `event`, by person), these people are given back, and
-- the next are taken. `settled`: of how many events it was new; told in each row, and there is one at least.
CREATE FUNCTION turn_mirror(
    p_now timestamptz, p_next uuid, p_until timestamptz, p_people int, p_each int, p_lease uuid, p_taken uuid[],
    p_received uuid[], p_ids uuid[], p_digests bytea[], p_entries jsonb
) RETURNS TABLE (settled int, person_id uuid, subject uuid, event mirror_events)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    written uuid[];
BEGIN
    PERFORM FROM mirror_people p WHERE p.person_id = ANY (p_taken) ORDER BY p.person_id FOR NO KEY UPDATE;
    SELECT coalesce(array_agg(s.id), '{}') INTO written
    FROM settle_mirror(p_now, p_ids, p_digests, array_fill(true, ARRAY[cardinality(p_ids)])) s;
    PERFORM finish_mirror(p_now, p_lease, p_taken, p_received);
    -- The log comes after the sequences, as wherever something is mirrored; who is taken next is not waited for.
    INSERT INTO audit_entries SELECT r.* FROM jsonb_array_elements(p_entries) WITH ORDINALITY AS t (entry, place),
        jsonb_populate_record(NULL::audit_entries, t.entry) r
    WHERE (t.entry ->> 'event')::uuid = ANY (written) ORDER BY t.place;
    RETURN QUERY SELECT cardinality(written), c.person_id, c.subject, c.event
        FROM (SELECT) one LEFT JOIN claim_mirror(p_now, p_next, p_until, p_people, p_each) c ON true;
END $$;

-- Uses at the registry that stand in their people's logs, by their names there: each stands once, however often told.
CREATE TABLE mirror_reads (
    id UUID NOT NULL,
    heard_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_mirror_reads PRIMARY KEY (id)
);
GRANT SELECT, INSERT ON mirror_reads TO __APP_ROLE__;
