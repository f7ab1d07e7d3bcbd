"""Selection rates by group: flagged below four fifths, and no small group told of."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.matching.fairness import LEAST, GroupCount, selection

COUNTS = st.lists(
    st.tuples(st.integers(0, 60), st.floats(0, 1)).map(lambda drawn: (drawn[0], round(drawn[0] * drawn[1]))), max_size=7
).map(lambda drawn: [GroupCount(str(n), seen, chosen) for n, (seen, chosen) in enumerate(drawn)])


def test_four_fifths() -> None:
    found = selection([GroupCount("a", 50, 25), GroupCount("b", 50, 20), GroupCount("c", 100, 39)])
    assert [(rate.group, rate.rate, rate.impact, rate.flagged) for rate in found.groups] == [
        ("a", 50, 100, False),
        ("b", 40, 80, False),
        ("c", 39, 78, True),
    ]
    assert (found.hidden, found.hidden_seen, found.flagged) == (0, 0, True)


def test_nobody_was_chosen() -> None:
    found = selection([GroupCount("a", 50, 0), GroupCount("b", 50, 0)])
    assert [(rate.rate, rate.impact, rate.flagged) for rate in found.groups] == [(0, None, False)] * 2


def test_one_small_group_hides_a_second_so_that_the_rest_of_the_total_is_not_it() -> None:
    found = selection([GroupCount("a", 9, 9), GroupCount("b", 40, 4), GroupCount("c", 50, 5)])
    assert [rate.group for rate in found.groups] == ["c"]
    assert (found.hidden, found.hidden_seen) == (2, 49)


def test_two_tiny_groups_hide_a_third() -> None:
    found = selection([GroupCount("a", 1, 1), GroupCount("b", 2, 0), GroupCount("c", 30, 5), GroupCount("d", 50, 5)])
    assert (found.hidden, found.hidden_seen) == (3, 33)


@given(COUNTS)
def test_what_is_hidden_cannot_be_worked_out(counts: list[GroupCount]) -> None:
    found = selection(counts)
    seen = {count.group: count.seen for count in counts}
    told = {rate.group for rate in found.groups}
    hidden = [count.seen for count in counts if count.seen and count.group not in told]
    assert all(seen[group] >= LEAST for group in told)
    assert found.hidden == len(hidden)
    if hidden and told:
        assert len(hidden) >= 2
        assert sum(hidden) >= LEAST
    assert found.hidden_seen is None or found.hidden_seen == sum(hidden)
    assert found.hidden_seen is None or not 0 < found.hidden_seen < LEAST
