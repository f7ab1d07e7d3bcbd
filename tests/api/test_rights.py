"""Everything about oneself as one file; and its end, with what stays told."""

import asyncio
import io
import json
import zipfile
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.domain.consents.consent import Standing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.identity.caller import Caller
from app.domain.locations.samples import Sample, SampleSource, milliseconds
from app.domain.profiles.languages import Language
from app.ports import ErasedError
from services.audit.queries import broken_chains
from services.consents.commands import Answer, give
from services.consents.wording import shown
from services.documents.upkeep import delete_doomed
from services.locations.commands import record
from services.locations.upkeep import forget_old_locations
from services.reminders.commands import forget_old_reminders
from services.reminders.planning import plan_due
from services.rights.parts import PARTS, STAYS
from tests.api.helpers import booked, fresh_passport, given, refused
from tests.api.test_merges import accept, claim
from tests.api.test_merges import give as give_passport
from tests.support.papers import page, stored
from tests.support.people import Person, World, new_key

PLACE = (55.7612345, 49.1512345)
STAYING = {table for stay in STAYS for table in stay.tables}


async def caller_of(person: Person) -> Caller:
    world = person.world
    return await world.runtime.keyring.verify(world.region, person.tokens["access_token"], world.clock.now())


async def person_id(person: Person) -> UUID:
    return (await caller_of(person)).person


async def someone(world: World) -> Person:
    """With a visit, contacts, a consent and a place where they were."""
    person = await world.newcomer()
    await person.put("/v1/me/contacts", {"email": "zarina@example.org"})
    await booked(person)
    caller = await caller_of(person)
    seen = shown(ConsentPurpose.MIRROR_LOCATION, None, Language.TAJIK).notice.sha256
    answer = Answer(ConsentPurpose.MIRROR_LOCATION, None, Language.TAJIK, seen)
    async with world.runtime.database.writing(world.region, caller) as uow:
        await forget_old_locations(uow)
        await give(uow, caller, answer, Standing(mirrors=True))
    world.clock.move(seconds=5)
    samples = [Sample(milliseconds(world.clock.now()), *PLACE, 9.0, SampleSource.GPS)]
    await world.runtime.database.decide(world.region, lambda uow: record(uow, caller.person, samples), caller)
    return person


