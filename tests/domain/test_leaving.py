"""When to leave for a visit."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.offers.leaving import SPARE, leaving
from app.domain.queue.policy import turn_of
from app.domain.queue.terms import QueueTerms

BOOKED = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
TERMS = QueueTerms()
_MINUTES = st.integers(-300, 600).map(lambda minutes: timedelta(minutes=minutes))


def test_one_is_there_a_little_early_and_later_where_the_queue_is_late() -> None:
    half_an_hour = timedelta(minutes=30)
    on_time = leaving(BOOKED, half_an_hour, TERMS)
    assert (on_time.leave_at, on_time.arrive_at) == (BOOKED - timedelta(minutes=35), BOOKED - timedelta(minutes=5))
    late = leaving(BOOKED, half_an_hour, TERMS, BOOKED + timedelta(minutes=12))
    assert late.arrive_at == BOOKED + timedelta(minutes=7)


@given(_MINUTES, st.integers(0, 300).map(lambda minutes: timedelta(minutes=minutes)))
def test_nobody_loses_their_turn_by_it_nor_is_called_before_they_are_there(least: timedelta, travel: timedelta) -> None:
    told = leaving(BOOKED, travel, TERMS, BOOKED + least)
    assert told.leave_at + travel == told.arrive_at
    assert turn_of(TERMS, told.arrive_at, BOOKED).at == BOOKED
    assert told.arrive_at <= max(BOOKED, BOOKED + least) - SPARE
