-- Who used my data: by which system, and what is hidden of it for a while. Frozen with migration 0023.

-- May be NULL: entries written before keep their digests.
ALTER TABLE audit_entries ADD COLUMN system VARCHAR(60);

-- An order is never changed or taken away: it ends by itself. Who was told nothing meanwhile can count it.
CREATE TABLE use_hidings (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    receiver VARCHAR(200),
    ground VARCHAR(40) NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ordered_by UUID NOT NULL,
    CONSTRAINT pk_use_hidings PRIMARY KEY (id),
    CONSTRAINT ck_use_hidings_ground CHECK (ground IN ('court_order', 'operative_search', 'pre_trial_investigation')),
    CONSTRAINT ck_use_hidings_term CHECK (since < until AND until > ordered_at
        AND until <= ordered_at + interval '366 days')
);
CREATE INDEX ix_use_hidings_person_id ON use_hidings (person_id, until);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON use_hidings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whether an entry is kept from the person at an instant: a use that an order names, and the order's own entry.
CREATE FUNCTION use_is_hidden(entry audit_entries, at_instant timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT EXISTS (
        SELECT FROM use_hidings h
        WHERE h.person_id = entry.person_id AND h.until > at_instant AND (
            entry.purpose = h.purpose AND entry.at >= h.since AND (h.receiver IS NULL OR h.receiver = entry.receiver)
            OR entry.action = 'uses_hidden' AND entry.subject ->> 'hiding' = h.id::text))
$$;

GRANT SELECT, INSERT ON use_hidings TO __APP_ROLE__;
