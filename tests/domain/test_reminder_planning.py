from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pathways.engine import EventKind, Source, StepEvent
from app.domain.reminders.kinds import Kind
from app.domain.reminders.planning import Done, Life, Paper, Use, Visit, plan
from app.domain.reminders.preferences import Preferences
from app.domain.reminders.quiet import Quiet
from tests.domain.reminding import KAZAN, POINT_ID, VISIT_ID, instant, of, planned, shown, steps, visit

NOW = instant("2026-09-01T10:00")
TABLE = ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Vladivostok", "Asia/Almaty", "Asia/Kathmandu", "Europe/Berlin"]


def test_a_visit_is_told_of_two_days_and_a_day_before_and_two_hours_before() -> None:
    assert shown(planned(NOW, visit("2026-09-10T10:20"))) == [
        ("documents_to_bring", "2026-09-08 18:00"),
        ("visit_tomorrow", "2026-09-09 18:00"),
        ("visit_in_two_hours", "2026-09-10 08:20"),
    ]


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("starts", ["2026-09-10T00:05", "2026-09-10T09:00", "2026-09-10T23:50"])
def test_tomorrow_is_the_day_before_where_the_point_is(name: str, starts: str) -> None:
    """Case 17: the reminder's day is counted in the point's zone, be the server's date another one by then."""
    zone = ZoneInfo(name)
    (tomorrow,) = of(planned(NOW, visit(starts, zone)), Kind.VISIT_TOMORROW)
    (two_hours,) = of(planned(NOW, visit(starts, zone)), Kind.VISIT_IN_TWO_HOURS)
    assert tomorrow.due_at == instant("2026-09-09T18:00", zone)
    assert tomorrow.expires_at == instant("2026-09-10T00:00", zone)
    assert instant(starts, zone) - two_hours.due_at == timedelta(hours=2)


@pytest.mark.parametrize(
    ("starts", "tomorrow", "two_hours"),
    [
        # Berlin's clocks go forward on 2026-03-29 at 02:00, and back on 2026-10-25 at 03:00.
        ("2026-03-29T09:00", "2026-03-28T18:00", "2026-03-29T07:00"),
        ("2026-03-29T03:30", "2026-03-28T18:00", "2026-03-29T00:30"),
        ("2026-10-25T09:00", "2026-10-24T18:00", "2026-10-25T07:00"),
        ("2026-10-25T03:30", "2026-10-24T18:00", "2026-10-25T02:30"),
    ],
)
def test_a_change_of_clocks_moves_no_reminder(starts: str, tomorrow: str, two_hours: str) -> None:
    """Cases 15 and 17: two hours are two hours, and 18:00 is what the clock there shows."""
    zone = ZoneInfo("Europe/Berlin")
    now = instant(starts, zone) - timedelta(days=20)
    found = planned(now, visit(starts, zone))
    assert [r.due_at for r in of(found, Kind.VISIT_TOMORROW)] == [instant(tomorrow, zone)]
    (soon,) = of(found, Kind.VISIT_IN_TWO_HOURS)
    assert soon.due_at.astimezone(zone).replace(tzinfo=None) == datetime.fromisoformat(two_hours)
    assert soon.about - soon.due_at == timedelta(hours=2)


def test_who_books_late_is_not_told_what_is_over() -> None:
    """Case 18: who books for this evening is not told of tomorrow's visit, nor of everything at once."""
    at_noon = instant("2026-09-01T12:00")
    assert shown(planned(at_noon, visit("2026-09-01T17:00", changed=at_noon))) == [
        ("visit_in_two_hours", "2026-09-01 15:00"),
    ]
    assert planned(at_noon, visit("2026-09-01T13:30", changed=at_noon)) == []


def test_who_books_for_tomorrow_is_told_of_the_papers_with_the_visit() -> None:
    at_noon = instant("2026-09-01T12:00")
    assert shown(planned(at_noon, visit("2026-09-02T17:00", changed=at_noon))) == [
        ("documents_to_bring", "2026-09-01 18:00"),
        ("visit_tomorrow", "2026-09-01 18:00"),
        ("visit_in_two_hours", "2026-09-02 15:00"),
    ]


