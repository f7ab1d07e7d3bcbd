"""What another counter or another day would do, by the simulator."""

from datetime import date, time
from typing import Any

import pytest

from app.simulation import what_if
from app.simulation.asked import Asked, Change, Place, faults
from app.simulation.scenario import load_scenario

WEEK = {day: ((time(9), time(18)),) for day in range(5)}


def places(counters: int = 1) -> tuple[Place, ...]:
    """One point for each service of the packaged world, at one place."""
    return tuple(
        Place(id=step.code, services=(step.code,), lat=55.79, lon=49.12, counters=counters, week=WEEK)
        for step in load_scenario().visits
    )


def asked(change: Change, a_week: int = 35) -> Asked:
    start = date(2026, 9, 7)
    return Asked(places=places(), a_week=a_week, start=start, zone="Europe/Moscow", calendar="RU", change=change)


def figures(found: dict[str, Any]) -> dict[str, dict[str, float]]:
    return {one["name"]: one for one in found["figures"]}


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_if, "LONGEST_DAYS", 10)
    monkeypatch.setattr(what_if, "_AFTER_DAYS", 40)


def test_another_counter_where_one_waits_longest_saves_days_and_elsewhere_changes_little() -> None:
    """One counter gives five exams a day; thirty-five people a week need more than that."""
    heard: list[int] = []
    found = what_if.answer(asked(Change(point="exam", counters=2)), heard.append, seeds=(11,))
    days = figures(found)["days_to_permission"]
    assert days["effect"] < -0.5
    assert days["then"] == pytest.approx(days["now"] + days["effect"], abs=0.01)
    assert heard == [50, 100]
    again = what_if.answer(asked(Change(point="exam", counters=2)), heard.append, seeds=(11,))
    assert again == found  # the same question about the same figures
    idle = figures(what_if.answer(asked(Change(point="collection", counters=2)), heard.append, seeds=(11,)))
    assert abs(idle["days_to_permission"]["effect"]) < abs(days["effect"]) / 2


def test_another_day_has_visits() -> None:
    change = Change(point="exam", weekday=5, opens=time(9), closes=time(18))
    found = figures(what_if.answer(asked(change), lambda _: None, seeds=(11,)))
    assert found["days_to_permission"]["effect"] < 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (Change(point="nowhere", counters=1), "unknown_point"),
        (Change(point="exam", counters=-1), "no_counter"),
        (Change(point="exam", weekday=2, opens=time(9), closes=time(10)), "already_open"),
        (Change(point="exam", counters=1), None),
    ],
)
def test_what_cannot_be_played_says_why(change: Change, fault: str | None) -> None:
    assert faults(asked(change)) == fault


def test_a_service_that_nobody_gives_is_named() -> None:
    few = asked(Change(point="exam", counters=1))
    assert faults(few.model_copy(update={"places": few.places[1:]})) == f"no_point_for_{few.places[0].id}"
