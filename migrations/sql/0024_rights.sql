-- Who had all that was theirs deleted. Frozen with migration 0024.

ALTER TABLE persons ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE;
