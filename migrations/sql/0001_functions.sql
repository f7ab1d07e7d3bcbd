-- What the tables' constraints call, and the ledgers' guards. Frozen with migration 0001.

-- True only when both arrays are plain (one dimension, from 1, of equal length, no NULL) and at every tick
-- 0 <= used <= capacity. `capacity >= ALL (used)` would let NULLs, writes past the end and used[0] through,
-- and a CHECK takes NULL for true: hence IS NOT TRUE, and never a NULL answer.
CREATE FUNCTION capacity_holds(capacity smallint[], used smallint[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF (array_ndims(capacity) = 1 AND array_ndims(used) = 1
        AND array_lower(capacity, 1) = 1 AND array_lower(used, 1) = 1
        AND cardinality(capacity) = cardinality(used)) IS NOT TRUE THEN
        RETURN false;
    END IF;
    FOR tick IN 1 .. cardinality(capacity) LOOP
        IF (used[tick] BETWEEN 0 AND capacity[tick]) IS NOT TRUE THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END $$;

-- `used` with `change` added at `ticks` ticks from the 0-based `first_tick`.
CREATE FUNCTION ticks_changed(used smallint[], first_tick integer, ticks integer, change integer) RETURNS smallint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    FOR tick IN first_tick + 1 .. first_tick + ticks LOOP
        used[tick] := used[tick] + change;
    END LOOP;
    RETURN used;
END $$;

-- The first 0-based tick, at or after `from_tick` and on the grid `every`, from which `need` ticks are free; else NULL.
CREATE FUNCTION first_free_tick(
    capacity smallint[], used smallint[], need integer, every integer, from_tick integer
) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    run integer := 0;
    candidate integer;
BEGIN
    FOR tick IN greatest(from_tick, 0) .. cardinality(capacity) - 1 LOOP
        IF used[tick + 1] < capacity[tick + 1] THEN
            run := run + 1;
            candidate := tick - need + 1;
            IF run >= need AND candidate % every = 0 THEN
                RETURN candidate;
            END IF;
        ELSE
            run := 0;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- The digest of one link: everything the row says, its place and the link before. NULLs are left out, so that a
-- column added later does not change the digest of rows written before it.
CREATE FUNCTION chain_digest(link jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT sha256(convert_to(jsonb_strip_nulls(link - 'digest')::text, 'UTF8'))
$$;
