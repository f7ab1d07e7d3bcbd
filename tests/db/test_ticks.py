"""The search for a free time and the change of a day's use, in SQL, against the domain's own."""

from dataclasses import dataclass

import pytest
from hypothesis import strategies as st

from app.domain.points.places import family_starts, free_starts, longest_free
from tests.db.ground import Ground, examples, rows_of

_SHAPE = "CAST(g.capacity AS smallint[]), CAST(g.used AS smallint[]), g.need, g.every, g.from_tick, g.opens"
_FIRST_FREE = f"""
    SELECT first_free_tick({_SHAPE})
    FROM unnest(
        CAST(:capacities AS text[]), CAST(:uses AS text[]), CAST(:needs AS integer[]), CAST(:grids AS integer[]),
        CAST(:since AS integer[]), CAST(:opens AS integer[])
    ) WITH ORDINALITY AS g (capacity, used, need, every, from_tick, opens, n) ORDER BY n
"""  # noqa: S608 — no value is in it

_FIRST_FAMILY = _FIRST_FREE.replace("first_free_tick", "first_family_tick").replace(
    "g.opens)", "g.opens, :people, :gap)"
)

_LONGEST = """
    SELECT longest_free_ticks(CAST(g.capacity AS smallint[]), CAST(g.used AS smallint[]), CAST(g.opens AS smallint))
    FROM unnest(CAST(:capacities AS text[]), CAST(:uses AS text[]), CAST(:opens AS integer[]))
        WITH ORDINALITY AS g (capacity, used, opens, n) ORDER BY n
"""

_CHANGED = """
    SELECT CAST(ticks_changed(CAST(g.used AS smallint[]), g.first_tick, g.ticks, g.change) AS integer[])
    FROM unnest(
        CAST(:uses AS text[]), CAST(:firsts AS integer[]), CAST(:ticks AS integer[]), CAST(:changes AS integer[])
    ) WITH ORDINALITY AS g (used, first_tick, ticks, change, n) ORDER BY n
"""


@dataclass(frozen=True, slots=True)
class Search:
    capacity: tuple[int, ...]
    used: tuple[int, ...]
    need: int
    every: int
    from_tick: int
    opens: int = 0

    def first(self) -> int | None:
        found = free_starts(self.capacity, self.used, self.need, self.every, self.from_tick, self.opens)
        return found[0][0] if found else None


@dataclass(frozen=True, slots=True)
class Change:
    used: tuple[int, ...]
    first_tick: int
    ticks: int
    change: int

    def result(self) -> list[int]:
        taken = range(self.first_tick, self.first_tick + self.ticks)
        return [use + self.change * (tick in taken) for tick, use in enumerate(self.used)]


def literal(items: tuple[int, ...]) -> str:
    return "{" + ",".join(map(str, items)) + "}"


# A tick is open with 0 to 3 counters; most ticks have one left, or places of several ticks would never be found.
_TICK = st.sampled_from([(0, 0), (1, 1), (2, 2), (1, 0), (2, 0), (2, 1), (3, 1), (3, 2)])
_DAYS = st.lists(_TICK, min_size=1, max_size=40)
# Days with room for a family.
_ROOMY = st.lists(st.sampled_from([(0, 0), (2, 0), (2, 1), (3, 0), (3, 1), (4, 0)]), min_size=1, max_size=40)


@st.composite
def searches(draw: st.DrawFn, days: st.SearchStrategy[list[tuple[int, int]]] = _DAYS) -> Search:
    ticks = draw(days)
    return Search(
        capacity=tuple(capacity for capacity, _ in ticks),
        used=tuple(used for _, used in ticks),
        need=draw(st.integers(1, 5)),
        every=draw(st.integers(1, 6)),
        from_tick=draw(st.integers(-50, 45)),
        opens=draw(st.integers(0, len(ticks))),
    )


@st.composite
def changes(draw: st.DrawFn) -> Change:
    used = tuple(used for _, used in draw(_DAYS))
    first = draw(st.integers(0, len(used) - 1))
    return Change(used, first, draw(st.integers(0, len(used) - first)), draw(st.integers(-3, 3)))


async def first_ticks(ground: Ground, asked: list[Search], query: str = _FIRST_FREE, **family: int) -> list[int | None]:
    rows = await rows_of(
        ground.app,
        query,
        **family,
        capacities=[literal(search.capacity) for search in asked],
        uses=[literal(search.used) for search in asked],
        needs=[search.need for search in asked],
        grids=[search.every for search in asked],
        since=[search.from_tick for search in asked],
        opens=[search.opens for search in asked],
    )
    return [row[0] for row in rows]


