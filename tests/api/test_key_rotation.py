"""Signing keys turn: published before they sign, verified until their last token is over, without a restart."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest_asyncio
from jose import jwt

from app.domain.identity.terms import KEY_AHEAD, KEY_SIGNS
from app.models.identity import SigningKey
from services.identity.keyring import KeyRing, rotate
from services.identity.repository import add_signing_key, delete_signing_keys, receipt_keys, signing_keys
from tests.api.conftest import world_of
from tests.api.helpers import given, refused, stay_signed_in
from tests.api.test_code_limits import statements
from tests.support.contract import client_of
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def own_keys(own_time: World) -> AsyncIterator[list[SigningKey]]:
    """The region's keys, which are put back: for other tests it is still September."""
    await own_time.runtime.keyring.ready(own_time.region)
    before = await _keys(own_time)
    yield before
    async with own_time.runtime.database.writing(own_time.region) as uow:
        await delete_signing_keys(uow, [key.kid for key in await signing_keys(uow)])
        for key in before:
            await add_signing_key(uow, key.kid, key.public_jwk, key.private_sealed, key.signs_from)


@pytest_asyncio.fixture
async def person(own_time: World, own_keys: list[SigningKey]) -> Person:
    """Somebody who signs in on the day before the next key is made."""
    newest = own_keys[-1]
    own_time.clock.at = newest.signs_from + KEY_SIGNS - KEY_AHEAD - timedelta(days=1)
    await _rotate(own_time)
    person = own_time.stranger()
    await person.sign_in()
    return person


async def _keys(world: World) -> list[SigningKey]:
    async with world.runtime.database.reading(world.region) as uow:
        return await signing_keys(uow)


async def _rotate(world: World) -> None:
    async with world.runtime.database.writing(world.region) as uow:
        await rotate(uow)


async def _published(world: World) -> set[str]:
    """The keys of tokens: those of receipts stand beside them for good."""
    async with world.runtime.database.reading(world.region) as uow:
        receipts = {key.kid for key in await receipt_keys(uow)}
    published = {key["kid"] for key in given(await world.client.get("/.well-known/jwks.json"))["keys"]}
    assert receipts
    assert receipts <= published
    return published - receipts


def _kid(person: Person) -> str:
    return str(jwt.get_unverified_header(person.tokens["access_token"])["kid"])


def _another_process(world: World) -> World:
    runtime = replace(world.runtime, keyring=KeyRing(world.runtime.database))
    return world_of(runtime, client_of(runtime), world.clock, world)


async def test_a_key_is_published_days_before_it_signs_and_goes_when_its_tokens_are_over(person: Person) -> None:
    world, old = person.world, _kid(person)
    before = await _published(world)
    await _rotate(world)
    assert await _published(world) == before  # it is too early
    world.clock.move(days=1)
    await _rotate(world)
    await _rotate(world)
    (new,) = await _published(world) - before
    await stay_signed_in(person)
    assert _kid(person) == old
    world.clock.move(seconds=KEY_AHEAD.total_seconds() - 60)
    await stay_signed_in(person)
    assert _kid(person) == old
    last = person.tokens["access_token"]
    world.clock.move(seconds=60)
    await stay_signed_in(person)
    assert _kid(person) == new
    await _rotate(world)
    headers = {"Authorization": f"Bearer {last}"}
    given(await world.client.get("/v1/me", headers=headers))
    world.clock.move(hours=2)
    await _rotate(world)
    assert await _published(world) == {new}
    refused(await world.client.get("/v1/me", headers=headers), 401, "not_signed_in")


async def test_a_worker_that_comes_late_makes_a_key_that_is_still_published_first(person: Person) -> None:
    world = person.world
    world.clock.move(days=50)
    await _rotate(world)
    newest = (await _keys(world))[-1]
    assert newest.signs_from == world.clock.now() + KEY_AHEAD


async def test_another_process_learns_a_new_key_from_the_first_token_that_bears_it(person: Person) -> None:
    world = person.world
    world.clock.move(days=1)
    late = _another_process(world)
    await late.runtime.keyring.ready(late.region)
    await _rotate(world)
    (signer,) = {key.kid for key in await _keys(world)} - set(await _kids_known(late))
    world.clock.move(seconds=KEY_AHEAD.total_seconds())
    await stay_signed_in(person)
    assert _kid(person) == signer
    given(await late.client.get("/v1/me", headers=person.headers))


async def _kids_known(world: World) -> list[str]:
    return [key["kid"] for key in (await world.runtime.keyring.jwks(world.region))["keys"]]


async def test_tokens_with_made_up_keys_ask_the_database_once_in_seconds(person: Person) -> None:
    world = person.world
    made_up = jwt.encode({"sub": "x"}, person.key, "ES256", headers={"kid": "made up"})
    headers = {"Authorization": f"Bearer {made_up}"}
    counts = []
    for seconds in (5, 0, 4, 1):
        world.clock.move(seconds=seconds)
        with statements(world) as done:
            for _ in range(5):
                refused(await world.client.get("/v1/me", headers=headers), 401, "not_signed_in")
        counts.append(len(done))
    # A look is two statements: the keys of tokens, and those of receipts.
    assert counts == [2, 0, 0, 2]


async def test_a_known_key_is_checked_without_the_database(person: Person) -> None:
    world = person.world
    keyring = world.runtime.keyring
    with statements(world) as done:
        await keyring.verify(world.region, person.tokens["access_token"], world.clock.now())
    assert done == []
