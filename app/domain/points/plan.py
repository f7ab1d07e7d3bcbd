"""When a point works and with how many counters: its week, its exceptions, its pools; and whom a change strands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.points.calendar import DayPlan, Hours, Week, day_plan, hours_on, midnight, ticks_of


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, the first and the last included. Raises `ValueError` when out of order."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"{self.first} is after {self.last}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class HoursException:
    """Other hours than the week's; closed when there are none. `reason`: by language."""

    period: Period
    hours: tuple[Hours, ...]
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CountersException:
    """Another number of counters than the pool's own."""

    period: Period
    counters: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as a pool gives it: `minutes` long, starting on a grid of `every` minutes from the opening on."""

    service: str
    minutes: int
    every: int

    def __post_init__(self) -> None:
        ticks_of(self.minutes)
        ticks_of(self.every)


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """Counters of one kind: on any day, on some weekdays (0 = Monday), on some dates; and what they give."""

    code: str
    counters: int
    weekly: Mapping[int, int]
    exceptions: tuple[CountersException, ...]
    offers: tuple[Offer, ...]

    def __post_init__(self) -> None:
        _refuse_overlap(self.code, [each.period for each in self.exceptions])

    def counters_on(self, day: date) -> int:
        for each in self.exceptions:
            if day in each.period:
                return each.counters
        return self.weekly.get(day.weekday(), self.counters)


@dataclass(frozen=True, slots=True)
class PointPlan:
    """Everything that the ledger of a point is made from. Raises `ValueError` when two parts contradict each other."""

    zone: ZoneInfo
    week: Week
    open_on_holidays: bool
    exceptions: tuple[HoursException, ...]
    pools: tuple[PoolPlan, ...]

    def __post_init__(self) -> None:
        _refuse_overlap("the point", [each.period for each in self.exceptions])
        for hours in [*self.week.values(), *(each.hours for each in self.exceptions)]:
            day_plan(self.zone, date(2026, 1, 1), hours, 1)  # tells what overlaps or is out of order
        if len({pool.code for pool in self.pools}) < len(self.pools):
            raise ValueError("two pools have one code")
        services = [offer.service for pool in self.pools for offer in pool.offers]
        if len(set(services)) < len(services):
            raise ValueError("a service is given by one pool")

    @property
    def digest(self) -> str:
        """The same for the same plan, whatever the order it is told in, and for no other."""
        told = (
            sorted((weekday, spans) for weekday, spans in self.week.items() if spans),
            self.open_on_holidays,
            sorted((_days(each), each.hours, sorted(each.reason.items())) for each in self.exceptions),
            sorted(
                (
                    pool.code,
                    pool.counters,
                    sorted(pool.weekly.items()),
                    sorted((_days(each), each.counters) for each in pool.exceptions),
                    sorted((offer.service, offer.minutes, offer.every) for offer in pool.offers),
                )
                for pool in self.pools
            ),
        )
        return sha256(repr(told).encode()).hexdigest()[:32]

    def exception_on(self, day: date) -> HoursException | None:
        return next((each for each in self.exceptions if day in each.period), None)

    def hours_on(self, day: date, *, holiday: bool) -> tuple[Hours, ...]:
        """An exception goes before a holiday, and a holiday before the week.

        A working day that was moved to a weekend opens no point by itself.
        """
        exception = self.exception_on(day)
        if exception is not None:
            return exception.hours
        return () if holiday and not self.open_on_holidays else hours_on(self.week, day)

    def ledger_day(self, pool: PoolPlan, day: date, *, holiday: bool) -> DayPlan | None:
        """The pool's day in ticks from local midnight; None when nobody works."""
        counters = pool.counters_on(day)
        plan = day_plan(self.zone, day, self.hours_on(day, holiday=holiday), counters) if counters else None
        return plan and plan.since(midnight(self.zone, day))


@dataclass(frozen=True, slots=True)
class Taken:
    """A place that somebody has, and nothing of who it is. `fixed`: it has begun or is over, so it stays."""

    booking_id: UUID
    pool_id: UUID
    day: date
    service: str
    starts_at: datetime
    first_tick: int
    ticks: int
    created_at: datetime
    fixed: bool


def stranded(planned: Sequence[int], taken: Iterable[Taken]) -> list[Taken]:
    """Those of one pool's day for whom the plan has no counter: who booked first keeps the place."""
    left = list(planned)
    without: list[Taken] = []
    for place in sorted(taken, key=lambda each: (not each.fixed, each.created_at, each.booking_id)):
        ticks = range(place.first_tick, place.first_tick + place.ticks)
        if place.fixed or all(tick < len(left) and left[tick] > 0 for tick in ticks):
            for tick in ticks:
                if tick < len(left):
                    left[tick] -= 1
        else:
            without.append(place)
    return without


def kept_open(planned: Sequence[int], used: Sequence[int]) -> tuple[int, ...]:
    """The capacity that lets everybody keep a place and nobody new in beyond the plan; as long as both."""
    length = max(len(planned), len(used))
    return tuple(map(max, _padded(planned, length), _padded(used, length)))


def _days(exception: HoursException | CountersException) -> tuple[str, str]:
    return exception.period.first.isoformat(), exception.period.last.isoformat()


def _padded(ticks: Sequence[int], length: int) -> list[int]:
    return [*ticks, *[0] * (length - len(ticks))]


def _refuse_overlap(what: str, periods: list[Period]) -> None:
    for earlier, later in pairwise(sorted(periods, key=lambda each: each.first)):
        if later.first <= earlier.last:
            raise ValueError(f"{what} has two exceptions on {later.first}")
