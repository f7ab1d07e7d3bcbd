"""Uses and a withdrawal at the same time: no use commits after the withdrawal has. Real transactions, two runtimes."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.changes import Changes
from app.db.unit_of_work import Database, Deciding
from app.domain.consents.purposes import ConsentPurpose
from app.domain.region.policy import RegionPolicy
from app.errors import AppError
from app.runtime import Runtime
from services.audit.commands import change_entry, record_change
from services.audit.queries import broken_chains, log_position
from services.consents import commands
from services.consents.errors import NoConsent
from services.consents.ground import ground_of, ground_part, require_ground
from services.consents.queries import consent_faults
from services.identity.wards import add_person
from tests.support.consenting import caller_of, consented, withdraw

LOCATION = ConsentPurpose.MIRROR_LOCATION


async def somebody(runtime: Runtime, region: RegionPolicy) -> UUID:
    async with runtime.database.writing(region) as uow:
        return await add_person(uow)


async def use(database: Database, region: RegionPolicy, person_id: UUID) -> None:
    async with database.writing(region) as uow:
        await require_ground(uow, person_id, LOCATION)
        await record_change(uow, person_id, "was_used")


async def use_decided(database: Database, region: RegionPolicy, person_id: UUID) -> None:
    async def command(uow: Deciding) -> None:
        position, part = log_position(person_id), ground_part(uow, person_id, LOCATION)
        found = await uow.gather(position, part)
        ground_of(uow, found[part], LOCATION)
        entry = change_entry(uow, person_id, "was_used")

        async def unexplained(_: str) -> AppError | None:
            return None

        uow.leave(Changes(people={person_id: found[position]}, entries=[entry]), unexplained)

    # With a caller, so that a command that was too late again and again has its turn.
    await database.decide(region, command, caller_of(person_id))


async def order(runtime: Runtime, region: RegionPolicy, person_id: UUID) -> list[str]:
    """The person's log: its links are numbered in the order of the commits."""
    async with runtime.database.reading(region) as uow:
        query = text("SELECT action FROM audit_entries WHERE person_id = :person ORDER BY seq")
        return list(await uow.session.scalars(query, {"person": person_id}))


@pytest.mark.parametrize("kind", [use, use_decided])
async def test_no_use_commits_after_a_withdrawal_has(
    runtime: Runtime, second: Runtime, region: RegionPolicy, kind: type
) -> None:
    for _ in range(4):
        person_id = await somebody(runtime, region)
        consent_id = await consented(runtime.database, region, person_id, LOCATION)
        refused = 0

        async def go_on(runtime: Runtime, person_id: UUID = person_id) -> None:
            nonlocal refused
            for _ in range(1000):
                try:
                    await kind(runtime.database, region, person_id)
                except NoConsent:
                    refused += 1
                    return

        async def end(person_id: UUID = person_id, consent_id: UUID = consent_id) -> None:
            for _ in range(1000):
                if len(await order(second, region, person_id)) >= 8:
                    break
            await withdraw(second.database, region, person_id, consent_id)

        await asyncio.gather(go_on(runtime), go_on(runtime), go_on(second), end())
        log = await order(runtime, region, person_id)
        assert refused == 3
        assert log[-1] == "consent_withdrawn"
        assert log.count("was_used") >= 7
    async with runtime.database.reading(region) as uow:
        assert await consent_faults(uow) == []
        assert await broken_chains(uow) == []


async def test_a_withdrawal_waits_for_the_use_that_came_first(
    runtime: Runtime, second: Runtime, region: RegionPolicy
) -> None:
    person_id = await somebody(runtime, region)
    consent_id = await consented(runtime.database, region, person_id, LOCATION)
    async with runtime.database.writing(region) as uow:
        await require_ground(uow, person_id, LOCATION)
        ending = asyncio.create_task(withdraw(second.database, region, person_id, consent_id))
        done, _ = await asyncio.wait([ending], timeout=0.3)
        assert not done
        await record_change(uow, person_id, "was_used")
    await ending
    assert (await order(runtime, region, person_id))[-2:] == ["was_used", "consent_withdrawn"]


async def test_a_use_waits_for_the_withdrawal_that_came_first_and_is_refused(
    runtime: Runtime, second: Runtime, region: RegionPolicy
) -> None:
    person_id = await somebody(runtime, region)
    consent_id = await consented(runtime.database, region, person_id, LOCATION)
    async with runtime.database.writing(region) as uow:
        await commands.withdraw(uow, caller_of(person_id), consent_id)
        using = asyncio.create_task(use(second.database, region, person_id))
        done, _ = await asyncio.wait([using], timeout=0.3)
        assert not done
    with pytest.raises(NoConsent):
        await using


async def test_twenty_who_give_at_once_make_one_consent(
    runtime: Runtime, second: Runtime, region: RegionPolicy
) -> None:
    person_id = await somebody(runtime, region)
    given = await asyncio.gather(
        *(consented(one.database, region, person_id, LOCATION) for one in (runtime, second) * 10)
    )
    assert len(set(given)) == 1
