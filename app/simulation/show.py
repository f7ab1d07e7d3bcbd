"""What `manzil simulate` prints: JSON lines, or tables."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from app.simulation.figures import lines
from app.simulation.run import compare, sample_of
from app.simulation.scenario import load_scenario

_COLUMNS = {
    "value": "days",
    "days_p90": "of 90 %",
    "deadlines_missed": "late",
    "days_out": "days out",
    "wait_p95_minutes": "wait, 95 %",
    "walk_in_wait_p95_minutes": "walk-ins, 95 %",
    "wait_p90_coverage": "told right",
    "unfinished": "unfinished",
}


def simulate(file: Path | None, *, full: bool, as_json: bool) -> None:
    """Plays the scenario in the file, or the package's own, and prints. Raises `ScenarioError` if it is none.

    Progress, and how much was played, goes to standard error.
    """
    progress = Console(stderr=True, highlight=False)
    scenario = load_scenario(file)
    sample = sample_of(scenario, full=full)
    progress.print(f"Simulation, {sample.told(scenario)}.")
    found = list(lines(compare(scenario, sample, progress.print)))
    if as_json:
        for line in found:
            sys.stdout.write(json.dumps(line) + "\n")
        return
    _show(found)


def _show(found: Sequence[dict[str, Any]]) -> None:
    console = Console(highlight=False)
    policies = Table("policy", *_COLUMNS.values())
    goals = Table("figure", "value", "goal", "met", "at the bound")
    for line in found:
        name = line["name"].removeprefix("simulation.")
        if "goal" in line:
            goals.add_row(
                name, _text(line["value"]), f"{line['goal']}", "yes" if line["met"] else "no", _text(line["at_bound"])
            )
        else:
            policies.add_row(name, *(_text(line.get(column)) for column in _COLUMNS))
    console.print(policies)
    console.print(goals)


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:,.3f}".rstrip("0").rstrip(".")
