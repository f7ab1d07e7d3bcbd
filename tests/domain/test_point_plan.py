"""What a plan says of a day, and whom a new plan leaves without a counter."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.points.calendar import Hours
from app.domain.points.plan import (
    CountersException,
    HoursException,
    Offer,
    Period,
    PointPlan,
    PoolPlan,
    Taken,
    kept_open,
    stranded,
)

MONDAY = date(2026, 9, 7)
TICKS = 24
OFFICE, EVENING = Hours(time(9), time(18)), Hours(time(18), time(20))
POOL = PoolPlan("rooms", 2, {5: 1}, (), (Offer("medical", 30, 30),))
PLAN = PointPlan(
    ZoneInfo("Europe/Moscow"),
    dict.fromkeys(range(6), (OFFICE,)),
    open_on_holidays=False,
    exceptions=(),
    pools=(POOL,),
)


def on(first: date, last: date, *hours: Hours) -> HoursException:
    return HoursException(Period(first, last), hours, {"en": "Because", "ru": "Потому"})


def test_an_exception_goes_before_a_holiday_and_a_holiday_before_the_week() -> None:
    assert PLAN.hours_on(MONDAY, holiday=False) == (OFFICE,)
    assert PLAN.hours_on(MONDAY, holiday=True) == ()
    assert replace(PLAN, open_on_holidays=True).hours_on(MONDAY, holiday=True) == (OFFICE,)
    special = replace(PLAN, exceptions=(on(MONDAY, MONDAY, EVENING),))
    assert special.hours_on(MONDAY, holiday=True) == (EVENING,)
    assert special.hours_on(MONDAY + timedelta(days=1), holiday=False) == (OFFICE,)
    closed = replace(PLAN, exceptions=(on(MONDAY - timedelta(days=3), MONDAY),), open_on_holidays=True)
    assert closed.hours_on(MONDAY, holiday=False) == ()


def test_counters_of_a_date_go_before_those_of_a_weekday_and_these_before_the_usual() -> None:
    pool = replace(POOL, exceptions=(CountersException(Period(MONDAY, MONDAY + timedelta(days=5)), 0),))
    saturday = MONDAY + timedelta(days=5)
    assert [POOL.counters_on(day) for day in (MONDAY, saturday)] == [2, 1]
    assert [pool.counters_on(day) for day in (MONDAY, saturday, saturday + timedelta(days=7))] == [0, 0, 1]
    assert PLAN.ledger_day(pool, MONDAY, holiday=False) is None
    ledger = PLAN.ledger_day(POOL, saturday, holiday=False)
    assert ledger is not None
    assert (ledger.opens, set(ledger.capacity[108:])) == (108, {1})


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Period(MONDAY, MONDAY - timedelta(days=1)),
        lambda: replace(PLAN, exceptions=(on(MONDAY, MONDAY), on(MONDAY - timedelta(days=9), MONDAY))),
        lambda: replace(PLAN, week={0: (OFFICE, Hours(time(17), time(19)))}),
        lambda: replace(PLAN, pools=(POOL, POOL)),
        lambda: replace(PLAN, pools=(POOL, replace(POOL, code="others"))),
        lambda: Offer("medical", 30, 7),
        lambda: replace(
            POOL,
            exceptions=(CountersException(Period(MONDAY, MONDAY), 1), CountersException(Period(MONDAY, MONDAY), 2)),
        ),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match=r"\w"):
        wrong()


def test_the_digest_is_of_what_is_said_and_not_of_its_order() -> None:
    exceptions = (on(MONDAY, MONDAY), on(MONDAY + timedelta(days=9), MONDAY + timedelta(days=9), EVENING))
    one, other = replace(PLAN, exceptions=exceptions), replace(PLAN, exceptions=exceptions[::-1])
    assert one.digest == other.digest
    assert replace(PLAN, week=dict(reversed(list(PLAN.week.items())))).digest == PLAN.digest
    different = [
        PLAN,
        one,
        replace(PLAN, open_on_holidays=True),
        replace(PLAN, week={0: (OFFICE,)}),
        replace(PLAN, pools=(replace(POOL, counters=3),)),
        replace(PLAN, pools=(replace(POOL, weekly={}),)),
        replace(PLAN, pools=(replace(POOL, offers=(Offer("medical", 30, 15),)),)),
        replace(PLAN, exceptions=(replace(exceptions[0], reason={"en": "Else", "ru": "Иначе"}), exceptions[1])),
    ]
    assert len({plan.digest for plan in different}) == len(different)


def taken(first: int, ticks: int, *, age: int = 0, fixed: bool = False) -> Taken:
    starts = datetime(2026, 9, 7, tzinfo=UTC) + first * timedelta(minutes=5)
    created = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=age)
    return Taken(uuid4(), UUID(int=1), MONDAY, "medical", starts, first, ticks, created, fixed)


def test_who_booked_first_keeps_the_place_and_who_is_there_keeps_it_anyway() -> None:
    first, second = taken(0, 6, age=1), taken(3, 6, age=2)
    assert stranded([1] * 12, [second, first]) == [second]
    assert stranded([2] * 12, [second, first]) == []
    there = replace(second, fixed=True)
    assert stranded([1] * 12, [there, first]) == [first]
    assert stranded([], [there, first]) == [first]
    assert stranded([1] * 5, [first]) == [first]


@st.composite
def days(draw: st.DrawFn) -> tuple[list[int], list[Taken]]:
    planned = draw(st.lists(st.integers(0, 3), min_size=0, max_size=TICKS))
    places = draw(
        st.lists(
            st.builds(
                lambda first, ticks, age, fixed: taken(first, min(ticks, TICKS - first), age=age, fixed=fixed),
                st.integers(0, TICKS - 1),
                st.integers(1, 8),
                st.integers(0, 5),
                st.booleans(),
            ),
            max_size=12,
        )
    )
    return planned, places


def used_by(places: list[Taken]) -> list[int]:
    return [sum(p.first_tick <= tick < p.first_tick + p.ticks for p in places) for tick in range(TICKS)]


@given(days())
def test_without_the_stranded_the_plan_is_kept_and_with_any_of_them_it_is_not(
    day: tuple[list[int], list[Taken]],
) -> None:
    planned, places = day
    without = stranded(planned, places)
    assert not [place for place in without if place.fixed]
    staying = [place for place in places if place not in without]
    plan = [*planned, *[0] * TICKS][:TICKS]
    fixed = used_by([place for place in staying if place.fixed])
    assert all(u <= max(p, f) for u, p, f in zip(used_by(staying), plan, fixed, strict=True))
    for place in without:
        more = used_by([*staying, place])
        assert any(more[tick] > plan[tick] for tick in range(place.first_tick, place.first_tick + place.ticks))


@given(days())
def test_what_is_kept_open_holds_everybody_and_lets_nobody_in_beyond_the_plan(
    day: tuple[list[int], list[Taken]],
) -> None:
    planned, places = day
    used = used_by(places)
    kept = kept_open(planned, used)
    plan = [*planned, *[0] * TICKS][:TICKS]
    assert all(u <= k for u, k in zip(used, kept, strict=True))
    assert all(k == p or k == u > p for k, u, p in zip(kept, used, plan, strict=True))
