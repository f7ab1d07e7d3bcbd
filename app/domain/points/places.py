"""Places in a pool's day: where one may start, and which are free. Ticks are 0-based."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.domain.points.calendar import TICK


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one counter's time in a pool's day; `starts_at` is UTC."""

    pool_id: UUID
    day: date
    first_tick: int
    ticks: int
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + TICK * self.ticks

    @property
    def key(self) -> tuple[UUID, date]:
        """The ledger row the place lives in: rows are locked in this order."""
        return self.pool_id, self.day


@dataclass(frozen=True, slots=True)
class _Offered:
    """Counters of a pool open and in use, tick by tick; and how a service is given there.

    `ticks` and `every` are the service's length and grid, which begins at tick `opens` of the day.
    """

    pool_id: UUID
    day: date
    day_starts_at: datetime
    ticks: int
    every: int
    opens: int
    capacity: Sequence[int]
    used: Sequence[int]


class Stretch(_Offered):
    """What the ledger says where one visit would stand; the lists are shorter where the day ends before the visit."""

    __slots__ = ()

    def place(self, starts_at: datetime) -> Place | None:
        """The place that begins then; None off the grid, outside the hours, or in a break. It may be taken."""
        tick, odd = divmod(starts_at - self.day_starts_at, TICK)
        if (
            odd
            or tick < self.opens
            or (tick - self.opens) % self.every
            or len(self.capacity) < self.ticks
            or min(self.capacity) < 1
        ):
            return None
        return Place(self.pool_id, self.day, tick, self.ticks, starts_at)

    @property
    def left(self) -> int:
        """For how many persons it is free."""
        return min(c - u for c, u in zip(self.capacity, self.used, strict=True))


class DayOfPool(_Offered):
    """The ledger of a whole day."""

    __slots__ = ()

    def place(self, starts_at: datetime) -> Place | None:
        """The place that begins then; None off the grid, outside the hours, or in a break. It may be taken."""
        tick, odd = divmod(starts_at - self.day_starts_at, TICK)
        if odd or not fits(self.capacity, tick, self.ticks, self.every, self.opens):
            return None
        return self._at(tick)

    def family(self, first: Place, people: int, given_back: Collection[Place]) -> list[Place] | None:
        """The places of a family whose first begins there, were `given_back` free; None if they do not all fit."""
        used = list(self.used)
        for place in given_back:
            if place.key == (self.pool_id, self.day):
                for tick in range(place.first_tick, place.first_tick + place.ticks):
                    used[tick] -= 1
        starts = family_starts(
            self.capacity, used, self.ticks, self.every, people, first.first_tick, self.opens, FAMILY_GAP // TICK
        )
        return None if starts is None else [self._at(tick) for tick in starts]

    def _at(self, tick: int) -> Place:
        return Place(self.pool_id, self.day, tick, self.ticks, self.day_starts_at + TICK * tick)


def fits(capacity: Sequence[int], first_tick: int, ticks: int, every: int, opens: int = 0) -> bool:
    """Whether a place may start there at all: on the grid that begins at `opens`, in the day, open throughout."""
    return (
        first_tick >= opens
        and (first_tick - opens) % every == 0
        and first_tick + ticks <= len(capacity)
        and all(open_counters > 0 for open_counters in capacity[first_tick : first_tick + ticks])
    )


def free_starts(
    capacity: Sequence[int], used: Sequence[int], ticks: int, every: int, from_tick: int = 0, opens: int = 0
) -> list[tuple[int, int]]:
    """Every free start at or after `from_tick`, in order, with how many persons could still start there."""
    return [
        (start, left)
        for start in range(opens + max(0, -(-(from_tick - opens) // every) * every), len(capacity) - ticks + 1, every)
        if (
            left := min(
                c - u for c, u in zip(capacity[start : start + ticks], used[start : start + ticks], strict=True)
            )
        )
        > 0
    ]


def longest_free(capacity: Sequence[int], used: Sequence[int], opens: int = 0) -> int:
    """The length of the longest stretch of free ticks from `opens` on."""
    best = run = 0
    for open_counters, taken in zip(capacity[opens:], used[opens:], strict=True):
        run = run + 1 if taken < open_counters else 0
        best = max(best, run)
    return best


FAMILY_GAP = timedelta(minutes=30)
"""So long at most somebody of a family waits for the next one's turn once those before are done."""


def family_starts(
    capacity: Sequence[int],
    used: Sequence[int],
    ticks: int,
    every: int,
    people: int,
    first_tick: int,
    opens: int,
    gap: int,
) -> list[int] | None:
    """Where each of a family begins if the first does at `first_tick`, in order; None if they do not all fit.

    Each begins as early as those before leave room: at once where counters are free, else one after another. No other
    way ends sooner, since visits are of one length. None too if somebody would wait longer than `gap` ticks after
    those before are done.
    """
    taken = list(used)
    starts: list[int] = []
    for _ in range(people):
        free = free_starts(capacity, taken, ticks, every, starts[-1] if starts else first_tick, opens)
        if not free or (free[0][0] > starts[-1] + ticks + gap if starts else free[0][0] != first_tick):
            return None
        starts.append(free[0][0])
        for tick in range(starts[-1], starts[-1] + ticks):
            taken[tick] += 1
    return starts
