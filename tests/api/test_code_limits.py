"""Codes cannot be guessed over many codes, nor pumped; and nothing tells whether a number is known."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest_asyncio
from sqlalchemy import delete, event

from app.domain.identity.limits import CodeLimits
from app.models.identity import Tally
from tests.api.conftest import world_of
from tests.api.helpers import Json, ask_code, enter_code, given, other_code, refused
from tests.support.contract import client_of
from tests.support.people import World


def strict(world: World, **limits: int) -> World:
    """The same region with lower limits."""
    runtime = world.runtime
    regions = {code: replace(region, codes=CodeLimits(**limits)) for code, region in runtime.regions.items()}
    changed = replace(runtime, regions=regions)
    return world_of(changed, client_of(changed), world.clock, world)


async def _ask(world: World, phone: str) -> Any:
    return await world.client.post("/v1/auth/codes", json={"phone": phone})


@pytest_asyncio.fixture
async def quiet(own_time: World) -> World:
    """Nothing was counted yet, and what others counted at a later time is not still to come."""
    async with own_time.runtime.database.writing(own_time.region) as uow:
        await uow.session.execute(delete(Tally))
    return own_time


async def test_each_code_of_a_day_has_a_longer_wait(quiet: World) -> None:
    phone = quiet.stranger().number
    waits = []
    for _ in range(7):
        waits.append(given(await _ask(quiet, phone), 202)["retry_after"])
        quiet.clock.move(seconds=waits[-1] - 1)
        assert refused(await _ask(quiet, phone), 429, "too_soon")
        quiet.clock.move(seconds=1)
    assert waits == [60, 60, 120, 300, 900, 3600, 3600]
    quiet.clock.move(days=1)
    assert given(await _ask(quiet, phone), 202)["retry_after"] == 60


async def test_signing_in_does_not_shorten_the_wait(quiet: World) -> None:
    person = quiet.stranger()
    await person.sign_in()
    refused(await _ask(quiet, person.number), 429, "too_soon")


async def test_a_number_rests_for_a_day_after_twenty_wrong_codes(quiet: World) -> None:
    person = quiet.stranger()
    for wait in (60, 60, 120, 300):
        code = await ask_code(quiet, person.number)
        for by in range(1, 6):
            refused(await enter_code(person, other_code(code, by)), 401, "wrong_code")
        quiet.clock.move(seconds=wait)
    answer = await _ask(quiet, person.number)
    refused(answer, 429, "too_soon")
    assert 86_400 - 600 < int(answer.headers["retry-after"]) < 86_400
    quiet.clock.move(days=1)
    given(await enter_code(person, await ask_code(quiet, person.number)), 201)


async def test_a_right_code_forgets_the_wrong_ones(quiet: World) -> None:
    person = quiet.stranger()
    for wait in (60, 60, 120, 300, 900):
        code = await ask_code(quiet, person.number)
        for by in range(1, 5):
            refused(await enter_code(person, other_code(code, by)), 401, "wrong_code")
        given(await enter_code(person, code), 201)
        quiet.clock.move(seconds=wait)


async def test_one_address_asks_for_so_many_codes_an_hour(quiet: World) -> None:
    world = strict(quiet, address_codes=3)
    for _ in range(3):
        given(await _ask(world, world.stranger().number), 202)
    answer = await _ask(world, world.stranger().number)
    refused(answer, 429, "too_soon")
    assert answer.headers["retry-after"] == "3600"
    world.clock.move(hours=1)
    given(await _ask(world, world.stranger().number), 202)


async def test_one_address_tries_so_many_wrong_codes_and_passwords_a_day(quiet: World) -> None:
    world = strict(quiet, address_tries=3)
    persons = [world.stranger() for _ in range(3)]
    codes = [await ask_code(world, person.number) for person in persons]
    for person, code in zip(persons[:2], codes[:2], strict=True):
        refused(await enter_code(person, other_code(code)), 401, "wrong_code")
    staff = {"login": "nobody@nowhere", "password": "wrong", "totp": "000000"}
    refused(await world.client.post("/v1/auth/staff/sessions", json=staff), 401, "wrong_credentials")
    refused(await world.client.post("/v1/auth/staff/sessions", json=staff), 429, "too_soon")
    refused(await enter_code(persons[2], codes[2]), 429, "too_soon")


async def test_codes_to_unknown_numbers_are_bounded_for_the_region_and_nobody_can_tell(quiet: World) -> None:
    known = quiet.stranger()
    await known.sign_in()
    quiet.clock.move(hours=2)
    world = strict(quiet, unknown_codes=2)
    for _ in range(2):
        assert given(await _ask(world, world.stranger().number), 202)["busy"] is False
    stranger = world.stranger().number
    answers = [await _ask(world, phone) for phone in (stranger, known.number)]
    first, second = (_told(answer) for answer in answers)
    assert first == second
    assert first["body"]["busy"] is True
    await world.relay()
    assert [phone for phone, _ in world.sms.sent if phone in {stranger, known.number}] == [known.number]


async def test_both_paths_do_the_same_work(quiet: World) -> None:
    known = quiet.stranger()
    await known.sign_in()
    quiet.clock.move(days=2)
    given(await _ask(quiet, quiet.stranger().number), 202)  # keys and counts are there
    works = []
    for phone in (known.number, quiet.stranger().number):
        with statements(quiet) as done:
            given(await _ask(quiet, phone), 202)
        works.append(done)
    assert works[0] == works[1]
    assert len(works[0]) > 5


def _told(answer: Any) -> Json:
    headers = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "ratelimit"}}
    return {"status": answer.status_code, "headers": headers, "body": answer.json()}


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """The statements that the process sends meanwhile."""
    engine = world.runtime.database.engines.of(world.region.code).sync_engine
    done: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        done.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield done
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_hosts_sign_in_by_the_same_number_as_somebody_else(quiet: World) -> None:
    person = quiet.stranger()
    await person.sign_in()
    quiet.clock.move(seconds=60)
    host = given(await enter_code(person, await ask_code(quiet, person.number), role="host"), 201)
    headers = {"Authorization": f"Bearer {host['access_token']}"}
    refused(await quiet.client.get("/v1/me", headers=headers), 403, "not_allowed")
    assert len(given(await quiet.client.get("/v1/me/devices", headers=headers))["items"]) == 1
    given(await person.get("/v1/me"))


async def test_nobody_becomes_staff_by_phone(quiet: World) -> None:
    person = quiet.stranger()
    refused(await enter_code(person, await ask_code(quiet, person.number), role="clerk"), 422, "invalid_input")
