"""The product that the machine drives: a region of its own, one point with two pools, a few people."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import text

from app.assembly import build_runtime
from app.doctor import examine
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.identity.caller import Caller, Role
from app.domain.points.plan import HoursException, Period, PointPlan
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from app.settings import Settings
from services.audit.commands import record_change
from services.bookings import commands, upkeep
from services.bookings.commands import Wanted
from services.bookings.queries import booking_at
from services.points.commands import add_points, change_plan, extend_calendars
from services.points.queries import plan_of
from services.visits.commands import undo
from tests.machine.model import CLOSES, OPENS, SERVICES, TICK
from tests.services.crowd import newcomers
from tests.support.clock import START, MovableClock
from tests.support.server import fresh_region, urls

# Its wall shows UTC all year, so that a place of the model needs no zone.
ZONE = "Africa/Abidjan"


def started(region: str, folder: Path) -> tuple[Runtime, MovableClock]:
    fresh_region(region)
    app_url, owner_url = urls()
    settings = Settings(
        database_url=app_url, owner_database_url=owner_url, data_dir=folder, regions=[region], calendar_days=4
    )
    clock = MovableClock()
    return build_runtime(settings, clock=clock), clock


@dataclass
class Office:
    runtime: Runtime
    clock: MovableClock
    point: UUID
    pools: dict[str, UUID]
    people: list[UUID]

    @property
    def region(self) -> RegionPolicy:
        return next(iter(self.runtime.regions.values()))

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def start(self, ahead: int, tick: int) -> datetime:
        """The beginning of a tick after the opening, so many days after the first."""
        return datetime.combine(START.date() + timedelta(days=ahead), time(OPENS), tzinfo=UTC) + tick * TICK

    async def hold(self, person: int, service: str, starts_at: datetime) -> Booked:
        return await self._decide(commands.hold, person, wanted=Wanted(service, service, self.point, starts_at))

    async def book(self, person: int, service: str, starts_at: datetime) -> Booked:
        return await self._decide(commands.book, person, wanted=Wanted(service, service, self.point, starts_at))

    async def confirm(self, person: int, hold: UUID) -> Booked:
        return await self._decide(commands.confirm, person, hold_id=hold)

    async def reschedule(self, person: int, booking: UUID, starts_at: datetime) -> Booked:
        return await self._decide(
            commands.reschedule, person, booking_id=booking, point_id=self.point, starts_at=starts_at
        )

    async def cancel(self, person: int, booking: UUID) -> Booked:
        return await self._decide(commands.cancel, person, booking_id=booking)

    async def _decide(self, command: Any, person: int, **wanted: Any) -> Booked:
        return await self.runtime.database.decide(
            self.region, partial(command, person_id=self.people[person], **wanted)
        )

    async def expire(self) -> int:
        async with self.runtime.database.writing(self.region) as uow:
            return await upkeep.expire_holds(uow)

    async def end_missed(self) -> int:
        async with self.runtime.database.writing(self.region) as uow:
            return await upkeep.end_missed(uow)

    async def arrive(self, booking_id: UUID) -> None:
        await self._at_the_desk(upkeep.arrive, booking_id, Purpose.VISIT_CHECK_IN, "arrived")

    async def complete(self, booking_id: UUID) -> None:
        await self._at_the_desk(upkeep.complete, booking_id, Purpose.VISIT_OUTCOME, "completed")

    async def undo(self, booking_id: UUID) -> bool:
        clerk = Caller(uuid4(), Role.CLERK, uuid4(), point_id=self.point)
        async with self.runtime.database.writing(self.region, clerk) as uow:
            booking = await booking_at(uow, booking_id, self.point, Purpose.VISIT_OUTCOME)
            assert booking is not None
            await undo(uow, clerk, booking_id, booking.version)
        return True

    async def _at_the_desk(self, change: Any, booking_id: UUID, purpose: Purpose, action: str) -> None:
        async with self.runtime.database.writing(self.region) as uow:
            booking = await booking_at(uow, booking_id, self.point, purpose)
            assert booking is not None
            await change(uow, booking)
            await record_change(uow, booking.person_id, action, booking=booking.id)

    async def change_plan(self, closed: set[date], counters: dict[str, int], confirmation: str | None) -> None:
        async with self.runtime.database.writing(self.region) as uow:
            present = (await plan_of(uow, self.point)).plan
            exceptions = tuple(HoursException(Period(day, day), (), {"en": "!", "ru": "!"}) for day in sorted(closed))
            pools = tuple(replace(pool, counters=counters[pool.code]) for pool in present.pools)
            plan = PointPlan(present.zone, present.week, present.open_on_holidays, exceptions, pools)
            await change_plan(uow, self.point, plan, version=present.digest, preview=False, confirmation=confirmation)

    async def faults(self) -> list[str]:
        return [fault for finding in await examine(self.runtime) for fault in finding.faults]

    async def places(self) -> dict[UUID, tuple[UUID, str, datetime, str]]:
        """What the database says of every visit: person, service, beginning, status."""
        async with self.runtime.database.reading(self.region) as uow:
            rows = await uow.session.execute(
                text("SELECT id, person_id, service, lower(during), status FROM bookings WHERE point_id = :point"),
                {"point": self.point},
            )
            return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}

    async def use(self) -> Counter[tuple[str, datetime]]:
        """Counters in use by pool and tick, as the ledger counts them; never more than it has open."""
        names = {pool_id: name for name, pool_id in self.pools.items()}
        async with self.runtime.database.reading(self.region) as uow:
            rows = await uow.session.execute(
                text("""
                    SELECT pool_id, starts_at, tick - 1, in_use, capacity[tick] FROM capacity_days,
                        unnest(used) WITH ORDINALITY AS u (in_use, tick)
                    WHERE pool_id = ANY (:pools) AND in_use > 0
                """),
                {"pools": list(names)},
            )
            found: Counter[tuple[str, datetime]] = Counter()
            for pool_id, starts_at, tick, in_use, capacity in rows:
                assert in_use <= capacity
                found[names[pool_id], starts_at + tick * TICK] = in_use
            return found


async def opened(runtime: Runtime, clock: MovableClock, people: int, counters: dict[str, int]) -> Office:
    """A new point and new people; what others left open has ended, and the calendar begins anew."""
    office = Office(runtime, clock, uuid4(), {pool: uuid4() for pool in counters}, [])
    clock.at = START + timedelta(days=30)
    await office.expire()
    await office.end_missed()
    clock.at = START
    office.people += await newcomers(runtime, people)
    region = office.region
    point: dict[str, Any] = {
        "id": office.point,
        "code": f"machine-{office.point.hex}",
        "kind": "medical",
        "name": {"en": "Machine", "ru": "Машина"},
        "municipality": {"en": "Test", "ru": "Тест"},
        "lat": 55.8,
        "lon": 49.1,
        "zone": str(ZoneInfo(ZONE)),
        "languages": ["ru"],
        "step_free": True,
        "hours": {str(weekday): [[f"{OPENS}:00", f"{CLOSES}:00"]] for weekday in range(7)},
        "open_on_holidays": True,
    }
    pools = [
        {"id": pool_id, "point_id": office.point, "code": pool, "counters": counters[pool]}
        for pool, pool_id in office.pools.items()
    ]
    offers = [
        {
            "point_id": office.point,
            "service": service.name,
            "pool_id": office.pools[service.pool],
            "minutes": service.ticks * 5,
            "every": service.every * 5,
        }
        for service in SERVICES.values()
    ]
    async with runtime.database.writing(region) as uow:
        await add_points(uow, [point], pools, offers)
        await extend_calendars(uow)
    return office


class World:
    """One loop and one region for many examples."""

    A_REGION_FOR = 25
    """Examples: what the doctor reads grows with each."""

    def __init__(self, make: Callable[[int], tuple[Runtime, MovableClock]]) -> None:
        self._make, self._made, self._used = make, 0, self.A_REGION_FOR
        self._parts: tuple[Runtime, MovableClock] | None = None
        self.runner = asyncio.Runner()

    def run(self, what: Awaitable[Any]) -> Any:
        async def do() -> Any:
            return await what

        return self.runner.run(do())

    def open(self, people: int, counters: dict[str, int]) -> Office:
        if self._used >= self.A_REGION_FOR or self._parts is None:
            self.close_region()
            self._made, self._used = self._made + 1, 0
            self._parts = self._make(self._made)
        self._used += 1
        office: Office = self.run(opened(*self._parts, people, counters))
        return office

    def close_region(self) -> None:
        if self._parts is not None:
            self.run(self._parts[0].close())
            self._parts = None

    def close(self) -> None:
        self.close_region()
        self.runner.close()
