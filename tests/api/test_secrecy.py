"""The database tells nobody's name, number, phone or code, and nothing at all once a person's key is destroyed."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from app.adapters.keystore import FolderKeyStore
from app.adapters.vault import derive, load_master_key
from app.db.engine import schema_of
from app.settings import Settings
from tests.api.helpers import booked, claims, given, roomy_point
from tests.support.people import Person, World

_TYPES = ("text", "character varying", "bytea", "jsonb", "ARRAY")


@pytest_asyncio.fixture
async def owner(settings: Settings, world: World) -> AsyncIterator[AsyncConnection]:
    """Whoever owns the database and can read all of it."""
    path = {"server_settings": {"search_path": schema_of(world.region.code)}}
    engine = create_async_engine(str(settings.owner_database_url), connect_args=path, poolclass=NullPool)
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def _found(owner: AsyncConnection, word: str) -> set[str]:
    """The columns that hold `word` in clear, as text or as bytes, in either case."""
    columns = await owner.execute(
        text("""
            SELECT table_name, column_name, data_type FROM information_schema.columns
            WHERE table_schema = current_schema() AND data_type = ANY (:types)
        """),
        {"types": list(_TYPES)},
    )
    searched, found = columns.all(), set()
    assert len(searched) > 40  # an empty search finds nothing
    for table, column, kind in searched:
        shown = f"encode({column}, 'escape')" if kind == "bytea" else f"{column}::text"
        query = f"SELECT EXISTS (SELECT FROM {table} WHERE strpos(lower({shown}), :word) > 0)"  # noqa: S608
        if await owner.scalar(text(query), {"word": word.lower()}):
            found.add(f"{table}.{column}")
    return found


@pytest_asyncio.fixture
async def visitor(world: World) -> Person:
    """Somebody of whom every table that speaks of persons has a row."""
    person = await world.newcomer()
    point = await roomy_point(world)
    booking = await booked(person, point=point)
    desk = await world.desk(point)
    given(await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(booking["id"])}), 201)
    entry = {"entered_on": world.today.isoformat(), "purpose": "work"}
    given(await person.post("/v1/me/entries", entry, key="an-answer-that-is-kept"), 201)
    return person


async def test_no_personal_field_is_in_clear_in_any_table(owner: AsyncConnection, visitor: Person) -> None:
    profile = given(await visitor.get("/v1/me"))
    # What is in clear by intent is found, so the search can find.
    assert await _found(owner, profile["migrant_id"]) == {"profiles.migrant_id"}
    words = [visitor.number[1:], visitor.number[2:], profile["passport"]["number"], "eriksson", "anna maria"]
    for word in words:
        assert await _found(owner, word) == set(), word


async def test_the_search_looks_into_bytes(owner: AsyncConnection, world: World) -> None:
    await owner.execute(text("UPDATE accounts SET phone_sealed = 'Plain Words' WHERE phone_sealed IS NOT NULL"))
    assert await _found(owner, "plain words") == {"accounts.phone_sealed"}
    await owner.rollback()


async def test_codes_and_phones_are_in_clear_neither_before_nor_after_they_are_sent(
    owner: AsyncConnection, world: World
) -> None:
    number = world.stranger().number
    given(await world.client.post("/v1/auth/codes", json={"phone": number}), 202)
    assert await _found(owner, number[1:]) == set()
    waiting = [
        bytes(sealed)
        for sealed in await owner.scalars(
            text("SELECT payload_sealed FROM outbox_events WHERE payload_sealed IS NOT NULL")
        )
    ]
    await owner.rollback()
    await world.relay()
    code = world.sms.code_for(number)
    assert waiting
    assert not [sealed for sealed in waiting if code.encode() in sealed]
    assert await _found(owner, number[1:]) == set()
    assert not await _found(owner, code) & {"sign_in_codes.code_mac", "outbox_events.payload_sealed"}
    ended = "SELECT count(*) FROM outbox_events WHERE delivered_at IS NOT NULL AND payload_sealed IS NOT NULL"
    assert await owner.scalar(text(ended)) == 0


async def test_a_refresh_token_is_kept_by_its_digest_only(owner: AsyncConnection, world: World) -> None:
    person = world.stranger()
    await person.sign_in()
    assert await _found(owner, person.tokens["refresh_token"]) == set()


def _keys(settings: Settings) -> FolderKeyStore:
    master = load_master_key(settings.data_dir / "master.key")
    return FolderKeyStore(settings.keys_folder, derive(master, "person-keys"))


async def _destroy_key(settings: Settings, person: Person) -> None:
    await _keys(settings).destroy(UUID(claims(person.tokens["access_token"])["person"]))


async def test_a_destroyed_key_erases_the_passport_and_breaks_nothing(
    settings: Settings, world: World, other_process: World
) -> None:
    person = await world.newcomer()
    assert given(await person.get("/v1/me"))["passport"]["surname"] == "ERIKSSON"
    await _destroy_key(settings, person)
    person.world = other_process
    assert given(await person.get("/v1/me"))["passport"] is None


async def test_one_erased_visitor_does_not_hide_the_others_of_the_day(
    settings: Settings, world: World, other_process: World
) -> None:
    erased, other = await world.newcomer(), await world.newcomer()
    bookings = [await booked(person, point="medical-1") for person in (erased, other)]
    await _destroy_key(settings, erased)
    desk = await world.desk("medical-1")
    desk.world = other_process
    day = bookings[0]["starts_at"][:10]
    visits = given(await desk.get("/v1/visits", day=day))["items"]
    names = {visit["booking_id"]: visit["name"] for visit in visits}
    assert names[bookings[0]["id"]] is None
    assert names[bookings[1]["id"]] == "ANNA MARIA ERIKSSON"
