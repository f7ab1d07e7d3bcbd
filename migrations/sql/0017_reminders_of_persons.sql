-- Reminders and deliveries belong to a person, who is there before anything is planned for them: COPY of a plan then
-- needs no row of plans first. Frozen with migration 0017.

ALTER TABLE reminders
    DROP CONSTRAINT fk_reminders_person_id,
    ADD CONSTRAINT fk_reminders_person_id FOREIGN KEY (person_id) REFERENCES persons (id);
ALTER TABLE deliveries
    DROP CONSTRAINT fk_deliveries_person_id,
    ADD CONSTRAINT fk_deliveries_person_id FOREIGN KEY (person_id) REFERENCES persons (id);
