"""The world in which the routing is simulated, as a file of the form of `scenario.json` describes it.

What the file leaves open is decided where it is used and said there: `world.py`, `hall.py`, `life.py`.
"""

import json
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator

from app.domain.pathways.calendar import WorkCalendar
from app.simulation.graph import circle
from app.simulation.parts import (
    Arrivals,
    Behaviour,
    Burst,
    Count,
    Days,
    Home,
    Incident,
    Opening,
    Part,
    Point,
    Step,
    Travel,
)


class ScenarioError(Exception):
    """A file that is no scenario; `args[0]` says in plain words what is wrong where."""


class Scenario(Part):
    """`steps` in the listed order; the journey ends when all are done. Day 0 is `start`."""

    about: str = ""
    units: dict[str, str] = Field(default_factory=dict)
    seeds: Annotated[tuple[Days, ...], Field(min_length=1)]
    start: date
    time_zone: str
    arrival_days: Count
    horizon_days: Count
    people: Count
    arrivals: Arrivals
    homes: Annotated[tuple[Home, ...], Field(min_length=1)]
    travel: Travel
    hours: Opening
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    points: Annotated[tuple[Point, ...], Field(min_length=1)]
    behaviour: Behaviour
    incidents: tuple[Incident, ...] = ()
    rivals: dict[str, str] = Field(default_factory=dict)
    measure: str = ""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"no time zone {value}") from None
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for fault in _faults(self):
            raise ValueError(fault)
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def calendar(self) -> WorkCalendar:
        return WorkCalendar(self.hours.calendar)

    @property
    def visits(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.visited)

    def step(self, code: str) -> Step:
        return next(step for step in self.steps if step.code == code)


def _faults(it: Scenario) -> list[str]:
    """What is wrong between the parts of a scenario, the first first."""
    faults = []
    codes = [step.code for step in it.steps]
    for what, names in (("steps", codes), ("points", [point.id for point in it.points])):
        faults += [f"two {what} are called {name}" for name in sorted({n for n in names if names.count(n) > 1})]
    for step in it.steps:
        needed = {*step.hard_prerequisites, *step.soft_prerequisites}
        faults += [f"{step.code} needs {name}, which is no step" for name in sorted(needed - set(codes))]
    if not faults and (around := circle({step.code: step.hard_prerequisites for step in it.steps})):
        faults.append(f"steps wait for each other: {' → '.join(around)}")
    visited = {step.code for step in it.steps if step.visited}
    for point in it.points:
        faults += [f"{point.id} gives {name}, which is no visit" for name in sorted(set(point.services) - visited)]
    given = {service for point in it.points for service in point.services}
    faults += [f"no point gives {name}" for name in sorted(visited - given)]
    if not visited:
        faults.append("no step is a visit")
    faults += [f"an incident at {i.point}, which is no point" for i in it.incidents if i.point not in _ids(it)]
    if it.horizon_days < it.arrival_days:
        faults.append("people enter after the horizon")
    faults += [f"a burst on day {b.day}, after the last arrivals" for b in _bursts(it) if b.day >= it.arrival_days]
    if sum(burst.people for burst in _bursts(it)) > it.people:
        faults.append("the bursts have more people than there are")
    if not any(it.arrivals.by_weekday):
        faults.append("nobody enters on any weekday")
    return faults


def _ids(it: Scenario) -> set[str]:
    return {point.id for point in it.points}


def _bursts(it: Scenario) -> tuple[Burst, ...]:
    return it.arrivals.bursts


def load_scenario(file: Path | None = None) -> Scenario:
    """The scenario in the file; that of the package by default. Raises `ScenarioError` if it is none."""
    try:
        text = (files("app.simulation") / "scenario.json" if file is None else file).read_text(encoding="utf-8")
        return Scenario.model_validate(json.loads(text))
    except OSError as error:
        raise ScenarioError(f"{file}: {error.strerror}") from None
    except ValueError as error:
        raise ScenarioError(f"{file}: {_told(error)}") from None


def _told(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return f"not JSON: {error}"
    return "; ".join(
        f"{'.'.join(str(part) for part in each['loc']) or 'as a whole'}: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors()
    )
