"""`growth`: how long a search and a booking take with 10⁷ places, against 10⁵ in the same run and server.

A place is a start that can be booked, at one counter. The small region has 40 points, 22 starts a day of 40 minutes
at 6 counters, for 32 days: 1.7 × 10⁵. The big one is a hundred such towns: 4,000 points, 1.7 × 10⁷. The question is
the same in both: a person stands in a town, any of them, and asks for the first free time at the 40 nearest points,
or books one of their places. Each town's calendars are filled as `search` fills its own.

One client on one connection asks both regions by turns; the figures are medians of its times.
"""

import http.client
import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import text

from app.runtime import Runtime
from benchmarks.copy import Copy, Say
from benchmarks.figures import BenchSettings, Figure
from benchmarks.load import HOST, BenchError
from benchmarks.search import fill_of
from benchmarks.world import POINTS, SLOTS, add_ground, add_people, first_tick, id_of, tokens

GOAL = 1.3
KIND, SERVICE = "growth", "medical"
_TOWNS = 100
_COUNTERS = 6
_FREE_FROM = 25
"""No day after so many is filled, so that everybody who books finds their place."""
_STARTS_A_DAY, _DAYS = 22, 32
_WARM_UP = 2 * _TOWNS
"""Every town is asked twice before anything counts."""

Asked = tuple[str, str, dict[str, str], str | None]
"""Method, path, headers and body of a request."""

_COPY = "FROM generate_series(0, {last}) AS n CROSS JOIN generate_series(1, {towns}) AS town"
_GROW = (
    """INSERT INTO points SELECT (jsonb_populate_record(p, jsonb_build_object(
        'id', md5('growth:' || town * {points} + n)::uuid, 'code', 'growth-' || town * {points} + n,
        'lat', p.lat - 10 + town / 10 * 1.5, 'lon', p.lon + town % 10 * 3))).*
    {copy} JOIN points p ON p.id = md5('growth:' || n)::uuid""",
    """INSERT INTO pools SELECT (jsonb_populate_record(p, jsonb_build_object(
        'id', md5('growth-pool:' || town * {points} + n)::uuid, 'point_id', md5('growth:' || town * {points} + n)::uuid
    ))).* {copy} JOIN pools p ON p.id = md5('growth-pool:' || n)::uuid""",
    """INSERT INTO point_services SELECT (jsonb_populate_record(s, jsonb_build_object(
        'pool_id', md5('growth-pool:' || town * {points} + n)::uuid,
        'point_id', md5('growth:' || town * {points} + n)::uuid
    ))).* {copy} JOIN point_services s ON s.point_id = md5('growth:' || n)::uuid""",
    """INSERT INTO capacity_days (pool_id, day, starts_at, capacity, used, opens_tick)
    SELECT md5('growth-pool:' || town * {points} + n)::uuid, d.day, d.starts_at, d.capacity, d.used, d.opens_tick
    {copy} JOIN capacity_days d ON d.pool_id = md5('growth-pool:' || n)::uuid""",
)


class World:
    """One region with its towns, and the requests of people in them."""

    def __init__(self, copy: Copy, towns: int, people: int) -> None:
        self.copy, self._towns, self._next, self._asked = copy, towns, 0, 0
        self._region = copy.settings.regions[0]
        self._chance = random.Random(2)  # noqa: S311 — the same towns in every run
        self._tokens: list[str] = copy.inside(lambda runtime: self._make(runtime, people))
        copy.as_owner("VACUUM (ANALYZE)")

    @property
    def places(self) -> int:
        return self._towns * POINTS * _STARTS_A_DAY * _DAYS * _COUNTERS

    async def _make(self, runtime: Runtime, people: int) -> list[str]:
        await runtime.keyring.ready(next(iter(runtime.regions.values())))
        await add_ground(runtime, KIND, SERVICE, _COUNTERS)
        async with runtime.database.writing(next(iter(runtime.regions.values()))) as uow:
            await uow.session.execute(text("SET LOCAL statement_timeout = 0"))
            await uow.session.execute(text(fill_of(f"{KIND}-pool")))
            copied = _COPY.format(last=POINTS - 1, towns=self._towns - 1)
            for statement in _GROW if self._towns > 1 else ():
                await uow.session.execute(text(statement.format(points=POINTS, copy=copied).replace(":'", "\\:'")))
        await add_people(runtime, 0, people, with_profiles=True)
        return await tokens(runtime, 0, people)

    def search(self) -> Asked:
        self._asked += 1
        town = self._asked % self._towns
        lat, lon = (55.72, 49.12) if town == 0 else (45.72 + town // 10 * 1.5, 49.12 + town % 10 * 3)
        where = f"/v1/free-times?service={SERVICE}&lat={lat:.4f}&lon={lon:.4f}"
        return "GET", where, {"Manzil-Region": self._region}, None

    def booking(self) -> Asked:
        """Somebody who has not booked yet, at a point of any town."""
        token, self._next = self._tokens[self._next], self._next + 1
        point = self._chance.randrange(self._towns * POINTS)
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(hours=3)
        day = midnight + timedelta(days=_FREE_FROM + self._chance.randrange(4))
        starts_at = day + first_tick(self._chance.randrange(SLOTS)) * timedelta(minutes=5)
        body = {"step": SERVICE, "service": SERVICE, "point_id": str(id_of(KIND, point))}
        headers = {
            "Manzil-Region": self._region,
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": str(uuid4()),
            "Content-Type": "application/json",
        }
        return "POST", "/v1/bookings", headers, json.dumps(body | {"starts_at": starts_at.isoformat()})


def measure_growth(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    each = max(100, round(options.seconds * options.rounds * 20))
    _, small_region, big_region, *_ = copy.settings.regions  # the first has the people and points of the others
    say("growth: 10⁵ places, then 10⁷ …")
    begun = time.perf_counter()
    small, big = World(copy.of(small_region), 1, each + _WARM_UP), World(copy.of(big_region), _TOWNS, each + _WARM_UP)
    say(f"growth: made in {time.perf_counter() - begun:.0f} s; asking {each} times …")
    return [
        _by_turns(copy, "growth_search", (small, big), World.search, each),
        _by_turns(copy, "growth_booking", (small, big), World.booking, each),
    ]


def _by_turns(copy: Copy, name: str, worlds: tuple[World, World], ask: Callable[[World], Asked], each: int) -> Figure:
    connection = http.client.HTTPConnection(HOST, copy.ports[0])
    times: tuple[list[float], list[float]] = [], []
    for turn in range(_WARM_UP + each):
        for world, spent in zip(worlds, times, strict=True):
            seconds = _answered(connection, ask(world))
            if turn >= _WARM_UP:
                spent.append(1000 * seconds)
    connection.close()
    small, big = times
    return Figure(
        name=name,
        value=statistics.median(big),
        unit="ms",
        ceiling=statistics.median(small),
        goal=GOAL,
        extra={"places": worlds[1].places, "ceiling_places": worlds[0].places, "asked": each, "p90_ms": _p90(big)},
    )


def _answered(connection: http.client.HTTPConnection, asked: Asked) -> float:
    method, path, headers, body = asked
    begun = time.perf_counter()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    said = answer.read()
    seconds = time.perf_counter() - begun
    found = json.loads(said)
    if answer.status >= http.client.BAD_REQUEST or (method == "GET" and len(found["items"]) != POINTS):
        raise BenchError(f"{path} was answered {answer.status}: {said[:300]!r}")
    return seconds


def _p90(times: list[float]) -> float:
    return round(sorted(times)[len(times) * 9 // 10], 2)
