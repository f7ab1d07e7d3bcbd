"""How late a visit may start on a day so that others can follow it and one is home in time: exact, travel not minded.

A visit that starts later leaves less time for the rest, so the latest start is all that one needs to know of the
rest of a day. It is told backwards, from the last visit to the first, for every set of tasks that might follow.
"""

from operator import sub

from app.domain.routing.ground import LONG_AGO, MEMBERS, Ground, Window
from app.domain.routing.journey import TICK_MINUTES
from app.domain.routing.ways import Ways


class Latest:
    def __init__(self, ground: Ground, ways: Ways) -> None:
        self.ground, self.ways = ground, ways
        self._starts: dict[tuple[int, int, int], list[int]] = {}
        self.known: dict[tuple[int, int], bool] = {}
        """(tasks, window's number) → whether there is a tour for them, where that was asked."""
        self._gaps: dict[tuple[int, int, bool], list[int]] = {}
        self._out = [[ground.out[q] for q in points] for points in ways.points]

    def fits(self, tasks: int, window: Window, day: int) -> bool:
        """Whether there is a tour for the tasks in that window of the day."""
        known = self.known.get((tasks, window.number))
        if known is None:
            known = self.known[tasks, window.number] = any(
                max(map(sub, self.starts(i, tasks & ~(1 << i), window, day), self._out[i]), default=LONG_AGO)
                >= window.opens
                for i in MEMBERS[tasks]
                if not self.ways.first[i] & tasks
            )
        return known

    def starts(self, i: int, later: int, window: Window, day: int) -> list[int]:
        """For each point of task `i` the latest start there with the tasks `later` still to do; `LONG_AGO` for none."""
        key = (i, later, window.number)
        found = self._starts.get(key)
        if found is None:
            found = self._starts[key] = self._computed(i, later, window, day)
        return found

    def _computed(self, i: int, later: int, window: Window, day: int) -> list[int]:
        ground = self.ground
        places = ground.at(i, day)
        after = [
            (j, self.starts(j, later & ~(1 << j), window, day), bool(ground.kept >> i & ground.kept >> j & 1))
            for j in MEMBERS[later]
            if not self.ways.first[j] & later
        ]
        found = []
        for q in self.ways.points[i]:
            rows = places.get(q)
            if rows is None:
                found.append(LONG_AGO)
                continue
            if later:
                end = LONG_AGO
                for j, starts, kept in after:
                    one = max(map(sub, starts, self.gaps(q, j, kept=kept)), default=LONG_AGO)
                    end = max(end, one)
            else:
                end = window.ends - ground.back[q]
            latest = LONG_AGO
            for _, base, mask, ticks in rows:
                bit = end - ticks - base
                if bit >= 0:
                    free = mask & (2 << bit) - 1 if bit < mask.bit_length() else mask
                    if free:
                        latest = max(latest, base + free.bit_length() - 1)
            found.append(latest)
        return found

    def gaps(self, point: int, j: int, *, kept: bool) -> list[int]:
        """Ticks from the end of a visit at a point to the start of task `j`, at each of its points."""
        found = self._gaps.get((point, j, kept))
        if found is None:
            journey = self.ground.journey
            between = journey.travel.between[point]
            slack = TICK_MINUTES - 1 + (0 if kept else journey.margin)
            found = self._gaps[point, j, kept] = [(between[q] + slack) // TICK_MINUTES for q in self.ways.points[j]]
        return found
