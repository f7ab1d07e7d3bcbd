"""Every read of personal data names its purpose, and accounts for it."""

import ast
from itertools import pairwise

from tests.structure.sources import files, parse, path_of

PERSONAL: dict[str, set[str]] = {
    "profiles": {"Profile", "IdentityDocument", "Entry", "Detail"},
    "family": {"FamilyLink"},
    "consents": {"ConsentEvent", "ConsentState"},
    "merges": {"MergeCase"},
    "pathways": {"StepEventRow", "StepInvitation"},
    "bookings": {"Booking"},
    "queue": {"Ticket"},
    "routing": {"Itinerary", "ItineraryPerson", "ItineraryOffer"},
    "reminders": {"ReminderRow", "ReminderPreference"},
    "deliveries": {"Delivery", "PushAddress"},
    "documents": {"StoredDocument", "DocumentFile", "DocumentVersion", "DocumentShare"},
    "locations": {"LocationPerson", "LocationBatch"},
    "exchange": set(),
    "employers": {"WorkProfileRow", "VacancyCard"},
    "feedback": {"Rating", "Complaint"},
    "region": set(),
    "reports": set(),
}
TABLES = {"profiles", "identity_documents", "entries", "details", "step_events", "bookings"} | {
    "family_links",
    "step_invitations",
    "merge_cases",
    "tickets",
    "itineraries",
    "itinerary_people",
    "itinerary_offers",
    "reminders",
    "deliveries",
    "consent_events",
    "consent_states",
    "stored_documents",
    "document_versions",
    "document_files",
    "document_shares",
    "location_people",
    "location_batches",
    "work_profiles",
    "vacancy_cards",
    "ratings",
    "complaints",
}