async def test_the_first_free_tick_is_the_first_of_the_domains_free_starts(ground: Ground) -> None:
    asked = examples(searches())
    found = await first_ticks(ground, asked)
    wrong = [(s, tick) for s, tick in zip(asked, found, strict=True) if tick != s.first()]
    assert min(wrong, key=lambda item: len(item[0].used), default=None) is None
    assert len({tick for tick in found if tick is not None}) > 4
    assert None in found


@pytest.mark.parametrize(("people", "gap"), [(1, 0), (2, 0), (2, 6), (3, 2), (4, 6)])
async def test_the_first_tick_of_a_family_is_the_domains(ground: Ground, people: int, gap: int) -> None:
    asked = examples(searches(_DAYS if people == 1 else _ROOMY), 400)
    found = await first_ticks(ground, asked, _FIRST_FAMILY, people=people, gap=gap)

    def first(s: Search) -> int | None:
        starts = (tick for tick, _ in free_starts(s.capacity, s.used, s.need, s.every, s.from_tick, s.opens))
        fitting = (t for t in starts if family_starts(s.capacity, s.used, s.need, s.every, people, t, s.opens, gap))
        return next(fitting, None)

    wrong = [(s, tick) for s, tick in zip(asked, found, strict=True) if tick != first(s)]
    assert min(wrong, key=lambda item: len(item[0].used), default=None) is None
    # What matters is that some did, not all at the same place, and some did not.
    assert len({tick for tick in found if tick is not None}) > 1
    assert None in found


async def test_the_first_free_tick_of_days_known_by_hand(ground: Ground) -> None:
    open_all_day = (1,) * 12
    taken_at_first = (1, 0, 0, 1) + (0,) * 8
    known = [
        (Search(open_all_day, (0,) * 12, 3, 1, 0), 0),
        (Search(open_all_day, (0,) * 12, 12, 1, 0), 0),
        (Search(open_all_day, (0,) * 12, 13, 1, 0), None),
        (Search(open_all_day, (0,) * 12, 3, 1, 9), 9),
        (Search(open_all_day, (0,) * 12, 3, 1, 10), None),
        (Search(open_all_day, (0,) * 12, 3, 1, -7), 0),
        (Search(open_all_day, (0,) * 12, 3, 4, 1), 4),
        (Search(open_all_day, taken_at_first, 2, 1, 0), 1),
        (Search(open_all_day, taken_at_first, 3, 1, 0), 4),
        (Search(open_all_day, taken_at_first, 2, 6, 0), 6),
        (Search(open_all_day, (1,) * 12, 1, 1, 0), None),
        (Search((0,) * 12, (0,) * 12, 1, 1, 0), None),
        (Search(open_all_day, (0,) * 12, 3, 4, 0, 2), 2),
        (Search(open_all_day, (0,) * 12, 3, 4, 3, 2), 6),
        (Search(open_all_day, (0,) * 12, 3, 4, 7, 2), None),
        (Search(open_all_day, taken_at_first, 2, 3, 0, 2), 5),
    ]
    assert await first_ticks(ground, [search for search, _ in known]) == [tick for _, tick in known]


async def longest_of(ground: Ground, asked: list[Search]) -> list[int]:
    rows = await rows_of(
        ground.app,
        _LONGEST,
        capacities=[literal(search.capacity) for search in asked],
        uses=[literal(search.used) for search in asked],
        opens=[search.opens for search in asked],
    )
    return [row[0] for row in rows]


async def test_the_longest_free_stretch_is_the_domains(ground: Ground) -> None:
    asked = examples(searches())
    found = await longest_of(ground, asked)
    wrong = [(s, n) for s, n in zip(asked, found, strict=True) if n != longest_free(s.capacity, s.used, s.opens)]
    assert min(wrong, key=lambda item: len(item[0].used), default=None) is None
    assert len(set(found)) > 4


async def test_a_day_is_skipped_only_if_the_search_would_find_nothing_in_it(ground: Ground) -> None:
    asked = examples(searches())
    firsts, longest = await first_ticks(ground, asked), await longest_of(ground, asked)
    assert [s for s, tick, n in zip(asked, firsts, longest, strict=True) if tick is not None and n < s.need] == []


async def test_ticks_changed_changes_the_places_own_ticks_and_no_other(ground: Ground) -> None:
    asked = examples(changes())
    rows = await rows_of(
        ground.app,
        _CHANGED,
        uses=[literal(change.used) for change in asked],
        firsts=[change.first_tick for change in asked],
        ticks=[change.ticks for change in asked],
        changes=[change.change for change in asked],
    )
    wrong = [(c, row[0]) for c, row in zip(asked, rows, strict=True) if row[0] != c.result()]
    assert min(wrong, key=lambda item: len(item[0].used), default=None) is None
    assert any(c.result() != list(c.used) for c in asked)