@given(
    st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 1)),  # noqa: DTZ001
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.sampled_from(TABLE),
    st.tuples(st.integers(17, 23), st.integers(5, 9)),
)
def test_whatever_is_planned_of_a_visit_is_in_time_and_on_the_right_day(
    starts: datetime, booked_before: timedelta, planned_before: timedelta, name: str, night: tuple[int, int]
) -> None:
    """Cases 17 and 18: over all zones and nights, never after the visit, never before it was booked."""
    zone, starts_at = ZoneInfo(name), starts.replace(tzinfo=UTC)
    changed_at = starts_at - booked_before
    now = max(changed_at, starts_at - planned_before)
    one = Visit(VISIT_ID, "medical", POINT_ID, zone, starts_at, changed_at)
    preferences = Preferences(quiet=Quiet(time(night[0]), time(night[1])))
    found = plan(Life(KAZAN, [one], preferences=preferences), now).reminders
    assert len({r.identity for r in found}) == len(found)
    for reminder in found:
        assert changed_at < reminder.due_at < reminder.expires_at <= starts_at
        assert reminder.expires_at > now
    day = starts_at.astimezone(zone).date()
    for reminder in of(found, Kind.VISIT_TOMORROW):
        assert reminder.due_at.astimezone(zone).date() == day - timedelta(days=1)
        assert not preferences.quiet.covers(reminder.due_at.astimezone(zone).time())


def test_a_deadline_is_told_of_14_7_3_and_1_days_before_in_the_morning() -> None:
    today = date(2026, 9, 1)
    found = of(planned(NOW, steps=steps(today)), Kind.DEADLINE_NEAR)
    # 30 days after entry: medical, fingerprints and the application; registration in 15.
    assert shown([r for r in found if r.subject_id == "application"]) == [
        ("deadline_near", "2026-09-17 10:00"),
        ("deadline_near", "2026-09-24 10:00"),
        ("deadline_near", "2026-09-28 10:00"),
        ("deadline_near", "2026-09-30 10:00"),
    ]
    assert {r.subject_id for r in found} == {"application", "medical", "fingerprints", "registration"}
    # Each is of use until the next one comes, the last one until the day is over.
    ends = [r.expires_at for r in sorted(found, key=lambda r: r.due_at) if r.subject_id == "application"]
    assert ends == [instant(f"2026-{end}") for end in ("09-24T10:00", "09-28T10:00", "09-30T10:00", "10-02T00:00")]


def test_a_deadline_that_is_learnt_of_late_is_not_told_of_for_days_that_are_over() -> None:
    """Case 18: five days are left, and the messages for 14 and 7 days do not come now."""
    today = date(2026, 9, 1)
    found = of(planned(NOW, steps=steps(today, days_ago=25)), Kind.DEADLINE_NEAR)
    assert shown([r for r in found if r.subject_id == "medical"]) == [
        ("deadline_near", "2026-09-03 10:00"),
        ("deadline_near", "2026-09-05 10:00"),
    ]


def test_a_deadline_is_not_told_of_once_the_step_is_done_nor_once_it_is_over() -> None:
    today = date(2026, 9, 1)
    done = StepEvent("medical", EventKind.DONE, date(2026, 8, 31), Source.POINT)
    before, after = (steps(today, *events, days_ago=5) for events in ((), (done,)))
    assert "medical" in {r.subject_id for r in planned(NOW, steps=before)}
    assert "medical" not in {r.subject_id for r in planned(NOW, steps=after)}
    late = planned(NOW, steps=steps(today, days_ago=31))
    assert "medical" not in {r.subject_id for r in late}


def test_a_tax_payment_and_a_patent_have_messages_of_their_own() -> None:
    today = date(2026, 9, 1)
    events = [
        StepEvent("collection", EventKind.DONE, date(2025, 9, 20), Source.POINT),
        StepEvent("tax_advance", EventKind.DONE, date(2026, 8, 20), Source.SELF_DECLARED),
        StepEvent("application", EventKind.DONE, date(2025, 9, 2), Source.POINT),
    ]
    found = planned(NOW, steps=steps(today, *events, days_ago=400))
    assert [r.days for r in of(found, Kind.TAX_DUE)] == [1, 3, 7, 14][: len(of(found, Kind.TAX_DUE))]
    assert shown(of(found, Kind.TAX_DUE)) == [
        ("tax_due", "2026-09-06 10:00"),
        ("tax_due", "2026-09-13 10:00"),
        ("tax_due", "2026-09-17 10:00"),
        ("tax_due", "2026-09-19 10:00"),
    ]
    assert shown(of(found, Kind.PATENT_RENEWAL))[-1] == ("patent_renewal", "2026-09-19 10:00")
    assert not [r for r in of(found, Kind.DEADLINE_NEAR) if r.subject_id in {"collection", "tax_advance"}]


