"""A point as the product knows it: its plan, and the ledger of its days.

What may be booked is decided by `app.domain`: plans make the days of the ledger, `routing.masks` says where a visit
may begin, `stranded` and `kept_open` what a change of plan does. Minutes are those of the timeline.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.points.calendar import TICK, DayPlan, Hours, day_plan
from app.domain.points.plan import Offer, PointPlan, PoolPlan, kept_open
from app.domain.points.reserve import held_back
from app.domain.points.slots import running_over
from app.domain.routing.masks import bits_of, counts, starts
from app.simulation.parts import Point
from app.simulation.slots import Slots
from app.simulation.timeline import Timeline

TICK_MINUTES = TICK.seconds // 60


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one counter's time in a point's day."""

    point: str
    day: int
    first_tick: int
    ticks: int
    starts: float

    @property
    def ends(self) -> float:
        return self.starts + self.ticks * TICK_MINUTES


class PoolDay:
    """A point's day in the ledger, in ticks from its midnight. `changed` is told of every change."""

    __slots__ = ("_changed", "_free", "_planned", "capacity", "opens", "starts", "used")

    def __init__(self, starts: float, capacity: Sequence[int], opens: int, changed: Callable[[], None]) -> None:
        self.starts = starts
        self._planned = list(capacity)
        self.capacity = list(capacity)
        self.used = [0] * len(capacity)
        self.opens = opens
        self._changed = changed
        self._free: dict[tuple[int, int], list[int]] = {}

    def free(self, ticks: int, every: int) -> list[int]:
        """The ticks at which a visit of so many may begin."""
        key = ticks, every
        if key not in self._free:
            left = counts([capacity - used for capacity, used in zip(self.capacity, self.used, strict=True)])
            self._free[key] = bits_of(starts(left, self.opens, ticks, every).get(ticks, 0))
        return self._free[key]

    def take(self, first: int, ticks: int) -> None:
        """Raises `ValueError` if there is no counter left."""
        stretch = range(first, first + ticks)
        if any(self.used[tick] >= self.capacity[tick] for tick in stretch):
            raise ValueError(f"tick {first} is taken")
        for tick in stretch:
            self.used[tick] += 1
        self._touch()

    def give_back(self, first: int, ticks: int) -> None:
        for tick in range(first, first + ticks):
            self.used[tick] -= 1
        self._keep()

    def change(self, planned: Sequence[int]) -> None:
        """To another plan: who has a place keeps it."""
        self._planned = list(planned)
        self._keep()

    def _keep(self) -> None:
        self.capacity = list(kept_open(self._planned, self.used))
        self.used += [0] * (len(self.capacity) - len(self.used))
        self._touch()

    def _touch(self) -> None:
        self._free.clear()
        self._changed()


class Site:
    """A point with its plan. Days are made when they are asked for. `touched`: days that changed, for whoever reads on.

    The plan has the hours in which counters call; what can be booked runs over their end as `slots` say.
    """

    def __init__(self, number: int, point: Point, plan: PointPlan, timeline: Timeline, slots: Slots) -> None:
        self.number = number
        self.id = point.id
        self.at = point.at
        self.services = frozenset(point.services)
        self._over, self._held = slots.over[point.id], slots.held
        self.plan, self._bookable = plan, running_over(plan, self._over)
        self.offers: Mapping[str, Offer] = {offer.service: offer for offer in self.pool.offers}
        self._timeline = timeline
        self.touched: set[int] = set()
        self._days: dict[int, PoolDay | None] = {}
        self._sessions: dict[int, list[tuple[float, float]]] = {}

    @property
    def pool(self) -> PoolPlan:
        return self.plan.pools[0]

    def day(self, day: int) -> PoolDay | None:
        """None when nobody works."""
        if day not in self._days:
            made = self._made(day)
            starts, changed = self._timeline.midnight(day), partial(self.touched.add, day)
            self._days[day] = PoolDay(starts, made.capacity, made.opens, changed) if made else None
        return self._days[day]

    def change_plan(self, plan: PointPlan, day: int) -> None:
        """From `day` on the point works by another plan."""
        self.plan, self._bookable = plan, running_over(plan, self._over)
        self._sessions = {made: told for made, told in self._sessions.items() if made < day}
        for changed, old in list(self._days.items()):
            if changed < day:
                continue
            if old is not None:
                old.change(self.planned(changed))
            elif self._made(changed):
                del self._days[changed]
                self.touched.add(changed)

    def planned(self, day: int) -> tuple[int, ...]:
        """Counters by tick from midnight as the plan says; none when nobody works."""
        made = self._made(day)
        return made.capacity if made else ()

    def _made(self, day: int) -> DayPlan | None:
        date = self._timeline.date(day)
        made = self._bookable.ledger_day(self.pool, date, holiday=day in self._timeline.holidays)
        if made is None or not self._held:
            return made
        midnight = self._timeline.midnight(day)
        opens, closes = self.sessions(day)[0]
        first, last = (int((minute - midnight) // TICK_MINUTES) for minute in (opens, closes + self._over))
        bookable = held_back(made.capacity[first:last], self._held)
        return replace(made, capacity=(*made.capacity[:first], *bookable, *made.capacity[last:]))

    def sessions(self, day: int) -> list[tuple[float, float]]:
        """(from, until) of every stretch of hours of a day."""
        if day not in self._sessions:
            date = self._timeline.date(day)
            hours = self.plan.hours_on(date, holiday=day in self._timeline.holidays)
            self._sessions[day] = [self._stretch(day, each) for each in hours]
        return self._sessions[day]

    def _stretch(self, day: int, hours: Hours) -> tuple[float, float]:
        made = day_plan(self.plan.zone, self._timeline.date(day), [hours], 1)
        if made is None:  # a change of the clocks swallowed it
            return self._timeline.midnight(day), self._timeline.midnight(day)
        opens = self._timeline.minute(made.starts_at)
        return opens, opens + len(made.capacity) * TICK_MINUTES

    def place(self, service: str, day: int, tick: int) -> Place:
        ticks = self.offers[service].minutes // TICK_MINUTES
        return Place(self.id, day, tick, ticks, self._timeline.midnight(day) + tick * TICK_MINUTES)

    def free(self, service: str, day: int) -> list[int]:
        """The ticks of a day at which a visit for the service may begin."""
        made = self.day(day)
        if made is None:
            return []
        offer = self.offers[service]
        return made.free(offer.minutes // TICK_MINUTES, offer.every // TICK_MINUTES)
