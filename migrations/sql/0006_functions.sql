-- What the ledger's columns and the search call. Frozen with migration 0006.

-- The first free start (0-based tick) at or after `from_tick`: `need` ticks, on the grid of `every` ticks from
-- `anchor` on; NULL if there is none. Each candidate is looked at from its end: a taken tick there rules out all
-- starts up to it at once, so a crowded day is crossed in strides of `need`.
DROP FUNCTION first_free_tick(smallint[], smallint[], integer, integer, integer);
CREATE FUNCTION first_free_tick(
    capacity smallint[], used smallint[], need integer, every integer, from_tick integer, anchor integer DEFAULT 0
) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    start integer := anchor + (greatest(from_tick - anchor, 0) + every - 1) / every * every;
    latest CONSTANT integer := cardinality(capacity) - need;
    tick integer;
BEGIN
    WHILE start <= latest LOOP
        tick := start + need;
        WHILE tick > start AND used[tick] < capacity[tick] LOOP
            tick := tick - 1;
        END LOOP;
        IF tick = start THEN
            RETURN start;
        END IF;
        -- `tick`, counted from 1, is taken: the next start is not before it, counted from 0.
        start := anchor + (tick - anchor + every - 1) / every * every;
    END LOOP;
    RETURN NULL;
END $$;

-- The longest stretch of free ticks from `anchor` on. A longer one than the best so far is looked for from its end.
CREATE FUNCTION longest_free_ticks(capacity smallint[], used smallint[], anchor smallint) RETURNS smallint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    best integer := 0;
    start integer := anchor;
    ticks CONSTANT integer := cardinality(capacity);
    tick integer;
BEGIN
    WHILE start + best < ticks LOOP
        tick := start + best + 1;
        WHILE tick > start AND used[tick] < capacity[tick] LOOP
            tick := tick - 1;
        END LOOP;
        IF tick > start THEN
            start := tick;
            CONTINUE;
        END IF;
        LOOP
            best := best + 1;
            EXIT WHEN start + best >= ticks OR (used[start + best + 1] < capacity[start + best + 1]) IS NOT TRUE;
        END LOOP;
        start := start + best + 1;
    END LOOP;
    RETURN best;
END $$;

-- What is open while persons who booked earlier keep their places: `planned`, or what is used where that is more.
-- NULL when nothing is beyond the plan.
CREATE FUNCTION ticks_kept(planned smallint[], used smallint[]) RETURNS smallint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    beyond boolean := false;
BEGIN
    FOR tick IN 1 .. cardinality(planned) LOOP
        IF used[tick] > planned[tick] THEN
            planned[tick] := used[tick];
            beyond := true;
        END IF;
    END LOOP;
    RETURN CASE WHEN beyond THEN planned END;
END $$;
