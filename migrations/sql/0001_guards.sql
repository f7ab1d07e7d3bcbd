-- Triggers and grants. Frozen with migration 0001. __APP_ROLE__ is the role the application works under.

-- A person's links are numbered and chained here, not in the application: it cannot leave one out or write two
-- with one number. It runs as the owner, since the application may not touch the heads.
CREATE FUNCTION chain_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
BEGIN
    INSERT INTO chain_heads AS head (ledger, person_id, seq, digest)
    VALUES (TG_TABLE_NAME, NEW.person_id, 1, ''::bytea)
    ON CONFLICT (ledger, person_id) DO UPDATE SET seq = head.seq + 1
    RETURNING seq, digest INTO NEW.seq, NEW.previous;
    NEW.digest := chain_digest(to_jsonb(NEW));
    UPDATE chain_heads SET digest = NEW.digest WHERE ledger = TG_TABLE_NAME AND person_id = NEW.person_id;
    RETURN NEW;
END $$;

-- Or the application could hang it on a temporary table that bears the ledger's name, and move anyone's head.
REVOKE EXECUTE ON FUNCTION chain_link() FROM PUBLIC;

-- The links of `ledger` that do not fit: changed, missing, or past the head. Empty when the chains hold.
CREATE FUNCTION broken_links(ledger text) RETURNS TABLE (person_id uuid, seq bigint, fault text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
BEGIN
    RETURN QUERY EXECUTE format($query$
        WITH links AS (
            SELECT person_id, seq, digest, previous, chain_digest(to_jsonb(l)) AS again,
                   lag(digest, 1, ''::bytea) OVER chain AS before, row_number() OVER chain AS place
            FROM %1$I AS l WINDOW chain AS (PARTITION BY person_id ORDER BY seq)
        ), ends AS (
            SELECT person_id, max(seq) AS seq, (array_agg(digest ORDER BY seq DESC))[1] AS digest
            FROM links GROUP BY person_id
        )
        SELECT person_id, seq, CASE
            WHEN digest <> again THEN 'changed' WHEN previous <> before THEN 'not linked' ELSE 'missing before' END
        FROM links WHERE digest <> again OR previous <> before OR seq <> place
        UNION ALL
        SELECT coalesce(e.person_id, h.person_id), coalesce(h.seq, e.seq), 'head differs'
        FROM ends e FULL JOIN (SELECT * FROM chain_heads WHERE ledger = %1$L) h USING (person_id)
        WHERE (e.seq, e.digest) IS DISTINCT FROM (h.seq, h.digest)
    $query$, ledger);
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER chain BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION chain_link();
CREATE TRIGGER chain BEFORE INSERT ON consent_events FOR EACH ROW EXECUTE FUNCTION chain_link();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON chain_seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The relay sleeps until the commit of an event wakes it.
CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('manzil_outbox', TG_TABLE_SCHEMA);
    RETURN NULL;
END $$;
CREATE TRIGGER wake AFTER INSERT ON outbox_events FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();

GRANT SELECT, INSERT, UPDATE, DELETE ON
    persons, accounts, sign_in_codes, devices, sessions, refresh_tokens, signing_keys,
    profiles, identity_documents, entries, step_events,
    points, pools, point_services, capacity_days, bookings, outbox_events, kept_answers
    TO __APP_ROLE__;
GRANT SELECT, INSERT ON audit_entries, consent_events, chain_seals TO __APP_ROLE__;
GRANT SELECT, UPDATE (sealed_seq) ON chain_heads TO __APP_ROLE__;
