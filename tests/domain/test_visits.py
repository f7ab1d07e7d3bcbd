"""How a visit may end, and until when a clerk's word can be taken back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.bookings.status import BookingStatus
from app.domain.pathways.events import EventKind
from app.domain.visits.arrival import may_arrive
from app.domain.visits.outcomes import Expiry, outcome_of, outcomes_of
from app.domain.visits.terms import VisitTerms

LAST = date(2027, 1, 31)
AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("service", "kind", "with_last_day", "without"),
    [
        ("medical", EventKind.DONE, True, True),
        ("medical", EventKind.INCOMPLETE, False, True),
        ("medical", EventKind.COME_AGAIN, False, True),
        ("fingerprints", EventKind.DONE, True, True),
        ("exam", EventKind.DONE, True, True),
        ("exam", EventKind.INCOMPLETE, False, False),
        ("exam", EventKind.COME_AGAIN, False, True),
        ("application", EventKind.DONE, False, True),
        ("application", EventKind.INCOMPLETE, False, True),
        ("collection", EventKind.DONE, True, False),
        ("collection", EventKind.INCOMPLETE, False, False),
        ("collection", EventKind.COME_AGAIN, False, True),
        ("language_course", EventKind.DONE, True, True),
        ("medical", EventKind.ANNULLED, False, False),
    ],
)
def test_outcomes_by_service(service: str, kind: EventKind, *, with_last_day: bool, without: bool) -> None:
    assert (outcome_of(service, kind, LAST) is not None) == with_last_day
    assert (outcome_of(service, kind, None) is not None) == without


@pytest.mark.parametrize("service", ["medical", "fingerprints"])
def test_medical_results_and_biometrics_have_no_finer_outcome(service: str) -> None:
    assert [(o.kind, o.expires_on) for o in outcomes_of(service)] == [
        (EventKind.DONE, Expiry.OPTIONAL),
        (EventKind.INCOMPLETE, Expiry.NEVER),
        (EventKind.COME_AGAIN, Expiry.NEVER),
    ]


@pytest.mark.parametrize(
    ("now", "may"),
    [
        ("00:00", True),
        ("23:59", True),
        ("+00:00", True),
        ("+00:20", True),
        ("+00:21", False),
        ("-21:50", False),
    ],
)
def test_who_has_the_last_time_of_a_day_may_come_as_late_as_anybody(now: str, *, may: bool) -> None:
    """At 23:50, to a point that never closes; `+` is the day after, `-` the day before."""
    zone, day = ZoneInfo("Europe/Moscow"), date(2026, 9, 1)
    at = datetime.combine(day, time.fromisoformat(now.lstrip("+-")), zone)
    at += timedelta(days=now.startswith("+") - now.startswith("-"))
    assert may_arrive(day, datetime(2026, 9, 1, 23, 50, tzinfo=zone), at, zone, timedelta(minutes=30)) is may


def test_only_a_clerks_word_can_be_taken_back() -> None:
    terms = VisitTerms()
    undoable = {status for status in BookingStatus if terms.undo_until(status, AT)}
    assert undoable == {BookingStatus.ARRIVED, BookingStatus.COMPLETED, BookingStatus.MISSED}
    assert terms.undo_until(BookingStatus.ARRIVED, AT) == AT + timedelta(minutes=10)
    assert terms.missed_from(AT) == AT + timedelta(minutes=15)
