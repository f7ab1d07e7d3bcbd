"""Days out for a set of tasks, the one with the least travel first.

A best-first search (A*) over days, the order of the tasks and their points. A visit starts as early as it can:
since a later arrival never gives an earlier start, no other start leaves more time for the rest. What is still to
travel is bounded by what it would be if all places were always free (`Ways`), and so is which next visit to try first.
Of two ways to have made the same visits and stand at the same point, the one that is neither shorter nor sooner is
dropped; where a day proves hard, so is what leaves too little time for the rest (`Latest`).
"""

from heapq import heapify, heappop, heappush
from itertools import combinations
from typing import NamedTuple

from app.domain.routing.ground import MEMBERS, NEVER, Ground, Window, bits, first_start
from app.domain.routing.journey import TICK_MINUTES, Openings
from app.domain.routing.latest import Latest
from app.domain.routing.ways import HOME, Ways

EASY = 12
"""So often the search goes on in a window before it asks how late each visit may be: on most days it need not know."""


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
        self.ways = Ways(ground, active)
        self.latest = Latest(ground, self.ways)
        self.extra = [self._extra(i) for i in range(len(ground.tasks))]
        self.known: dict[tuple[int, int], Tour] = {}
        """(tasks, day) → the best tour."""
        self._searches: dict[tuple[int, int], Search] = {}
        self._bounds: dict[int, int] = {}

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

    def fits(self, tasks: int, day: int) -> bool:
        """Whether there is a tour for the tasks on a day."""
        return any(self.latest.fits(tasks, window, day) for window in self.ground.windows[day])

    def bound(self, tasks: int) -> int:
        """At least so many minutes any tour takes; of many tasks that of the worst two, which is soon told."""
        known = self._bounds.get(tasks)
        if known is None:
            numbers = [1 << i for i in MEMBERS[tasks]]
            pairs = combinations(numbers, 2) if len(numbers) > 1 else [(tasks, tasks)]
            known = self._bounds[tasks] = max(self.ways.rest(one | other, HOME) for one, other in pairs)
        return known

    def arrived(self, window: Window, day: int, before: Stop | None, task: int, point: int) -> Stop | None:
        """The visit at that point, after another or from home, that is over first; None if one would not be home in
        time.
        """
        ground = self.ground
        rows = ground.at(task, day).get(point)
        if rows is None:
            return None
        if before is None:
            earliest = window.opens + ground.out[point]
        else:
            earliest = before.start + before.row.ticks + self.gap(before, task, point)
        best, done = None, window.ends - ground.back[point] + 1
        for row in rows:
            start = first_start(row, earliest)
            if start + row.ticks < done:
                best, done = Stop(task, row, start), start + row.ticks
        return best

    def gap(self, before: Stop, task: int, point: int) -> int:
        """Ticks from the end of a visit to the start of a task at a point: the way, and the margin."""
        ground = self.ground
        minutes = ground.journey.travel.between[before.row.point][point]
        if not ground.kept >> before.task & ground.kept >> task & 1:
            minutes += ground.journey.margin
        return -(-minutes // TICK_MINUTES)

    def tighten(self, tasks: int) -> int:
        """A bound that is exact if all places are free."""
        bound = self._bounds[tasks] = self.ways.rest(tasks, HOME)
        return bound


class _Stand(NamedTuple):
    """Somebody on the way: where, when, after which visits; `spent` minutes so far, tasks `left`."""

    window: Window
    day: int
    left: int
    point: int
    tick: int
    spent: int
    last: int
    stops: tuple[Stop, ...]


class Search:
    """Finds tours of different days one after another, the least minutes first. `found`: those so far."""

    def __init__(self, tours: Tours, tasks: int, days: int) -> None:
        self.tours, self.tasks = tours, tasks
        self.found: list[Tour] = []
        self._done = 0
        self._seen: dict[tuple[int, int, int, int], int] = {}
        self._count = 0
        self._tries: dict[int, int] = {}
        self._hopeless: set[int] = set()
        bound = tours.bound(tasks)
        extras = [each for i in MEMBERS[tasks] if (each := tours.extra[i]) is not None]
        self._heap: list[tuple[int, int, _Stand | Tour, int]] = []
        """(bound of the whole, later entries first, where one stands or a whole tour, the next option there)."""
        for day in bits(days):
            tour = tours.known.get((tasks, day))
            if tour:
                self._heap.append((tour.minutes, -day - 1000, tour, 0))
                continue
            extra = sum([each[day] for each in extras]) if extras else 0
            for window in tours.ground.windows[day]:
                if tours.latest.known.get((tasks, window.number)) is False:
                    continue
                stand = _Stand(window, day, tasks, HOME, window.opens, extra, HOME, ())
                self._heap.append((bound + extra, window.number, stand, 0))
        heapify(self._heap)

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
                return None
            self._step()
        tour = self.found[index]
        return tour if tour.minutes < below else None

    def _step(self) -> None:
        """Takes up what looks best and goes on from there."""
        bound, _, stand, index = heappop(self._heap)
        if self._done >> stand.day & 1:
            return
        if isinstance(stand, Tour):
            self._done |= 1 << stand.day
            self.found.append(stand)
            self.tours.known[self.tasks, stand.day] = stand
        elif stand.window.number in self._hopeless:
            return
        elif stand.last == HOME:
            tighter = stand.spent + self.tours.tighten(self.tasks)
            if tighter > bound and not index:
                heappush(self._heap, (tighter, stand.window.number, stand, 0))
            else:
                self._go_on(stand, index)
        elif index or self._is_news(stand):
            self._go_on(stand, index)

    def _is_news(self, stand: _Stand) -> bool:
        """Whether nobody was there sooner, who cannot have travelled more, with the same tasks left."""
        key = (stand.left, stand.last, stand.point, stand.window.number)
        if self._seen.get(key, NEVER) <= stand.tick:
            return False
        self._seen[key] = stand.tick
        return True

    def _go_on(self, stand: _Stand, index: int) -> None:
        """Goes to the next option from which the rest can be done in time, and leaves those after it for later."""
        tours, heap = self.tours, self._heap
        window, day, left, point, tick, spent, _, stops = stand
        tries = self._tries[window.number] = self._tries.get(window.number, 0) + 1
        if tries == EASY and not tours.latest.fits(self.tasks, window, day):
            self._hopeless.add(window.number)
            return
        options = tours.ways.options(left, point)
        for place in range(index, len(options)):
            ahead, i, where, leg = options[place]
            others = left & ~(1 << i)
            latest = tours.latest.starts(i, others, window, day)[where] if tries >= EASY else NEVER
            if latest < tick:
                continue
            stop = tours.arrived(window, day, stops[-1] if stops else None, i, tours.ways.points[i][where])
            if stop is None or stop.start > latest:
                continue
            self._count -= 1
            bound, done = spent + ahead, (*stops, stop)
            if not others:
                heappush(heap, (bound, self._count, Tour(bound, day, done), 0))
                return
            row = stop.row
            after = _Stand(window, day, others, row.point, stop.start + row.ticks, spent + leg, i, done)
            heappush(heap, (bound, self._count, after, 0))
            if place + 1 < len(options):
                heappush(heap, (spent + options[place + 1][0], self._count, stand, place + 1))
            return