async def export_of(person: Person) -> dict[str, Any]:
    answer = await person.get("/v1/me/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        parts = [name for name in archive.namelist() if "/" not in name]
        return {name.removesuffix(".json"): json.loads(archive.read(name)) for name in parts}


async def leave(person: Person) -> dict[str, Any]:
    told = given(await person.get("/v1/me/deletion"))
    answer = await person.post("/v1/me/deletion", {"confirmation": told["confirmation"]}, key=new_key())
    left: dict[str, Any] = given(answer)
    assert left == told
    return left


async def rows_of(world: World, person: UUID) -> dict[str, int]:
    """How many rows of each table still name the person."""
    found: dict[str, int] = {}
    async with world.runtime.database.reading(world.region) as uow:
        columns = await uow.session.execute(
            text("""
                SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = current_schema() AND data_type = 'uuid' AND table_name !~ '_[0-9]{4}_[0-9]{2}$'
            """)
        )
        for table, column in columns.all():
            asked = text(f"SELECT count(*) FROM {table} WHERE {column} = :person")  # noqa: S608
            if count := await uow.session.scalar(asked, {"person": person}):
                found[table] = found.get(table, 0) + count
    return found


async def carried_out(world: World) -> None:
    """What events have workers do, and the plans that follow."""
    database, region = world.runtime.database, world.region
    while await world.relay() or await plan_due(database, region):
        pass
    async with database.writing(region) as uow:
        await forget_old_reminders(uow)
        gone = await uow.session.scalars(
            text("""
                SELECT person_id FROM chain_heads JOIN persons ON id = person_id
                WHERE seq > planned_seq AND erased_at IS NOT NULL
            """)
        )
        assert gone.all() == []


async def test_everything_about_oneself_is_in_one_file(world: World) -> None:
    person = await someone(world)
    found = await export_of(person)
    assert set(found) == {"about", *(part.name for part in PARTS)}
    assert {part.name: set(found[part.name]) for part in PARTS} == {part.name: set(part.tables) for part in PARTS}
    assert found["identity"]["accounts"][0]["phone"] == person.number
    (passport,) = found["profiles"]["identity_documents"]
    assert passport["fields"]["zone"]["surname"]
    assert "zarina@example.org" in json.dumps(found["profiles"]["details"])
    assert found["bookings"]["bookings"][0]["status"] == "confirmed"
    assert found["consents"]["consent_events"][-1]["status"] == "given"
    (place,) = found["locations"]["location_batches"]
    assert place["cell"]
    assert len(found["audit"]["audit_entries"]) > 3


async def test_files_are_in_it_as_they_are_shown_and_go_with_their_person(world: World) -> None:
    person = await world.newcomer()
    document = await stored(person)
    wanted = await page(person, document)
    answers = await asyncio.gather(*(person.get("/v1/me/export") for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409], "one is made at a time"
    answer = await person.get("/v1/me/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        (name,) = [name for name in archive.namelist() if name.startswith("documents/")]
        assert name.startswith(f"documents/{document['id']}/1-1.")
        assert archive.read(name) == wanted
    whose = await person_id(person)
    await leave(person)
    assert set(await rows_of(world, whose)) <= STAYING
    async with world.runtime.database.writing(world.region) as uow:
        assert await delete_doomed(uow, world.runtime.objects) > 0


async def test_nothing_of_anybody_else_is_in_it(world: World) -> None:
    other, person = await someone(world), await someone(world)
    said = json.dumps(await export_of(person))
    assert str(await person_id(person)) in said
    assert str(await person_id(other)) not in said
    assert other.number not in said


@pytest.mark.usefixtures("honest_ledger")
async def test_who_leaves_leaves_nothing_but_what_was_told(world: World) -> None:
    person, other = await someone(world), await someone(world)
    whose = await person_id(person)
    before = await rows_of(world, await person_id(other))
    exported = await export_of(person)
    passport = exported["profiles"]["identity_documents"][0]["fields"]["zone"]
    sealed = await world.runtime.database.vault.seal(whose, "test", b"a secret in some backup")
    told = await leave(person)
    assert {table for stay in told["stays"] for table in stay["tables"]} == STAYING
    assert set(await rows_of(world, whose)) <= STAYING
    assert await rows_of(world, await person_id(other)) == before
    async with world.runtime.database.reading(world.region) as uow:
        statuses = await uow.session.scalars(
            text("SELECT status FROM bookings WHERE person_id = :person"), {"person": whose}
        )
        assert set(statuses) == {"cancelled"}
        consents = text("SELECT status FROM consent_states WHERE person_id = :person")
        assert (await uow.session.scalars(consents, {"person": whose})).all() == ["withdrawn"]
        log = await uow.session.scalars(
            text("SELECT row_to_json(a)::text FROM audit_entries a WHERE person_id = :person"), {"person": whose}
        )
        kept = " ".join(log)
        assert "account_erased" in kept
        assert not [word for word in (person.number, passport["surname"], "zarina") if word in kept]
        assert [fault for fault in await broken_chains(uow) if str(whose) in fault] == []
    await carried_out(world)
    assert set(await rows_of(world, whose)) <= STAYING
    with pytest.raises(ErasedError):
        await world.runtime.database.vault.open(whose, "test", sealed)


async def test_who_leaves_takes_along_whom_they_were_joined_with(world: World) -> None:
    """What no worker has carried over yet is theirs too, and so is the other's key: backups hold what it opens."""
    holder, claimant, mrz = await world.newcomer(), await world.newcomer(), fresh_passport()
    given(await give_passport(holder, mrz), 201)
    await stored(claimant)
    before, whose = await person_id(claimant), await person_id(holder)
    sealed = await world.runtime.database.vault.seal(before, "test", b"a secret in some backup")
    given(await accept(holder, await claim(claimant, mrz)))
    assert "stored_documents" in await rows_of(world, before)
    await leave(holder)
    assert set(await rows_of(world, before)) <= STAYING
    await carried_out(world)
    assert set(await rows_of(world, before)) | set(await rows_of(world, whose)) <= STAYING
    with pytest.raises(ErasedError):
        await world.runtime.database.vault.open(before, "test", sealed)


async def test_a_token_that_still_lives_opens_and_adds_nothing(world: World) -> None:
    person = await someone(world)
    await leave(person)
    assert (await person.get("/v1/me/locations")).json()["items"] == []
    answer = await person.put("/v1/me/contacts", {"email": "again@example.org"})
    refused(answer, 401, "not_signed_in")
    refused(await person.post("/v1/me/passport", {"mrz": fresh_passport()}), 401, "not_signed_in")
    place = await (await world.newcomer()).place()
    refused(await person.post("/v1/bookings", place), 409, "profile_incomplete")
    assert set(await rows_of(world, await person_id(person))) <= STAYING


async def test_the_number_is_free_for_somebody_new(world: World) -> None:
    person = await someone(world)
    before = await person_id(person)
    await leave(person)
    await person.sign_in()
    assert await person_id(person) != before
    assert (await export_of(person))["bookings"] == {"bookings": []}


async def test_nothing_is_deleted_without_the_word_of_the_day(world: World) -> None:
    person = await someone(world)
    before = await rows_of(world, await person_id(person))
    answer = await person.post("/v1/me/deletion", {"confirmation": "0" * 12})
    refused(answer, 422, "invalid_input")
    other = given(await (await world.newcomer()).get("/v1/me/deletion"))["confirmation"]
    refused(await person.post("/v1/me/deletion", {"confirmation": other}), 422, "invalid_input")
    assert await rows_of(world, await person_id(person)) == before
