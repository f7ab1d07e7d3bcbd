"""The scenario as it is given, others of the same form, and what is told of files that are none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.simulation.scenario import ScenarioError, load_scenario
from app.simulation.slots import slots_of
from tests.simulation.worlds import packaged

Change = Callable[[dict[str, Any]], object]


def test_the_packaged_scenario_is_read_whole() -> None:
    scenario = load_scenario()
    assert (scenario.people, scenario.arrival_days, scenario.seeds) == (5000, 60, (11, 12, 13))
    assert [step.code for step in scenario.visits] == [
        "medical",
        "fingerprints",
        "exam",
        "application",
        "collection",
    ]
    assert sum(point.counters for point in scenario.points if point.kind == "exam") == 29
    assert scenario.step("collection").not_before_working_days_after == {"application": 10}
    assert {*packaged()["rivals"]} == {"walk_in", "sequential", "diligent", "bound"}


def test_places_are_as_long_as_the_rule_says() -> None:
    """The means are 40, 20, 90, 25 and 10; 8 % do not come; hours are 240 minutes on end."""
    slots = slots_of(load_scenario())
    lengths = {offer.service: (offer.minutes, offer.every) for offers in slots.offers.values() for offer in offers}
    assert lengths == {
        "medical": (40, 20),
        "fingerprints": (20, 20),
        "exam": (100, 100),
        "application": (25, 5),
        "collection": (10, 5),
    }
    assert {point.split("-")[0]: over for point, over in slots.over.items()} == {
        "medical": 0,
        "fingerprints": 0,
        "exam": 60,
        "police": -10,
    }


def _set(*path: Any) -> Change:
    *where, key, value = path

    def change(data: dict[str, Any]) -> None:
        found: Any = data
        for part in where:
            found = found[part]
        found[key] = value

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data.pop("steps"), "steps: Field required"),
        (_set("colour", "green"), "colour: Extra inputs are not permitted"),
        (_set("time_zone", "Europe/Kasan"), "time_zone: no time zone Europe/Kasan"),
        (_set("hours", "calendar", "XX"), "hours: no production calendar for this country"),
        (_set("hours", "break", ["13:00", "12:00"]), "hours:"),
        (_set("steps", 6, "hard_prerequisites", ["blessing"]), "application needs blessing, which is no step"),
        (_set("steps", 1, "hard_prerequisites", ["application"]), "steps wait for each other"),
        (_set("steps", 3, "by", "host"), "steps.3: a step has either visit_minutes, or by and done_after_days"),
        (_set("points", 0, "services", ["massage"]), "medical-1 gives massage, which is no visit"),
        (_set("points", 1, "id", "medical-1"), "two points are called medical-1"),
        (lambda data: data.update(points=data["points"][:6]), "no point gives application"),
        (_set("incidents", 0, "point", "moon-1"), "an incident at moon-1, which is no point"),
        (_set("incidents", 1, "days", None), "incidents.1: days belong to slower or counters_minus"),
        (_set("horizon_days", 10), "people enter after the horizon"),
        (_set("arrivals", "bursts", 0, "day", 60), "a burst on day 60, after the last arrivals"),
        (_set("arrivals", "bursts", 0, "people", 5000), "the bursts have more people than there are"),
        (_set("arrivals", "by_weekday", [1, 1]), "arrivals.by_weekday:"),
        (_set("behaviour", "no_show", 1.0), "behaviour.no_show: Input should be less than 1"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, change: Change, told: str) -> None:
    data = packaged()
    change(data)
    file = tmp_path / "other.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        load_scenario(file)
    assert str(raised.value).startswith(f"{file}: ")
    assert told in str(raised.value)


def test_a_file_that_is_not_there_or_no_json_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="No such file"):
        load_scenario(tmp_path / "none.json")
    file = tmp_path / "broken.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(ScenarioError, match="not JSON"):
        load_scenario(file)
