"""Why a deadline is missed or a task has no place: each reason, on the smallest journey that has it."""

import pytest

from app.domain.routing.itinerary import Obstacle
from app.domain.routing.journey import Given, Journey, Need, Task
from app.domain.routing.planner import plan
from tests.support.town import FIRST, after, day, journey, places, tick


def late(asked: Journey) -> dict[str, tuple[Obstacle, str | None, int | None]]:
    """Of the best itinerary."""
    return {each.code: (each.obstacle, each.by, each.days_late) for each in plan(asked).itineraries[0].missed}


def without(asked: Journey) -> dict[str, tuple[Obstacle, str | None]]:
    return {each.code: (each.obstacle, each.by) for each in plan(asked).unplaced}


EVERY_DAY = places(*[(0, number, "09:00") for number in range(20)])


def test_a_deadline_that_is_past() -> None:
    asked = journey([Task("medical", deadline=day(-2))], {"medical": EVERY_DAY})
    assert late(asked) == {"medical": (Obstacle.PAST, None, 2)}


def test_a_retake_that_is_not_allowed_yet() -> None:
    asked = journey([Task("exam", earliest=day(9), deadline=day(6))], {"exam": EVERY_DAY})
    assert late(asked) == {"exam": (Obstacle.NOT_ALLOWED_YET, None, 3)}
    assert plan(asked).itineraries[0].missed[0].from_day == day(9)


def test_a_result_that_comes_too_late() -> None:
    tasks = [Task("exam"), Task("application", hard=(after("exam", 8), Given("host", day(2))), deadline=day(6))]
    asked = journey(tasks, {"exam": EVERY_DAY, "application": EVERY_DAY})
    assert late(asked) == {"application": (Obstacle.RESULT_TOO_LATE, "exam", 2)}
    waiting = [Task("application", hard=(Given("host", day(9)),), deadline=day(6))]
    assert late(journey(waiting, {"application": EVERY_DAY})) == {"application": (Obstacle.RESULT_TOO_LATE, "host", 3)}


def test_a_result_that_comes_after_the_last_day_of_all() -> None:
    tasks = [Task("application"), Task("collection", hard=(after("application", 14),))]
    asked = journey(tasks, {"application": places((0, 10, "09:00")), "collection": EVERY_DAY}, days=20)
    assert without(asked) == {"collection": (Obstacle.RESULT_TOO_LATE, "application")}
    assert [visit.code for visit in plan(asked).itineraries[0].visits] == ["application"]


def test_no_place_is_free() -> None:
    tasks = [Task("medical", deadline=day(3)), Task("exam")]
    asked = journey(tasks, {"medical": places((0, 5, "09:00")), "exam": {}})
    assert late(asked) == {"medical": (Obstacle.NO_PLACE, None, 2)}
    assert without(asked) == {"exam": (Obstacle.NO_PLACE, None)}


def test_only_places_that_are_too_far() -> None:
    openings = {"medical": places((3, 0, "09:00"), (0, 5, "09:00"))}
    asked = journey([Task("medical", deadline=day(3))], openings, most_minutes=30)
    assert late(asked) == {"medical": (Obstacle.TOO_FAR, None, 2)}


def test_only_places_outside_the_free_hours() -> None:
    evenings = {day(number): [(tick(number, "17:00"), tick(number, "21:00"))] for number in range(20)}
    openings = {"medical": {**EVERY_DAY, **places((0, 7, "09:00 18:00"))}}
    asked = journey([Task("medical", deadline=day(3))], openings, free=evenings)
    assert late(asked) == {"medical": (Obstacle.FREE_HOURS, None, 4)}


def test_a_result_that_ends_before_a_place_is_free() -> None:
    tasks = [Task("medical"), Task("application", hard=(after("medical", 1, good_for=3),))]
    asked = journey(tasks, {"medical": places((0, 0, "09:00")), "application": places((0, 5, "09:00"))})
    assert without(asked) == {"application": (Obstacle.RESULT_ENDS, "medical")}


@pytest.mark.parametrize("by", ["exam", "host"])
def test_what_waits_for_something_that_cannot_be_had(by: str) -> None:
    needs: dict[str, Need | Given] = {"exam": after("exam", 1), "host": Given("host", None)}
    asked = journey(
        [Task("exam"), Task("application", hard=(needs[by],)), Task("medical")],
        {"exam": {}, "application": EVERY_DAY, "medical": EVERY_DAY},
    )
    assert without(asked)["application"] == (Obstacle.PREREQUISITE_UNPLACED, by)
    assert [visit.code for visit in plan(asked).itineraries[0].visits] == ["medical"]


def test_two_tasks_on_one_day_for_which_there_is_no_time() -> None:
    openings = {"medical": places((0, 0, "09:00"), (0, 4, "09:00")), "exam": places((3, 0, "09:00"), (3, 5, "09:00"))}
    asked = journey([Task("medical", deadline=FIRST), Task("exam", deadline=FIRST)], openings)
    assert late(asked) == {"medical": (Obstacle.CLASH, "exam", 4)}
    alone = {"medical": places((0, 0, "09:00")), "exam": places((3, 0, "09:00"))}
    told = without(journey([Task("medical"), Task("exam", deadline=FIRST)], alone))
    assert told == {"medical": (Obstacle.CLASH, "exam")}


def test_a_booked_visit_that_cannot_stand_is_told_and_the_rest_is_planned() -> None:
    tasks = [Task("medical"), Task("application", hard=(after("medical", 3),), kept=True), Task("exam")]
    asked = journey(
        tasks,
        {"medical": places((0, 4, "09:00")), "application": places((1, 5, "09:00")), "exam": EVERY_DAY},
    )
    told = plan(asked)
    assert without(asked) == {"application": (Obstacle.RESULT_TOO_LATE, "medical")}
    assert {visit.code for visit in told.itineraries[0].visits} == {"medical", "exam"}
    assert told.itineraries[0].cost.lost == 1


def test_a_booked_visit_is_kept_rather_than_a_new_one_made() -> None:
    openings = {"medical": places((0, 0, "09:00")), "exam": places((0, 0, "09:15"))}
    tasks = [Task("medical", kept=True), Task("exam", deadline=day(1))]
    asked = journey(tasks, openings)
    assert without(asked) == {"exam": (Obstacle.CLASH, "medical")}
