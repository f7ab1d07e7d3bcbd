-- Visits that somebody came to and of which no clerk has said how they went: the worker ends them some days later.
-- Frozen with migration 0035.

CREATE INDEX ix_bookings_arrived_day ON bookings (day) WHERE status = 'arrived';
