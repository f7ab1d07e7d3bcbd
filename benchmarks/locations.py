"""`locations`: samples a second over HTTP in batches of 100, against bare COPY in batches of 100.

People who walk send a hundred samples each, exactly located, a second apart: the worst for the server, since each batch
is later than the one before and ends in another cell, of which the mirror is told. The ceiling is as many connections
that COPY a hundred rows each, with the same instants, places and accuracies bare, into a table that is partitioned and
has the same key.
"""

import asyncio
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import make_url, text

from app.db.engine import APP_ROLE, schema_of
from app.domain.consents.consent import Standing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.identity.caller import Caller, Role
from app.domain.locations.precision import Choices
from app.domain.profiles.languages import Language
from app.runtime import Runtime
from benchmarks.copy import Copy, Say
from benchmarks.figures import BenchSettings, Figure, extras, in_turns
from benchmarks.load import BenchError, Job, put_load, request
from benchmarks.world import add_people, id_of, in_a_loop, tokens
from services.consents.commands import Answer, give
from services.consents.wording import shown
from services.locations.commands import choose
from services.locations.upkeep import forget_old_locations

GOAL = 0.3
EACH = 100
_FIRST = 40_000_000
_PEOPLE = 400
_AGREED, _SET_OUT = timedelta(days=25), timedelta(days=20)
_A_SECOND = 1500
"""Batches made for each second of a round: more than can be sent."""
_BARE = """
    CREATE TABLE bare_locations (
        person_id uuid NOT NULL, taken_at timestamptz NOT NULL, lat float8 NOT NULL, lon float8 NOT NULL,
        accuracy real NOT NULL, source text NOT NULL, PRIMARY KEY (person_id, taken_at)
    ) PARTITION BY RANGE (taken_at)
"""
_COLUMNS = ("person_id", "taken_at", "lat", "lon", "accuracy", "source")


