"""Small worlds for tests: the packaged scenario's form with fewer people, points and steps."""

import json
from importlib.resources import files
from typing import Any

from app.simulation.scenario import Scenario
from app.simulation.world import World, make_world


def packaged() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("app.simulation") / "scenario.json").read_text(encoding="utf-8"))
    return found


def small(people: int = 60, days: int = 5, counters: int = 1, **changes: Any) -> Scenario:
    """The packaged world with few people, who enter in a few days, and few counters; nothing befalls the points."""
    data = packaged()
    data |= {"people": people, "arrival_days": days, "horizon_days": 90, "incidents": [], "seeds": [1, 2]}
    data["arrivals"] = {"by_weekday": [1.0] * 7}
    for point in data["points"]:
        point["counters"] = min(counters, point["counters"])
    return Scenario.model_validate(data | changes)


def tiny(people: int = 3, **changes: Any) -> Scenario:
    """Two visits, one after the other with a result between, at one point each; all as planned: nobody is late."""
    steps = [
        {"code": "papers", "by": "online", "done_after_days": {"min": 0, "max": 0}},
        {"code": "exam", "visit_minutes": {"mean": 100, "cv": 0.1}, "result_after_working_days": 2},
        {
            "code": "application",
            "visit_minutes": {"mean": 60, "cv": 0.1},
            "hard_prerequisites": ["exam", "papers"],
            "deadline": {"days": 5, "from": "entry"},
        },
    ]
    at = {"lat": 55.8, "lon": 49.1, "counters": 1}
    points = [
        {"id": "exam-1", "kind": "exam", "services": ["exam"], **at},
        {"id": "police-1", "kind": "police", "services": ["application"], **at},
    ]
    data = packaged() | {
        "people": people,
        "arrival_days": 1,
        "horizon_days": 30,
        "incidents": [],
        "seeds": [1],
        "start": "2026-09-07",
        "arrivals": {"by_weekday": [1.0] * 7},
        "homes": [{"lat": 55.8, "lon": 49.1, "spread_km": 0.1, "share": 1.0}],
        "hours": {"weekdays": ["09:00", "13:00"], "calendar": "RU"},
        "steps": steps,
        "points": points,
        "behaviour": {
            "lateness_minutes": {"mean": 0, "sd": 0},
            "no_show": 0,
            "no_show_rebooks_after_days": 2,
            "walk_in_share": 0,
            "walk_in_leaves_after_minutes": 180,
            "accepts_a_reroute": 1,
        },
    }
    return Scenario.model_validate(data | changes)


def world(scenario: Scenario, seed: int = 1) -> World:
    return make_world(scenario, seed)