def test_papers_and_certificates_are_told_of_before_they_end() -> None:
    passport = Paper(UUID(int=9), "passport", date(2026, 9, 20))
    found = of(planned(NOW, papers=[passport]), Kind.PAPER_EXPIRING)
    assert shown(found) == [
        ("paper_expiring", "2026-09-06 10:00"),
        ("paper_expiring", "2026-09-13 10:00"),
        ("paper_expiring", "2026-09-19 10:00"),
    ]
    medical = StepEvent("medical", EventKind.DONE, date(2025, 9, 20), Source.POINT)
    certificate = of(planned(NOW, steps=steps(date(2026, 9, 1), medical, days_ago=400)), Kind.PAPER_EXPIRING)
    assert {r.subject_id for r in certificate} == {"medical"}
    assert shown(certificate)[-1] == ("paper_expiring", "2026-09-19 10:00")


def test_what_others_did_is_told_at_once_by_day_and_in_the_morning_after_a_night() -> None:
    by_day, at_night = instant("2026-09-01T09:50"), instant("2026-08-31T23:10")
    following = ("exam", date(2026, 9, 24))
    found = planned(NOW, done=[Done("medical", by_day, following), Done("fingerprints", at_night)])
    assert shown(found) == [("step_done", "2026-09-01 08:00"), ("step_done", "2026-09-01 09:50")]
    assert [r.more for r in found] == [{"next_step": "exam", "next_day": "2026-09-24"}, None]
    # Longer ago it is no news.
    assert planned(NOW, done=[Done("medical", NOW - timedelta(days=2))]) == []


def test_uses_of_a_day_are_told_together_in_the_evening() -> None:
    uses = [Use(instant("2026-09-01T09:00"), "point:x"), Use(instant("2026-09-01T09:30"), "auditor")]
    late = Use(instant("2026-08-31T19:30"), "auditor")
    found = planned(NOW, uses=[late, *uses])
    assert [text for _, text in shown(found)] == ["2026-09-01 18:00"] * 2
    assert {one.matter: one.more for one in found} == {
        "auditor": {"at": late.at.isoformat()},
        "point:x": {"at": uses[0].at.isoformat()},
    }


@given(st.lists(st.integers(0, 3 * 24 * 60), max_size=40), st.integers(0, 3 * 24 * 60))
def test_of_a_reader_who_looks_again_and_again_no_evening_tells_twice(minutes: list[int], later: int) -> None:
    """However often it is planned, and whichever looks are so old by then that they are not read any more."""
    begins = instant("2026-09-01T00:00")
    looks = sorted(begins + timedelta(minutes=minute) for minute in minutes)
    told: dict[str, set[object]] = {}
    for now in (begins + timedelta(minutes=later), begins + timedelta(days=1, minutes=later)):
        known = [Use(look, "auditor") for look in looks if now - timedelta(days=2) < look <= now]
        for one in planned(now, uses=known):
            told.setdefault(f"{one.due_at:%Y-%m-%d}", set()).add(one.identity)
            assert one.due_at > now - timedelta(days=1)
    assert all(len(each) == 1 for each in told.values())


def test_a_night_of_ones_own_is_kept_and_what_is_urgent_passes() -> None:
    worker = Preferences(quiet=Quiet(time(8), time(20)))
    found = planned(NOW, visit("2026-09-10T13:00"), steps=steps(date(2026, 9, 1), days_ago=20), preferences=worker)
    assert of(found, Kind.VISIT_TOMORROW)[0].due_at == instant("2026-09-09T20:00")
    assert of(found, Kind.VISIT_IN_TWO_HOURS)[0].due_at == instant("2026-09-10T11:00")
    for reminder in of(found, Kind.DEADLINE_NEAR):
        assert f"{reminder.due_at.astimezone(KAZAN):%H:%M}" == "20:00"


def test_what_to_bring_is_told_only_where_something_is_to_be_brought() -> None:
    booked = visit("2026-09-10T10:00")
    assert of(planned(NOW, booked), Kind.DOCUMENTS_TO_BRING)
    assert not of(planned(NOW, replace(booked, papers=False)), Kind.DOCUMENTS_TO_BRING)


def test_a_visit_that_another_moved_is_told_of_as_long_as_it_is_news_and_stands_so_after() -> None:
    booked = replace(visit("2026-09-10T10:00", changed=NOW), moved=True)
    (told,) = of(planned(NOW, booked), Kind.VISIT_MOVED)
    assert (told.due_at, told.expires_at) == (NOW, booked.starts_at)
    later = plan(Life(KAZAN, [booked]), NOW + timedelta(days=1))
    assert not of(later.reminders, Kind.VISIT_MOVED)
    assert told.truth in later.truths
