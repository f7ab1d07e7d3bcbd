"""What of a booked itinerary still holds, and why the rest does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.pathways.engine import EventKind, Source, StepEvent
from app.domain.routing.errands import Work
from app.domain.routing.journey import Journey, Openings, TravelTimes
from app.domain.routing.keeping import Failed, failed, in_the_wake
from app.domain.routing.standing import Cause
from tests.domain.test_errands import ME, booking, member, work
from tests.domain.test_pathway import ENTERED

DAYS = {"medical": 3, "exam": 3, "fingerprints": 16, "application": 16, "collection": 30}
HOURS = {"medical": 9, "exam": 11, "fingerprints": 9, "application": 11, "collection": 9}


def day(ahead: int) -> date:
    return ENTERED + timedelta(days=ahead)


def booked() -> dict[str, Booked]:
    return {step: booking(step, day(ahead), hour=HOURS[step]) for step, ahead in DAYS.items()}


def journey_of(found: Work, today: date) -> Journey:
    openings = {
        errand.code: {errand.span[1]: [Openings(0, errand.span[2], 1, errand.span[3])]}
        for errand in found.errands
        if errand.kept
    }
    return Journey(today, today + timedelta(days=31), found.tasks, openings, TravelTimes([0], [0], [[0]]))


def causes(visits: Sequence[Booked], *events: StepEvent, today: date = ENTERED) -> set[tuple[str, Cause]]:
    who = member(*events, today=today, booked=tuple(visit for visit in visits if visit.live))
    outcomes = {(ME, step.code): step.outcome for step in who.pathway.steps if step.outcome}
    found = work(who, today=today)
    broken = failed(found, journey_of(found, today), visits, outcomes)
    assert all(isinstance(each, Failed) for each in broken)
    return {(each.step, each.cause) for each in broken}


def test_an_itinerary_that_was_just_booked_holds() -> None:
    assert causes(list(booked().values())) == set()


def test_a_visit_that_was_missed_or_cancelled_fails_with_what_waits_for_it() -> None:
    for status, cause in ((BookingStatus.MISSED, Cause.MISSED), (BookingStatus.CANCELLED, Cause.CANCELLED)):
        visits = booked()
        visits["exam"] = replace(visits["exam"], status=status)
        assert causes(list(visits.values())) == {("exam", cause), ("application", Cause.NOT_READY)}


def test_who_is_asked_to_come_again_does() -> None:
    visits = booked()
    visits["exam"] = replace(visits["exam"], status=BookingStatus.COMPLETED)
    event = StepEvent("exam", EventKind.COME_AGAIN, day(3), Source.POINT)
    visits["medical"] = replace(visits["medical"], status=BookingStatus.COMPLETED)
    medical = StepEvent("medical", EventKind.DONE, day(3), Source.POINT)
    found = causes(list(visits.values()), event, medical, today=day(4))
    assert found == {("exam", Cause.COME_AGAIN), ("application", Cause.NOT_READY)}


def test_what_others_were_assumed_to_do_and_have_not_makes_a_visit_fail_when_its_day_is_near() -> None:
    visits = booked()
    events = [StepEvent(step, EventKind.DONE, day(3), Source.POINT) for step in ("medical", "exam")]
    for step in ("medical", "exam"):
        visits[step] = replace(visits[step], status=BookingStatus.COMPLETED)
    assert causes(list(visits.values()), *events, today=day(10)) == set()
    assert causes(list(visits.values()), *events, today=day(15)) == {("application", Cause.NOT_READY)}


def test_a_step_that_is_needed_and_was_never_booked_is_told() -> None:
    visits = booked()
    del visits["collection"]
    assert causes(list(visits.values())) == {("collection", Cause.NOT_BOOKED)}


def test_two_visits_between_which_there_is_no_time_clash() -> None:
    visits = booked()
    visits["exam"] = booking("exam", day(3), hour=9)
    assert ("exam", Cause.CLASH) in causes(list(visits.values())) or ("medical", Cause.CLASH) in causes(
        list(visits.values())
    )


def test_what_waits_for_a_step_waits_in_its_wake() -> None:
    pathway = member().pathway
    assert in_the_wake(pathway, "exam") == {"exam", "application", "collection", "tax_advance"}
    assert in_the_wake(pathway, "collection") == {"collection"}
