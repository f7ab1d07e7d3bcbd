-- What came of a message with many events is written in one go. Frozen with migration 0031.

-- What became of events is written where it is new and of the very body that was sent; returns those. What a newer state
-- has replaced at the registry is not kept here either: a track never stays.
DROP FUNCTION settle_mirror(timestamptz, uuid[], bytea[], boolean[]);
CREATE FUNCTION settle_mirror(p_now timestamptz, p_ids uuid[], p_digests bytea[], p_applied boolean[])
RETURNS TABLE (id uuid, person_id uuid, seq bigint, act varchar, purpose varchar, ground varchar, status varchar)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    settled uuid[];
BEGIN
    WITH written AS (
        UPDATE mirror_events e SET status = CASE WHEN a.applied THEN 'applied' ELSE 'rejected' END, settled_at = p_now,
            content_sealed = CASE WHEN a.applied THEN e.content_sealed END
        FROM unnest(p_ids, p_digests, p_applied) AS a (id, digest, applied)
        WHERE e.id = a.id AND e.digest = a.digest AND e.status NOT IN ('applied', 'rejected')
        RETURNING e.id)
    SELECT coalesce(array_agg(w.id), '{}') INTO settled FROM written w;
    UPDATE mirror_events o SET content_sealed = NULL FROM mirror_events n
    WHERE n.id = ANY (settled) AND n.status = 'applied' AND n.kind <> '' AND o.person_id = n.person_id
        AND o.kind = n.kind AND o.key = n.key AND o.seq < n.seq AND o.content_sealed IS NOT NULL
        AND o.status IN ('applied', 'rejected');
    RETURN QUERY SELECT e.id, e.person_id, e.seq, e.act, e.purpose, e.ground, e.status
        FROM mirror_events e WHERE e.id = ANY (settled);
END $$;

-- What was received is written, unless it is known already what became of it; people are given back. Whether there is
-- something to send of them at once: what was queued meanwhile has woken nobody.
DROP FUNCTION finish_mirror(timestamptz, uuid, uuid[], uuid[]);
CREATE FUNCTION finish_mirror(p_now timestamptz, p_lease uuid, p_people uuid[], p_received uuid[]) RETURNS boolean
LANGUAGE sql AS $$
    -- By a statement of its own: what the next one sees is then as new as the lock.
    SELECT FROM mirror_people p WHERE p.person_id = ANY (p_people) AND p.lease = p_lease
    ORDER BY p.person_id FOR NO KEY UPDATE;
    UPDATE mirror_events SET status = 'received', answered_at = p_now WHERE id = ANY (p_received) AND status = 'sent';
    WITH given AS (
        UPDATE mirror_people p SET lease = NULL, leased_until = NULL, due_at = (
            SELECT min(e.available_at) FROM mirror_events e
            WHERE e.person_id = p.person_id AND e.status IN ('queued', 'sent'))
        WHERE p.person_id = ANY (p_people) AND p.lease = p_lease
        RETURNING p.due_at)
    SELECT coalesce(bool_or(g.due_at <= p_now), false) FROM given g;
$$;
