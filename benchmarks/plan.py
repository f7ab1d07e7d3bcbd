"""`plan`: plans of six visits at 60 points over 30 days, 80 % full, a second over HTTP; and how plans grow.

The whole path is measured: token, pathway, what is booked, free places, the exact plan of up to three itineraries,
and its words. The ceiling is GET /health/live of the same servers. `plan` has points of several kinds, as a region has,
`plan_everywhere` the same number that give everything: several times as much to choose from. `plan_points` and
`plan_days` tell how many times as long a plan takes in one process for 15, 30, 60 and 120 points, and for 15, 30 and 60
days: each beside what growing in proportion would be.
"""

import asyncio
import json
import random
import statistics
import time
from dataclasses import replace
from functools import partial

import httpx

from app.domain.identity.caller import Caller, Role
from app.domain.routing.terms import Terms
from app.runtime import Runtime
from benchmarks.copy import Copy, Say
from benchmarks.figures import BenchSettings, Figure, extras, in_turns
from benchmarks.load import HOST, BenchError, Job, Load, put_load, request
from benchmarks.plan_world import EVERYTHING, KINDS, VISITS, Kinds, add_planners, add_region, somewhere
from benchmarks.world import id_of
from migrations.run import upgrade
from services.routing.itineraries_queries import plan_for
from services.routing.planning import Asked

GOAL = 1 / 50
POINTS, DAYS = 60, 31
_PEOPLE = 400
_GROWTH_POINTS = (15, 30, 60, 120)
_GROWTH_DAYS = (15, 30, 60)


def measure_plan(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    kinds, everything = copy.settings.regions[3:]
    return [
        _plans(copy, "plan", kinds, KINDS, options, say),
        _plans(copy, "plan_everywhere", everything, EVERYTHING, options, say),
        *_growth(copy, options, say),
    ]


def _plans(copy: Copy, name: str, region: str, kinds: Kinds, options: BenchSettings, say: Say) -> Figure:
    say(f"{name}: {POINTS} points, {DAYS} days, {VISITS} visits …")
    own = copy.of(region)
    wires = own.inside(partial(_requests, kinds=kinds))
    own.as_owner("VACUUM (ANALYZE)")
    _see_a_plan(copy, wires[0])

    def load(seconds: float = options.seconds) -> Load:
        return put_load(Job(copy.ports, options.clients, seconds, 200, wires, again=True))

    def ceiling(_: int) -> float:
        wire = request("GET", "/health/live")
        return put_load(Job(copy.ports, options.clients, options.seconds, 200, [wire], again=True)).rate

    load(2.0)
    loads, ceilings = in_turns(options.rounds, lambda _: load(), ceiling, say)
    return Figure(
        name=name,
        value=statistics.median(load.rate for load in loads),
        unit="plans/s",
        ceiling=statistics.median(ceilings),
        goal=GOAL,
        extra=extras(loads, ceilings, options.clients, len(copy.ports))
        | {"points": POINTS, "days": DAYS, "visits": VISITS},
    )


async def _requests(runtime: Runtime, kinds: Kinds) -> list[str]:
    """One each of people who live somewhere in the town."""
    await add_region(runtime, POINTS, kinds)
    region, chance = next(iter(runtime.regions)), random.Random(3)  # noqa: S311 — the same homes in every run
    return [
        request(
            "POST",
            "/v1/itineraries/plan",
            body=json.dumps(somewhere(chance) | {"offers": True}),
            Authorization=f"Bearer {token}",
            Manzil_Region=region,
        )
        for token in await add_planners(runtime, _PEOPLE)
    ]


def _see_a_plan(copy: Copy, wire: str) -> None:
    """The first answer, which has to be a whole plan."""
    head, _, body = wire.partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    answer = httpx.post(f"http://{HOST}:{copy.ports[0]}/v1/itineraries/plan", content=body, headers=headers, timeout=60)
    found = answer.json()
    if answer.status_code != httpx.codes.OK or found["unplaced"] or len(found["itineraries"][0]["book"]) != VISITS:
        raise BenchError(f"no whole plan, but {answer.status_code}: {answer.text[:500]}")


def _growth(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    each = max(10, round(options.seconds * options.rounds * 5))
    regions = {points: f"{copy.settings.regions[3]}_{points}" for points in _GROWTH_POINTS}
    say(f"plan: regions of {', '.join(map(str, regions))} points …")
    asyncio.run(upgrade(copy.owner_url, list(regions.values())))
    try:
        for points, region in regions.items():
            own = _of(copy, region, max(_GROWTH_DAYS))
            own.inside(partial(add_region, points=points))
            own.inside(partial(add_planners, count=each))
            own.as_owner("VACUUM (ANALYZE)")
        by_points = {n: _of(copy, region, DAYS).inside(partial(_median, each=each)) for n, region in regions.items()}
        by_days = {d: _of(copy, regions[POINTS], d).inside(partial(_median, each=each)) for d in _GROWTH_DAYS}
    finally:
        for region in regions.values():
            copy.of(region).as_owner(f"DROP SCHEMA region_{region} CASCADE")
    return [_figure("plan_points", by_points), _figure("plan_days", by_days)]


def _of(copy: Copy, region: str, days: int) -> Copy:
    of = copy.of(region)
    return replace(of, settings=of.settings.model_copy(update={"calendar_days": days}))


async def _median(runtime: Runtime, each: int) -> float:
    return statistics.median(await plan_times(runtime, each))


async def plan_times(runtime: Runtime, each: int) -> list[float]:
    """Milliseconds that plans take in this process, of so many people.

    BenchError unless each is a plan, and a whole one where a pathway fits into the days: results alone take 21.
    """
    region, chance = next(iter(runtime.regions.values())), random.Random(4)  # noqa: S311 — the same homes for all
    await runtime.keyring.ready(region)
    spent = []
    for n in range(each):
        caller = Caller(id_of("account", n), Role.MIGRANT, id_of("session", n), person_id=id_of("person", n))
        home = somewhere(chance)
        asked = Asked((home["lat"], home["lon"]), Terms(offers=True))
        async with runtime.database.deciding(region, caller) as uow:
            begun = time.perf_counter()
            found = await plan_for(uow, runtime.travel, caller, None, asked)
            spent.append(1000 * (time.perf_counter() - begun))
        if not found.proposals or (region.calendar_days >= DAYS and len(found.proposals[0].visits) != VISITS):
            raise BenchError(f"no whole plan within {region.calendar_days} days")
    return spent


def _figure(name: str, times: dict[int, float]) -> Figure:
    """The last against the first, beside growing in proportion. `times`: milliseconds by size."""
    first, last = min(times), max(times)
    return Figure(
        name=name,
        value=times[last] / times[first],
        unit="times as long",
        ceiling=last / first,
        goal=1.0,
        extra={"ms": {str(size): round(spent, 2) for size, spent in times.items()}},
    )
