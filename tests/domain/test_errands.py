"""What a pathway becomes when it is to be planned: tasks, what they wait for, what is assumed of others."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.pathways.engine import EventKind, Source, StepEvent, plan
from app.domain.points.places import Place
from app.domain.routing.errands import Member, Work, assumed_on, work_of
from app.domain.routing.journey import Given, Need, Task
from tests.domain.test_pathway import BOOK, ENTERED, WORKER, done

LAST = ENTERED + timedelta(days=31)
SUMMER = date(2026, 9, 4)
ME, CHILD = UUID(int=1), UUID(int=2)


def member(*events: StepEvent, today: date = ENTERED, person: UUID = ME, booked: tuple[Booked, ...] = ()) -> Member:
    return Member(person, plan(BOOK, WORKER, events, today), booked)


def work(*members: Member, today: date = ENTERED, offers: bool = False) -> Work:
    return work_of(members, today, today + timedelta(days=31), BOOK.calendar, offers=offers)


def task(found: Work, code: str) -> Task:
    return next(task for task in found.tasks if task.code == code)


def hard(found: Work, code: str) -> dict[str, Need | Given]:
    return {need.code: need for need in task(found, code).hard}


def booking(step: str, day: date, person: UUID = ME, hour: int = 9) -> Booked:
    at = datetime(day.year, day.month, day.day, hour - 3, tzinfo=UTC)
    place = Place(uuid4(), day, hour * 12, 6, at)
    return Booked(uuid4(), person, step, step, UUID(int=9), place, BookingStatus.CONFIRMED, None, at, at)


def test_on_the_first_day_of_a_worker_all_visits_are_tasks_and_the_rest_is_assumed() -> None:
    found = work(member())
    assert [errand.code for errand in found.errands] == ["medical", "fingerprints", "exam", "application", "collection"]
    application = hard(found, "application")
    assert set(application) == {"registration", "medical", "exam", "insurance", "translation"}
    # By the fifteen days of the treaty; one day; two working days.
    assert [application[code].ready for code in ("registration", "insurance", "translation")] == [
        date(2026, 9, 16),
        date(2026, 9, 2),
        date(2026, 9, 3),
    ]
    medical = application["medical"]
    assert isinstance(medical, Need)
    assert medical.ready[SUMMER] == date(2026, 9, 9)  # three working days after a Friday
    assert medical.good_until is None  # a year: longer than anything planned here
    assert task(found, "application").deadline == date(2026, 10, 1)
    (advice,) = task(found, "fingerprints").soft
    assert (advice.code, advice.minutes) == ("medical", 60)
    assert {each.step: each.by_host for each in found.assumed} == {
        "registration": True,
        "insurance": False,
        "translation": False,
    }


def test_what_is_done_is_given_from_the_day_of_its_result() -> None:
    today = date(2026, 9, 8)
    found = work(member(done("medical", date(2026, 9, 7)), done("exam", date(2026, 8, 1)), today=today), today=today)
    assert "medical" not in [errand.code for errand in found.errands]
    application = hard(found, "application")
    assert application["medical"] == Given("medical", date(2026, 9, 10), date(2027, 9, 7))
    assert "exam" not in application, "its result was there long ago, and is good for long"


def test_a_step_by_word_that_waits_for_a_visit_holds_nobody_up_who_waits_for_both() -> None:
    collection = task(work(member()), "collection")
    assert {need.code for need in collection.hard} == {"application", "fingerprints"}
    assert collection.soft == ()  # the tax is paid while the patent is made
    application = next(need for need in collection.hard if need.code == "application")
    assert isinstance(application, Need)
    assert application.ready[SUMMER] == date(2026, 9, 18)  # ten working days


def test_a_retake_waits() -> None:
    failed = StepEvent("exam", EventKind.COME_AGAIN, date(2026, 9, 3), Source.POINT)
    assert task(work(member(failed, today=SUMMER), today=SUMMER), "exam").earliest == date(2026, 9, 13)


def test_bookings_stay_and_those_that_may_move_do_not() -> None:
    booked = booking("medical", date(2026, 9, 10))
    kept = work(member(booked=(booked,)))
    (errand,) = [errand for errand in kept.errands if errand.step == "medical"]
    assert errand.kept
    assert task(kept, errand.code).kept
    assert errand.span[1] == date(2026, 9, 10)
    assert errand.code in hard(kept, "application")
    free = work_of([member(booked=(booked,))], ENTERED, LAST, BOOK.calendar, movable=lambda _: True)
    assert not free.errand("medical").kept


def test_a_family_goes_together_as_strictly_as_the_strictest_of_it() -> None:
    mine, theirs = member(), member(done("medical", date(2026, 9, 1)), person=CHILD)
    found = work(mine, theirs)
    assert found.errand("medical").people == (ME,)
    assert found.errand("exam").people == (ME, CHILD)
    needs = [need for need in task(found, "application").hard if need.code == "medical"]
    assert {type(need) for need in needs} == {Need, Given}


def test_what_a_family_booked_together_is_one_task() -> None:
    day = date(2026, 9, 10)
    found = work(
        member(booked=(booking("exam", day),)), member(person=CHILD, booked=(booking("exam", day, CHILD, 10),))
    )
    (errand,) = [errand for errand in found.errands if errand.step == "exam"]
    assert errand.people == (ME, CHILD)
    assert errand.span[3] == 18  # from the first one's beginning to the second one's end


def test_visits_of_a_family_for_one_step_hours_apart_are_two_tasks() -> None:
    day = date(2026, 9, 10)
    found = work(
        member(booked=(booking("exam", day),)), member(person=CHILD, booked=(booking("exam", day, CHILD, 14),))
    )
    assert [errand.people for errand in found.errands if errand.step == "exam"] == [(ME,), (CHILD,)]


def test_help_that_no_law_asks_for_is_planned_when_it_is_asked_for() -> None:
    assert {"course", "legal_help"} & {errand.step for errand in work(member()).errands} == set()
    assert {"course", "legal_help"} <= {errand.step for errand in work(member(), offers=True).errands}


def test_a_chain_of_ending_results_is_renewed_from_its_first() -> None:
    today = date(2027, 9, 10)
    events = [done(step, date(2026, 9, 2)) for step in ("registration", "medical", "exam", "insurance", "translation")]
    events += [done("fingerprints", date(2026, 9, 2)), done("application", date(2026, 9, 15))]
    events += [done("collection", date(2026, 10, 1)), done("medical", date(2027, 9, 1))]
    found = work(member(*events, today=today), today=today)
    assert [errand.code for errand in found.errands] == ["application", "collection"]
    application = hard(found, "collection")["application"]
    assert isinstance(application, Need)


def test_an_assumption_is_told_by_the_day_that_it_counts_on() -> None:
    found = work(member())
    days = {each.step: assumed_on(each, {}, ENTERED, LAST, BOOK.calendar) for each in found.assumed}
    assert days["registration"] == date(2026, 9, 16)
