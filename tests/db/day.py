from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from tests.db.ground import Ground, add_person, add_pool, refusal, run

_OPENS = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
_INSERT = """
    INSERT INTO bookings (id, person_id, step, service, point_id, pool_id, day, first_tick, ticks, during, status,
        held_until, created_at, changed_at)
    VALUES (gen_random_uuid(), :person, :step, 'medical', :point, :pool, '2026-09-01', :first, :ticks,
        CAST(:during AS text)::tstzrange, CAST(:status AS text),
        CASE WHEN CAST(:status AS text) = 'held' THEN now() END, now(), now())
"""
_TAKE = "UPDATE capacity_days SET used = ticks_changed(used, :first, :ticks, :change) WHERE pool_id = :pool"


class Day:
    """A pool's day of 24 ticks from 06:00 UTC with two counters, and who books in it."""

    def __init__(self, ground: Ground, point: UUID, pool: UUID, person: UUID) -> None:
        self.ground, self.point, self.pool, self.person = ground, point, pool, person

    def row(
        self,
        first: int,
        ticks: int = 6,
        *,
        status: str = "confirmed",
        person: UUID | None = None,
        during: str | None = None,
    ) -> dict[str, object]:
        """A booking's values: each has a step of its own, so that only its time can be in the way."""
        begins = _OPENS + first * timedelta(minutes=5)
        ends = begins + ticks * timedelta(minutes=5)
        return {
            "person": person or self.person,
            "step": uuid4().hex,
            "point": self.point,
            "pool": self.pool,
            "first": first,
            "ticks": ticks,
            "during": during or f"[{begins.isoformat()},{ends.isoformat()})",
            "status": status,
        }

    async def book(self, first: int, ticks: int = 6, *, status: str = "confirmed", person: UUID | None = None) -> None:
        await run(self.ground.app, _INSERT, **self.row(first, ticks, status=status, person=person))

    async def refusal(self, first: int, ticks: int = 6, *, during: str | None = None) -> tuple[str, str | None]:
        return await refusal(self.ground.app, _INSERT, **self.row(first, ticks, during=during))

    def fault(self, *, used: int, taken: int) -> str:
        """The doctor's words for a ledger that is not the sum of its bookings."""
        return f"pool {self.pool}, 2026-09-01: the ledger counts {used} ticks where bookings take {taken}"

    async def take(self, first: int, ticks: int, change: int) -> None:
        await run(self.ground.app, _TAKE, first=first, ticks=ticks, change=change, pool=self.pool)


async def new_day(ground: Ground) -> Day:
    point, pool = await add_pool(ground.app)
    await run(
        ground.app,
        """INSERT INTO capacity_days (pool_id, day, starts_at, capacity, used)
           VALUES (:pool, '2026-09-01', :opens, array_fill(2::smallint, ARRAY[24]), array_fill(0::smallint, ARRAY[24]))
        """,
        pool=pool,
        opens=_OPENS,
    )
    return Day(ground, point, pool, await add_person(ground.app))
