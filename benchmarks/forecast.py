"""`forecast`: what forecasts of labour supply would have been worth on seasons that were simulated.

Each season is played from a seed and seen week by week; from the second year on a forecast is made every week with what
was known by then, and looked at twelve weeks later. It needs no server: only numbers are measured here, no speed.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from app.domain.forecast.backtest import Accuracy, backtest, together
from app.simulation.scenario import load_scenario
from app.simulation.season import play_season, season_scenario
from benchmarks.copy import Copy, Say
from benchmarks.figures import BenchSettings, Figure

SEEDS = (101, 102, 103, 104, 105, 106)
WEEKS, PEOPLE_A_WEEK, FIRST = 130, 40, 58
"""Two and a half years; forecasts are looked at from the week in which a year is known."""
GOAL_AGAINST_NAIVE = 0.5
GOAL_COVERAGE = (0.75, 0.85)


def season_accuracy(seed: int, weeks: int = WEEKS, people_a_week: int = PEOPLE_A_WEEK, first: int = FIRST) -> Accuracy:
    """One season, played and looked back on."""
    scenario = season_scenario(load_scenario(), seed, weeks=weeks, people_a_week=people_a_week)
    return backtest(play_season(scenario, seed), first)


def measure_forecast(_: Copy, __: BenchSettings, say: Say) -> list[Figure]:
    """The error beside that of carrying the last number forward, in people; and the share inside 80 % intervals."""
    return figures_of(SEEDS, say)


def figures_of(seeds: Sequence[int], say: Say, weeks: int = WEEKS, people_a_week: int = PEOPLE_A_WEEK) -> list[Figure]:
    play = partial(season_accuracy, weeks=weeks, people_a_week=people_a_week, first=min(FIRST, weeks // 2))
    with ProcessPoolExecutor(min(2, len(seeds)), mp_context=get_context("spawn")) as pool:
        found = []
        for seed, one in zip(seeds, pool.map(play, seeds), strict=True):
            say(f"  season {seed}: {one.against_naive:.3f} of naive's error, {one.coverage:.3f} inside")
            found.append(one)
    whole = together(found)
    common = {"seasons": len(seeds), "weeks": weeks, "people_a_week": people_a_week, "forecasts": whole.origins}
    error = {
        "by_week_ahead": _rounded(whole.error / whole.naive),
        "by_season": _rounded([one.against_naive for one in found]),
        "against_drift": round(whole.against_drift, 3),
    }
    inside = {
        "by_week_ahead": _rounded(whole.covered),
        "by_season": _rounded([one.coverage for one in found]),
        "width_in_people": _rounded(whole.width),
        "goal_at_most": GOAL_COVERAGE[1],
    }
    return [
        Figure(
            "forecast.error",
            float(whole.error.mean()),
            "people off, in an occupation",
            float(whole.naive.mean()),
            GOAL_AGAINST_NAIVE,
            {"ceiling_is": "carrying the last number forward; less is better", **error, **common},
        ),
        Figure(
            "forecast.coverage", whole.coverage, "inside 80 % intervals", 1.0, GOAL_COVERAGE[0], {**inside, **common}
        ),
    ]


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(value), 3) for value in values]
