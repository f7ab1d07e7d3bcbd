"""What `manzil simulate` prints, in lines that others can read."""

import json
from pathlib import Path

import pytest

from app.simulation.figures import GOALS
from app.simulation.run import RIVALS, sample_of
from app.simulation.scenario import load_scenario
from app.simulation.show import simulate
from tests.simulation.worlds import small, tiny


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another scenario of the same form."""
    path = tmp_path_factory.mktemp("scenarios") / "small.json"
    scenario = small(people=30, days=2, counters=2, seeds=[5])
    path.write_text(scenario.model_dump_json(by_alias=True), encoding="utf-8")
    return path


def test_policies_bound_and_goals_are_told_as_json_lines(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    simulate(file, full=False, as_json=True)
    out, err = capfd.readouterr()
    lines = {line["name"].removeprefix("simulation."): line for line in map(json.loads, out.splitlines())}
    assert [*lines] == [*RIVALS, "manzil", "bound", *GOALS]
    assert {line["unit"] for line in lines.values()} == {"days", "ratio", "minutes", "share"}
    assert lines["manzil"]["value"] / lines["diligent"]["value"] == pytest.approx(
        lines["days_vs_diligent"]["value"], abs=0.002
    )
    assert lines["bound"]["value"] <= min(lines[policy]["value"] for policy in (*RIVALS, "manzil"))
    assert all((lines[name]["met"] is None) == (lines[name]["value"] is None) for name in GOALS)
    assert all(lines[name]["by_seed"] == [lines[name]["value"]] for name in GOALS)  # of one seed
    assert lines["trips_vs_diligent"]["at_bound"] == pytest.approx(
        lines["bound"]["days_out"] / lines["diligent"]["days_out"], abs=0.002
    )
    assert lines["days_vs_bound"]["at_bound"] == 1.0
    assert lines["days_vs_diligent"]["at_bound"] <= lines["days_vs_diligent"]["value"]
    assert lines["wait_p95_minutes"]["at_bound"] is None
    assert "smaller (--full runs the whole)" in err
    assert "diligent, seed 5" in err


def test_tables_tell_the_same(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    simulate(file, full=True, as_json=False)
    out = capsys.readouterr().out
    assert "sequential" in out
    assert "days_vs_bound" in out


def test_the_smaller_run_is_the_first_days_of_the_first_seed() -> None:
    scenario = load_scenario()
    sample = sample_of(scenario, full=False)
    assert sample.seeds == (11,)
    assert 3 <= sample.arrival_days <= 5
    assert sample_of(scenario, full=True).told(scenario) == "whole: 5000 people of each of the seeds 11, 12, 13"
    assert sample_of(tiny(people=2000), full=False).arrival_days == 1
