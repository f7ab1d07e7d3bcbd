"""What a person is shown, on journeys told by hand."""

import pytest

from app.domain.routing.check import check
from app.domain.routing.itinerary import Itinerary, Reason, Visit
from app.domain.routing.journey import Advice, Given, Journey, Need, Openings, Task, TravelTimes
from app.domain.routing.planner import plan
from tests.support.town import FIRST, after, day, journey, line, places, tick


def told(itinerary: Itinerary) -> list[tuple[str, int, int]]:
    """(task, point, number of the day) in order."""
    return [(visit.code, visit.point, (visit.day - FIRST).days) for visit in itinerary.visits]


def reasons(asked: Journey) -> list[Reason]:
    return [each.why.reason for each in plan(asked).itineraries]


def test_the_nearest_free_place_is_not_taken_when_another_ends_the_journey_sooner() -> None:
    asked = journey(
        [Task("exam"), Task("application", hard=(after("exam", 5),))],
        {
            "exam": places((0, 3, "09:00"), (3, 0, "09:00")),
            "application": places((1, 5, "09:00"), (1, 8, "09:00")),
        },
    )
    best, other = plan(asked).itineraries
    assert told(best) == [("exam", 3, 0), ("application", 1, 5)]
    assert told(other) == [("exam", 0, 3), ("application", 1, 8)]
    assert (other.why.reason, other.why.minutes_saved, other.why.days_later) == (Reason.LESS_TRAVEL, 60, 3)


def test_visits_of_one_day_stand_close_together_with_the_way_and_the_margin_between() -> None:
    asked = journey(
        [Task("medical"), Task("fingerprints")],
        {
            "medical": places((0, 0, "09:00 11:00 13:00")),
            "fingerprints": places((1, 0, "13:45 17:00")),
        },
    )
    (outing,) = plan(asked).itineraries[0].outings
    assert [(visit.code, visit.start) for visit in outing.visits] == [
        ("medical", tick(0, "11:00")),
        ("fingerprints", tick(0, "13:45")),
    ]
    assert (outing.leaves, outing.back, outing.minutes) == (tick(0, "10:50"), tick(0, "14:35"), 40)


def test_of_two_orders_with_the_same_travel_the_one_with_less_time_away_is_taken() -> None:
    asked = journey(
        [Task("medical"), Task("fingerprints"), Task("exam")],
        {
            "medical": places((0, 0, "09:00 11:00")),
            "exam": places((1, 0, "09:50 17:00")),
            "fingerprints": places((2, 0, "08:00 10:40")),
        },
    )
    (outing,) = plan(asked).itineraries[0].outings
    assert [visit.code for visit in outing.visits] == ["medical", "exam", "fingerprints"]
    assert (outing.leaves, outing.back) == (tick(0, "08:50"), tick(0, "11:40"))


def test_a_place_that_leaves_no_time_for_the_way_is_not_taken() -> None:
    tasks = [Task("medical"), Task("fingerprints", hard=(after("medical", 0),))]
    medical = places((0, 0, "09:00"))
    just = {"medical": medical, "fingerprints": places((1, 0, "09:50"), (1, 1, "09:00"))}
    late = {"medical": medical, "fingerprints": places((1, 0, "09:45"), (1, 1, "09:00"))}
    assert plan(journey(tasks, just)).itineraries[0].cost.outings == 1  # 30 minutes there, 10 on the way, 10 to spare
    assert plan(journey(tasks, late)).itineraries[0].cost.outings == 2
    assert plan(journey(tasks, late, margin=5)).itineraries[0].cost.outings == 1


def test_broken_advice_counts_as_minutes_and_is_told() -> None:
    tasks = [Task("medical"), Task("fingerprints", soft=(Advice("medical", 60),))]
    openings = {
        "medical": places((0, 0, "09:00"), (2, 0, "09:00")),
        "fingerprints": places((0, 0, "08:00"), (3, 0, "12:00")),
    }
    first = plan(journey(tasks, openings)).itineraries[0]
    assert [visit.code for visit in first.visits] == ["medical", "fingerprints"]
    assert (first.cost.minutes, first.broken) == (80, ())
    near = plan(journey(tasks, openings, travel=line(10, 20, 30, 55))).itineraries[0]
    assert [visit.code for visit in near.visits] == ["fingerprints", "medical"]
    assert (near.cost.minutes, near.outings[0].minutes) == (80, 20)
    assert near.broken == (("fingerprints", "medical"),)


