"""When a report is due again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reports.schedule import Rhythm, Schedule

KAZAN, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 11, 26, 6, tzinfo=UTC)  # a Thursday, 9 o'clock in Kazan


@pytest.mark.parametrize(
    ("rhythm", "hour", "due"),
    [
        (Rhythm.DAILY, 10, datetime(2026, 11, 26, 7, tzinfo=UTC)),
        (Rhythm.DAILY, 9, datetime(2026, 11, 27, 6, tzinfo=UTC)),
        (Rhythm.WEEKLY, 8, datetime(2026, 11, 30, 5, tzinfo=UTC)),
        (Rhythm.MONTHLY, 0, datetime(2026, 11, 30, 21, tzinfo=UTC)),
    ],
)
def test_a_report_is_due_by_the_regions_clocks(rhythm: Rhythm, hour: int, due: datetime) -> None:
    assert Schedule(rhythm, hour).next_due(MORNING, KAZAN) == due


def test_an_hour_that_the_clocks_leave_out_is_the_one_after() -> None:
    """And one that comes twice is due once."""
    spring = Schedule(Rhythm.DAILY, 2).next_due(datetime(2026, 3, 28, 12, tzinfo=UTC), BERLIN)
    assert spring == datetime(2026, 3, 29, 1, tzinfo=UTC)
    autumn = Schedule(Rhythm.DAILY, 2)
    first = autumn.next_due(datetime(2026, 10, 24, 12, tzinfo=UTC), BERLIN)
    assert first == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert autumn.next_due(first, BERLIN) == datetime(2026, 10, 26, 1, tzinfo=UTC)


@given(
    rhythm=st.sampled_from(Rhythm),
    hour=st.integers(0, 23),
    after=st.integers(0, 150_000_000).map(lambda seconds: MORNING + timedelta(seconds=seconds)),
    zone=st.sampled_from([KAZAN, BERLIN, ZoneInfo("Asia/Kathmandu")]),
)
def test_the_next_time_is_later_and_the_nearest(rhythm: Rhythm, hour: int, after: datetime, zone: ZoneInfo) -> None:
    schedule = Schedule(rhythm, hour)
    due = schedule.next_due(after, zone)
    longest = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 31}[rhythm]
    assert after < due <= after + timedelta(days=longest, hours=2)
    assert schedule.next_due(due - timedelta(seconds=1), zone) == due
