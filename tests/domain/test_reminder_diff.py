from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.reminders.diff import Difference, ReminderStatus, Stored, difference
from app.domain.reminders.kinds import Kind
from app.domain.reminders.planning import Life, Visit, plan
from tests.domain.reminding import KAZAN, instant, moved, shown, visit

NOW = instant("2026-09-01T10:00")
MINUTE = timedelta(minutes=1)


class Shelf:
    """One person's reminders as they are stored, and told as their time comes."""

    def __init__(self) -> None:
        self.stored: list[Stored] = []
        self.told: list[Stored] = []
        self._next = 0

    def plan(self, now: datetime, *visits: Visit) -> Difference:
        change = difference(self.stored, plan(Life(KAZAN, visits), now), now)
        gone, outdated = set(change.drop), set(change.outdated)
        self.stored = [
            self._as(one, ReminderStatus.OUTDATED) if one.id in outdated else one
            for one in self.stored
            if one.id not in gone
        ]
        for reminder in change.add:
            self._next += 1
            self.stored.append(Stored(self._next, reminder, ReminderStatus.WAITING, planned=True))
        keys = [(one.reminder.kind, one.reminder.subject_id, one.reminder.due_at) for one in self.stored]
        assert len(set(keys)) == len(keys)
        return change

    def tell(self, now: datetime) -> None:
        for one in list(self.stored):
            if one.status is ReminderStatus.WAITING and one.reminder.due_at <= now < one.reminder.expires_at:
                self.told.append(one)
                self.stored[self.stored.index(one)] = self._as(one, ReminderStatus.TOLD)

    def waiting(self) -> Sequence[tuple[str, str]]:
        return shown([one.reminder for one in self.stored if one.status is ReminderStatus.WAITING])

    @staticmethod
    def _as(one: Stored, status: ReminderStatus) -> Stored:
        return Stored(one.id, one.reminder, status, one.planned)


def test_planned_again_nothing_changes() -> None:
    shelf, booked = Shelf(), visit("2026-09-10T10:20")
    assert len(shelf.plan(NOW, booked).add) == 3
    assert not shelf.plan(NOW + MINUTE, booked)


def test_a_visit_moved_three_times_within_a_minute_across_midnight_leaves_one_set_for_the_right_day() -> None:
    """Case 18: of each move nothing is left but what the last one asks for."""
    shelf, booked = Shelf(), visit("2026-09-10T23:30")
    shelf.plan(NOW, booked)
    for starts in ("2026-09-11T00:10", "2026-09-10T23:50", "2026-09-11T00:30"):
        booked = moved(booked, starts, NOW + MINUTE)
        shelf.plan(NOW + MINUTE, booked)
    assert shelf.waiting() == [
        ("documents_to_bring", "2026-09-09 18:00"),
        ("visit_tomorrow", "2026-09-10 18:00"),
        ("visit_in_two_hours", "2026-09-10 22:30"),
    ]


def test_what_was_told_of_a_visit_that_is_moved_is_outdated_and_told_anew_of_the_new_time() -> None:
    shelf, booked = Shelf(), visit("2026-09-10T10:20")
    shelf.plan(NOW, booked)
    eve = instant("2026-09-09T18:00")
    shelf.tell(eve)
    booked = moved(booked, "2026-09-12T10:20", eve + MINUTE)
    assert len(shelf.plan(eve + MINUTE, booked).outdated) == 2
    assert ("visit_tomorrow", "2026-09-11 18:00") in shelf.waiting()


def test_a_visit_moved_there_and_back_is_not_told_of_twice() -> None:
    """Case 19: told once of a visit's time, it is not told again."""
    shelf, booked = Shelf(), visit("2026-09-10T10:20")
    shelf.plan(NOW, booked)
    eve = instant("2026-09-09T18:00")
    shelf.tell(eve)
    there = moved(booked, "2026-09-12T10:20", eve + MINUTE)
    shelf.plan(eve + MINUTE, there)
    shelf.plan(eve + 2 * MINUTE, moved(there, "2026-09-10T10:20", eve + 2 * MINUTE))
    assert shelf.waiting() == [("visit_in_two_hours", "2026-09-10 08:20")]


def test_told_just_before_the_visit_moved_within_its_day_it_is_told_of_the_new_time_too() -> None:
    """The two are of one subject and kind, for one moment: they do not stand in each other's way."""
    shelf, booked = Shelf(), visit("2026-09-10T10:20")
    shelf.plan(NOW, booked)
    eve = instant("2026-09-09T18:00")
    shelf.tell(eve)
    shelf.plan(eve + timedelta(seconds=1), moved(booked, "2026-09-10T15:00", eve - timedelta(seconds=1)))
    shelf.tell(eve + timedelta(seconds=2))
    told = [one.reminder for one in shelf.told if one.reminder.kind is Kind.VISIT_TOMORROW]
    assert [one.about for one in told] == [instant("2026-09-10T10:20"), instant("2026-09-10T15:00")]


def test_a_cancelled_visit_leaves_nothing() -> None:
    shelf = Shelf()
    shelf.plan(NOW, visit("2026-09-10T10:20"))
    shelf.plan(NOW + MINUTE)
    assert shelf.waiting() == []


times = st.integers(1, 20 * 24 * 12).map(lambda five: NOW + five * timedelta(minutes=5))


@given(st.lists(st.tuples(st.booleans(), st.timedeltas(timedelta(0), timedelta(days=2)), times), max_size=12))
def test_however_it_is_moved_and_told_what_waits_is_of_its_time_and_nothing_is_told_twice(
    story: list[tuple[bool, timedelta, datetime]],
) -> None:
    """Cases 18 and 19: moves and ticks in whatever order."""
    shelf, now = Shelf(), NOW
    booked = visit("2026-09-10T10:20", changed=NOW)
    shelf.plan(now, booked)
    for move, passed, starts_at in story:
        now += passed
        if move and starts_at > now:
            booked = Visit(booked.id, booked.step, booked.point_id, booked.zone, starts_at, now)
        shelf.plan(now, booked)
        shelf.tell(now)
        assert all(
            one.reminder.about == booked.starts_at for one in shelf.stored if one.status is ReminderStatus.WAITING
        )
    told = [one.reminder.identity for one in shelf.told]
    assert len(set(told)) == len(told)
