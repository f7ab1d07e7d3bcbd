"""Whom to suggest to which vacancy, when there are several: each person to one, so that not all ask the same three.

Every opening is a seat. Taken are those pairs of a seat and a person that reach the most people with a total score not
below what greedy choice reaches (the best pair first, then the best that is left); among these, the highest total.

It is a maximum-weight matching in which every person reached is worth so many points, the most for which the total
still holds. The greatest total f(c) that c people can reach is concave in c with whole steps (as any cost by flow;
Ahuja, Magnanti, Orlin, "Network Flows", ch. 9), so a worth halfway between two whole numbers leaves no ties in c. What
lies between two such matchings is reached by their alternating paths, each of which adds one person at the same cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Who may be suggested where: vacancy `vacancies[i]`, person `people[i]`, each with its `scores[i]`, 0 to 100.

    Shapes (pairs,). No pair stands twice. Vacancies and people are numbered from 0.
    """

    vacancies: Whole
    people: Whole
    scores: Whole


def greedy(pairs: Pairs, openings: Sequence[int]) -> Whole:
    """The best pair first, then the best of what is left, and so on. Places in `pairs`, shape (chosen,)."""
    left, free, chosen = list(openings), set(pairs.people.tolist()), []
    for place in np.lexsort((pairs.people, pairs.vacancies, -pairs.scores)).tolist():
        vacancy, person = int(pairs.vacancies[place]), int(pairs.people[place])
        if left[vacancy] and person in free:
            left[vacancy] -= 1
            free.remove(person)
            chosen.append(place)
    return np.array(chosen, np.int64)


def assigned(pairs: Pairs, openings: Sequence[int]) -> Whole:
    """Places in `pairs`, shape (chosen,), by vacancy and score. `openings`: of each vacancy."""
    if not len(pairs.scores):
        return np.array([], np.int64)
    seats = _Seats(pairs, openings)
    least = int(pairs.scores[greedy(pairs, openings)].sum())
    chosen = seats.taken_for(least)
    return chosen[np.lexsort((-pairs.scores[chosen], pairs.vacancies[chosen]))]


class _Seats:
    """Pairs with each opening apart. A matching is, by seat, the place of its pair in `pairs`, or -1."""

    def __init__(self, pairs: Pairs, openings: Sequence[int]) -> None:
        self.pairs = pairs
        by_vacancy = np.argsort(pairs.vacancies, kind="stable")
        asked = np.bincount(pairs.vacancies, minlength=len(openings))
        first, rows, places = 0, [], []
        for vacancy, places_here in enumerate(np.split(by_vacancy, np.cumsum(asked)[:-1])):
            seats = min(int(openings[vacancy]), len(places_here))
            rows.append(np.repeat(np.arange(first, first + seats), len(places_here)))
            places.append(np.tile(places_here, seats))
            first += seats
        self.count, self.rows, self.places = first, np.concatenate(rows), np.concatenate(places)
        self.people = int(pairs.people.max()) + 1

    def taken_for(self, least: int) -> Whole:
        """The most people with a total of at least `least`, which some matching has."""
        low, high = 0, int(self.pairs.scores.max()) * self.count + 1
        best, beyond = self.matched(high), None
        if self.total(best) < least:  # as many as can be is too many: find the highest worth that is not
            best, beyond = self.matched(low), best
            while high - low > 1:
                middle = (low + high) // 2
                found = self.matched(middle)
                if self.total(found) >= least:
                    low, best = middle, found
                else:
                    high, beyond = middle, found
        if beyond is not None:
            best = self._between(best, beyond, (self.total(best) - least) // high)
        return best[best >= 0]

    def matched(self, worth: int) -> Whole:
        """The matching of the highest total, where each person reached adds `worth` and a half."""
        gain = 2 * self.pairs.scores[self.places] + 2 * worth + 1
        none = int(gain.max()) + 1
        seats = np.arange(self.count)
        cost = np.concatenate((none - gain, np.full(self.count, none)))  # nobody: a column of the seat's own
        rows = np.concatenate((self.rows, seats))
        columns = np.concatenate((self.pairs.people[self.places], self.people + seats))
        # A third of a second to load, which most processes never need: the API's lists do, and few of them.
        from scipy.sparse import csr_array  # noqa: PLC0415
        from scipy.sparse.csgraph import min_weight_full_bipartite_matching  # noqa: PLC0415

        graph = csr_array((cost.astype(np.float64), (rows, columns)), shape=(self.count, self.people + self.count))
        taken_rows, taken = min_weight_full_bipartite_matching(graph)
        place_of = dict(
            zip(zip(self.rows.tolist(), columns.tolist(), strict=False), self.places.tolist(), strict=False)
        )
        found = zip(taken_rows.tolist(), taken.tolist(), strict=True)
        return np.array([place for _, place in sorted((row, place_of.get((row, c), -1)) for row, c in found)], np.int64)

    def total(self, matching: Whole) -> int:
        return int(self.pairs.scores[matching[matching >= 0]].sum())

    def _between(self, few: Whole, many: Whole, more: int) -> Whole:
        """`few` with up to `more` people added, along paths on which it and `many` take turns."""
        seat_of = {int(self.pairs.people[place]): seat for seat, place in enumerate(few.tolist()) if place >= 0}
        mixed = few.copy()
        for start in np.flatnonzero((few < 0) & (many >= 0)).tolist():
            path: list[int] = []
            seat: int | None = start
            while seat is not None and many[seat] >= 0:
                path.append(seat)
                seat = seat_of.get(int(self.pairs.people[many[seat]]))
            if seat is None and more > 0:  # it ends at a person whom `few` does not reach
                mixed[path] = many[path]
                more -= 1
        return mixed
