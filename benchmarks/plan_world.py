"""A region to plan in: points of several kinds around a town, their calendars 80 % full, and people with six visits.

Points 0 to 5 are two medical ones, one for fingerprints, one for exams, one of the police, where one applies and
collects, and a centre with courses; so on around again. Two counters each, open 9-13 and 14-18 every day. Of the
places that fit one after another at each counter four fifths are taken, by chance; the same in every run.
"""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from app.runtime import Runtime
from benchmarks.world import BREAK, CLOSES, OPENS, ZONE, add_people, id_of, tokens
from services.points.commands import add_points, extend_calendars

FULL = 0.8
Kinds = Sequence[Sequence[tuple[str, int, int]]]
KINDS: Kinds = [
    [("medical", 40, 20)],
    [("medical", 40, 20)],
    [("fingerprints", 20, 10)],
    [("exam", 90, 30)],
    [("application", 25, 15), ("collection", 10, 10)],
    [("course", 60, 60)],
]
"""What each kind of point gives: service, minutes, grid."""
EVERYTHING = [[offer for kind in (KINDS[0], *KINDS[2:]) for offer in kind]]
"""One kind that gives it all: six visits at any of the points."""
VISITS = sum(len(kind) for kind in KINDS) - 1
_COUNTERS = 2
_CENTRE, _SPREAD = (55.79, 49.13), 0.12


async def add_region(runtime: Runtime, points: int, kinds: Kinds = KINDS) -> None:
    """The points with their calendars, as full as they are to be."""
    region = next(iter(runtime.regions.values()))
    await runtime.keyring.ready(region)
    chance = random.Random(points)  # noqa: S311 — the same in every run
    spans = [[o.isoformat("minutes"), c.isoformat("minutes")] for o, c in ((OPENS, BREAK[0]), (BREAK[1], CLOSES))]
    async with runtime.database.writing(region) as uow:
        rows = [_point(chance, number, spans) for number in range(points)]
        pools = [
            {"id": id_of("plan-pool", n), "point_id": id_of("plan", n), "code": "main", "counters": _COUNTERS}
            for n in range(points)
        ]
        services = [
            {
                "point_id": id_of("plan", number),
                "service": service,
                "pool_id": id_of("plan-pool", number),
                "minutes": minutes,
                "every": every,
            }
            for number in range(points)
            for service, minutes, every in kinds[number % len(kinds)]
        ]
        await add_points(uow, rows, pools, services)
        await extend_calendars(uow)
        lengths = {id_of("plan-pool", n): kinds[n % len(kinds)][0][1] for n in range(points)}
        days = (
            await uow.session.execute(text("SELECT pool_id, day, capacity FROM capacity_days ORDER BY pool_id, day"))
        ).all()
        filled = [
            _filled(chance, pool_id, day, capacity, lengths[pool_id])
            for pool_id, day, capacity in days
            if pool_id in lengths
        ]
        update = text("UPDATE capacity_days SET used = :used WHERE pool_id = :pool_id AND day = :day")
        await uow.session.execute(update.bindparams(bindparam("used", type_=ARRAY(SmallInteger))), filled)


async def add_planners(runtime: Runtime, count: int) -> list[str]:
    """Tokens of people who have six visits before them: those of the patent, and a course; a lawyer they have seen."""
    await add_people(runtime, 0, count, with_profiles=True)
    seen = """INSERT INTO step_events (id, person_id, step, kind, happened_on, source, recorded_at)
        SELECT md5('seen:' || n)::uuid, md5('person:' || n)::uuid, 'legal_help', 'done', now()::date - 2, 'point', now()
        FROM generate_series(0, CAST(:last AS int)) AS n"""
    async with runtime.database.writing(next(iter(runtime.regions.values()))) as uow:
        await uow.session.execute(text(seen), {"last": count - 1})
    return await tokens(runtime, 0, count)


def somewhere(chance: random.Random) -> dict[str, float]:
    """A home in the town."""
    lat, lon = _CENTRE
    return {
        "lat": round(lat + chance.uniform(-_SPREAD, _SPREAD), 5),
        "lon": round(lon + chance.uniform(-_SPREAD, _SPREAD), 5),
    }


def _point(chance: random.Random, number: int, spans: list[list[str]]) -> dict[str, Any]:
    return {
        "id": id_of("plan", number),
        "code": f"plan-{number}",
        "kind": "medical",
        "name": {"ru": f"Стенд {number}", "en": f"Stand {number}"},
        "municipality": {"ru": "город Казань", "en": "City of Kazan"},
        **somewhere(chance),
        "zone": ZONE,
        "languages": ["ru", "tt", "uz-Latn"],
        "step_free": True,
        "hours": {str(weekday): spans for weekday in range(7)},
        "open_on_holidays": True,
    }


def _filled(chance: random.Random, pool_id: UUID, day: date, capacity: list[int], minutes: int) -> dict[str, Any]:
    """Of the places that fit one after another, at each counter, four fifths are taken; which ones, is chance."""
    used, ticks, places = [0] * len(capacity), minutes // 5, []
    start = 0
    while start + ticks <= len(capacity):
        fits = min(capacity[start : start + ticks]) > 0
        places += [start] * _COUNTERS if fits else []
        start += ticks if fits else 1
    for first in chance.sample(places, round(FULL * len(places))):
        for tick in range(first, first + ticks):
            used[tick] += 1
    return {"pool_id": pool_id, "day": day, "used": used}
