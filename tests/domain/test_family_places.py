"""Where a family's visits stand, against every arrangement there is."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations_with_replacement, pairwise
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from app.domain.points.places import DayOfPool, family_starts

# Counters open and taken at a tick; mostly something is left.
_TICK = st.sampled_from([(0, 0), (1, 1), (1, 0), (2, 0), (2, 1), (3, 0), (3, 1)])


@st.composite
def families(draw: st.DrawFn) -> tuple[list[int], list[int], int, int, int, int, int, int]:
    ticks = draw(st.lists(_TICK, min_size=1, max_size=12))
    capacity, used = [c for c, _ in ticks], [u for _, u in ticks]
    need, every = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    people, gap = draw(st.integers(1, 4)), draw(st.integers(0, 4))
    opens = draw(st.integers(0, 2))
    return capacity, used, need, every, people, draw(st.integers(0, 12)), opens, gap


def stands(capacity: list[int], used: list[int], need: int, starts: tuple[int, ...]) -> bool:
    """Whether a counter is there for everybody at every tick."""
    return all(
        used[tick] + sum(start <= tick < start + need for start in starts) <= capacity[tick]
        for start in starts
        for tick in range(start, start + need)
    )


@given(families())
def test_each_begins_as_early_as_in_any_arrangement(
    asked: tuple[list[int], list[int], int, int, int, int, int, int],
) -> None:
    capacity, used, need, every, people, first, opens, gap = asked
    grid = range(opens, len(capacity) - need + 1, every)
    possible = [
        starts
        for starts in combinations_with_replacement(grid, people)
        if starts[0] == first and stands(capacity, used, need, starts)
    ]
    best = [min(column) for column in zip(*possible, strict=True)]
    waited = any(later - before > need + gap for before, later in pairwise(best))
    found = family_starts(capacity, used, need, every, people, first, opens, gap)
    assert found == (None if not possible or waited else best)
    if found is not None:
        assert tuple(found) in possible


def test_a_family_comes_at_once_where_counters_are_free_else_one_after_another() -> None:
    assert family_starts([3] * 12, [0] * 12, 4, 4, 3, 0, 0, 6) == [0, 0, 0]
    assert family_starts([2] * 12, [0] * 12, 4, 4, 3, 0, 0, 6) == [0, 0, 4]
    assert family_starts([1] * 12, [0] * 12, 4, 4, 3, 0, 0, 6) == [0, 4, 8]
    assert family_starts([1] * 12, [0] * 12, 4, 4, 4, 0, 0, 6) is None
    assert family_starts([1] * 24, [0] * 4 + [1] * 11 + [0] * 9, 4, 4, 2, 0, 0, 6) is None  # an hour between them


def test_ones_own_hold_does_not_stand_in_the_familys_way() -> None:
    """Case 8, of families."""
    midnight = datetime(2026, 9, 1, tzinfo=UTC)
    day = DayOfPool(uuid4(), date(2026, 9, 1), midnight, 4, 4, 0, [1] * 8, [1, 1, 1, 1, 0, 0, 0, 0])
    held = day.place(midnight)
    assert held is not None
    assert day.family(held, 2, []) is None
    places = day.family(held, 2, [held])
    assert places is not None
    assert [place.starts_at - midnight for place in places] == [timedelta(0), timedelta(minutes=20)]
    assert day.place(midnight + timedelta(minutes=5)) is None
