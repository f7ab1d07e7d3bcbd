"""The calendars that the worker keeps a month ahead."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.points.calendar import TICK
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.points.commands import change_use, extend_calendars
from services.points.queries import day_of, first_free_times
from tests.services.points import Made, calendar_of, make_point, place_at
from tests.support.clock import START, MovableClock

TODAY = START.date()
ALWAYS = {str(weekday): [["00:00", "00:00"]] for weekday in range(7)}
SUNDAY_NIGHT = {"6": [["01:00", "05:00"]]}


async def extended(runtime: Runtime, region: RegionPolicy) -> int:
    async with runtime.database.writing(region) as uow:
        return await extend_calendars(uow)


async def made(runtime: Runtime, region: RegionPolicy, **wanted: object) -> Made:
    async with runtime.database.writing(region) as uow:
        return await make_point(uow, **wanted)  # type: ignore[arg-type]


async def test_a_month_is_made_and_a_second_time_changes_nothing(runtime: Runtime, region: RegionPolicy) -> None:
    point = await made(runtime, region, counters=3)
    assert await extended(runtime, region) > 0
    calendar = await calendar_of(runtime, region, point)
    month = [TODAY + timedelta(days=ahead) for ahead in range(region.calendar_days + 1)]
    assert sorted(calendar) == [day for day in month if day.weekday() < 5]
    ledger = calendar[TODAY]
    assert ledger.starts_at == datetime(2026, 8, 31, 21, 0, tzinfo=UTC)  # midnight in Moscow
    assert ledger.capacity == [0] * 108 + [3] * 48 + [0] * 12 + [3] * 48
    assert ledger.used == [0] * 216
    assert (ledger.opens_tick, ledger.longest_free) == (108, 48)
    assert await extended(runtime, region) == 0
    again = await calendar_of(runtime, region, point)
    assert {day: row.capacity for day, row in again.items()} == {day: row.capacity for day, row in calendar.items()}


async def test_a_point_whose_calendar_nobody_made_yet_has_nothing_free(runtime: Runtime, region: RegionPolicy) -> None:
    """Case 20: an empty list, and the point among those that were searched."""
    point = await made(runtime, region)
    async with runtime.database.reading(region) as uow:
        assert await day_of(uow, point.point_id, "medical", TODAY) == []
        found = await first_free_times(uow, "medical", not_before=None, days=31, near=None)
    assert [free.starts_at for free in found.items if free.point.id == point.point_id] == [None]


async def test_workers_that_extend_at_once_do_not_fail(runtime: Runtime, second: Runtime, region: RegionPolicy) -> None:
    points = [await made(runtime, region, hours=ALWAYS) for _ in range(30)]
    await asyncio.gather(*(extended(one, region) for one in (runtime, second, runtime, second)))
    for point in points:
        assert len(await calendar_of(runtime, region, point)) == region.calendar_days + 1


async def test_the_next_day_adds_one_day_and_keeps_what_is_taken(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    point = await made(runtime, region, hours=ALWAYS)
    await extended(runtime, region)
    before = await calendar_of(runtime, region, point)
    tomorrow = TODAY + timedelta(days=1)
    place = await place_at(runtime, region, point, before[tomorrow].starts_at)
    assert place is not None
    async with runtime.database.writing(region) as uow:
        await change_use(uow, [(place, +1)])
    clock.move(days=1)
    await extended(runtime, region)
    after = await calendar_of(runtime, region, point)
    assert set(after) - set(before) == {TODAY + timedelta(days=region.calendar_days + 1)}
    assert set(before) <= set(after)
    assert after[tomorrow].used == [1] * 6 + [0] * 282
    async with runtime.database.writing(region) as uow:
        await change_use(uow, [(place, -1)])  # no booking stands behind it


async def test_days_that_nobody_made_for_a_week_are_made_when_the_worker_is_back(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    point = await made(runtime, region, hours=ALWAYS, open_on_holidays=True)
    await extended(runtime, region)
    clock.move(days=region.calendar_days + 8)
    await extended(runtime, region)
    days = set(await calendar_of(runtime, region, point))
    wanted = {region.day_of(clock.now()) + timedelta(days=n) for n in range(region.calendar_days + 1)}
    assert wanted <= days


async def test_a_holiday_closes_an_office_and_not_the_airport(runtime: Runtime, region: RegionPolicy) -> None:
    far = replace(region, calendar_days=80)
    office = await made(runtime, region)
    airport = await made(runtime, region, hours=ALWAYS, open_on_holidays=True)
    always = await made(runtime, region, hours=ALWAYS)
    await extended(runtime, far)
    unity_day = date(2026, 11, 4)  # a Wednesday
    assert unity_day not in await calendar_of(runtime, region, office)
    assert unity_day not in await calendar_of(runtime, region, always)
    assert unity_day in await calendar_of(runtime, region, airport)
    assert unity_day - timedelta(days=1) in await calendar_of(runtime, region, office)
    async with runtime.database.reading(region) as uow:
        assert await day_of(uow, office.point_id, "medical", unity_day) == []


@pytest.mark.parametrize(
    ("day", "opens", "hours"),
    [
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, 0, tzinfo=UTC), 5),  # 03:00 → 02:00
        (date(2027, 3, 28), datetime(2027, 3, 28, 0, 0, tzinfo=UTC), 3),  # 02:00 → 03:00
        (date(2026, 10, 18), datetime(2026, 10, 17, 23, 0, tzinfo=UTC), 4),
    ],
)
async def test_a_day_on_which_the_clock_changes_has_the_hours_that_pass_in_it(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock, day: date, opens: datetime, hours: int
) -> None:
    """Case 15: open from 01:00 to 05:00 on the wall of Berlin."""
    clock.at = opens - timedelta(days=5)
    berlin = await made(runtime, region, hours=SUNDAY_NIGHT, zone="Europe/Berlin", counters=2)
    await extended(runtime, region)
    ledger = (await calendar_of(runtime, region, berlin))[day]
    assert ledger.starts_at == opens - timedelta(hours=1)
    assert ledger.capacity == [0] * 12 + [2] * (hours * 12)
    async with runtime.database.reading(region) as uow:
        starts = [free.starts_at for free in await day_of(uow, berlin.point_id, "medical", day)]
        assert starts == [opens + n * timedelta(minutes=30) for n in range(hours * 2)]
        on_the_wall = [start.astimezone(ZoneInfo("Europe/Berlin")) for start in starts]
        assert (on_the_wall[0].hour, on_the_wall[-1].hour, on_the_wall[-1].minute) == (1, 4, 30)
        assert {start.date() for start in on_the_wall} == {day}
    places = [await place_at(runtime, region, berlin, start) for start in starts]
    assert [place.first_tick for place in places if place] == list(range(12, 12 + hours * 12, 6))
    assert places[-1]
    assert places[-1].ends_at == opens + timedelta(hours=hours) == ledger.starts_at + len(ledger.capacity) * TICK
    assert await place_at(runtime, region, berlin, opens + timedelta(hours=hours)) is None
