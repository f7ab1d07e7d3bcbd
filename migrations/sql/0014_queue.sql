-- The live queue. Frozen with migration 0014; what each table is for stands in app/models/queue.py.

CREATE TABLE counters (
    id UUID NOT NULL,
    point_id UUID NOT NULL,
    code VARCHAR(10) NOT NULL,
    name JSONB NOT NULL,
    services VARCHAR(40)[] NOT NULL,
    languages VARCHAR(12)[] NOT NULL,
    retired BOOLEAN DEFAULT false NOT NULL,
    staff_id UUID,
    opened_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_counters PRIMARY KEY (id),
    CONSTRAINT ck_counters_open CHECK ((staff_id IS NULL) = (opened_at IS NULL)),
    CONSTRAINT ck_counters_retired CHECK (NOT retired OR staff_id IS NULL),
    CONSTRAINT fk_counters_point_id FOREIGN KEY(point_id) REFERENCES points (id),
    CONSTRAINT fk_counters_staff_id FOREIGN KEY(staff_id) REFERENCES accounts (id)
);
CREATE UNIQUE INDEX uq_counters_point_id_code ON counters (point_id, code);
CREATE UNIQUE INDEX uq_counters_staff ON counters (staff_id) WHERE staff_id IS NOT NULL;

CREATE TABLE tickets (
    id UUID NOT NULL,
    point_id UUID NOT NULL,
    day DATE NOT NULL,
    number INTEGER NOT NULL,
    service VARCHAR(40) NOT NULL,
    language VARCHAR(12),
    person_id UUID,
    booking_id UUID,
    booked_for TIMESTAMP WITH TIME ZONE,
    priority BOOLEAN DEFAULT false NOT NULL,
    turn_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_from TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR(12) NOT NULL,
    counter_id UUID,
    calls SMALLINT DEFAULT '0' NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    called_at TIMESTAMP WITH TIME ZONE,
    serving_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    before JSONB,
    CONSTRAINT pk_tickets PRIMARY KEY (id),
    CONSTRAINT ck_tickets_status CHECK (status IN ('called', 'closed', 'finished', 'left', 'missed', 'serving', 'skipped', 'waiting')),
    CONSTRAINT ck_tickets_number CHECK (number > 0),
    CONSTRAINT ck_tickets_counter CHECK (status NOT IN ('called', 'serving') OR counter_id IS NOT NULL),
    CONSTRAINT ck_tickets_booking CHECK (booking_id IS NULL OR person_id IS NOT NULL),
    CONSTRAINT fk_tickets_point_id FOREIGN KEY(point_id) REFERENCES points (id),
    CONSTRAINT fk_tickets_person_id FOREIGN KEY(person_id) REFERENCES persons (id),
    CONSTRAINT fk_tickets_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id),
    CONSTRAINT fk_tickets_counter_id FOREIGN KEY(counter_id) REFERENCES counters (id)
);
CREATE INDEX ix_tickets_changed ON tickets (point_id, changed_at);
CREATE INDEX ix_tickets_live ON tickets (point_id, day) WHERE status IN ('called', 'serving', 'skipped', 'waiting');
CREATE INDEX ix_tickets_measured ON tickets (point_id, service, finished_at) WHERE status = 'finished';
CREATE INDEX ix_tickets_person ON tickets (person_id, joined_at) WHERE person_id IS NOT NULL;
CREATE INDEX ix_tickets_priority ON tickets (day) WHERE priority;
CREATE UNIQUE INDEX uq_tickets_at_counter ON tickets (counter_id) WHERE status IN ('called', 'serving');
CREATE UNIQUE INDEX uq_tickets_booking ON tickets (booking_id) WHERE status IN ('called', 'serving', 'skipped', 'waiting');
CREATE UNIQUE INDEX uq_tickets_number ON tickets (point_id, day, number);
CREATE UNIQUE INDEX uq_tickets_walk_in ON tickets (person_id, point_id) WHERE booking_id IS NULL AND status IN ('called', 'serving', 'skipped', 'waiting');

CREATE TABLE ticket_days (
    point_id UUID NOT NULL,
    day DATE NOT NULL,
    last_number INTEGER NOT NULL,
    CONSTRAINT pk_ticket_days PRIMARY KEY (point_id, day),
    CONSTRAINT fk_ticket_days_point_id FOREIGN KEY(point_id) REFERENCES points (id)
);

CREATE TABLE queue_states (
    point_id UUID NOT NULL,
    version BIGINT NOT NULL,
    CONSTRAINT pk_queue_states PRIMARY KEY (point_id),
    CONSTRAINT fk_queue_states_point_id FOREIGN KEY(point_id) REFERENCES points (id)
);

-- Every move counts its point's queue on and tells who listens. Deferred to the commit: the row of the queue is then the
-- last lock that a transaction takes, whatever it did before, and is held for no longer than the commit lasts.
CREATE FUNCTION queue_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO queue_states AS state (point_id, version) VALUES (NEW.point_id, 1)
    ON CONFLICT (point_id) DO UPDATE SET version = state.version + 1;
    PERFORM pg_notify('manzil_queue', TG_TABLE_SCHEMA || ' ' || NEW.point_id);
    RETURN NULL;
END $$;
-- What is dropped of old tickets is no move: it leaves their version.
CREATE CONSTRAINT TRIGGER queue_moved AFTER INSERT OR UPDATE OF version ON tickets
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION queue_moved();
CREATE CONSTRAINT TRIGGER queue_moved AFTER INSERT OR UPDATE ON counters
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION queue_moved();

GRANT SELECT, INSERT, UPDATE ON counters, tickets, ticket_days, queue_states TO __APP_ROLE__;
