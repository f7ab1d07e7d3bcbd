"""What has become of events at the registry. Only what was *applied* counts as mirrored."""

from collections.abc import Sequence

from app.db.changes import Row
from app.db.unit_of_work import Database, Reading, Writing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.region.policy import RegionPolicy
from app.domain.registry.mirror import ACKNOWLEDGED_WITHIN
from app.ports import Acknowledged, Registry
from app.wire.bodies import Act
from services.audit.commands import Transfer, record_change, record_transfers, transfer_entry
from services.registry import dying, repository
from services.registry.letters import repository as letters
from services.registry.repository import Settled
from services.registry.rows import Line

WAIT_SECONDS = 3.0
_MOST_TOLD = 5000
SYSTEM = "regional_registry"
"""Into which data are passed on, as the person's log names it."""


Told = list[int]
"""Numbers of acknowledgements that are written here, of which the registry has yet to be told so."""


class Collector:
    """Asks the registry again and again what has become of events. Any number of workers may: each answer is taken
    into account once, however often it comes.
    """

    def __init__(self, database: Database, region: RegionPolicy, registry: Registry, told: Told) -> None:
        self._database, self._region, self._registry, self._told = database, region, registry, told

    async def collect(self, *, wait: float = WAIT_SECONDS) -> int:
        """One round; how many were told. DeliveryError when the registry does not answer."""
        told = self._told[:_MOST_TOLD]
        found = await self._registry.collect(told, wait=wait)
        del self._told[: len(told)]
        if found:
            async with self._database.writing(self._region) as uow:
                await repository.lock_all(uow, [], [one.event_id for one in found])
                await take_into_account(uow, found)
        self._told += [one.number for one in found]
        return len(found)

    async def drain(self) -> int:
        """All that there is now, and tells the registry that we have it."""
        count = 0
        while (found := await self.collect(wait=0)) or self._told:
            count += found
        return count


async def take_into_account(uow: Writing, found: Sequence[Acknowledged]) -> None:
    """Writes what was applied and tells each person's log of it, looks after what was rejected and after receipts. One
    transaction, in which the sequences are locked already. The log comes last, as wherever something is mirrored.
    """
    if not found:
        return
    rejected = [one for one in found if not one.applied]
    # Read before it is written: a rejected event's content goes to its dead letter.
    lost = {one.event_id: await repository.line_of(uow, one.event_id) for one in rejected}
    settled = {one.event_id: one for one in await repository.settle(uow, found)}
    passed = [_transfer(uow, one) for one in settled.values() if one.passed_on]
    for one in rejected:
        line = lost[one.event_id]
        if one.event_id in settled and line is not None:
            await dying.keep_rejected(uow, line, one.reason or "unknown")
    await check_others(uow, [one for one in found if one.event_id not in settled])
    erased = [await letters.set_receipt(uow, one.event_id, one.receipt) for one in found if one.receipt and one.applied]
    await record_transfers(uow, passed)
    for erasure in sorted(filter(None, erased), key=lambda one: one.person_id):
        await record_change(uow, erasure.person_id, "mirror_erased", consent=erasure.consent_id)


def _transfer(uow: Reading, one: Settled | Line) -> Transfer:
    """To whom: as the consent names it."""
    receiver = uow.region.consents.terms[ConsentPurpose(one.purpose)].recipients[0]
    return Transfer(one.person_id, one.purpose, one.ground, receiver=receiver, system=SYSTEM)


def passed_on(uow: Reading, applied: Sequence[Line]) -> list[Row]:
    """The entries of the log of those of these by which data have gone, by person, each with its `event`."""
    gone = sorted((line for line in applied if line.act is Act.PUT), key=lambda line: (line.person_id, line.seq))
    return [transfer_entry(uow, _transfer(uow, line)) | {"event": str(line.id)} for line in gone]


async def check_others(uow: Writing, found: Sequence[Acknowledged]) -> None:
    """Acknowledgements that changed nothing: known already, or of something that we never said."""
    for one in found:
        line = await repository.line_of(uow, one.event_id)
        if line is not None and line.digest != one.digest:
            await dying.raise_alarm(uow, "acknowledged_otherwise", one.event_id)


async def send_again_what_is_silent(uow: Writing) -> int:
    """What was received long ago and not acknowledged is sent again: the registry tells once more what became of it."""
    before = uow.now - ACKNOWLEDGED_WITHIN
    people = await repository.silent(uow, before)
    if people:
        await repository.lock_all(uow, people, [])
        await repository.send_silent_again(uow, people, before)
        await repository.make_due(uow, people)
    return len(people)
