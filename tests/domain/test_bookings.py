"""What may become of a booking, and how much one person may take."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from app.domain.bookings.booking import Booked
from app.domain.bookings.limits import Limits, changes_left, to_come
from app.domain.bookings.status import BookingStatus
from app.domain.points.places import Place, Stretch

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def booked(
    status: BookingStatus = BookingStatus.CONFIRMED, *, changed: datetime = NOW, moved: tuple[float, ...] = ()
) -> Booked:
    """`moved`: so many hours ago."""
    place = Place(uuid4(), date(2026, 9, 2), 0, 12, NOW + timedelta(days=1))
    until = NOW + timedelta(minutes=5) if status is BookingStatus.HELD else None
    return Booked(
        uuid4(),
        uuid4(),
        "medical",
        "medical",
        uuid4(),
        place,
        status,
        until,
        NOW - HOUR,
        changed,
        moved_at=tuple(NOW - ago * HOUR for ago in moved),
    )


def test_a_hold_counts_until_its_last_instant() -> None:
    held = booked(BookingStatus.HELD)
    assert held.holds_at(NOW + timedelta(minutes=5, microseconds=-1))
    assert not held.holds_at(NOW + timedelta(minutes=5))
    assert not booked().holds_at(NOW)


def test_visits_that_touch_do_not_overlap() -> None:
    booking = booked()
    pool, day = booking.place.pool_id, booking.place.day
    starts = booking.place.starts_at
    assert not booking.overlaps(Place(pool, day, 12, 12, starts + HOUR))
    assert not booking.overlaps(Place(pool, day, 0, 12, starts - HOUR))
    assert booking.overlaps(Place(pool, day, 1, 1, starts + timedelta(minutes=5)))


def test_only_visits_to_come_and_living_holds_are_counted() -> None:
    ended = [booked(s) for s in BookingStatus if s not in {"held", "confirmed", "arrived"}]
    assert to_come(ended, NOW) == 0
    living = [booked(BookingStatus.HELD), booked(), booked(BookingStatus.ARRIVED)]
    assert to_come([*ended, *living], NOW) == 3
    assert to_come(living, NOW + HOUR) == 2  # the hold has run out


@pytest.mark.parametrize(
    ("bookings", "left"),
    [
        ([], 3),
        ([booked(moved=(2, 1))], 1),
        ([booked(moved=(900, 25, 24, 1))], 2),
        ([booked(BookingStatus.CANCELLED)], 2),
        ([booked(BookingStatus.CANCELLED, moved=(1,)), booked(moved=(1,))], 0),
        ([booked(BookingStatus.CANCELLED, changed=NOW - 25 * HOUR)], 3),
        ([booked(BookingStatus.RELEASED), booked(BookingStatus.EXPIRED), booked(BookingStatus.MISSED)], 3),
    ],
)
def test_moves_and_cancellations_of_a_day_count_and_holds_do_not(bookings: list[Booked], left: int) -> None:
    assert changes_left(Limits(changes=3), bookings, "medical", NOW) == left
    assert changes_left(Limits(changes=3), bookings, "exam", NOW) == 3


@pytest.mark.parametrize(
    ("minutes", "capacity", "fits"),
    [
        (0, [1, 1], True),
        (5, [1, 1], False),
        (10, [1, 1], True),
        (-10, [1, 1], False),
        (0, [1], False),
        (0, [1, 0], False),
    ],
)
def test_a_place_is_on_the_grid_within_the_hours_and_open_throughout(
    minutes: int, capacity: list[int], fits: bool
) -> None:
    stretch = Stretch(uuid4(), date(2026, 9, 1), NOW, 2, 2, 0, capacity, [0] * len(capacity))
    place = stretch.place(NOW + timedelta(minutes=minutes))
    assert (place is not None) is fits
    assert place is None or place.starts_at == NOW + timedelta(minutes=minutes)


def test_what_is_left_is_what_the_fullest_tick_leaves() -> None:
    assert Stretch(uuid4(), date(2026, 9, 1), NOW, 3, 1, 0, [3, 3, 2], [1, 3, 0]).left == 0
    assert Stretch(uuid4(), date(2026, 9, 1), NOW, 3, 1, 0, [3, 3, 2], [1, 2, 0]).left == 1
