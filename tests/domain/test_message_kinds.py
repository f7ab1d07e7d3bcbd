"""Until when a message is of use, in the local time of the point: a day late it would be wrong."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.reminders.kinds import DEADLINE_DAYS, KINDS, Channel, Kind, UsefulUntil, useful_until

KAZAN, KATHMANDU, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("Europe/Berlin")
VISIT = datetime(2026, 5, 12, 7, 0, tzinfo=UTC)
DUE = VISIT - timedelta(days=1)


def test_tomorrows_visit_is_not_told_of_once_it_is_today() -> None:
    """Case 17: "tomorrow" is the point's tomorrow."""
    for zone, midnight in ((KAZAN, "2026-05-11T21:00:00+00:00"), (KATHMANDU, "2026-05-11T18:15:00+00:00")):
        until = useful_until(Kind.VISIT_TOMORROW, due_at=DUE, event=VISIT, zone=zone)
        assert until.astimezone(UTC).isoformat() == midnight


@pytest.mark.parametrize(
    "kind", [Kind.VISIT_IN_TWO_HOURS, Kind.LEAVE_NOW, Kind.DOCUMENTS_TO_BRING, Kind.VISIT_MOVED, Kind.POINT_CLOSED]
)
def test_nothing_is_said_of_a_visit_that_has_begun(kind: Kind) -> None:
    """Case 18."""
    assert useful_until(kind, due_at=DUE, event=VISIT, zone=KAZAN) == VISIT


@pytest.mark.parametrize("kind", [Kind.DEADLINE_NEAR, Kind.PAPER_EXPIRING, Kind.TAX_DUE, Kind.PATENT_RENEWAL])
def test_a_legal_day_ends_with_its_local_midnight(kind: Kind) -> None:
    until = useful_until(kind, due_at=DUE, event=date(2026, 5, 20), zone=KAZAN)
    assert until.astimezone(UTC) == datetime(2026, 5, 20, 21, 0, tzinfo=UTC)


def test_a_day_on_which_the_clocks_change_ends_with_its_midnight_too() -> None:
    until = useful_until(Kind.DEADLINE_NEAR, due_at=DUE, event=date(2026, 3, 29), zone=BERLIN)
    assert until.astimezone(UTC) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "grace"),
    [
        (Kind.CALLED, timedelta(minutes=10)),
        (Kind.TURN_NEAR, timedelta(minutes=30)),
        (Kind.STEP_DONE, timedelta(days=7)),
    ],
)
def test_what_has_just_happened_is_told_for_a_while(kind: Kind, grace: timedelta) -> None:
    assert useful_until(kind, due_at=DUE, event=None, zone=KAZAN) == DUE + grace


def test_a_message_about_something_needs_to_know_when_that_is() -> None:
    for kind, rule in KINDS.items():
        if rule.until is not UsefulUntil.DUE:
            with pytest.raises(ValueError, match="event"):
                useful_until(kind, due_at=DUE, event=None, zone=KAZAN)


def test_every_kind_has_a_channel_that_reaches_people_and_a_way_into_the_app() -> None:
    for rule in KINDS.values():
        assert rule.channels[0] is Channel.PUSH
        assert Channel.INBOX not in rule.channels
        assert len(set(rule.channels)) == len(rule.channels)
        assert rule.link.startswith("/")
    assert sorted(DEADLINE_DAYS, reverse=True) == [14, 7, 3, 1]