# Functions that read such a table for no purpose, and why they need none.
EXCEPTIONS = {
    "profiles.has_profile": "tells that there is one, and nothing of what it says",
    "profiles.owner_of_document": "finds an identifier by blind index, to refuse a passport that is another's",
    "profiles.person_by_migrant_id": "finds an identifier by one that the person gave away themselves",
    "profiles.migrant_id_of": "the number that one side of a family link gave to the other, and nothing else",
    "profiles.held_by_others": "tells whether a number is somebody else's too, and not whose",
    "profiles.add_entry": "counts the person's entries inside its INSERT, to number the next",
    "consents.newest": "the commands decide what follows what: nobody is shown it",
    "consents.given_part": "the same: since when it has been allowed",
    "consents.ground_part": "whether one use is allowed, at that use",
    "consents.live_part": "the same of many at once, before something of theirs is passed on",
    "consents.live": "what is allowed, for those that do what is allowed",
    "consents.declined": "what is not, for those that leave it",
    "consents.due": "the worker ends what has come to its end: nobody is shown it",
    "consents.faults": "counts for the doctor: identifiers, and what is wrong",
    "merges.parties": "finds two identifiers by a code that one of the two shows",
    "pathways.invited_by": "finds an identifier by the code that the person gave to their host",
    "bookings.claim_expired": "the worker ends holds: nobody is shown them",
    "bookings.of_past_days": "the worker ends visits of past days: nobody is shown them",
    "bookings.still": "the same, once the person is locked",
    "bookings.standing": "the worker looks whether what it seeks places for still stands: nobody is shown it",
    "bookings.passed_by": "places that were offered, so that they are not offered to the same person again",
    "bookings.offers_kept": "offers for which places are kept: no person is in the answer",
    "bookings.locked_offered": "the worker gives back what is kept for nobody any more: nobody is shown it",
    "bookings.awaited": "tells when places are taken: no person is in the answer",
    "routing.lease_changed": "the worker plans anew for whom it is: identifiers, and lengths of logs",
    "routing.open_offer": "the same",
    "routing.last_declined": "the same",
    "routing.merged": "identifiers of people who were joined",
    "routing.terms_sealed": "sealed for one person, and sealed anew for who they turned out to be",
    "reminders.take_due": "the worker tells people what is theirs: nobody else is shown it",
    "reminders.told_as": "the same, when it is told over another channel",
    "reminders.add": "looks whether a person was told of something already, to tell them or not",
    "reminders.hand_over": "moves what was told with a person who turned out to be another",
    "reminders.apply": "deletes what is not to be told after all",
    "deliveries.hasten": "has the next channel tried where a push failed: nobody is shown it",
    "reminders.delete_old": "the worker deletes what is past its term: nobody is shown it",
    "deliveries.delete_old": "the same of what was sent",
    "deliveries.addresses_of": "the worker sends to a person's own phones, and the person's request is about them",
    "deliveries.addresses_at": "the same, by phone",
    "deliveries.claim": "the worker takes what is to be sent: nobody is shown it",
    "deliveries.heard": "tells which messages have arrived, and not whose they are",
    "deliveries.of_messages": "the ways of a message that the person was just shown",
    "bookings.ledger_faults": "sums ticks for the doctor: no person is in the answer",
    "documents.owner_of": "finds an identifier, whose owner is accounted for then",
    "documents.claim": "the worker takes what is to be checked: nobody is shown it",
    "documents.make_ready": "asks whether all pages are there, not what they hold",
    "documents.expired": "the worker gives up what never came: nobody is shown it",
    "documents.delete_drafts": "the same of documents",
    "documents.merged": "identifiers of people who were joined",
    "documents.secrets_sealed": "sealed for one person, and sealed anew for who they turned out to be",
    "documents.objects_of_rows": "names in the store, which say nothing of a person",
    "locations.drop_old": "the worker deletes what is past its term: nobody is shown it",
    "locations.take_news": "identifiers of whom `registry` looks at, with a purpose of its own",
    "locations.some_latest": "unsealed one by one to be counted: nothing is told of fewer than ten",
    "exchange.covered": "finds of whom an agreement is: identifiers, each accounted for before anything of it is read",
    "employers.pool_after": "kept in memory to be ranked: whoever is shown to somebody is accounted for then",
    "employers.pool_of": "the same, of who has changed",
    "employers.pool_ids": "identifiers, to forget who is not there any more",
    "employers.visible_after": "the worker reckons from when they may work: nobody is shown it",
    "employers.card_in": "finds an identifier, whose owner is accounted for then",
    "employers.asked_of": "what was asked, and how that stands: no person is in the answer",
    "employers.selected": "counted by group: nothing is told of fewer than ten",
    "employers.waiting": "how many requests wait, and not of whom",
    "employers.open_cards": "the worker ends what is over: nobody is shown it",
    "employers.open_closed": "the same",
    "employers.raw_profile": "sealed for one person, and sealed anew for who they turned out to be",
    "employers.merged": "identifiers of people who were joined",
    "feedback.given_between": "counted by months: of fewer than ten people nothing is told",
    "feedback.late": "the worker tells people what is theirs: nobody else is shown it",
    "feedback.listed": "numbers, kinds and days: no person is in the answer, nor what they say",
    "feedback.merged": "identifiers of people who were joined",
    "feedback.owner_of": "finds an identifier, whose owner is accounted for then",
    "feedback.sealed_of": "sealed for one person, and sealed anew for who they turned out to be",
    "queue.number_at": "a number, as the hall's board shows it",
    "queue.waiting": "numbers, services and turns: no person is in the answer",
    "queue.at_point": "a number and its state; with whom it is goes through `profiles`, for a purpose",
    "queue.locked": "the same, to be moved",
    "queue.locked_of_booking": "the same, of a visit that its own repository accounts for",
    "queue.person_of": "finds an identifier, to lock or to account for: nobody is shown it",
    "queue.people_of": "the same of several, whose phones are told that their turn is near: it goes to nobody else",
    "queue.close_left_over": "the worker ends what the day left: nobody is shown it",
    "queue.close_counters": "asks whether somebody is at a counter, not who",
    "queue.faults": "counts for the doctor: no person is in the answer",
    "region.visits": "the worker counts, by `allow_counting`: nothing is told of fewer than ten",
    "region.cohort": "the same",
    "region.newcomers": "the same",
    "region.steps_done": "the same",
    "region.permits": "the same",
    "region.moves": "the same",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def reads(function: Function, models: set[str]) -> bool:
    """Whether a SELECT of one of the models stands in the function: built, got by key, or written out."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named = {n.id for argument in node.args for n in ast.walk(argument) if isinstance(n, ast.Name)}
            if called in {"select", "select_from", "join", "outerjoin", "get", "get_one"} and named & models:
                return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.replace(",", " ").split()
            if any(w.upper() in {"FROM", "JOIN"} and n in TABLES for w, n in pairwise(words)):
                return True
    return False


def takes_purpose(function: Function) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return any(
        argument.arg == "purpose" and isinstance(argument.annotation, ast.Name) and argument.annotation.id == "Purpose"
        for argument in arguments
    )


def accounts(function: Function) -> bool:
    """Whether the purpose reaches the one gate of such reads."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "account_for"
        and any(isinstance(argument, ast.Name) and argument.id == "purpose" for argument in node.args)
        for node in ast.walk(function)
    )


