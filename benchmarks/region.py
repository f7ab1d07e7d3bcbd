"""`region`: each of the operator's dashboards, against an empty endpoint of the same server and run.

The region has people of the simulator who came in the last year and a half (`MANZIL_BENCH_PEOPLE`, 200,000 by default):
`benchmarks.season`. The worker's own tick tells all that is due of them, which is timed. Then one client on one
connection asks for every dashboard and for the empty endpoint by turns; figures are medians. Beside each stands how
long the first request took, of a process that has nothing in memory.
"""

import asyncio
import http.client
import statistics
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import make_url

from app.assembly import build_runtime
from app.db.engine import schema_of
from app.domain.identity.caller import Caller, Role
from app.runtime import Runtime
from benchmarks import season
from benchmarks.copy import Copy, Say
from benchmarks.figures import BenchSettings, Figure
from benchmarks.load import HOST, BenchError
from benchmarks.world import in_a_loop
from services.region.releasing import tell_next

GOAL = 20.0
EMPTY = "/health/live"
DASHBOARDS = {
    "funnel": "/v1/region/funnel",
    "finish_times": "/v1/region/finish-times",
    "deadlines": "/v1/region/deadlines",
    "load": "/v1/region/load",
    "places": "/v1/region/places",
    "bottlenecks": "/v1/region/bottlenecks",
    "labour_supply": "/v1/region/labour-supply",
    "flows": "/v1/region/flows",
    "kpis": "/v1/region/kpis",
    "cells": "/v1/region/cells",
}
_WARM_UP, _LEAST = 20, 60


def measure_region(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    begun = time.perf_counter()
    people = asyncio.run(_put(copy, options.people))
    say(f"region: {people} people in {time.perf_counter() - begun:.0f} s; telling …")
    periods, seconds = in_a_loop(lambda: _tell(copy))
    say(f"region: {periods} periods told in {seconds:.0f} s; asking …")
    token = copy.inside(_operator)
    each = max(_LEAST, round(options.seconds * options.rounds * 10))
    asker = _Asker(copy.ports[0], token)
    first = {name: asker.ask(path) for name, path in DASHBOARDS.items()}
    for _ in range(_WARM_UP):
        asker.ask(EMPTY)
    times: dict[str, list[float]] = {name: [] for name in ("empty", *DASHBOARDS)}
    for _ in range(each):
        for name, path in {"empty": EMPTY, **DASHBOARDS}.items():
            times[name].append(asker.ask(path))
    asker.close()
    told = {"people": people, "periods": periods, "tell_seconds": round(seconds, 1), "asked": each}
    empty = statistics.median(times["empty"])
    return [
        Figure(
            name=f"region.{name}",
            value=statistics.median(times[name]),
            unit="ms",
            ceiling=empty,
            goal=GOAL,
            extra=told | {"first_ms": round(first[name], 2), "p90_ms": round(sorted(times[name])[each * 9 // 10], 2)},
        )
        for name in DASHBOARDS
    ]


class _Asker:
    """One operator on one connection."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection(HOST, port)
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, path: str) -> float:
        """Milliseconds to the whole answer."""
        begun = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        said = answer.read()
        taken = 1000 * (time.perf_counter() - begun)
        if answer.status != http.client.OK or (path != EMPTY and b'"items":[{' not in said):
            raise BenchError(f"{path} was answered {answer.status}: {said[:300]!r}")
        return taken

    def close(self) -> None:
        self._connection.close()


async def _put(copy: Copy, people: int) -> int:
    url = make_url(copy.owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    schema = schema_of(copy.settings.regions[0])
    driver: Any = await asyncpg.connect(url, server_settings={"search_path": f"{schema},public"})
    try:
        zone = "Europe/Moscow"
        count = await season.put(driver, season.play(), datetime.now(UTC).date(), people, zone=zone)
        await driver.execute("VACUUM (ANALYZE)")
    finally:
        await driver.close()
    return count


async def _tell(copy: Copy) -> tuple[int, float]:
    """How many periods the worker told, and in how many seconds."""
    runtime = build_runtime(copy.settings)
    region = next(iter(runtime.regions.values()))
    begun, periods = time.perf_counter(), 0
    while await tell_next(runtime.database, region):
        periods += 1
    seconds = time.perf_counter() - begun
    await runtime.close()
    return periods, seconds


async def _operator(runtime: Runtime) -> str:
    region = next(iter(runtime.regions.values()))
    await runtime.keyring.ready(region)
    caller = Caller(UUID(int=1), Role.REGION_OPERATOR, UUID(int=2))
    return await runtime.keyring.issue(region, caller, runtime.database.clock.now())