def measure_locations(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    supply = prepare(copy)
    say("locations: warming up …")
    put_load(_job(copy, options, supply, 1.0))
    loads, ceilings = in_turns(
        options.rounds,
        lambda _: put_load(_job(copy, options, supply, options.seconds)),
        lambda _: _bare(copy, options, supply),
        say,
    )
    kept = copy.inside(_kept)
    sent = EACH * sum(load.count for load in loads)
    if kept < sent:
        raise BenchError(f"{kept} samples are kept, {sent} were sent")
    rates = sorted(EACH * load.rate for load in loads)
    return [
        Figure(
            name="locations",
            value=rates[len(rates) // 2],
            unit="samples/s",
            ceiling=sorted(ceilings)[len(ceilings) // 2],
            goal=GOAL,
            extra=extras(loads, ceilings, options.clients, len(copy.ports)) | {"batch": EACH},
        )
    ]


def prepare(copy: Copy) -> "Supply":
    """Lets the people be there, and their batches be made."""
    copy.inside(_prepare)
    return copy.inside(Supply.made)


def _job(copy: Copy, options: BenchSettings, supply: "Supply", seconds: float) -> Job:
    return Job(copy.ports, options.clients, seconds, 200, supply.take(round(_A_SECOND * seconds)))


class Supply:
    """Batches, each of its own time: nothing is sent twice."""

    def __init__(self, tokens: list[str], now: datetime) -> None:
        self.tokens, self.now, self.number = tokens, now, 0
        self.chance = random.Random(1)  # noqa: S311 — where people walk

    @classmethod
    async def made(cls, runtime: Runtime) -> "Supply":
        return cls(await tokens(runtime, _FIRST, _PEOPLE), runtime.database.clock.now())

    def batch(self) -> tuple[int, list[tuple[datetime, float, float, float, str]]]:
        """Whose it is, and the next hundred seconds of their walk."""
        number = self.number
        self.number += 1
        ends = self.now - _SET_OUT + timedelta(seconds=EACH * (1 + number // _PEOPLE))
        lat, lon = self.chance.uniform(55.6, 55.9), self.chance.uniform(48.9, 49.3)
        walk = [
            (ends - timedelta(seconds=each), round(lat + each * 1e-5, 6), round(lon + each * 1e-5, 6), 12.5, "gps")
            for each in range(EACH)
        ]
        return number % _PEOPLE, walk

    def take(self, count: int) -> list[str]:
        return [self._request(*self.batch()) for _ in range(count)]

    def _request(self, person: int, walk: list[tuple[datetime, float, float, float, str]]) -> str:
        samples = [
            {"at": at.isoformat(), "lat": lat, "lon": lon, "accuracy": accuracy, "source": source}
            for at, lat, lon, accuracy, source in walk
        ]
        body = json.dumps({"samples": samples}, separators=(",", ":"))
        return request("POST", "/v1/me/locations", body=body, Authorization=f"Bearer {self.tokens[person]}")

    def rows(self, count: int) -> Iterator[list[tuple[Any, ...]]]:
        for _ in range(count):
            person, walk = self.batch()
            yield [(id_of("person", _FIRST + person), *sample) for sample in walk]


@dataclass(frozen=True)
class _Then:
    """The clock of the day on which everybody agreed."""

    at: datetime

    def now(self) -> datetime:
        return self.at


async def _prepare(runtime: Runtime) -> None:
    """The months, and people who agreed to it a while ago and want to be located exactly."""
    region = next(iter(runtime.regions.values()))
    await add_people(runtime, _FIRST, _PEOPLE, with_profiles=True)
    async with runtime.database.writing(region) as uow:
        await forget_old_locations(uow)
    then = replace(runtime.database, clock=_Then(runtime.database.clock.now() - _AGREED))
    seen = shown(ConsentPurpose.MIRROR_LOCATION, None, Language.RUSSIAN).notice.sha256
    answer = Answer(ConsentPurpose.MIRROR_LOCATION, None, Language.RUSSIAN, seen)
    for number in range(_FIRST, _FIRST + _PEOPLE):
        person = id_of("person", number)
        caller = Caller(id_of("account", number), Role.MIGRANT, id_of("session", number), person)
        async with then.writing(region, caller) as uow:
            await give(uow, caller, answer, Standing(mirrors=True))
            await choose(uow, person, Choices(resolution=None))


async def _kept(runtime: Runtime) -> int:
    region = next(iter(runtime.regions.values()))
    async with runtime.database.reading(region) as uow:
        return await uow.session.scalar(text("SELECT sum(samples) FROM location_batches")) or 0


def _bare(copy: Copy, options: BenchSettings, supply: Supply) -> float:
    """Samples a second by COPY alone."""

    async def run() -> float:
        url = make_url(copy.settings.database_url or "").set(drivername="postgresql")
        plain = url.render_as_string(hide_password=False)
        ready = list(supply.rows(round(_A_SECOND * options.seconds)))
        schema = schema_of(copy.settings.regions[0])
        settings = {"search_path": f"{schema},public", "role": APP_ROLE}
        drivers = [await asyncpg.connect(plain, server_settings=settings) for _ in range(options.clients)]
        left, until = iter(ready), time.perf_counter() + options.seconds
        count, begun = 0, time.perf_counter()

        async def put(driver: Any) -> None:
            nonlocal count
            for rows in left:
                await driver.copy_records_to_table("bare_locations", records=rows, columns=_COLUMNS)
                count += EACH
                if time.perf_counter() > until:
                    return

        await asyncio.gather(*(put(driver) for driver in drivers))
        rate = count / (time.perf_counter() - begun)
        for driver in drivers:
            await driver.close()
        return rate

    copy.as_owner(
        "DROP TABLE IF EXISTS bare_locations",
        _BARE,
        "CREATE TABLE bare_locations_all PARTITION OF bare_locations FOR VALUES FROM ('2000-01-01') TO ('2200-01-01')",
        f"GRANT INSERT ON bare_locations TO {APP_ROLE}",
    )
    try:
        return in_a_loop(run)
    finally:
        copy.as_owner("DROP TABLE bare_locations")