def readers(source: ast.Module, feature: str) -> dict[str, Function]:
    return {
        f"{feature}.{node.name}": node
        for node in source.body
        if isinstance(node, Function) and not node.name.startswith("_") and reads(node, PERSONAL[feature])
    }


def all_readers() -> dict[str, Function]:
    found: dict[str, Function] = {}
    for feature in PERSONAL:
        found |= readers(parse(files(f"services/{feature}")[0].with_name("repository.py")), feature)
    return found


def test_every_read_of_a_personal_table_takes_a_purpose_and_accounts_for_it() -> None:
    found = all_readers()
    assert len(found) > 10
    at_fault = [name for name, function in found.items() if not (takes_purpose(function) and accounts(function))]
    assert sorted(at_fault) == sorted(EXCEPTIONS)


def test_no_private_helper_of_a_repository_reads_a_personal_table() -> None:
    helpers = [
        f"{feature}.{node.name}"
        for feature, models in PERSONAL.items()
        for node in parse(files(f"services/{feature}")[0].with_name("repository.py")).body
        if isinstance(node, Function) and node.name.startswith("_") and reads(node, models)
    ]
    assert helpers == []


def test_no_other_repository_names_a_personal_table() -> None:
    personal = set().union(*PERSONAL.values())
    named = [
        path_of(file)
        for file in files("services", "routers")
        if file.name == "repository.py" and file.parent.name not in PERSONAL
        for node in ast.walk(parse(file))
        if isinstance(node, ast.Name) and node.id in personal
    ]
    assert named == []


def test_a_read_without_a_purpose_would_be_found() -> None:
    source = ast.parse("""
async def by_key(uow, person_id):
    return await uow.session.get(Booking, person_id)
async def built(uow, person_id, purpose: EntryPurpose):
    return await uow.session.scalar(select(Booking.step).where(Booking.person_id == person_id))
async def written(uow):
    return await uow.session.execute(text("SELECT * FROM points p JOIN bookings b ON b.point_id = p.id"))
async def unaccounted(uow, person_id, purpose: Purpose):
    return await uow.session.scalars(select(func.count()).select_from(Booking))
async def right(uow, person_id, purpose: Purpose):
    await account_for(uow, person_id, purpose)
    return await uow.session.scalars(select(Booking))
async def no_read(uow, booking):
    booking.status = "held"
""")
    found = readers(source, "bookings")
    assert [name for name, f in found.items() if not (takes_purpose(f) and accounts(f))] == [
        "bookings.by_key",
        "bookings.built",
        "bookings.written",
        "bookings.unaccounted",
    ]
    assert "bookings.right" in found
    assert "bookings.no_read" not in found
