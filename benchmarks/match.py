"""`match`: people ranked for vacancies, against one matrix product of the same size by numpy.

10⁵ people, 10³ vacancies, each asking for everything; of each the 50 best, the best first. The ceiling is the product
of two matrices of single precision, (10⁵, 8) and (8, 10³): a score has eight parts. It goes into a matrix that is there
already: numpy would else wait for 400 MB of fresh memory most of the time, and now and then find them at hand, which
makes another figure of three to four times as much. Both have one thread, in a process of their own.
A pair counts when the list takes it into account: of whoever may not do the work by then the order of the columns tells
it (`may_work` is the part of the pairs that is left); of the others seven of the eight parts are added up, and distance
for those who could still be among the best with all of it (`scored_in_full`).
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial

import numpy as np

from app.domain.matching.columns import Columns
from app.domain.matching.ranking import Ranking
from app.domain.matching.terms import About, Vacancy
from benchmarks.copy import Copy, Say
from benchmarks.figures import BenchSettings, Figure, rounded
from benchmarks.load import BenchError
from benchmarks.match_http import measure_lists
from benchmarks.match_world import Market

GOAL = 0.2
PEOPLE, VACANCIES, BEST = 100_000, 1_000, 50
FEATURES = len(About)


def measure_match(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    return [_ranking(options, say), measure_lists(copy, options, say)]


def _ranking(options: BenchSettings, say: Say) -> Figure:
    """In a process of one thread: how many numpy takes for a product is settled when it is loaded."""
    say("match: in a process of one thread …")
    one = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.match", str(options.rounds)]
    done = subprocess.run(command, env=os.environ | one, stdout=subprocess.PIPE, text=True, check=True, timeout=600)
    return Figure(**json.loads(done.stdout))


def ranking(rounds: int, say: Say) -> Figure:
    say(f"match: making {PEOPLE} people and {VACANCIES} vacancies …")
    market = Market(5, datetime.now(UTC).date())
    columns, vacancies = Columns.of(list(market.workers(PEOPLE))), list(market.vacancies(VACANCIES))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ranked = [_ranked(columns, vacancies) for _ in range(2)][-1:]  # the first one warms up
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    products, product = [], _Product()
    for number in range(rounds):
        products.append(product.seconds())
        ranked.append(min(_ranked(columns, vacancies) for _ in range(3)))
        rates = [PEOPLE * VACANCIES / seconds for seconds in (ranked[-1], products[-1])]
        say(f"  round {number + 1} of {rounds}: {rates[0]:.3g}/s, product {rates[1]:.3g}/s")
    pairs = PEOPLE * VACANCIES
    return Figure(
        name="match",
        value=pairs / statistics.median(ranked[1:]),
        unit="candidates/s",
        ceiling=pairs / statistics.median(products),
        goal=GOAL,
        extra={
            "people": PEOPLE,
            "vacancies": VACANCIES,
            "best": BEST,
            "inner_dimension": FEATURES,
            "may_work": _part_of(columns, vacancies, lambda ranking, one: int(np.count_nonzero(ranking.scores(one)))),
            "scored_in_full": _part_of(columns, vacancies, lambda ranking, one: ranking.considered(one, BEST)),
            "ranking_mb": round(grown / 1024, 1),
            "rounds": rounded(pairs / seconds for seconds in ranked[1:]),
            "ceiling_rounds": rounded(pairs / seconds for seconds in products),
        },
    )


def _ranked(columns: Columns, vacancies: list[Vacancy]) -> float:
    """Seconds that it takes to rank everybody for each, beginning with nothing that is kept."""
    ranking, found = Ranking(columns), 0
    begun = time.perf_counter()
    for ranked in ranking.each_best(vacancies, BEST):
        found += len(ranked.places)
    seconds = time.perf_counter() - begun
    if found < len(vacancies):
        raise BenchError(f"{found} people were found for {len(vacancies)} vacancies")
    return seconds


class _Product:
    def __init__(self) -> None:
        random = np.random.default_rng(1)
        self.people = random.random((PEOPLE, FEATURES), dtype=np.float32)
        self.vacancies = random.random((FEATURES, VACANCIES), dtype=np.float32)
        self.product = np.zeros((PEOPLE, VACANCIES), np.float32)
        self.seconds()  # the first one warms up

    def seconds(self) -> float:
        """That it takes; the best of three, since whatever else goes on can only make it longer."""
        times = []
        for _ in range(3):
            begun = time.perf_counter()
            np.matmul(self.people, self.vacancies, out=self.product)
            times.append(time.perf_counter() - begun)
        return min(times)


def _part_of(columns: Columns, vacancies: list[Vacancy], people: Callable[[Ranking, Vacancy], int]) -> float:
    """For how many of the people it is so, in the mean of some vacancies."""
    ranking = Ranking(columns)
    return round(statistics.mean(people(ranking, one) for one in vacancies[:100]) / len(columns), 4)


if __name__ == "__main__":
    tell = partial(print, file=sys.stderr, flush=True)
    json.dump(asdict(ranking(int(sys.argv[1]), tell)), sys.stdout)
