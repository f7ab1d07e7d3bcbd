"""Where a person was, for themselves; and its end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.locations.samples import instant
from app.models.locations import LocationBatch, LocationPerson
from app.ports import ErasedError
from services.audit.access import account_for
from services.locations.cells import name_of
from services.locations.sealing import open_batch

TABLES = ("location_people", "location_batches")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    """A row a sample, in the order in which they were taken."""
    await account_for(uow, person_id, purpose)
    samples = []
    for batch in await rows_of(uow, LocationBatch.person_id, [person_id]):
        try:
            samples += await open_batch(uow, person_id, batch["sealed"])
        except ErasedError:
            continue
    shown = [
        {
            "at": instant(one.at),
            "lat": one.lat,
            "lon": one.lon,
            "cell": None if one.cell is None else name_of(one.cell),
            "accuracy": one.accuracy,
            "source": one.source.value,
        }
        for one in sorted(samples, key=lambda one: one.at)
    ]
    return {
        "location_people": await rows_of(uow, LocationPerson.person_id, [person_id]),
        "location_batches": shown,
    }


async def erase(uow: Writing, person_id: UUID) -> None:
    await delete_rows(uow, LocationBatch.person_id, [person_id])
    await delete_rows(uow, LocationPerson.person_id, [person_id])
