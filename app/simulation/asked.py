"""A question to the simulator: what a point's counters, or its days, would do. See `app.simulation.what_if`."""

from datetime import date, time
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.domain.points.change import check_change
from app.simulation.parts import Latitude, Longitude, Part
from app.simulation.scenario import load_scenario


class Place(Part):
    """A point as it is played: `week` is [opens, closes] by weekday, 0 is Monday."""

    id: Annotated[str, Field(min_length=1, max_length=64)]
    services: tuple[str, ...]
    lat: Latitude
    lon: Longitude
    counters: Annotated[int, Field(ge=1, le=200)]
    week: dict[int, tuple[tuple[time, time], ...]]


class Change(Part):
    """At the point: so many `counters` more (below zero: fewer), or open on another `weekday` as well."""

    point: Annotated[str, Field(min_length=1, max_length=64)]
    counters: Annotated[int, Field(ge=-20, le=20)] = 0
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    opens: time | None = None
    closes: time | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        check_change(self.counters, self.weekday, self.opens, self.closes)
        return self


class Asked(Part):
    """`a_week`: people who begin a pathway to work in a week, as released. `start`: a Monday."""

    places: Annotated[tuple[Place, ...], Field(min_length=1)]
    a_week: Annotated[int, Field(ge=10)]
    start: date
    zone: str
    calendar: str
    change: Change


def faults(asked: Asked) -> str | None:
    """Why it cannot be played, in a word: `unknown_point`, `already_open`, `no_counter`, or `no_point_for_<step>`."""
    here = next((place for place in asked.places if place.id == asked.change.point), None)
    if here is None:
        return "unknown_point"
    if asked.change.weekday is not None and here.week.get(asked.change.weekday):
        return "already_open"
    if here.counters + asked.change.counters < 1:
        return "no_counter"
    steps = {step.code for step in load_scenario().visits}
    given = {service for place in asked.places for service in place.services}
    missing = sorted(steps - given)
    return f"no_point_for_{missing[0]}" if missing else None
