"""`forecast`: what forecasts of labour supply would have been worth on seasons that were simulated.

Each season is played from a seed and seen week by week; from the second year on a forecast is made every week with what
was known by then, and looked at twelve weeks later. It needs no server: only numbers are measured here, no speed.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

from app.domain.forecast.backtest import Accuracy, backtest, together
from app.simulation.scenario import load_scenario
from app.simulation.season import play_season, season_scenario

SEEDS = (101, 102, 103, 104, 105, 106)
WEEKS, PEOPLE_A_WEEK, FIRST = 130, 90, 58
"""Two and a half years; forecasts are looked at from the week in which a year is known."""
GOAL_AGAINST_NAIVE = 0.5
GOAL_COVERAGE = (0.75, 0.85)


def season_accuracy(seed: int, weeks: int = WEEKS, people_a_week: int = PEOPLE_A_WEEK, first: int = FIRST) -> Accuracy:
    """One season, played and looked back on."""
    scenario = season_scenario(load_scenario(), seed, weeks=weeks, people_a_week=people_a_week)
    return backtest(play_season(scenario, seed), first)


def forecast_figures(
    say: Callable[[str], None], seeds: Sequence[int] = SEEDS, weeks: int = WEEKS, people_a_week: int = PEOPLE_A_WEEK
) -> list[dict[str, Any]]:
    """As JSON lines: the error over that of carrying the last number forward, and the share inside the intervals."""
    play = partial(season_accuracy, weeks=weeks, people_a_week=people_a_week, first=min(FIRST, weeks // 2))
    with ProcessPoolExecutor(min(2, len(seeds)), mp_context=get_context("spawn")) as pool:
        found = []
        for seed, one in zip(seeds, pool.map(play, seeds), strict=True):
            say(f"  season {seed}: {one.against_naive:.3f} of naive's error, {one.coverage:.3f} inside")
            found.append(one)
    whole = together(found)
    common = {"seasons": len(seeds), "weeks": weeks, "people_a_week": people_a_week, "forecasts": whole.origins}
    low, high = GOAL_COVERAGE
    return [
        {
            "name": "forecast.against_naive",
            "value": round(whole.against_naive, 4),
            "unit": "of the error of carrying the last number forward",
            "goal": GOAL_AGAINST_NAIVE,
            "met": whole.against_naive <= GOAL_AGAINST_NAIVE,
            "people_off": [round(float(one), 1) for one in whole.error],
            "naive_off": [round(float(one), 1) for one in whole.naive],
            "against_drift": round(whole.against_drift, 4),
            "by_season": [round(one.against_naive, 3) for one in found],
            **common,
        },
        {
            "name": "forecast.coverage",
            "value": round(whole.coverage, 4),
            "unit": "of the numbers inside 80 % intervals",
            "goal": list(GOAL_COVERAGE),
            "met": low <= whole.coverage <= high,
            "by_week_ahead": [round(float(one), 3) for one in whole.covered],
            "width": [round(float(one), 1) for one in whole.width],
            "by_season": [round(one.coverage, 3) for one in found],
            **common,
        },
    ]
