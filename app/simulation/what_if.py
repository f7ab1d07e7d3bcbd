"""What would happen if a point had another counter, or opened on another day: a region is played as it is, and changed.

Both are played with the same people and the same luck, for several seeds, so that what differs is what was changed.
Nobody real is in it: points are played by their public plans, and people are invented, so many a week as was released
about the region. The answer can tell no more about anybody than that figure does.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.domain.points.calendar import Hours
from app.simulation.asked import Asked, Place
from app.simulation.life import Life
from app.simulation.measure import measured
from app.simulation.parts import Home
from app.simulation.policies.rivals import Diligent
from app.simulation.region import Region
from app.simulation.scenario import Scenario, load_scenario
from app.simulation.slots import slots_of
from app.simulation.world import make_world

SEEDS = (11, 12, 13)
MOST_PEOPLE = 900
"""More are not played: fewer days of arrivals are."""
LONGEST_DAYS, SHORTEST_DAYS = 35, 7
_AFTER_DAYS = 42
"""So many days after the last arrival the play goes on."""
_NEAR_KM = 15.0


def answer(asked: Asked, say: Callable[[int], None], seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Figures as they are and as they would be. `say` is told the progress, of 100.

    `effect` is the mean over the seeds of what the change makes; `low` and `high` are its least and greatest.
    """
    scenario = _scenario(asked)
    runs: list[tuple[dict[str, float], dict[str, float]]] = []
    for number, seed in enumerate(seeds):
        before = _figures(_played(scenario, asked, seed, changed=False), asked.change.point)
        say(round(100 * (2 * number + 1) / (2 * len(seeds))))
        after = _figures(_played(scenario, asked, seed, changed=True), asked.change.point)
        say(round(100 * (2 * number + 2) / (2 * len(seeds))))
        runs.append((before, after))
    return {
        "people": scenario.people,
        "days": scenario.arrival_days,
        "seeds": len(seeds),
        "figures": list(_compared(runs)),
    }


def _compared(runs: Sequence[tuple[dict[str, float], dict[str, float]]]) -> Iterator[dict[str, Any]]:
    for name in runs[0][0]:
        effects = [after[name] - before[name] for before, after in runs]
        yield {
            "name": name,
            "now": round(float(np.mean([before[name] for before, _ in runs])), 3),
            "then": round(float(np.mean([after[name] for _, after in runs])), 3),
            "effect": round(float(np.mean(effects)), 3),
            "low": round(min(effects), 3),
            "high": round(max(effects), 3),
        }


def _scenario(asked: Asked) -> Scenario:
    base = load_scenario()
    days = int(np.clip(MOST_PEOPLE * 7 // asked.a_week, SHORTEST_DAYS, LONGEST_DAYS))
    people = min(MOST_PEOPLE, round(asked.a_week * days / 7))
    steps = {step.code for step in base.visits}
    places = [place for place in asked.places if steps & set(place.services)]
    data = base.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return Scenario.model_validate(
        data
        | {
            "start": asked.start.isoformat(),
            "time_zone": asked.zone,
            "arrival_days": days,
            "horizon_days": days + _AFTER_DAYS,
            "people": people,
            "arrivals": {"by_weekday": base.arrivals.by_weekday},
            "homes": [home.model_dump() for home in _homes(places)],
            "hours": data["hours"] | {"calendar": asked.calendar},
            "points": [
                {
                    "id": place.id,
                    "kind": "played",
                    "services": sorted(steps & set(place.services)),
                    "lat": place.lat,
                    "lon": place.lon,
                    "counters": place.counters,
                }
                for place in places
            ],
            "incidents": [],
        }
    )


def _homes(places: Sequence[Place]) -> list[Home]:
    """People live around the points, more of them where there are more counters: of homes nothing is read."""
    return [Home(lat=place.lat, lon=place.lon, spread_km=_NEAR_KM / 2, share=place.counters) for place in places]


def _played(scenario: Scenario, asked: Asked, seed: int, *, changed: bool) -> Life:
    change = asked.change
    if changed and change.counters:
        scenario = scenario.model_copy(
            update={
                "points": tuple(
                    point.model_copy(update={"counters": point.counters + change.counters})
                    if point.id == change.point
                    else point
                    for point in scenario.points
                )
            }
        )
    world = make_world(scenario, seed)
    region = Region(scenario, world.timeline, slots_of(scenario))
    for place in asked.places:
        if place.id not in region.by_id:
            continue
        week = {day: tuple(Hours(*span) for span in spans) for day, spans in place.week.items()}
        if changed and place.id == change.point and change.weekday is not None and change.opens and change.closes:
            week[change.weekday] = (Hours(change.opens, change.closes),)
        site = region.by_id[place.id]
        site.change_plan(replace(site.plan, week=week), 0)
    life = Life(world, region)
    life.policy = Diligent(life)
    life.run()
    return life


def _figures(life: Life, point: str) -> dict[str, float]:
    """Of the whole region, and of the point that is changed (`point_…`)."""
    tally = measured(life)
    there = [max(0.0, came.gone - max(came.joined, came.booked or 0.0)) for came in life.came if came.point == point]
    people = max(1, len(life.journeys))
    return {
        "days_to_permission": _mean([_days(life, number) for number in range(len(life.journeys))]),
        "days_beyond_unavoidable": tally.mean_days,
        "deadlines_missed_per_100": 100 * tally.missed / people,
        "wait_p95_minutes": tally.wait_p95 or 0.0,
        "point_visits": float(len(there)),
        "point_wait_median_minutes": float(np.median(there)) if there else 0.0,
        "point_wait_p95_minutes": float(np.quantile(there, 0.95)) if there else 0.0,
    }


def _days(life: Life, number: int) -> float:
    journey = life.journeys[number]
    ended = life.timeline.end if journey.finished is None else journey.finished
    return (ended - journey.person.entered) / 1440


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0
