-- The waitlist, and offers of other places. Frozen with migration 0015; what each is for stands in app/models/offers.py.

CREATE TABLE waitlist (
    id UUID NOT NULL,
    booking_id UUID NOT NULL,
    service VARCHAR(40) NOT NULL,
    cause VARCHAR(12) NOT NULL,
    point_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    points UUID[],
    earliest TIMESTAMP WITH TIME ZONE,
    latest TIMESTAMP WITH TIME ZONE,
    deadline DATE,
    expected_at TIMESTAMP WITH TIME ZONE,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR(12) NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_waitlist PRIMARY KEY (id),
    CONSTRAINT ck_waitlist_cause CHECK (cause IN ('closed', 'behind', 'asked')),
    CONSTRAINT ck_waitlist_status CHECK (status IN ('waiting', 'served', 'ended')),
    CONSTRAINT ck_waitlist_decided_at CHECK ((status = 'waiting') = (decided_at IS NULL)),
    CONSTRAINT fk_waitlist_booking_id FOREIGN KEY (booking_id) REFERENCES bookings (id),
    CONSTRAINT fk_waitlist_point_id FOREIGN KEY (point_id) REFERENCES points (id)
);
CREATE UNIQUE INDEX uq_waitlist_waiting ON waitlist (booking_id) WHERE status = 'waiting';
CREATE INDEX ix_waitlist_booking ON waitlist (booking_id);

CREATE TABLE offers (
    id UUID NOT NULL,
    entry_id UUID NOT NULL,
    status VARCHAR(12) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    decided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_offers PRIMARY KEY (id),
    CONSTRAINT ck_offers_status CHECK (status IN ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
    CONSTRAINT ck_offers_decided_at CHECK ((status = 'open') = (decided_at IS NULL)),
    CONSTRAINT fk_offers_entry_id FOREIGN KEY (entry_id) REFERENCES waitlist (id)
);
CREATE UNIQUE INDEX uq_offers_open ON offers (entry_id) WHERE status = 'open';
CREATE INDEX ix_offers_entry ON offers (entry_id);
CREATE INDEX ix_offers_untold ON offers (created_at) WHERE told_at IS NULL;

-- A place that is kept for somebody because it is offered to them is a hold like any other, beside their own one.
ALTER TABLE bookings
    ADD COLUMN offer_id UUID,
    ADD CONSTRAINT fk_bookings_offer_id FOREIGN KEY (offer_id) REFERENCES offers (id);
CREATE INDEX ix_bookings_offer ON bookings (offer_id) WHERE offer_id IS NOT NULL;
DROP INDEX uq_bookings_held_step;
CREATE UNIQUE INDEX uq_bookings_held_step ON bookings (person_id, step) WHERE status = 'held' AND offer_id IS NULL;

-- Where people keep places beyond the plan: looked at every second.
CREATE INDEX ix_capacity_days_beyond ON capacity_days (pool_id, day) WHERE planned IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON waitlist, offers TO __APP_ROLE__;
