"""Who is offered which place."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.offers.free import FreeDay, FreePoint, Window, free_day
from app.domain.offers.matching import Match, Round, Seeker
from app.domain.offers.terms import Cause, OfferTerms
from app.domain.points.calendar import TICK
from app.domain.routing.masks import counts

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
OWN, NEAR, FAR = (UUID(int=n) for n in (1, 2, 3))
LEAD = timedelta(minutes=10)
TERMS = OfferTerms()


def ways(start: UUID, end: UUID) -> int:
    return 0 if start == end else 20 * abs(start.int - end.int)


def day_of(pool: UUID, ahead: int, left: list[int]) -> FreeDay:
    """A day of ticks from 09:00 (UTC) on."""
    day = TODAY + timedelta(days=ahead)
    return free_day(pool, day, datetime.combine(day, NOW.timetz()), 0, counts(left))


def point_of(pool: UUID, days: dict[int, list[int]], ticks: int = 6) -> FreePoint:
    made = (day_of(pool, ahead, left) for ahead, left in sorted(days.items()))
    return FreePoint(ticks, ticks, {day.day: day for day in made})


def seeker(number: int, cause: Cause = Cause.CLOSED, **more: object) -> Seeker:
    asked = NOW - timedelta(hours=1)
    told = {"asked_at": asked, "starts_at": NOW + timedelta(hours=5), "point_id": OWN, "service": "x"}
    return Seeker(UUID(int=100 + number), cause, **told | more)  # type: ignore[arg-type]


def round_of(free: dict[UUID, FreePoint], terms: OfferTerms = TERMS) -> Round:
    return Round(NOW, LEAD, terms, {"x": free}, ways)


def told(match: Match) -> list[tuple[int, datetime]]:
    return [(choice.point_id.int, choice.place.starts_at) for choice in match.choices]


def at(ahead: int, minutes: int) -> datetime:
    return NOW + timedelta(days=ahead, minutes=minutes)


def test_whoever_lost_their_counter_is_offered_their_point_later_and_another_sooner() -> None:
    free = {OWN: point_of(OWN, {1: [1] * 12}), NEAR: point_of(NEAR, {0: [1] * 24}), FAR: point_of(FAR, {0: [1] * 24})}
    (match,) = round_of(free).matches([seeker(1)])
    # 20 minutes of travel, 10 of lead and 15 to choose: 09:45 is not reached on a grid of half hours.
    assert told(match) == [(2, at(0, 60)), (1, at(1, 0))]
    sooner, later = match.choices
    assert (sooner.minutes, later.minutes) == (20, 0)
    assert sooner.until == at(0, 30)  # then there is just time to go
    assert later.until == at(0, 120)


def test_another_point_that_is_no_sooner_is_not_offered() -> None:
    free = {OWN: point_of(OWN, {1: [1] * 6}), NEAR: point_of(NEAR, {2: [1] * 12})}
    (match,) = round_of(free).matches([seeker(1)])
    assert told(match) == [(1, at(1, 0))]


def test_the_deadline_goes_before_everything_then_what_was_booked_after_it() -> None:
    near, own = point_of(NEAR, {3: [1] * 6}), point_of(OWN, {1: [0] * 6, 5: [1] * 6})
    (match,) = round_of({OWN: own, NEAR: near}).matches([seeker(1, deadline=TODAY + timedelta(days=4))])
    assert told(match)[0] == (2, at(3, 0))
    near, own = point_of(NEAR, {0: [1] * 24}), point_of(OWN, {1: [1] * 6})
    tomorrow = TODAY + timedelta(days=1)
    (match,) = round_of({OWN: own, NEAR: near}).matches([seeker(1, not_before=tomorrow, useful_until=tomorrow)])
    assert told(match) == [(1, at(1, 0))]


def test_one_place_goes_to_the_most_pressed() -> None:
    asked = NOW - timedelta(days=1)
    people = [
        seeker(1, Cause.ASKED, asked_at=asked, deadline=TODAY),
        seeker(2, Cause.CLOSED),
        seeker(3, Cause.CLOSED, deadline=TODAY + timedelta(days=9)),
        seeker(4, Cause.CLOSED, deadline=TODAY + timedelta(days=2)),
        seeker(5, Cause.CLOSED, deadline=TODAY + timedelta(days=2), asked_at=asked),
        seeker(6, Cause.BEHIND, expected=at(0, 600)),
    ]
    order = []
    while matches := round_of({OWN: point_of(OWN, {0: [0] * 12 + [1] * 6})}).matches(people):
        (match,) = matches
        order.append(match.seeker.entry_id.int - 100)
        people.remove(match.seeker)
    # Who waits at a point that is behind wants none before it calls.
    assert order == [5, 4, 3, 2, 1]


def test_everybody_is_given_one_place_before_anybody_is_given_two() -> None:
    free = {OWN: point_of(OWN, {1: [1] * 6}), NEAR: point_of(NEAR, {0: [0] * 12 + [1] * 6})}
    first, second = round_of(free).matches([seeker(1), seeker(2)])
    assert [told(first), told(second)] == [[(2, at(0, 60))], [(1, at(1, 0))]]


def test_who_asked_for_an_earlier_time_is_offered_one_within_their_bounds() -> None:
    free = {OWN: point_of(OWN, {0: [1] * 60}), NEAR: point_of(NEAR, {0: [1] * 60})}
    asked = seeker(1, Cause.ASKED, earliest=at(0, 120), latest=at(0, 240), points=frozenset({OWN}))
    (match,) = round_of(free).matches([asked])
    assert told(match) == [(1, at(0, 120))]
    none = seeker(2, Cause.ASKED, earliest=at(0, 300))  # their visit itself begins then
    assert round_of(free).matches([none]) == []
    elsewhere = seeker(3, Cause.ASKED, points=frozenset({NEAR}), passed=frozenset({(NEAR, at(0, 60))}))
    (match,) = round_of(free).matches([elsewhere])
    assert told(match) == [(2, at(0, 90))]


def test_a_point_that_is_behind_offers_its_own_later_time_and_another_before_it_calls() -> None:
    free = {OWN: point_of(OWN, {0: [1] * 90}), NEAR: point_of(NEAR, {0: [1] * 90})}
    late = seeker(1, Cause.BEHIND, starts_at=at(0, 60), expected=at(0, 150))
    (match,) = round_of(free).matches([late])
    assert told(match) == [(2, at(0, 60)), (1, at(0, 150))]


def test_other_visits_of_the_person_are_kept_clear() -> None:
    free = {OWN: point_of(OWN, {0: [1] * 48})}
    busy = ((at(0, 45), at(0, 75)), (at(0, 100), at(0, 121)))
    (match,) = round_of(free).matches([seeker(1, busy=busy)])
    assert told(match) == [(1, at(0, 150))]


def test_too_far_is_not_offered_unless_it_was_asked_for() -> None:
    free = {FAR: point_of(FAR, {0: [1] * 48})}
    near = OfferTerms(far=30)
    assert round_of(free, near).matches([seeker(1)]) == []
    assert round_of(free, near).matches([seeker(1, points=frozenset({FAR}))])


_LEFT = st.lists(st.integers(0, 2), min_size=12, max_size=30)
_DAYS = st.dictionaries(st.integers(0, 2), _LEFT, max_size=3)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[dict[UUID, FreePoint], list[Seeker]]:
    free = {point: point_of(point, draw(_DAYS), draw(st.integers(2, 6))) for point in (OWN, NEAR, FAR)}
    people = []
    for number in range(draw(st.integers(1, 8))):
        cause = draw(st.sampled_from(Cause))
        moment = st.integers(0, 3000).map(lambda minutes: at(0, minutes))
        begins = draw(moment)
        people.append(
            seeker(
                number,
                cause,
                starts_at=draw(moment),
                point_id=draw(st.sampled_from([OWN, NEAR, FAR])),
                deadline=draw(st.none() | st.sampled_from([TODAY, TODAY + timedelta(days=1)])),
                earliest=draw(st.none() | moment),
                latest=draw(st.none() | moment),
                points=draw(st.none() | st.frozensets(st.sampled_from([OWN, NEAR, FAR]))),
                not_before=draw(st.none() | st.just(TODAY + timedelta(days=1))),
                busy=((begins, begins + timedelta(hours=1)),),
                expected=draw(moment) if cause is Cause.BEHIND else None,
            )
        )
    return free, people


@given(crowds())
def test_no_place_is_offered_twice_and_every_bound_is_kept(crowd: tuple[dict[UUID, FreePoint], list[Seeker]]) -> None:
    free, people = crowd
    before = {(point, day.day): day.left.copy() for point, each in free.items() for day in each.days.values()}
    taken: Counter[tuple[UUID, date, int]] = Counter()
    matches = round_of(free).matches(people)
    assert [match.seeker.pressure for match in matches] == sorted(match.seeker.pressure for match in matches)
    for match in matches:
        who = match.seeker
        assert 1 <= len(match.choices) <= (1 if who.cause is Cause.ASKED else 2)
        assert len({choice.point_id for choice in match.choices}) == len(match.choices)
        for choice in match.choices:
            place = choice.place
            for tick in range(place.first_tick, place.first_tick + place.ticks):
                taken[choice.point_id, place.day, tick] += 1
            assert place.first_tick % free[choice.point_id].every == 0
            assert NOW < choice.until <= place.starts_at - LEAD
            assert choice.until >= NOW + TERMS.notice
            assert who.points is None or choice.point_id in who.points
            assert who.not_before is None or place.day >= who.not_before
            assert who.earliest is None or place.starts_at >= who.earliest
            assert who.latest is None or place.starts_at < who.latest
            assert who.cause is not Cause.ASKED or place.starts_at < who.starts_at
            assert all(place.ends_at <= since or until <= place.starts_at for since, until in who.busy)
    for (point, day, tick), count in taken.items():
        assert count <= before[point, day][tick]


@given(crowds())
def test_whoever_is_left_without_an_offer_had_none_left_for_them(
    crowd: tuple[dict[UUID, FreePoint], list[Seeker]],
) -> None:
    free, people = crowd
    matches = round_of(free).matches(people)
    offered = {match.seeker.entry_id for match in matches}
    for one in people:
        if one.entry_id not in offered:
            assert round_of(free).matches([one]) == []


@pytest.mark.parametrize(("since", "first"), [(0, 0), (1, 30), (30, 30), (31, None)])
def test_the_first_place_of_a_window(since: int, first: int | None) -> None:
    point = point_of(OWN, {0: [1] * 12})
    place = point.first(Window(at(0, since), at(9, 0)))
    assert (place and place.starts_at) == (None if first is None else at(0, first))
    if place:
        assert place.ends_at - place.starts_at == 6 * TICK
