"""Look-ups are counted in the database: by account, and by agency, so that several accounts do not take turns."""

from datetime import timedelta
from uuid import UUID, uuid4

from app.db.unit_of_work import Writing
from app.domain.exchange.limits import AlarmKind, Limits, Made, alarm_at
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.exchange.uses import repository
from tests.support.clock import MovableClock

HOUR = timedelta(hours=1)


async def looked(uow: Writing, agency: UUID, account: UUID, outcome: str, times: int, way: str = "search") -> None:
    code = "outside_agreement" if outcome == "refused" else None
    values = {"way": way, "account_id": account, "agency_id": agency, "outcome": outcome, "code": code}
    for _ in range(times):
        await repository.add(uow, values | {"people": 1 if outcome == "answered" else 0})


async def test_misses_of_all_accounts_of_an_agency_are_counted_together(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    agency, one, other = uuid4(), uuid4(), uuid4()
    async with runtime.database.writing(region) as uow:
        await looked(uow, agency, one, "nothing", 3)
        await looked(uow, agency, one, "answered", 2)
        await looked(uow, agency, one, "refused", 4)
        await looked(uow, agency, other, "nothing", 5)
        await looked(uow, agency, other, "nothing", 1, "request")
        await looked(uow, uuid4(), uuid4(), "nothing", 9)
    async with runtime.database.reading(region) as reading:
        made = await repository.made_since(reading, one, agency, reading.now - HOUR)
        assert made == Made(looked_up=5, misses=3, refused=4, agency_misses=8)
        assert alarm_at(made, Limits(agency_misses=8)) is AlarmKind.MISSES
    clock.move(minutes=61)
    async with runtime.database.reading(region) as reading:
        assert await repository.made_since(reading, one, agency, reading.now - HOUR) == Made(0, 0, 0, 0)


async def test_one_alarm_of_an_account_is_open_and_settling_it_begins_the_count_anew(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    agency, account = uuid4(), uuid4()
    async with runtime.database.writing(region) as uow:
        await looked(uow, agency, account, "nothing", 2)
        for kind in (AlarmKind.MISSES, AlarmKind.MANY):
            await repository.raise_alarm(uow, kind, account, agency)
    clock.move(minutes=1)
    async with runtime.database.writing(region) as uow:
        [alarm] = [each for each in await repository.alarms(uow, 100) if each.account_id == account]
        assert alarm.kind == AlarmKind.MISSES
        assert await repository.settle_alarm(uow, alarm.id, uuid4())
        assert not await repository.settle_alarm(uow, alarm.id, uuid4())
        assert not await repository.has_open_alarm(uow, account)
        assert await repository.made_since(uow, account, agency, uow.now - HOUR) == Made(0, 0, 0, 0)
        await repository.raise_alarm(uow, AlarmKind.MANY, account, agency)
        assert await repository.has_open_alarm(uow, account)
