"""Travel that is still ahead of somebody, were all places always free: what no tour can do better than."""

from collections.abc import Callable, Sequence
from operator import add, itemgetter

from app.domain.routing.ground import MEMBERS, NEVER, Ground

HOME = -1
"""Stands for a point where a tour begins."""


class Ways:
    """`points[i]`: where task `i` can be done. `first[i]`: tasks that must come earlier if on the same day.

    `advised[i]`: (task's bit, minutes) that count if that task comes later on the same day.
    """

    def __init__(self, ground: Ground, active: int) -> None:
        travel = ground.journey.travel
        self._out, self._back, self._between = travel.out, travel.back, travel.between
        count = range(len(ground.tasks))
        self.first = [0] * len(ground.tasks)
        for edge in ground.edges:
            self.first[edge.after] |= 1 << edge.before
        self.advised = [[(1 << i, minutes) for i, minutes in pairs if active >> i & 1] for pairs in ground.advised]
        self.points = [tuple({row.point for rows in ground.places[i].values() for row in rows}) for i in count]
        self._legs = [_picker(points) for points in self.points]
        self._rest: dict[tuple[int, int], int] = {}
        self._ahead: dict[tuple[int, int], Sequence[int]] = {}
        self._options: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}

    def rest(self, tasks: int, point: int) -> int:
        """The least minutes from `point` home by way of the `tasks`, at least one; `NEVER` if there is no order."""
        known = self._rest.get((tasks, point))
        if known is not None:
            return known
        row = self._out if point == HOME else self._between[point]
        least = NEVER
        for i in MEMBERS[tasks]:
            others = tasks & ~(1 << i)
            if self.first[i] & others:
                continue
            minutes = min(map(add, self._legs[i](row), self._ahead_of(others, i)), default=NEVER)
            if others:
                minutes += self.broken(i, others)
            least = min(least, minutes)
        self._rest[tasks, point] = least
        return least

    def options(self, tasks: int, point: int) -> list[tuple[int, int, int, int]]:
        """Every next visit from `point` if the `tasks` are left, the best first: (least minutes home by way of all,
        task, which of its `points`, minutes to it with what counts for broken advice).
        """
        found = self._options.get((tasks, point))
        if found is None:
            row = self._out if point == HOME else self._between[point]
            found = []
            for i in MEMBERS[tasks]:
                others = tasks & ~(1 << i)
                if self.first[i] & others:
                    continue
                broken = self.broken(i, others) if others else 0
                found += [
                    (leg + ahead + broken, i, place, leg + broken)
                    for place, (leg, ahead) in enumerate(
                        zip(self._legs[i](row), self._ahead_of(others, i), strict=True)
                    )
                ]
            found.sort()
            self._options[tasks, point] = found
        return found

    def broken(self, task: int, later: int) -> int:
        """Minutes that count for doing a task before the tasks `later`."""
        return sum([minutes for bit, minutes in self.advised[task] if later & bit])

    def _ahead_of(self, tasks: int, i: int) -> Sequence[int]:
        """`rest` from each point of task `i`."""
        found = self._ahead.get((tasks, i))
        if found is None:
            points = self.points[i]
            found = [self.rest(tasks, q) for q in points] if tasks else self._legs[i](self._back)
            self._ahead[tasks, i] = found
        return found


def _picker(points: Sequence[int]) -> Callable[[Sequence[int]], Sequence[int]]:
    """Takes the entries of those points from a row, at the speed of C."""
    if len(points) > 1:
        return itemgetter(*points)
    return lambda row: [row[q] for q in points]
