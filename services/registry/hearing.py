"""Who read at the registry what was mirrored: each use stands in the log of whom it is of, as uses here do."""

from collections.abc import Sequence

from app.db.bulk import gather_within
from app.db.unit_of_work import Database, Writing
from app.domain.region.policy import RegionPolicy
from app.domain.registry.mirror import ReadThere
from app.ports import Registry
from services.audit.commands import UseElsewhere, record_uses_elsewhere
from services.identity.parts import merged_part
from services.registry import repository
from services.registry.acknowledging import SYSTEM


class Listener:
    """Asks the registry for uses until there are no more. Any number of workers may: each use is written once, by its
    name there, in whatever order and however often it is told.
    """

    def __init__(self, database: Database, region: RegionPolicy, registry: Registry) -> None:
        self._database, self._region, self._registry = database, region, registry
        self._done: list[int] = []

    async def hear(self) -> int:
        """How many were new. DeliveryError when the registry does not answer."""
        count = 0
        while found := await self._registry.uses(self._done):
            async with self._database.writing(self._region) as uow:
                count += await write_uses(uow, found)
            # The registry is told only now: whatever happens before, it tells of them again.
            self._done = [one.number for one in found]
        self._done = []
        return count


async def write_uses(uow: Writing, found: Sequence[ReadThere]) -> int:
    """Writes those that are new to the logs of whom they are of. Of whom nothing was ever mirrored, nobody is told."""
    new = await repository.add_reads(uow, {one.id for one in found})
    people = await repository.people_of(uow, {one.subject for one in found})
    part = merged_part(people.values())
    became = (await gather_within(uow, part))[part]
    uses = {
        one.id: UseElsewhere(
            person_id=became.get(people[one.subject], people[one.subject]),
            at=one.at,
            purpose=one.purpose,
            ground=one.ground,
            receiver=one.reader,
            system=SYSTEM,
            subject={"use": str(one.id), "kinds": " ".join(one.kinds)[:200]},
        )
        for one in found
        if one.id in new and one.subject in people
    }
    await record_uses_elsewhere(uow, list(uses.values()))
    return len(uses)
