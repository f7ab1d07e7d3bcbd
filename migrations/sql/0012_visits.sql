-- Outcomes that can be taken back, and families who book together. Frozen with migration 0012.

-- A booking is the evidence of one event that stands; one that a clerk took back stays as history.
ALTER TABLE step_events
    ADD COLUMN annulled_at TIMESTAMP WITH TIME ZONE;
DROP INDEX uq_step_events_evidence;
CREATE UNIQUE INDEX uq_step_events_evidence ON step_events (evidence_id)
    WHERE evidence_kind IN ('booking', 'invitation') AND annulled_at IS NULL;

-- Visits that a family booked together bear one group.
ALTER TABLE bookings ADD COLUMN group_id UUID;

-- The first start (0-based tick) at which `people` can begin, each as early as the one before leaves room: at once
-- where counters are free, else one after another, and nobody waits more than `gap` ticks once those before are done.
-- The same as `family_starts` in app/domain/points/places.py. NULL if there is none.
CREATE FUNCTION first_family_tick(
    capacity smallint[], used smallint[], need integer, every integer, from_tick integer, anchor integer,
    people integer, gap integer
) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    first integer := first_free_tick(capacity, used, need, every, from_tick, anchor);
    taken smallint[];
    start integer;
    placed integer;
BEGIN
    WHILE first IS NOT NULL LOOP
        taken := ticks_changed(used, first, need, 1);
        start := first;
        placed := 1;
        WHILE placed < people LOOP
            from_tick := start + need + gap;
            start := first_free_tick(capacity, taken, need, every, start, anchor);
            EXIT WHEN start IS NULL OR start > from_tick;
            taken := ticks_changed(taken, start, need, 1);
            placed := placed + 1;
        END LOOP;
        IF placed = people THEN
            RETURN first;
        END IF;
        first := first_free_tick(capacity, used, need, every, first + 1, anchor);
    END LOOP;
    RETURN NULL;
END $$;
