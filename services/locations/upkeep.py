"""What becomes of where people were: months that come and go, consents that end. Any number of workers may call it."""

from uuid import UUID

from app.db.bulk import gather_within
from app.db.locks import lock_person
from app.db.unit_of_work import Database, Writing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.locations.months import months
from app.domain.locations.precision import MOST_DAYS, Choices
from app.domain.region.policy import RegionPolicy
from services.consents.ground import given_part
from services.consents.ledger import CONSENTS_CHANGED
from services.locations import repository
from services.locations.commands import RECORDED
from services.outbox.commands import Handler, Payload


async def forget_old_locations(uow: Writing) -> None:
    """Once an hour: months are made ahead, and what nobody wants kept any longer goes, by whole months where it can."""
    first, last = months(uow.now, Choices(keep_days=MOST_DAYS).keep)
    await repository.keep_months(uow, first.date(), last.date())
    await repository.drop_of_merged(uow)
    await repository.drop_old(uow)


async def forget_without_ground(uow: Writing, person_id: UUID) -> int:
    """Deletes what no living consent is for: all, or what was taken before it was given. How many samples."""
    await lock_person(uow, person_id, gone_too=True)
    given = given_part(uow, person_id, ConsentPurpose.MIRROR_LOCATION)
    since = (await gather_within(uow, given))[given]
    deleted = await repository.drop_before(uow, person_id, since)
    await repository.forget_latest(uow, person_id, since)
    return deleted


def location_handlers(database: Database, region: RegionPolicy) -> dict[str, Handler]:
    """What carries out that a consent has ended. Told twice, it finds nothing the second time."""

    async def changed(payload: Payload) -> None:
        if payload["purpose"] == ConsentPurpose.MIRROR_LOCATION:
            async with database.writing(region) as uow:
                await forget_without_ground(uow, UUID(payload["person_id"]))

    async def recorded(_: Payload) -> None:
        """`registry` takes it up; where there is none, there is nothing to do."""

    return {CONSENTS_CHANGED: changed, RECORDED: recorded}
