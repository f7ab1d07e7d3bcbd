-- An event that is queued while its person is given back is seen. Frozen with migration 0025.

-- The people are locked by a statement of its own: what the next one sees is then as new as the lock. In one statement
-- an event whose transaction we had waited for was not seen, and nothing was due any more.
CREATE OR REPLACE FUNCTION finish_mirror(p_now timestamptz, p_lease uuid, p_people uuid[], p_received uuid[]) RETURNS void
LANGUAGE sql AS $$
    UPDATE mirror_events SET status = 'received', answered_at = p_now WHERE id = ANY (p_received) AND status = 'sent';
    SELECT FROM mirror_people p WHERE p.person_id = ANY (p_people) AND p.lease = p_lease
    ORDER BY p.person_id FOR NO KEY UPDATE;
    UPDATE mirror_people p SET lease = NULL, leased_until = NULL, due_at = (
        SELECT min(e.available_at) FROM mirror_events e
        WHERE e.person_id = p.person_id AND e.status IN ('queued', 'sent'))
    WHERE p.person_id = ANY (p_people) AND p.lease = p_lease;
$$;

-- Those that were lost in that way.
UPDATE mirror_people p SET due_at = now() WHERE p.due_at IS NULL AND EXISTS (
    SELECT FROM mirror_events e WHERE e.person_id = p.person_id AND e.status IN ('queued', 'sent'));
