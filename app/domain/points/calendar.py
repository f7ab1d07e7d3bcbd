"""The days of a service point as rows of 5-minute ticks.

A ledger row holds one pool of counters for one local day. Its ticks count ELAPSED time from the opening
instant, so a change of the clock during the day neither moves nor loses a place. Opening hours are wall-clock
times of the point's zone; where the wall clock jumps, they are read so:

- a time that does not exist (clocks go forward over it) means the instant of the jump;
- a time that comes twice (clocks go back over it) means the first of the two.

Both readings keep order: a later wall time is never an earlier instant.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

TICK = timedelta(minutes=5)
MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Hours:
    """Wall-clock hours within one local day; `closes` at 00:00 is the midnight that ends it.

    Raises `ValueError` unless both are naive multiples of 5 minutes and in order.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        for wall in (self.opens, self.closes):
            if wall.tzinfo is not None or wall.minute % 5 or wall.second or wall.microsecond:
                raise ValueError(f"{wall} is not a local time on the 5-minute grid")
        if self.opens >= self.closes != MIDNIGHT:
            raise ValueError(f"closes at {self.closes}, not after {self.opens}")


Week = Mapping[int, tuple[Hours, ...]]
"""Hours by weekday, 0 = Monday; several a day leave breaks between them; a missing day is closed."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """`capacity[i]` counters work during tick `i`, which begins `i * TICK` after `starts_at` (UTC).

    The point opens at tick `opens`: starts of services are counted from there.
    """

    starts_at: datetime
    capacity: tuple[int, ...]
    opens: int = 0

    def since(self, starts_at: datetime) -> "DayPlan":
        """The same plan with its ticks counted from another instant; what came before that is cut off.

        Raises `ValueError` when the two do not lie on one grid of 5 minutes.
        """
        ticks, rest = divmod(self.starts_at - starts_at, TICK)
        if rest:
            raise ValueError(f"{starts_at} is not on the grid of {self.starts_at}")
        capacity = (0,) * ticks + self.capacity if ticks >= 0 else self.capacity[-ticks:]
        return DayPlan(starts_at, capacity, max(0, self.opens + ticks))


def day_plan(zone: ZoneInfo, day: date, hours: Sequence[Hours], counters: int) -> DayPlan | None:
    """The plan from the first opening to the last closing, with capacity 0 in breaks; None if closed all day.

    Raises `ValueError` for hours that overlap or are not in order, and for a negative number of counters.
    """
    if counters < 0:
        raise ValueError(f"{counters} counters")
    for earlier, later in pairwise(hours):
        if earlier.closes == MIDNIGHT or later.opens < earlier.closes:
            raise ValueError(f"hours overlap or are out of order: {earlier}, {later}")
    spans = [_span(zone, day, each) for each in hours]
    spans = [(opens, closes) for opens, closes in spans if opens < closes]  # a jump may swallow one whole
    if not spans:
        return None
    starts_at = spans[0][0]
    capacity = [0] * tick_of(starts_at, spans[-1][1])
    for opens, closes in spans:
        for tick in range(tick_of(starts_at, opens), tick_of(starts_at, closes)):
            capacity[tick] = counters
    return DayPlan(starts_at, tuple(capacity))


def midnight(zone: ZoneInfo, day: date) -> datetime:
    """The instant (UTC) at which a local day begins, also where the clock jumps over 00:00."""
    return _instant(zone, day, MIDNIGHT)


def hours_on(week: Week, day: date, closed_days: Collection[date] = ()) -> tuple[Hours, ...]:
    """The hours of a day: none when the week has none, or it is an official holiday (`closed_days`)."""
    return () if day in closed_days else week.get(day.weekday(), ())


def tick_of(starts_at: datetime, instant: datetime) -> int:
    """The 0-based tick that begins at `instant`. Raises `ValueError` off the grid or before the start."""
    # Python subtracts two times of one zone by the wall clock; in UTC it subtracts elapsed time.
    tick, rest = divmod(_utc(instant) - _utc(starts_at), TICK)
    if rest or tick < 0:
        raise ValueError(f"{instant} is not on the grid that starts at {starts_at}")
    return tick


def instant_of(starts_at: datetime, tick: int) -> datetime:
    """The instant (UTC) at which a 0-based tick begins. Raises `ValueError` for a negative tick."""
    if tick < 0:
        raise ValueError(f"tick {tick}")
    return _utc(starts_at) + tick * TICK


def ticks_of(minutes: int) -> int:
    """How many ticks a service takes. Raises `ValueError` unless a positive multiple of 5 minutes."""
    ticks, rest = divmod(timedelta(minutes=minutes), TICK)
    if rest or ticks < 1:
        raise ValueError(f"{minutes} minutes are no positive multiple of 5")
    return ticks


def local_day(zone: ZoneInfo, instant: datetime) -> date:
    """The date on the wall at the point. Raises `ValueError` for an instant without a zone."""
    return _utc(instant).astimezone(zone).date()


def _span(zone: ZoneInfo, day: date, hours: Hours) -> tuple[datetime, datetime]:
    last = day + timedelta(days=1) if hours.closes == MIDNIGHT else day
    return _instant(zone, day, hours.opens), _instant(zone, last, hours.closes)


def _instant(zone: ZoneInfo, day: date, wall: time) -> datetime:
    """The instant (UTC) of a wall time, read as the module says where the clock jumps."""
    local = datetime.combine(day, wall, tzinfo=zone)
    instant = local.astimezone(UTC)  # `fold` is 0: the first of two
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    # The time does not exist. PEP 495: fold 0 takes the offset before the jump and so lands after it, fold 1
    # the reverse; the jump is the one change of offset between the two.
    before, after = local.replace(fold=1).astimezone(UTC), instant
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError(f"{instant} has no zone")
    return instant.astimezone(UTC)
