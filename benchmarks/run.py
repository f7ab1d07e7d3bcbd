"""`manzil bench`: figures of a copy of our own, each beside a ceiling measured in the same run."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.booking import measure_booking
from benchmarks.copy import Copy, Say, own_copy
from benchmarks.figures import BenchSettings, Figure
from benchmarks.forecast import measure_forecast
from benchmarks.growth import measure_growth
from benchmarks.load import BenchError
from benchmarks.locations import measure_locations
from benchmarks.match import measure_match
from benchmarks.mirror import measure_mirror
from benchmarks.pages import measure_pages
from benchmarks.plan import measure_plan
from benchmarks.region import measure_region
from benchmarks.reminders import measure_reminders
from benchmarks.search import measure_search
from benchmarks.upload import measure_upload

# In the order in which they run: `search` fills calendars, after which `booking` could not ask the doctor.
BENCHMARKS: Mapping[str, Callable[[Copy, BenchSettings, Say], list[Figure]]] = {
    "booking": measure_booking,
    "search": measure_search,
    "growth": measure_growth,
    "plan": measure_plan,
    "reminders": measure_reminders,
    "mirror": measure_mirror,
    "locations": measure_locations,
    "upload": measure_upload,
    "match": measure_match,
    "region": measure_region,
    "forecast": measure_forecast,
    "pages": measure_pages,
}
_SHOWN = {"name", "value", "unit", "ceiling", "ratio", "goal"}


def run_benchmarks(names: list[str], *, as_json: bool) -> None:
    """Measures `names` and prints the figures: one JSON object a line, or a table. Exits with 1 if one fails.

    Rounds, their length and the clients: `benchmarks.figures.BenchSettings`. Progress goes to standard error.
    """
    progress = Console(stderr=True, highlight=False)
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        progress.print(f"[red]No benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.")
        raise typer.Exit(2)
    options = BenchSettings()
    try:
        with own_copy(progress.print) as copy:
            figures = []
            for name in (name for name in BENCHMARKS if name in names):
                for figure in BENCHMARKS[name](copy, options, progress.print):
                    figures.append(figure.as_dict())
                    if as_json:
                        sys.stdout.write(json.dumps(figures[-1]) + "\n")
                        sys.stdout.flush()
    except BenchError as error:
        progress.print(f"[red]{error}", markup=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    if not as_json:
        _show(figures)


def _show(figures: list[dict[str, Any]]) -> None:
    console, table = Console(highlight=False), Table("figure", "measured", "ceiling", "ratio", "goal")
    for figure in figures:
        measured = f"{figure['value']:,.2f} {figure['unit']}"
        table.add_row(
            figure["name"], measured, f"{figure['ceiling']:,.2f}", f"{figure['ratio']:.3f}", f"{figure['goal']}"
        )
    console.print(table)
    for figure in figures:
        notes = [f"{name} {value}" for name, value in figure.items() if name not in _SHOWN]
        console.print(f"{figure['name']}: {', '.join(notes)}", soft_wrap=True, markup=False)
