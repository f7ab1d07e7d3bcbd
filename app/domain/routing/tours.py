"""Days out for a set of tasks, the one with the least travel first.

For each day a best-first search (A*) over the order of the tasks and their points. A visit starts as early as it can:
since a later arrival never gives an earlier start, no other start leaves more time for the rest. What is still to
travel is bounded by what it would be if all places were always free, which is told exactly by `_rest`.
Of two ways to have made the same visits and stand at the same point, the one that is neither shorter nor sooner is
dropped.
"""

from heapq import heapify, heappop, heappush
from itertools import combinations
from typing import Any, NamedTuple

from app.domain.routing.ground import NEVER, Ground, bits
from app.domain.routing.journey import Openings

HOME = -1


class Stop(NamedTuple):
    """A visit of a tour: the task's number, its opening there, and the earliest start, in ticks."""

    task: int
    row: Openings
    start: int


class Tour(NamedTuple):
    """`minutes` of travel, with what advice broken within the day and other advice counts for."""

    minutes: int
    day: int
    stops: tuple[Stop, ...]


class Tours:
    """Tours for the `active` tasks: the others are not to be placed at all."""

    def __init__(self, ground: Ground, active: int) -> None:
        self.ground = ground
        self.active = active
        count = len(ground.tasks)
        self.gaps = ground.journey.margin
        self.first = [0] * count
        """Tasks that must come earlier on the same day."""
        for edge in ground.edges:
            self.first[edge.after] |= 1 << edge.before
        self.advised = [[(1 << i, minutes) for i, minutes in pairs if active >> i & 1] for pairs in ground.advised]
        self.extra = [self._extra(i) for i in range(count)]
        self.points = [tuple({row.point for rows in ground.places[i].values() for row in rows}) for i in range(count)]
        self._left: dict[tuple[int, int], int] = {}
        self._searches: dict[tuple[int, int], Search] = {}
        self.known: dict[tuple[int, int], Tour | None] = {}
        """(tasks, day) → the best tour, None if there is none."""

    def _extra(self, i: int) -> list[int] | None:
        """Minutes for each day that advice counts for whatever else is planned."""
        fixed = sum(minutes for other, minutes in self.ground.advised[i] if not self.active >> other & 1)
        advice = self.ground.advice[i]
        if advice is None:
            return [fixed] * self.ground.length if fixed else None
        return [fixed + minutes for minutes in advice]

    def search(self, tasks: int, days: int) -> "Search":
        """The tours for a set of tasks on any of a set of days; remembered."""
        found = self._searches.get((tasks, days))
        if found is None:
            found = self._searches[tasks, days] = Search(self, tasks, days)
        return found

    def best(self, tasks: int, day: int) -> Tour | None:
        """The best tour of one day, if there is any."""
        if (tasks, day) not in self.known:
            self.search(tasks, 1 << day).get(0)
        return self.known[tasks, day]

    def rest(self, tasks: int, point: int) -> int:
        """Minutes from `point` (or `HOME`) by way of `tasks` home, were all their places always free."""
        known = self._left.get((tasks, point))
        if known is not None:
            return known
        travel = self.ground.journey.travel
        if not tasks:
            left = travel.back[point]
        else:
            row = travel.out if point == HOME else travel.between[point]
            left = NEVER
            for i in bits(tasks):
                others = tasks & ~(1 << i)
                if self.first[i] & others:
                    continue
                broken = sum(minutes for bit, minutes in self.advised[i] if others & bit)
                if others:
                    near = min([row[q] + self.rest(others, q) for q in self.points[i]], default=NEVER)
                else:
                    back = travel.back
                    near = min([row[q] + back[q] for q in self.points[i]], default=NEVER)
                left = min(left, near + broken)
        self._left[tasks, point] = left
        return left

    def bound(self, tasks: int) -> int:
        """At least so many minutes any tour takes; of many tasks that of the worst two, which is soon told."""
        numbers = [1 << i for i in bits(tasks)]
        if len(numbers) <= 2:
            return self.rest(tasks, HOME)
        return max(self.rest(one | other, HOME) for one, other in combinations(numbers, 2))