def test_fewer_days_out_are_offered_if_they_end_at_most_two_weeks_later() -> None:
    tasks = [Task("medical"), Task("exam")]

    def alternatives(number: int) -> list[Reason]:
        shared = f"{8 + number % 2:02}:00"
        return reasons(
            journey(
                tasks,
                {
                    "medical": places((0, 0, "09:00"), (0, number, shared)),
                    "exam": places((0, 1, "09:00"), (0, number, "14:00")),
                },
            )
        )

    assert alternatives(15) == [Reason.BEST, Reason.FEWER_OUTINGS]
    assert alternatives(16) == [Reason.BEST]


@pytest.mark.parametrize("number", range(2, 16))
def test_fewer_days_out_end_as_early_as_they_can(number: int) -> None:
    """A later day with less travel is found first."""
    asked = journey(
        [Task("medical"), Task("exam")],
        {
            "medical": places((0, 0, "09:00"), (1, number, "09:00"), (0, 15, "09:00")),
            "exam": places((0, 1, "09:00"), (1, number, "14:00"), (0, 15, "14:00")),
        },
    )
    fewer = plan(asked).itineraries[1]
    assert (fewer.why.outings_saved, fewer.cost.completion) == (1, day(number))


def test_with_one_visit_a_day_the_urgent_ones_come_first_far_as_they_are() -> None:
    days = places(*[(0, number, "09:00") for number in range(6)])
    deadlines = {"course": None, "medical": day(1), "exam": day(3), "fingerprints": day(0), "help": None}
    asked = journey(
        [Task(code, deadline=deadline) for code, deadline in deadlines.items()],
        dict.fromkeys(deadlines, days) | {"fingerprints": {**days, **places((3, 0, "09:00"))}},
        most_visits=1,
    )
    best = plan(asked).itineraries[0]
    assert (best.cost.missed, best.cost.completion) == (0, day(4))
    assert [visit.code for visit in best.visits][:2] == ["fingerprints", "medical"]


def test_a_longer_way_that_is_sooner_at_a_point_is_not_forgotten_for_a_shorter_one() -> None:
    asked = journey(
        [Task("medical"), Task("exam", hard=(after("medical", 0),)), Task("course", hard=(after("exam", 0),))],
        {
            "medical": places((0, 0, "10:00"), (3, 0, "08:00")),
            "exam": places((1, 0, "09:10 10:50")),
            "course": places((1, 0, "10:00"), (1, 1, "10:00")),
        },
    )
    best = plan(asked).itineraries[0]
    assert told(best) == [("medical", 3, 0), ("exam", 1, 0), ("course", 1, 0)]
    assert best.cost.minutes == 80


def test_what_an_alternative_saves_is_told_in_numbers() -> None:
    asked = journey(
        [Task("medical"), Task("exam")],
        {
            "medical": places((0, 0, "09:00"), (0, 6, "09:00")),
            "exam": places((0, 1, "09:00"), (0, 6, "14:00")),
        },
    )
    best, fewer = plan(asked).itineraries
    assert (best.why.reason, best.cost.outings, best.cost.completion) == (Reason.BEST, 2, day(1))
    assert (fewer.why.outings_saved, fewer.why.minutes_saved, fewer.why.days_later) == (1, 20, 5)
    assert len(plan(asked, alternatives=0).itineraries) == 1


def test_no_alternative_is_later_for_a_deadline_than_the_best() -> None:
    openings = {
        "medical": places((0, 0, "09:00"), (0, 6, "09:00")),
        "exam": places((0, 1, "09:00"), (0, 6, "14:00")),
    }
    assert Reason.FEWER_OUTINGS in reasons(journey([Task("medical", deadline=day(6)), Task("exam")], openings))
    assert Reason.FEWER_OUTINGS not in reasons(journey([Task("medical", deadline=day(5)), Task("exam")], openings))


