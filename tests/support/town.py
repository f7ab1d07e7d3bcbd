"""A small town for journeys told by hand: points on a line, `minutes` apart, and a day in ticks from midnight."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from app.domain.routing.journey import Journey, Need, Openings, Task, TravelTimes

FIRST = date(2026, 9, 1)
MIDNIGHT = 5_931_000


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def tick(number: int, clock: str) -> int:
    """The tick of a time (`"09:30"`) on a day."""
    hours, minutes = clock.split(":")
    return MIDNIGHT + 288 * number + (int(hours) * 60 + int(minutes)) // 5


def places(*found: tuple[int, int, str], minutes: int = 30) -> dict[date, list[Openings]]:
    """Places of (point, day, times: `"09:00 10:00"`), each for so many minutes."""
    days: dict[date, list[Openings]] = {}
    for point, number, times in found:
        ticks = [tick(number, clock) for clock in times.split()]
        mask = sum(1 << each - ticks[0] for each in ticks)
        days.setdefault(day(number), []).append(Openings(point, ticks[0], mask, minutes // 5))
    return days


def line(*minutes: int) -> TravelTimes:
    """Points on a straight road, so many minutes from home; negative ones on the other side of it."""
    return TravelTimes(
        out=[abs(each) for each in minutes],
        back=[abs(each) for each in minutes],
        between=[[abs(one - other) for other in minutes] for one in minutes],
    )


def after(code: str, days: int, good_for: int | None = None, *, horizon: int = 40) -> Need:
    """A result that is there so many days after the visit, and good for so many."""
    dates = [day(number) for number in range(horizon)]
    good = None if good_for is None else {each: each + timedelta(days=good_for) for each in dates}
    return Need(code, {each: each + timedelta(days=days) for each in dates}, good)


def journey(
    tasks: Sequence[Task],
    openings: Mapping[str, Mapping[date, Sequence[Openings]]],
    *,
    travel: TravelTimes | None = None,
    days: int = 40,
    free: Mapping[date, Sequence[tuple[int, int]]] | None = None,
    margin: int = 10,
    most_visits: int = 4,
    most_minutes: int | None = None,
) -> Journey:
    return Journey(
        first=FIRST,
        last=day(days - 1),
        tasks=tuple(tasks),
        openings=openings,
        travel=travel or line(10, 20, 30, 40),
        free=free,
        margin=margin,
        most_visits=most_visits,
        most_minutes=most_minutes,
    )
