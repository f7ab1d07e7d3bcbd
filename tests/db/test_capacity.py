"""The ledger's guard through SQL, against an oracle: what it refuses is refused by the table too."""

from collections.abc import Sequence
from uuid import UUID

import pytest
import pytest_asyncio
from hypothesis import strategies as st

from tests.db.ground import CHECK, Ground, add_pool, examples, refusal, rows_of, run

Array = list[int | None]

_HOLDS = """
    SELECT capacity_holds(CAST(c AS smallint[]), CAST(u AS smallint[]))
    FROM unnest(CAST(:capacities AS text[]), CAST(:uses AS text[])) WITH ORDINALITY AS given (c, u, n) ORDER BY n
"""


def literal(array: Sequence[int | None] | None) -> str | None:
    if array is None:
        return None
    return "{" + ",".join("NULL" if item is None else str(item) for item in array) + "}"


def holds(capacity: Array | None, used: Array | None) -> bool:
    """The oracle, for arrays of one dimension that begin at 1."""
    if not capacity or not used or len(capacity) != len(used):
        return False
    return all(c is not None and u is not None and 0 <= u <= c for c, u in zip(capacity, used, strict=True))


async def answers(ground: Ground, pairs: Sequence[tuple[str | None, str | None]]) -> list[bool | None]:
    capacities, uses = [list(side) for side in zip(*pairs, strict=True)]
    return [row[0] for row in await rows_of(ground.app, _HOLDS, capacities=capacities, uses=uses)]


TABLE: list[tuple[str | None, str | None, bool]] = [
    ("{2,2,2}", "{0,1,2}", True),
    ("{0}", "{0}", True),
    ("{32767}", "{32767}", True),
    (None, "{0}", False),
    ("{2}", None, False),
    (None, None, False),
    ("{}", "{}", False),
    ("{2}", "{}", False),
    ("{NULL}", "{0}", False),
    ("{2}", "{NULL}", False),
    ("{NULL}", "{NULL}", False),
    ("{2,2}", "{1}", False),
    ("{2}", "{1,0}", False),
    ("{2,2}", "{1,NULL}", False),
    ("{2,2}", "{3,0}", False),
    ("{2,2}", "{0,3}", False),
    ("{2,2}", "{-1,0}", False),
    ("{-1}", "{-1}", False),
    ("{-1}", "{0}", False),
    ("{{2,2},{2,2}}", "{{1,1},{1,1}}", False),
    ("{2,2,2,2}", "{{1,1},{1,1}}", False),
    ("{{2,2}}", "{1,1}", False),
    ("[0:1]={2,2}", "[0:1]={1,1}", False),
    ("{2,2}", "[0:1]={1,1}", False),
    ("[0:1]={2,2}", "{1,1}", False),
    ("{2,2}", "[2:3]={1,1}", False),
    ("[-1:0]={2,2}", "[-1:0]={1,1}", False),
    ("[1:2]={2,2}", "[1:2]={1,1}", True),
]


async def test_capacity_holds_answers_the_table_and_never_null(ground: Ground) -> None:
    answered = await answers(ground, [(capacity, used) for capacity, used, _ in TABLE])
    wrong = [row for row, answer in zip(TABLE, answered, strict=True) if answer is not row[2]]
    assert wrong == []


async def test_capacity_holds_is_the_oracle_on_any_arrays(ground: Ground) -> None:
    element = st.none() | st.integers(-1, 4)
    anything = st.none() | st.lists(element, max_size=6)
    # Free lists rarely hold: the other half is drawn tick by tick, mostly within capacity.
    tick = st.integers(0, 3).flatmap(lambda c: st.tuples(st.just(c), st.integers(0, c) | st.integers(-1, 4)))
    paired = st.lists(tick, max_size=5).map(lambda t: ([c for c, _ in t], [u for _, u in t]))
    drawn: list[tuple[Array | None, Array | None]] = examples(st.one_of(st.tuples(anything, anything), paired))
    answered = await answers(ground, [(literal(c), literal(u)) for c, u in drawn])
    wrong = [(pair, answer) for pair, answer in zip(drawn, answered, strict=True) if answer is not holds(*pair)]
    assert min(wrong, key=lambda item: len(str(item)), default=None) is None
    assert sum(map(bool, answered)) > len(drawn) // 20, "hardly an example held: the strategy proves little"
    assert sum(not answer for answer in answered) > len(drawn) // 20


@pytest_asyncio.fixture
async def pool(ground: Ground) -> UUID:
    """A pool with one day of four ticks: two counters open in three of them, one taken in the first."""
    _, pool = await add_pool(ground.app)
    await run(
        ground.app,
        """INSERT INTO capacity_days (pool_id, day, starts_at, capacity, used)
           VALUES (:pool, '2026-09-01', '2026-09-01 06:00+00', '{2,2,2,0}', '{1,0,0,0}')""",
        pool=pool,
    )
    return pool


async def used_of(ground: Ground, pool: UUID) -> str:
    query = "SELECT CAST(used AS text) FROM capacity_days WHERE pool_id = :pool"
    return str((await rows_of(ground.app, query, pool=pool))[0][0])


@pytest.mark.parametrize(
    "change",
    [
        "used[5] = 0",
        "used[6] = 1",
        "used[0] = 0",
        "used[-1] = 0",
        "used[2] = NULL",
        "used[1] = 3",
        "used[4] = 1",
        "used[2] = -1",
        "used = '{}'",
        "used = '{{1,0},{0,0}}'",
        "used = '{1,0,0}'",
        "used = '[0:3]={1,0,0,0}'",
        "capacity[1] = 0",
        "capacity[1] = NULL",
        "capacity = '{2,2,2}'",
        "capacity = '{}', used = '{}'",
        "capacity = '[0:3]={2,2,2,0}', used = '[0:3]={1,0,0,0}'",
        "used = ticks_changed(used, 2, 2, 1)",
        "used = ticks_changed(used, 3, 2, 0)",
        "used = ticks_changed(used, -1, 1, 1)",
        "used = ticks_changed(used, 0, 1, 2)",
        "used = ticks_changed(used, 1, 1, -1)",
    ],
)
async def test_the_table_refuses_an_update(ground: Ground, pool: UUID, change: str) -> None:
    update = f"UPDATE capacity_days SET {change} WHERE pool_id = :pool"  # noqa: S608 — from the list above
    refused = await refusal(ground.app, update, pool=pool)
    assert refused == (CHECK, "ck_capacity_days_within_capacity")
    assert await used_of(ground, pool) == "{1,0,0,0}"


async def test_the_table_lets_the_last_place_be_taken(ground: Ground, pool: UUID) -> None:
    await run(
        ground.app,
        "UPDATE capacity_days SET used = ticks_changed(used, 0, 3, 1) WHERE pool_id = :pool",
        pool=pool,
    )
    assert await used_of(ground, pool) == "{2,1,1,0}"