def test_a_visit_that_is_booked_stays_and_the_rest_is_planned_around_it() -> None:
    asked = journey(
        [Task("exam", kept=True), Task("medical"), Task("application", hard=(after("exam", 3), after("medical", 3)))],
        {
            "exam": places((3, 4, "12:00")),
            "medical": places((0, 0, "09:00"), (2, 4, "09:00 12:10")),
            "application": places((1, 7, "09:00")),
        },
        free={day(number): [(tick(number, "08:00"), tick(number, "11:20"))] for number in (0, 4, 7)},
        most_minutes=30,
    )
    best = plan(asked).itineraries[0]
    assert told(best) == [("medical", 2, 4), ("exam", 3, 4), ("application", 1, 7)]
    assert check(asked, best.visits) == []


def test_visits_that_are_booked_need_no_margin_between_them() -> None:
    tasks = [Task("medical", kept=True), Task("fingerprints", kept=True)]
    openings = {"medical": places((0, 0, "09:00")), "fingerprints": places((0, 0, "09:30"))}
    assert plan(journey(tasks, openings)).unplaced == ()
    new = [Task("medical"), Task("fingerprints", kept=True)]
    assert [each.code for each in plan(journey(new, openings)).unplaced] == ["medical"]


def test_a_family_may_take_longer_at_some_places_than_at_others() -> None:
    row = places((0, 0, "09:00"))[FIRST][0]
    long = Openings(0, row.base, row.mask, 24)
    short = Openings(0, row.base, 1 << 6, 6)
    asked = journey(
        [Task("medical"), Task("exam", hard=(after("medical", 0),))],
        {"medical": {FIRST: [long, short]}, "exam": places((0, 0, "10:10"), (0, 1, "10:10"))},
    )
    best = plan(asked).itineraries[0]
    assert best.visits[0] == Visit("medical", 0, FIRST, tick(0, "09:30"), 6)
    assert best.cost.completion == FIRST


def test_a_whole_day_out_lies_in_one_stretch_of_free_time() -> None:
    tasks = [Task("medical"), Task("exam")]
    openings = {"medical": places((0, 0, "09:00"), (0, 1, "09:00")), "exam": places((0, 0, "15:00"))}
    apart = {day(number): [(tick(number, "08:50"), tick(number, "10:00"))] for number in (0, 1)}
    apart[FIRST].append((tick(0, "14:50"), tick(0, "15:40")))
    best = plan(journey(tasks, openings, free=apart)).itineraries[0]
    assert told(best) == [("exam", 0, 0), ("medical", 0, 1)]
    home_too_late = {**apart, FIRST: [(tick(0, "14:50"), tick(0, "15:35"))]}
    assert [each.code for each in plan(journey(tasks, openings, free=home_too_late)).unplaced] == ["exam"]


def test_what_others_do_is_waited_for_and_a_result_is_used_while_it_is_good() -> None:
    task = Task("application", hard=(Given("registration", day(3), good_until=day(5)),))
    openings = {"application": places(*[(0, number, "09:00") for number in range(8)])}
    asked = journey([task], openings)
    assert told(plan(asked).itineraries[0]) == [("application", 0, 3)]
    both = [Task("medical"), Task("application", hard=(after("medical", 1, good_for=2), Given("host", day(6))))]
    openings["medical"] = places((0, 0, "09:00"), (0, 4, "09:00"))
    assert told(plan(journey(both, openings)).itineraries[0]) == [("medical", 0, 4), ("application", 0, 6)]


def test_journeys_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="must be given"):
        journey([Task("application", hard=(Need("exam", {}),))], {})
    with pytest.raises(ValueError, match="wait for each other"):
        journey([Task("a", hard=(after("b", 1),)), Task("b", hard=(after("a", 1),))], {})
    with pytest.raises(ValueError, match="must differ"):
        journey([Task("a"), Task("a")], {})
    with pytest.raises(ValueError, match="no visit a day"):
        journey([Task("a")], {}, most_visits=0)
    with pytest.raises(ValueError, match="no more than"):
        journey([Task(str(number)) for number in range(11)], {})


def test_nothing_to_plan_is_no_error() -> None:
    empty = plan(journey([], {}))
    assert (empty.itineraries, empty.unplaced) == ((), ())
    past = Journey(day(3), day(2), (Task("exam"),), {"exam": places((0, 3, "09:00"))}, TravelTimes([1], [1], [[0]]))
    assert plan(past).itineraries == ()
