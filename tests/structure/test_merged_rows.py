"""What refers to a person is moved when two turn out to be one, or stays for a reason."""

import app.models  # noqa: F401 — the metadata is whole once the models are imported
from app.db.base import Base

MOVED = {
    "accounts.person_id",
    "bookings.person_id",
    "complaints.person_id",
    "deliveries.person_id",
    "details.person_id",
    "document_files.person_id",
    "document_shares.person_id",
    "entries.person_id",
    "family_links.other_id",
    "family_links.person_id",
    "identity_documents.person_id",
    "itineraries.person_id",
    "itinerary_people.person_id",
    "merge_cases.claimant_id",
    "merge_cases.holder_id",
    "persons.merged_into",
    "push_addresses.person_id",
    "ratings.person_id",
    "reminder_preferences.person_id",
    "reminders.person_id",
    "step_events.person_id",
    "step_invitations.person_id",
    "stored_documents.person_id",
    "work_profiles.person_id",
}

STAYS = {
    "exchange_items.person_id": "because a file waits for some days, and what is of nobody any more is not handed out",
    "audit_entries.person_id": "because the log is chained to the person for good",
    "use_hidings.person_id": "because what it hides stays there too",
    "chain_heads.person_id": "because it is the head of such a chain",
    "consent_events.person_id": "because a consent is chained too, and asked for anew",
    "consent_states.person_id": "because it is what that chain comes to",
    "consent_events.delegate_id": "because a link of a chain is never changed",
    "mirror_people.person_id": "because a sequence is of one pseudonym, and the consents that it is sent on end",
    "mirror_events.person_id": "because a number of that sequence never moves",
    "mirror_erasures.person_id": "because it is erased at the registry under the pseudonym that it came under",
    "mirror_dead_letters.person_id": "because it goes with the consent that ends",
    "tickets.person_id": "because it is of one day, and whoever the person became is found by `merged_into`",
    "reminder_plans.person_id": "because who is no more is not planned, and is deleted once the rest has moved",
    "location_people.person_id": "because it is deleted within the hour: the consent was not the other's",
    "location_batches.person_id": "for the same reason",
    "vacancy_cards.person_id": "because it is deleted within a minute: employers ask anew whom they find",
    "profiles.person_id": "because it keeps the old Migrant ID, which leads on by `merged_into`",
}


def test_every_column_that_refers_to_a_person_is_moved_by_a_merge_or_stays_for_a_reason() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in {"person_id", "delegate_id"}
        or any(key.target_fullname == "persons.id" for key in column.foreign_keys)
    }
    assert found == MOVED | set(STAYS)
    assert not MOVED & set(STAYS)
