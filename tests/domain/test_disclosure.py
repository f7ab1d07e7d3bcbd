"""What is told of many tells of nobody: cells are crowds, and no sum or difference of them, on whatever dates, filters,
exports or what-ifs, leaves a group of one to nine people that is known to be one.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from app.domain.disclosure.facts import Facts
from app.domain.disclosure.opening import Cell, K, Question, asked, opened, reopened
from app.domain.disclosure.quantiles import quantile
from app.domain.disclosure.rounding import BASE, rounded, shared

NAMES = ("point", "outcome", "hour")
VALUES = {"point": ("a", "b", "c"), "outcome": ("came", "missed"), "hour": ("9", "10", "11")}
QUESTIONS = [asked(name, *VALUES[name]) for name in NAMES]
Row = tuple[int, str, str, str]
ALL_VALUES = list(product(VALUES["point"], VALUES["outcome"], VALUES["hour"]))


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    """Few people in some corners, many in others; some come twice."""
    sizes = draw(st.lists(st.sampled_from([0, 0, 1, 2, 5, 9, 10, 11, 14, 40]), min_size=18, max_size=18))
    rows: list[Row] = []
    for values, size in zip(ALL_VALUES, sizes, strict=True):
        rows += [(len(rows) + number, *values) for number in range(size)]
    again = draw(st.integers(0, min(5, len(rows))))
    return rows + [(rows[number][0], "b", "missed", "11") for number in range(again)]


def facts_of(rows: Sequence[Row]) -> Facts:
    return Facts.of(NAMES, rows)


def holds(cell: Cell, values: Sequence[str]) -> bool:
    known = dict(zip(NAMES, values, strict=True))
    return all(known[name] in allowed for name, allowed in cell.where.items())


def people_in(rows: Sequence[Row], cell: Cell) -> set[int]:
    return {row[0] for row in rows if holds(cell, row[1:])}


@settings(deadline=None, max_examples=50)
@given(tables())
def test_every_cell_is_a_crowd_and_each_fact_is_in_one_cell(rows: list[Row]) -> None:
    cells = opened(facts_of(rows), QUESTIONS)
    if len({row[0] for row in rows}) < K:
        assert cells == []
        return
    assert all(len(people_in(rows, cell)) >= K for cell in cells)
    assert sum(cell.count for cell in cells) == len(rows)
    for values in ALL_VALUES:
        assert sum(holds(cell, values) for cell in cells) == 1


def crowded(cells: Sequence[Cell], facts: Facts) -> list[Row]:
    """The world in which all of each cell stand at one value: the one at which the cell was closed."""
    rows: list[Row] = []
    for cell in cells:
        at = _corner(cell, cells)
        rows += [(len(rows) + number, *at) for number in range(cell.count)]
    return rows


def _corner(cell: Cell, cells: Sequence[Cell]) -> tuple[str, str, str]:
    """Of each attribute the value that closed the cell. The last cell of a question reaches to the end of its values,
    so which value closed it is not told: the first one would have done as well.
    """
    told = (cell.where.get(name, VALUES[name]) for name in NAMES)
    corner = [
        values[0] if values[-1] == VALUES[name][-1] else values[-1] for name, values in zip(NAMES, told, strict=True)
    ]
    return corner[0], corner[1], corner[2]


@settings(deadline=None, max_examples=50)
@given(tables())
def test_whoever_knows_the_program_cannot_tell_the_facts_from_crowds_at_single_values(rows: list[Row]) -> None:
    """The proof of decision 0029, run: the same cells would be told of a world in which every group that one can name
    is empty or holds whole cells, so of none it is known that it has one to nine people."""
    cells = opened(facts_of(rows), QUESTIONS)
    other = crowded(cells, facts_of(rows))
    assert opened(facts_of(other), QUESTIONS) == cells
    for names in (*combinations(NAMES, 1), *combinations(NAMES, 2), NAMES):
        for values in product(*(VALUES[name] for name in names)):
            wanted = dict(zip(names, values, strict=True))
            size = sum(all(row[1 + NAMES.index(name)] == value for name, value in wanted.items()) for row in other)
            assert not 0 < size < K


def bounds_of(
    cells: Sequence[Mapping[int, int]], totals: Sequence[int], group: set[int], corners: int
) -> tuple[int, int]:
    """The fewest and the most facts that can be in a group of corners, if the facts of each cell add up to its total:
    whole numbers, by HiGHS."""
    rows = np.zeros((len(cells), corners))
    for number, cell in enumerate(cells):
        for corner in cell:
            rows[number, corner] = 1
    wanted = np.array([1.0 if corner in group else 0.0 for corner in range(corners)])
    found: list[int] = []
    for sign in (1, -1):
        solved = milp(
            sign * wanted,
            constraints=LinearConstraint(rows, totals, totals),
            integrality=np.ones(corners),
            bounds=Bounds(0, np.inf),
        )
        assert solved.status in {0, 3}
        found.append(round(sign * solved.fun) if solved.status == 0 else 10**6)
    least, most = found
    return least, most


groups = st.sets(st.integers(0, len(ALL_VALUES) - 1), min_size=1, max_size=12)


@settings(deadline=None, max_examples=12)
@given(tables(), st.lists(groups, min_size=1, max_size=2))
def test_an_attacker_with_all_cells_and_exact_counts_pins_no_group_down(rows: list[Row], named: list[set[int]]) -> None:
    """Two filters and marginals: every sum and difference of cells that there is, by integer programming."""
    cells = opened(facts_of(rows), QUESTIONS)
    inside = [{n: 1 for n, values in enumerate(ALL_VALUES) if holds(cell, values)} for cell in cells]
    by_attribute = [
        {n for n, values in enumerate(ALL_VALUES) if values[place] == value}
        for place, name in enumerate(NAMES)
        for value in VALUES[name]
    ]
    for group in (*named, *by_attribute):
        if not cells:
            continue
        least, most = bounds_of(inside, [cell.count for cell in cells], group, len(ALL_VALUES))
        assert least == 0 or most >= K


LATER = [asked("then", "no", "yes"), asked("late", "in time", "late")]


@settings(deadline=None, max_examples=50)
@given(tables(), st.randoms(use_true_random=False), st.integers(0, 3))
def test_what_is_told_later_only_parts_what_was_told(rows: list[Row], luck: object, gone: int) -> None:
    """Two dates: of the same people, told again when more is known of them; a few have gone meanwhile."""
    names = (*NAMES, "then", "late")
    later = [(*row, luck.choice(["no", "yes"]), luck.choice(["in time", "late"])) for row in rows[gone:]]  # type: ignore[attr-defined]
    then = Facts.of(names, later)
    for cell in opened(facts_of(rows), QUESTIONS):
        parts = reopened(cell, then, LATER)
        if len(parts) == 1:
            assert parts[0].where == cell.where
            assert cell.count >= K
            continue
        for part in parts:
            assert cell.where.items() <= part.where.items()
            assert len({row[0] for row in later if _fits(names, row[1:], part)}) >= K


def _fits(names: Sequence[str], values: Sequence[str], cell: Cell) -> bool:
    known = dict(zip(names, values, strict=True))
    return all(known[name] in allowed for name, allowed in cell.where.items())


def test_a_value_that_nobody_has_is_told_no_more_than_one_that_nine_have() -> None:
    def told(small: int) -> list[Mapping[str, tuple[str, ...]]]:
        rows: list[Row] = [(n, "a", "came", "9") for n in range(30)] + [(100 + n, "c", "came", "9") for n in range(30)]
        rows += [(200 + n, "b", "came", "9") for n in range(small)]
        return [cell.where for cell in opened(facts_of(rows), QUESTIONS)]

    assert told(0) == told(5) == told(9)
    assert told(10) != told(9)


def test_ten_visits_of_one_person_are_no_crowd() -> None:
    rows: list[Row] = [(n, "a", "came", "9") for n in range(12)] + [(50, "b", "came", "9")] * 10
    assert [cell.where.get("point") for cell in opened(facts_of(rows), QUESTIONS)] == [None]


def test_a_question_may_depend_on_what_is_known_and_not_on_the_facts() -> None:
    hours = Question("hour", lambda where: ("9", "10", "11") if where.get("point") == ("a",) else None)
    rows: list[Row] = [(n, "ab"[n % 2], "came", ("9", "10")[n % 4 // 2]) for n in range(80)]
    questions = [asked("point", "a", "b", "c"), hours]
    assert [(dict(cell.where), cell.count) for cell in opened(facts_of(rows), questions)] == [
        ({"point": ("a",), "hour": ("9",)}, 20),
        ({"point": ("a",), "hour": ("10", "11")}, 20),
        ({"point": ("b", "c")}, 40),
    ]
    with pytest.raises(ValueError, match="hour"):
        opened(facts_of(rows), [asked("hour", "9", "11")])


@given(st.integers(0, 500), st.floats(0, 1, exclude_max=True))
def test_counts_are_told_as_a_neighbouring_multiple(count: int, chance: float) -> None:
    told = rounded(count, chance)
    assert told % BASE == 0
    assert abs(told - count) < BASE


def test_rounding_is_right_in_the_mean() -> None:
    for count in range(10, 16):
        mean = np.mean([rounded(count, (n + 0.5) / 1000) for n in range(1000)])
        assert mean == pytest.approx(count, abs=0.02)


@given(st.integers(0, 60), st.lists(st.integers(10, 90), min_size=1, max_size=9), st.floats(0, 1, exclude_max=True))
def test_parts_add_up_to_what_was_told_before(more: int, counts: list[int], chance: float) -> None:
    total = more * BASE + K * len(counts)
    parts = shared(total, counts, chance, K)
    assert sum(parts) == total
    assert all(part % BASE == 0 and part >= K for part in parts)
    with pytest.raises(ValueError, match="not 10 for each"):
        shared(total - (more + 1) * BASE, counts, chance, K)


def test_parts_are_right_in_the_mean() -> None:
    drawn = [shared(60, [14, 21, 28], (n + 0.5) / 1000, 10) for n in range(1000)]
    assert [np.mean(column) for column in zip(*drawn, strict=True)] == pytest.approx([13.64, 20.0, 26.36], abs=0.1)


def test_figures_about_different_things_cannot_be_subtracted() -> None:
    """A stock is the one before, and who came, less who left: of nobody it follows how many that is. Each of the three
    is told as some multiple of five that nine counts may stand behind, so of the difference seventeen may."""
    for left in range(1, 10):
        possible: set[tuple[int, ...]] = set()
        for before, came in product(range(100, 110), range(20, 30)):
            for chances in product((0.0, 0.99), repeat=3):
                told = [
                    rounded(n, chance) for n, chance in zip((before, came, before + came - left), chances, strict=True)
                ]
                possible.add(tuple(told))
        for shown in possible:
            others = {
                b + c - a
                for b in range(shown[0] - 4, shown[0] + 5)
                for c in range(shown[1] - 4, shown[1] + 5)
                for a in range(shown[2] - 4, shown[2] + 5)
            }
            assert min(others) <= 0 or max(others) >= K


def test_a_quantile_lies_in_its_span() -> None:
    spans = [(0.0, 5.0, 50), (5.0, 15.0, 30), (15.0, 30.0, 20)]
    assert quantile(spans, 0.5) == 5.0
    assert quantile(spans, 0.65) == pytest.approx(10.0)
    assert quantile(spans, 1.0) == 30.0
    assert quantile([], 0.5) is None
    assert quantile([(0.0, 10.0, 10), (5.0, 10.0, 10)], 0.75) == pytest.approx(25 / 3, abs=0.1)
