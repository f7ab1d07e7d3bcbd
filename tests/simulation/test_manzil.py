"""Manzil books whole journeys, plans them anew when something fails, and offers what points cause."""

from collections import Counter
from itertools import pairwise

import pytest

from app.simulation.displaced import displace
from app.simulation.journey import Journey
from app.simulation.life import Life
from app.simulation.policies.manzil import Manzil
from app.simulation.policies.sooner import could_be_sooner
from app.simulation.region import Region
from app.simulation.run import MANZIL, play
from app.simulation.scenario import Scenario
from app.simulation.slots import slots_of
from tests.simulation.worlds import packaged, small, tiny, world

CALM = {"no_show": 0.0, "walk_in_share": 0.0, "lateness_minutes": {"mean": -6, "sd": 1}}


def _begun(scenario: Scenario, until: float, seed: int = 1) -> tuple[Life, Manzil]:
    """A world in which nobody looks after the days, stopped at a minute."""
    made = world(scenario, seed)
    life = Life(made, Region(scenario, made.timeline, slots_of(scenario)))
    life.policy = manzil = Manzil(life)
    life.begin()
    life.env.run(until=until)
    return life, manzil


def _calm(**changes: object) -> dict[str, object]:
    behaviour: dict[str, object] = packaged()["behaviour"] | CALM | changes
    return behaviour


def test_a_whole_journey_is_booked_at_entry() -> None:
    scenario = small(people=30, days=1, counters=2, behaviour=_calm())
    life, manzil = _begun(scenario, until=1439.0)
    entered = [journey for journey in life.journeys if journey.person.entered < 1439.0]
    assert len(entered) > 20
    for journey in entered:
        assert {*journey.visits, *journey.done} >= {step.code for step in scenario.visits}
        assert manzil.stands(journey)
        assert all(visit.place is not None for visit in journey.visits.values())


def test_places_are_taken_once_for_each_visit() -> None:
    scenario = small(people=40, days=1, counters=2, behaviour=_calm())
    life, _ = _begun(scenario, until=1439.0)
    booked: Counter[tuple[str, int, int]] = Counter()
    for journey in life.journeys:
        for visit in journey.visits.values():
            assert visit.place is not None
            for tick in range(visit.place.first_tick, visit.place.first_tick + visit.place.ticks):
                booked[visit.site.id, visit.place.day, tick] += 1
    made = {
        (site.id, number, tick): used
        for site in life.region.sites
        for number in range(1, scenario.horizon_days)
        if (day := site.day(number)) is not None
        for tick, used in enumerate(day.used)
        if used
    }
    assert {key: count for key, count in booked.items() if key[1] > 0} == made


def test_who_fails_an_exam_has_all_that_follows_planned_anew() -> None:
    steps = packaged()["steps"]
    steps[3]["outcome"] = {"come_again": 0.5}
    life = play(world(small(people=40, days=2, counters=2, steps=steps, behaviour=_calm())), MANZIL)
    again = [journey for journey in life.journeys if len(journey.person.attempts["exam"]) > 1]
    assert len(again) > 10
    for journey in again:
        days = [
            life.timeline.day(each.joined) for each in life.came if _is(journey, each.person) and each.step == "exam"
        ]
        assert all(later - earlier >= 10 for earlier, later in pairwise(days))
        applied = [each for each in life.came if _is(journey, each.person) and each.step == "application"]
        assert min(life.timeline.day(each.joined) for each in applied) > days[-1]


def _is(journey: Journey, number: int) -> bool:
    return journey.person.number == number


