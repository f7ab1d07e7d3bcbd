"""The verifier of hard rules names the rule and who breaks it."""

import pytest

from app.domain.routing.check import check
from app.domain.routing.itinerary import Fault, Violation, Visit
from app.domain.routing.journey import Given, Journey, Task
from tests.support.town import FIRST, after, day, journey, places, tick

OPENINGS = {
    "medical": places((0, 0, "09:00 11:00"), (3, 0, "13:00"), (0, 6, "09:00")),
    "exam": places((1, 0, "09:10 10:00 12:00"), (1, 2, "09:00")),
    "application": places((2, 3, "09:00"), (2, 6, "09:00 15:00")),
}
TASKS = (
    Task("medical"),
    Task("exam", earliest=FIRST),
    Task("application", hard=(after("medical", 3, good_for=4), Given("host", day(1)))),
)


def asked(**options: object) -> Journey:
    return journey(TASKS, OPENINGS, **options)  # type: ignore[arg-type]


def visit(code: str, point: int, number: int, clock: str) -> Visit:
    return Visit(code, point, day(number), tick(number, clock), 6)


MEDICAL, EXAM = visit("medical", 0, 0, "09:00"), visit("exam", 1, 0, "10:00")
APPLICATION = visit("application", 2, 3, "09:00")


def test_a_plan_that_keeps_every_rule_and_parts_of_it() -> None:
    for visits in ([MEDICAL, EXAM, APPLICATION], [APPLICATION, EXAM, MEDICAL], [MEDICAL], []):
        assert check(asked(), visits) == []


@pytest.mark.parametrize(
    ("visits", "broken"),
    [
        ([visit("course", 0, 0, "09:00")], [(Fault.UNKNOWN, "course", None)]),
        ([MEDICAL, visit("medical", 0, 0, "11:00")], [(Fault.TWICE, "medical", None)]),
        ([visit("medical", 0, 0, "09:05")], [(Fault.NOT_FREE, "medical", None)]),
        ([visit("medical", 1, 0, "09:00")], [(Fault.NOT_FREE, "medical", None)]),
        ([MEDICAL._replace(ticks=7)], [(Fault.NOT_FREE, "medical", None)]),
        ([MEDICAL._replace(day=day(1))], [(Fault.NOT_FREE, "medical", None)]),
        ([APPLICATION], [(Fault.PREREQUISITE, "application", "medical")]),
        (
            [visit("medical", 0, 6, "09:00"), visit("application", 2, 6, "15:00")],
            [(Fault.PREREQUISITE, "application", "medical")],
        ),
        (
            [visit("medical", 0, 6, "09:00"), APPLICATION],
            [(Fault.PREREQUISITE, "application", "medical")],
        ),
        ([MEDICAL, visit("application", 2, 6, "09:00")], [(Fault.RESULT_ENDED, "application", "medical")]),
        ([MEDICAL, visit("exam", 1, 0, "09:10")], [(Fault.CLASH, "exam", "medical")]),
    ],
)
def test_each_fault_is_named(visits: list[Visit], broken: list[tuple[Fault, str, str | None]]) -> None:
    assert check(asked(), visits) == [Violation(*each) for each in broken]


def test_what_others_do_must_be_done_before() -> None:
    early = Task("application", hard=(Given("host", day(4)),))
    assert check(journey([early], OPENINGS), [APPLICATION]) == [Violation(Fault.PREREQUISITE, "application", "host")]
    ended = Task("application", hard=(Given("host", FIRST, good_until=day(2)),))
    assert check(journey([ended], OPENINGS), [APPLICATION]) == [Violation(Fault.RESULT_ENDED, "application", "host")]
    retake = Task("exam", earliest=day(1))
    assert check(journey([retake], OPENINGS), [EXAM]) == [Violation(Fault.NOT_ALLOWED_YET, "exam")]


def test_the_persons_own_limits() -> None:
    assert check(asked(most_minutes=10), [EXAM]) == [Violation(Fault.TOO_FAR, "exam")]
    assert check(asked(most_visits=1), [MEDICAL, EXAM]) == [
        Violation(Fault.TOO_MANY, "medical"),
        Violation(Fault.TOO_MANY, "exam"),
    ]
    until = {FIRST: [(tick(0, "08:50"), tick(0, "10:50"))]}
    assert check(asked(free=until), [MEDICAL, EXAM]) == []
    for opens, ends in (("08:55", "10:50"), ("08:50", "10:45")):
        short = {FIRST: [(tick(0, opens), tick(0, ends))]}
        assert {each.fault for each in check(asked(free=short), [MEDICAL, EXAM])} == {Fault.FREE_HOURS}
    in_two = {FIRST: [(tick(0, "08:50"), tick(0, "09:35")), (tick(0, "09:40"), tick(0, "10:50"))]}
    assert {each.fault for each in check(asked(free=in_two), [MEDICAL, EXAM])} == {Fault.FREE_HOURS}
    assert check(asked(free={}), [MEDICAL]) == [Violation(Fault.FREE_HOURS, "medical")]


def test_a_kept_visit_may_be_where_a_new_one_may_not() -> None:
    tasks = [Task("medical", kept=True), Task("exam", kept=True)]
    openings = {"medical": places((3, 0, "09:00")), "exam": places((3, 0, "09:30"))}
    visits = [visit("medical", 3, 0, "09:00"), visit("exam", 3, 0, "09:30")]
    assert check(journey(tasks, openings, free={}, most_visits=1, most_minutes=5), visits) == []
