"""Places as bits are those that the ledger's own rules find, one by one."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.points.places import family_starts, free_starts
from app.domain.routing.masks import bits_of, counts, starts

days = st.lists(st.integers(0, 3), min_size=1, max_size=60)


@given(days, st.integers(0, 8), st.integers(1, 6), st.integers(1, 5))
def test_one_person_starts_where_the_search_finds_a_free_start(
    left: list[int], opens: int, ticks: int, every: int
) -> None:
    expected = [start for start, _ in free_starts(left, [0] * len(left), ticks, every, 0, opens)]
    found = starts(counts(left), opens, ticks, every)
    assert bits_of(found.pop(ticks, 0)) == expected
    assert found == {}


@given(days, st.integers(0, 8), st.integers(1, 6), st.integers(1, 5), st.integers(2, 4))
def test_a_family_starts_where_its_rule_says_and_takes_as_long_as_it_says(
    left: list[int], opens: int, ticks: int, every: int, people: int
) -> None:
    expected = {}
    for first in range(len(left)):
        placed = family_starts(left, [0] * len(left), ticks, every, people, first, opens, 6)
        if placed:
            expected[first] = placed[-1] + ticks - first
    found = starts(counts(left), opens, ticks, every, people)
    assert {start: length for length, mask in found.items() for start in bits_of(mask)} == expected