class Search:
    """Finds tours of different days one after another, the least minutes first. `found`: those so far."""

    def __init__(self, tours: Tours, tasks: int, days: int) -> None:
        self.tours, self.tasks = tours, tasks
        self.found: list[Tour] = []
        self._done = 0
        self._seen: dict[tuple[int, int, int, int], int] = {}
        self._count = 0
        bound = tours.bound(tasks)
        extras = [each for i in bits(tasks) if (each := tours.extra[i]) is not None]
        # (bound of the whole, order, minutes so far, tasks left, last task, point, window's number, tick, its end, day, stops)
        heap: list[tuple[Any, ...]] = []
        for day in bits(days):
            if (tasks, day) in tours.known:
                tour = tours.known[tasks, day]
                if tour:
                    heap.append((tour.minutes, 0, tour.minutes, 0, HOME, HOME, 0, 0, 0, day, tour.stops))
                continue
            extra = sum(each[day] for each in extras)
            for number, opens, ends in tours.ground.windows[day]:
                heap.append((bound + extra, day, extra, tasks, HOME, HOME, number, opens, ends, day, ()))
        heapify(heap)
        self._heap = heap
        self._days = days

    @property
    def bound(self) -> int:
        """No tour takes less; `NEVER` if there is none."""
        if self.found:
            return self.found[0].minutes
        return self._heap[0][0] if self._heap else NEVER

    def get(self, index: int, below: int = NEVER) -> Tour | None:
        """The tour of that index, if there is one of fewer minutes than `below`."""
        while len(self.found) <= index:
            if not self._heap or self._heap[0][0] >= below:
                if not self._heap:
                    self._exhausted()
                return None
            self._step()
        tour = self.found[index]
        return tour if tour.minutes < below else None

    def _exhausted(self) -> None:
        for day in bits(self._days & ~self._done):
            self.tours.known[self.tasks, day] = None
        self._done = self._days

    def _step(self) -> None:
        """Takes up what looks best and goes on from there."""
        _, _, minutes, left, last, point, number, tick, ends, day, stops = heappop(self._heap)
        if self._done >> day & 1:
            return
        tours = self.tours
        if not left:
            self._done |= 1 << day
            tour = Tour(minutes, day, stops)
            self.found.append(tour)
            tours.known[self.tasks, day] = tour
            return
        if last != HOME:
            key = (left, last, point, number)
            if self._seen.get(key, NEVER) <= tick:
                return
            self._seen[key] = tick
        ground = tours.ground
        travel = ground.journey.travel
        way = travel.out if point == HOME else travel.between[point]
        kept = ground.kept
        for i in bits(left):
            others = left & ~(1 << i)
            rows = ground.places[i].get(day)
            if tours.first[i] & others or not rows:
                continue
            so_far = minutes
            for bit, counted in tours.advised[i]:
                if others & bit:
                    so_far += counted
            if last == HOME or kept >> last & kept >> i & 1:
                slack = 4
            else:
                slack = 4 + ground.journey.margin
            for row in rows:
                q, base, mask, ticks = row
                leg = way[q]
                earliest = tick + (leg + slack) // 5
                if earliest > base:
                    mask >>= earliest - base
                    if not mask:
                        continue
                    base = earliest
                start = base + (mask & -mask).bit_length() - 1
                done = start + ticks
                if done + ground.back[q] > ends:
                    continue
                spent = so_far + leg
                self._count -= 1
                if others:
                    entry = (
                        spent + tours.rest(others, q),
                        self._count,
                        spent,
                        others,
                        i,
                        q,
                        number,
                        done,
                        ends,
                        day,
                        (*stops, Stop(i, row, start)),
                    )
                else:
                    spent += travel.back[q]
                    entry = (spent, self._count, spent, 0, i, q, number, done, ends, day, (*stops, Stop(i, row, start)))
                heappush(self._heap, entry)