@pytest.mark.parametrize("accepts", [0.0, 1.0])
def test_a_closed_point_moves_everybody(accepts: float) -> None:
    """Who says no to the offer goes to the same point later; nobody is left with a place there, or without any."""
    incidents = [{"point": "medical-1", "closed_days": [2, 3]}]
    scenario = small(people=60, days=2, counters=1, incidents=incidents, behaviour=_calm(accepts_a_reroute=accepts))
    before, _ = _begun(scenario, until=2 * 1440 - 1.0)
    there = {
        journey.person.number
        for journey in before.journeys
        for visit in journey.visits.values()
        if visit.site.id == "medical-1" and visit.day in (2, 3)
    }
    assert len(there) > 3
    after, manzil = _begun(scenario, until=2 * 1440 + 1.0)
    for number in there:
        journey = after.journeys[number]
        visit = journey.visits["medical"]
        assert manzil.stands(journey)
        assert visit.site.id != "medical-1" or visit.day > 3
        if accepts == 0:
            assert visit.site.id == "medical-1"


def test_a_slow_point_is_booked_with_fewer_counters_until_it_is_not() -> None:
    incidents = [{"point": "exam-1", "slower": 2.0, "days": [1, 3]}]
    homes = packaged()["homes"][:1]
    scenario = small(people=90, days=4, counters=3, incidents=incidents, homes=homes, behaviour=_calm())
    life = play(world(scenario), MANZIL)
    site = life.region.by_id["exam-1"]
    made = {day: max(ledger.capacity) for day in range(1, 12) if (ledger := site.day(day)) is not None}
    assert made[2] < 3
    assert made[10] == 3


def test_who_could_end_sooner_is_found_and_offered_it() -> None:
    """Ten people for one counter: when the first gives back their exam, one who ends later is offered a day sooner."""
    life, manzil = _begun(tiny(people=10), until=1439.0)
    first, others = _one_of_tomorrow(life)
    assert not any(could_be_sooner(manzil.asking, journey) for journey in others)
    for visit in list(first.visits.values()):
        life.cancel(first, visit)
    candidates = [journey for journey in others if could_be_sooner(manzil.asking, journey)]
    assert candidates
    journey = candidates[0]
    ended = journey.visits["application"].day
    manzil.offer_sooner(journey)
    assert journey.visits["application"].day < ended
    assert manzil.stands(journey)


def test_who_says_no_keeps_what_they_have() -> None:
    behaviour = tiny().behaviour.model_dump() | {"accepts_a_reroute": 0.0}
    life, manzil = _begun(tiny(people=10, behaviour=behaviour), until=1439.0)
    first, others = _one_of_tomorrow(life)
    for visit in list(first.visits.values()):
        life.cancel(first, visit)
    for journey in others:
        before = {code: visit.place for code, visit in journey.visits.items()}
        manzil.offer_sooner(journey)
        assert {code: visit.place for code, visit in journey.visits.items()} == before


def _one_of_tomorrow(life: Life) -> tuple[Journey, list[Journey]]:
    """Somebody whose exam is tomorrow, and all others who have one."""
    waiting = [journey for journey in life.journeys if "exam" in journey.visits]
    first = next(journey for journey in waiting if journey.visits["exam"].day == 1)
    return first, [journey for journey in waiting if journey is not first]


def test_fewer_counters_leave_only_those_without_one_to_be_moved() -> None:
    scenario = small(people=80, days=2, counters=2, behaviour=_calm())
    life, _ = _begun(scenario, until=1439.0)
    site = max(life.region.sites, key=lambda site: sum(max(d.used) for day in range(1, 6) if (d := site.day(day))))
    day = next(day for day in range(1, 6) if (made := site.day(day)) is not None and max(made.used) > 1)
    before = [visit.number for journey in life.journeys for visit in journey.visits.values() if visit.site is site]
    life.region.book_no_more_than(site, {day: 1}, day)
    displace(life, site)
    made = site.day(day)
    assert made is not None
    assert max(made.used) == 1
    kept = {visit.number for journey in life.journeys for visit in journey.visits.values() if visit.site is site}
    assert set(before) & kept


def test_waits_told_at_arrival_are_kept_nine_times_of_ten() -> None:
    life = play(world(small(people=160, days=3, counters=1)), MANZIL)
    told = [each for each in life.came if each.told is not None and each.called is not None]
    assert len(told) > 700
    covered = sum(each.called - each.joined <= each.told[1] for each in told) / len(told)  # type: ignore[operator,index]
    assert 0.85 <= covered <= 0.97
