"""The hours in which nobody wants to be woken, and where what falls into them goes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(hours=16)
"""A night may be this long: what has to be said on a day then always finds an hour of that day."""
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `begins` to `ends`, over midnight if need be, by the clock of the place. None while the two are equal.

    Raises `ValueError` for a night longer than `LONGEST`.
    """

    begins: time = time(22)
    ends: time = time(8)

    def __post_init__(self) -> None:
        if self.length > LONGEST:
            raise ValueError("such a night leaves no day")

    @property
    def length(self) -> timedelta:
        """As the clock shows it: on the day when clocks change the night is an hour longer or shorter."""
        return (_since_midnight(self.ends) - _since_midnight(self.begins)) % _DAY

    def covers(self, clock: time) -> bool:
        """The moment it begins is in it, the moment it ends is not."""
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends

    def around(self, local: datetime) -> tuple[datetime, datetime] | None:
        """Beginning and end of the night that covers `local`, in its zone; None when it is day."""
        clock = local.time()
        if not self.covers(clock):
            return None
        evening = local.date() - timedelta(days=clock < self.begins)
        morning = evening + timedelta(days=self.ends < self.begins)
        return (
            datetime.combine(evening, self.begins, local.tzinfo),
            datetime.combine(morning, self.ends, local.tzinfo),
        )


def settle(
    quiet: Quiet, zone: ZoneInfo, wanted: datetime, *, opens: datetime, closes: datetime, waits: bool = True
) -> datetime:
    """When to say what is wanted at an instant and true from `opens` until before `closes`; in UTC.

    In the night it waits for the morning if it is still true then; else it is said the minute before the night began,
    if it was true by then; else, and with `waits` false, when it was wanted: better at night than never.
    """
    night = quiet.around(wanted.astimezone(zone)) if waits else None
    if night is None:
        return wanted.astimezone(UTC)
    evening, morning = (each.astimezone(UTC) for each in night)
    if morning < closes:
        return morning
    if evening - _MINUTE >= opens:
        return evening - _MINUTE
    return wanted.astimezone(UTC)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the clock of a place shows a time on a day. A time that a change of clocks leaves out
    is told by the offset before it; of one that comes twice, the first is meant.
    """
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
