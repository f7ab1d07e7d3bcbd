"""The picture of free places in memory is the ledger, as it is, whoever changed it and however long that took."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime

import pytest
import pytest_asyncio
from sqlalchemy import text

from app.domain.region.policy import RegionPolicy
from app.domain.routing.masks import bits_of, instant_of
from app.runtime import Runtime
from services.points.ledger import directory_with_offers
from services.points.queries import day_of
from services.routing.board import FORGOTTEN_AFTER, FRESH_FOR, Board
from tests.services.crowd import first_region
from tests.services.offices import workday
from tests.services.town_of_all_kinds import Town, make_town


@pytest.fixture
def board() -> Board:
    return Board()


@pytest_asyncio.fixture
async def town(runtime: Runtime) -> AsyncIterator[Town]:
    """Its places are taken by hand here, and given back afterwards."""
    made = await make_town(runtime)
    yield made
    free = text(
        "UPDATE capacity_days SET used = array_fill(0::smallint, ARRAY[cardinality(used)]) WHERE pool_id = :pool"
    )
    async with runtime.database.writing(first_region(runtime)) as uow:
        await uow.session.execute(free, {"pool": made.pools["exam"]})


async def seen(
    board: Board, runtime: Runtime, town: Town, days: list[date], *, fresh: bool = True
) -> Mapping[date, list[datetime]]:
    """Where an exam may begin, by the board."""
    async with runtime.database.reading(first_region(runtime)) as uow:
        directory, offers = await directory_with_offers(uow)
        offer = offers["exam"][town.points["exam"]]
        await board.look(uow, [offer.pool_id], fresh=fresh)
        found = board.openings(directory.version, "exam", [(0, offer)], days, 1)
    return {
        day: [instant_of(row.base + bit) for row in found.get(day, ()) for bit in bits_of(row.mask)] for day in days
    }


async def there(runtime: Runtime, town: Town, days: list[date]) -> Mapping[date, list[datetime]]:
    """The same, by the ledger."""
    async with runtime.database.reading(first_region(runtime)) as uow:
        return {day: [start.starts_at for start in await day_of(uow, town.points["exam"], "exam", day)] for day in days}


def three_days(runtime: Runtime, region: RegionPolicy) -> list[date]:
    today = region.day_of(runtime.database.clock.now())
    return [workday(today, ahead) for ahead in (7, 14, 21)]


async def take(runtime: Runtime, town: Town, day: date, first: int, last: int, by: int = 1) -> None:
    async with runtime.database.writing(first_region(runtime)) as uow:
        await uow.session.execute(
            _TAKE, {"pool": town.pools["exam"], "day": day, "first": first, "n": last - first, "by": by}
        )


_TAKE = text(
    "UPDATE capacity_days SET used = ticks_changed(used, :first, :n, :by) WHERE pool_id = :pool AND day = :day"
)


async def test_what_is_seen_is_what_is_there_whoever_changes_it(
    runtime: Runtime, second: Runtime, region: RegionPolicy, board: Board, town: Town
) -> None:
    days = three_days(runtime, region)
    assert await seen(board, runtime, town, days) == await there(runtime, town, days)
    assert all((await there(runtime, town, days)).values())
    await take(second, town, days[1], 9 * 12, 11 * 12)
    assert await seen(board, runtime, town, days) == await there(runtime, town, days)
    await take(second, town, days[1], 9 * 12, 10 * 12, -1)
    await take(second, town, days[2], 9 * 12, 13 * 12)
    assert await seen(board, runtime, town, days) == await there(runtime, town, days)


async def test_a_change_is_seen_however_long_its_transaction_took(
    runtime: Runtime, second: Runtime, region: RegionPolicy, board: Board, town: Town
) -> None:
    """It began before what was looked at, and is committed after: it must not be taken for something known."""
    days = three_days(runtime, region)
    before = await seen(board, runtime, town, days)
    values = {"pool": town.pools["exam"], "day": days[0], "first": 9 * 12, "n": 24, "by": 1}
    async with second.database.writing(region) as slow:
        await slow.session.execute(_TAKE, values)
        await take(runtime, town, days[1], 9 * 12, 11 * 12)  # a later transaction, committed first
        between = await seen(board, runtime, town, days)
        assert between[days[0]] == before[days[0]]
        assert between[days[1]] != before[days[1]]
        assert await seen(board, runtime, town, days) == between
    after = await seen(board, runtime, town, days)
    assert after == await there(runtime, town, days)
    assert after[days[0]] != before[days[0]]


async def test_a_picture_is_used_for_a_moment_unless_a_fresh_one_is_asked_for(
    runtime: Runtime, region: RegionPolicy, board: Board, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = three_days(runtime, region)
    now = [1000.0]
    monkeypatch.setattr("services.routing.board.time.monotonic", lambda: now[0])
    before = await seen(board, runtime, town, days, fresh=False)
    await take(runtime, town, days[0], 9 * 12, 11 * 12)
    assert await seen(board, runtime, town, days, fresh=False) == before
    now[0] += FRESH_FOR + 0.01
    after = await seen(board, runtime, town, days, fresh=False)
    assert after == await there(runtime, town, days)
    await take(runtime, town, days[0], 14 * 12, 16 * 12)
    assert await seen(board, runtime, town, days, fresh=True) == await there(runtime, town, days)
    # What nobody asked for is forgotten, and read whole when somebody does.
    now[0] += FORGOTTEN_AFTER * 2
    assert await seen(board, runtime, town, days, fresh=False) == await there(runtime, town, days)


async def test_a_plan_that_changes_changes_the_picture(
    runtime: Runtime, region: RegionPolicy, board: Board, town: Town
) -> None:
    """A day that is closed has no places, one that is made later has."""
    days = three_days(runtime, region)
    await seen(board, runtime, town, days)
    closed = text("UPDATE capacity_days SET capacity = used WHERE pool_id = :pool AND day = :day")
    async with runtime.database.writing(region) as uow:
        await uow.session.execute(closed, {"pool": town.pools["exam"], "day": days[0]})
    found = await seen(board, runtime, town, days)
    assert found[days[0]] == []
    assert found == await there(runtime, town, days)
