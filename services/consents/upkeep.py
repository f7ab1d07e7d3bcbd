"""What ends consents without the person's word: time, and who the person turns out to be."""

from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.consents import consent as rules
from app.domain.consents.consent import Reason, Standing
from app.domain.consents.status import LIVE, ConsentStatus
from services.consents import ledger, repository
from services.consents.commands import end, settle

_AT_ONCE = 100
_OPEN = {*LIVE, ConsentStatus.REQUESTED}


async def expire(uow: Writing) -> int:
    """Writes down what has come to its end, of so many people at once; how many consents. Any worker may call it."""
    ended = 0
    for person_id in sorted(set(await repository.due(uow, _AT_ONCE))):
        await lock_person(uow, person_id, gone_too=True)  # of who has gone since they were found nothing stands open
        for event in await repository.newest(uow, person_id):
            ended += await settle(uow, event)
    return ended


async def has_open(uow: Reading, person_id: UUID) -> bool:
    """Whether there is anything to end, or to answer."""
    return any(event.status in _OPEN for event in await repository.newest(uow, person_id))


async def suit(uow: Writing, person_id: UUID, standing: Standing) -> None:
    """For `profiles`, when it learns more of who somebody is: what may not stand any more ends in the same moment."""
    for event in await repository.newest(uow, person_id):
        reason = rules.fault_of(ledger.read(event), standing) if event.status in _OPEN else None
        if reason is not None:
            await end(uow, event, reason)


async def end_all(uow: Writing, person_id: UUID, reason: Reason) -> None:
    """For who holds the person's lock: what stands, and what was asked and not answered. After a merge it is asked for
    anew of who they are.
    """
    for event in await repository.newest(uow, person_id):
        if event.status in _OPEN:
            await end(uow, event, reason)
