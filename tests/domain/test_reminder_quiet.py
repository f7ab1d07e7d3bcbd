from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reminders.quiet import LONGEST, Quiet, at, settle

KAZAN = ZoneInfo("Europe/Moscow")
ZONES = [
    KAZAN,
    *map(ZoneInfo, ("Europe/Kaliningrad", "Asia/Vladivostok", "Asia/Almaty", "Asia/Kathmandu", "Europe/Berlin")),
]
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("begins", "ends", "clock", "covered"),
    [
        ("22:00", "08:00", "22:00", True),
        ("22:00", "08:00", "21:59", False),
        ("22:00", "08:00", "07:59", True),
        ("22:00", "08:00", "08:00", False),
        ("09:00", "17:00", "12:00", True),
        ("09:00", "17:00", "17:00", False),
        ("00:00", "00:00", "00:00", False),
    ],
)
def test_a_night_covers_its_beginning_and_not_its_end(begins: str, ends: str, clock: str, covered: bool) -> None:
    night = Quiet(time.fromisoformat(begins), time.fromisoformat(ends))
    assert night.covers(time.fromisoformat(clock)) is covered


def test_a_night_that_leaves_no_day_is_refused() -> None:
    assert Quiet(time(20), time(12)).length == LONGEST
    with pytest.raises(ValueError, match="no day"):
        Quiet(time(20), time(12, 1))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KAZAN)


@pytest.mark.parametrize(
    ("wanted", "opens", "closes", "said"),
    [
        ("2026-09-01T12:00", "2026-09-01T00:00", "2026-09-02T00:00", "2026-09-01T12:00"),
        # In the night: in the morning, if it is so still.
        ("2026-09-01T23:00", "2026-09-01T12:00", "2026-09-05T00:00", "2026-09-02T08:00"),
        ("2026-09-02T03:00", "2026-09-01T12:00", "2026-09-05T00:00", "2026-09-02T08:00"),
        # It is so only on that day: before the night.
        ("2026-09-01T23:00", "2026-09-01T00:00", "2026-09-02T00:00", "2026-09-01T21:59"),
        # Neither before nor after: better at night than never.
        ("2026-09-01T23:00", "2026-09-01T22:30", "2026-09-02T01:00", "2026-09-01T23:00"),
    ],
)
def test_what_falls_into_the_night_is_said_while_it_is_so(wanted: str, opens: str, closes: str, said: str) -> None:
    found = settle(Quiet(), KAZAN, local(wanted), opens=local(opens), closes=local(closes))
    assert found == local(said)


def test_what_cannot_wait_is_said_at_night() -> None:
    night = local("2026-09-01T23:00")
    assert settle(Quiet(), KAZAN, night, opens=night, closes=night + 9 * HOUR, waits=False) == night


times = st.times().map(lambda each: each.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda each: each.replace(tzinfo=UTC))  # noqa: DTZ001


@given(times, times, instants, st.sampled_from(ZONES))
def test_on_whatever_day_there_is_an_hour_for_it(begins: time, ends: time, wanted: datetime, zone: ZoneInfo) -> None:
    """Case 17: what is said of a day is said on that day, whatever the night and wherever the place."""
    try:
        quiet = Quiet(begins, ends)
    except ValueError:
        return
    day = wanted.astimezone(zone).date()
    opens, closes = at(day, time(), zone), at(day + timedelta(days=1), time(), zone)
    said = settle(quiet, zone, wanted, opens=opens, closes=closes)
    assert opens <= said < closes
    assert said.astimezone(zone).date() == day
    # In the hour that a change of clocks takes or gives, a night may be an hour off.
    changes = opens.astimezone(zone).utcoffset() != closes.astimezone(zone).utcoffset()
    assert changes or not quiet.covers(said.astimezone(zone).time())
