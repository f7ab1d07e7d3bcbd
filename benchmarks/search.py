"""`search`: the first free time at each of 40 points within a month, against an empty endpoint of the same server.

One pool of 6 counters a point, open 9–13 and 14–18 every day; visits of 40 minutes. Point n has its first n/2 days
full (0 to 19 of them); on the three after them every second 20 minutes are taken at all counters, so that no visit
fits; the day after that has such a morning and a free afternoon. So a search looks at 4 to 23 days of each
point, and finds a time at all 40. The empty endpoint is GET /health/live.
"""

import statistics

import httpx
from sqlalchemy import text

from app.runtime import Runtime
from benchmarks.copy import Copy, Say
from benchmarks.figures import BenchSettings, Figure, extras, in_turns
from benchmarks.load import HOST, BenchError, Job, Load, put_load, request
from benchmarks.world import POINTS, add_ground

GOAL = 0.25
SERVICE = "benchmark"
SEARCH = f"/v1/free-times?service={SERVICE}"
_COUNTERS = 6
NOON = 13 * 12
"""The break begins; ticks are counted from midnight."""


def fill_of(pools: str) -> str:
    """The statement that fills the calendars of the pools of that kind."""
    return f"""
    UPDATE capacity_days AS d SET used = (
        SELECT array_agg(CASE
            WHEN k < n / 2 OR k < n / 2 + 3 AND tick % 8 > 3 OR k = n / 2 + 3 AND tick < {NOON} AND tick % 8 > 3
            THEN open ELSE 0 END ORDER BY tick)
        FROM (SELECT open, (place - 1) AS tick FROM unnest(d.capacity) WITH ORDINALITY AS u (open, place)) AS ticks)
    FROM (
        SELECT n, pool_id, day, row_number() OVER (PARTITION BY pool_id ORDER BY day) - 1 AS k
        FROM generate_series(0, {POINTS - 1}) AS n JOIN capacity_days ON pool_id = md5('{pools}:' || n)::uuid
    ) AS numbered
    WHERE d.pool_id = numbered.pool_id AND d.day = numbered.day
"""  # noqa: S608 — ours, all of it


def prepare(copy: Copy) -> None:
    """Points, calendars and their fill; then one search, which must find something everywhere.

    The ledger is filled without bookings: ask the doctor before, not after.
    """

    async def fill(runtime: Runtime) -> None:
        await add_ground(runtime, "search", SERVICE, _COUNTERS)
        async with runtime.database.writing(next(iter(runtime.regions.values()))) as uow:
            await uow.session.execute(text(fill_of("search-pool")))

    copy.inside(fill)
    copy.as_owner("VACUUM (ANALYZE)")
    items = httpx.get(f"http://{HOST}:{copy.ports[0]}{SEARCH}").json()["items"]
    found = [item for item in items if item["starts_at"]]
    if len(found) != POINTS:
        raise BenchError(f"the search found a time at {len(found)} of {POINTS} points")


def measure_search(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    def load(path: str) -> Load:
        wire = request("GET", path)
        return put_load(Job(copy.ports, options.clients, options.seconds, 200, [wire], again=True))

    say("search: filling calendars, warming up …")
    prepare(copy)
    load(SEARCH)
    loads, ceilings = in_turns(options.rounds, lambda _: load(SEARCH), lambda _: load("/health/live").rate, say)
    figure = Figure(
        name="search",
        value=statistics.median(load.rate for load in loads),
        unit="searches/s",
        ceiling=statistics.median(ceilings),
        goal=GOAL,
        extra=extras(loads, ceilings, options.clients, len(copy.ports)),
    )
    return [figure]
