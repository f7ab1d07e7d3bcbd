"""People and places for benchmarks, made in bulk straight in the database.

Identifiers are the MD5 of a kind and a number: spread over an index as random ones are, and the same here and in SQL.
"""

import asyncio
import hashlib
import random
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

import uvloop
from sqlalchemy import text

from app.db.unit_of_work import Writing
from app.domain.identity.caller import Caller, Role
from app.runtime import Runtime
from services.points.commands import add_points, extend_calendars

T = TypeVar("T")
ZONE = "Europe/Moscow"
POINTS = 40
COUNTERS = 200
"""Places are chosen at random, and none may ever be refused."""
DAYS = 28
OPENS, CLOSES, BREAK = time(9), time(18), (time(13), time(14))
MINUTES, EVERY = 40, 20
TICKS = MINUTES // 5
FIRST_TICK = OPENS.hour * 12
SLOTS = 12
"""Visits of 40 minutes that fit one after another before and after the break."""


def id_of(kind: str, number: int) -> UUID:
    return UUID(hashlib.md5(f"{kind}:{number}".encode(), usedforsecurity=False).hexdigest())


def first_tick(slot: int) -> int:
    """The tick of a slot, from midnight on: six before the break of an hour and six after."""
    return FIRST_TICK + slot * TICKS + slot // 6 * 12


async def add_ground(runtime: Runtime, kind: str, service: str, counters: int) -> None:
    """Points of one pool each, open every day with a break, that give one service; and their calendars."""
    region = next(iter(runtime.regions.values()))
    spans = [(OPENS, BREAK[0]), (BREAK[1], CLOSES)]
    hours = [[opens.isoformat("minutes"), closes.isoformat("minutes")] for opens, closes in spans]
    points = [
        {
            "id": id_of(kind, number),
            "code": f"{kind}-{number}",
            "kind": "medical",
            "name": {"ru": f"Стенд {number}", "en": f"Stand {number}"},
            "municipality": {"ru": "город Казань", "en": "City of Kazan"},
            "lat": 55.7 + number / 1000,
            "lon": 49.1 + number / 1000,
            "zone": ZONE,
            "languages": ["ru", "tt", "uz-Latn"],
            "step_free": True,
            "hours": {str(weekday): hours for weekday in range(7)},
            "open_on_holidays": True,
        }
        for number in range(POINTS)
    ]
    pools = [
        {"id": id_of(f"{kind}-pool", n), "point_id": id_of(kind, n), "code": "main", "counters": counters}
        for n in range(POINTS)
    ]
    services = [
        {
            "point_id": pool["point_id"],
            "service": service,
            "pool_id": pool["id"],
            "minutes": MINUTES,
            "every": EVERY,
        }
        for pool in pools
    ]
    async with runtime.database.writing(region) as uow:
        await add_points(uow, points, pools, services)
        await extend_calendars(uow)


async def add_people(runtime: Runtime, first: int, count: int, *, with_profiles: bool) -> None:
    """Persons of those numbers; with profile and entry if they are to book over HTTP."""
    region = next(iter(runtime.regions.values()))
    now = "CAST(:now AS timestamptz)"
    tables = {"persons (id, created_at)": f"md5('person:' || n)::uuid, {now}"}
    if with_profiles:
        tables |= {
            "accounts (id, role, created_at, person_id, phone_index)": (
                f"md5('account:' || n)::uuid, 'migrant', {now}, md5('person:' || n)::uuid,"
                " sha256(('phone:' || n)::bytea)"
            ),
            "profiles (person_id, migrant_id, citizenship, created_at)": (
                f"md5('person:' || n)::uuid, lpad(n::text, 14, '0'), 'UTO', {now}"
            ),
            "entries (id, person_id, number, entered_on, purpose, visa, created_at)": (
                f"md5('entry:' || n)::uuid, md5('person:' || n)::uuid, 1, {now}::date - 3, 'work', false, {now}"
            ),
        }
    async with runtime.database.writing(region) as uow:
        await fill(uow, tables, NUMBERS, now=uow.now, first=first, last=first + count - 1)


NUMBERS = "generate_series(CAST(:first AS int), CAST(:last AS int)) AS n"


async def fill(uow: Writing, tables: Mapping[str, str], source: str, **values: Any) -> None:
    """Rows that the database makes of `source` by itself: for each table with its columns, what a row is."""
    await uow.session.execute(text("SET LOCAL statement_timeout = 0"))
    for table, row in tables.items():
        statement = f"INSERT INTO {table} SELECT {row} FROM {source}"  # noqa: S608 — ours, all of it
        await uow.session.execute(text(statement), {name: values[name] for name in values if f":{name}" in statement})


async def tokens(runtime: Runtime, first: int, count: int) -> list[str]:
    """Access tokens of those people, good for ten minutes, as the server's own key ring issues them."""
    region = next(iter(runtime.regions.values()))
    now = runtime.database.clock.now()
    return [
        await runtime.keyring.issue(
            region,
            Caller(id_of("account", n), Role.MIGRANT, id_of("session", n), person_id=id_of("person", n)),
            now,
        )
        for n in range(first, first + count)
    ]


def random_start(chance: random.Random, runtime: Runtime) -> datetime:
    """The beginning (UTC) of a random place of tomorrow or later."""
    region = next(iter(runtime.regions.values()))
    day = region.day_of(runtime.database.clock.now()) + timedelta(days=1 + chance.randrange(DAYS))
    midnight = datetime.combine(day, time(), tzinfo=region.zone).astimezone(UTC)
    return midnight + first_tick(chance.randrange(SLOTS)) * timedelta(minutes=5)


def in_a_loop(run: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """As a worker's process runs it."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())
