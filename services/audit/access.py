"""The one gate that every read of personal data passes."""

from collections.abc import Collection
from uuid import UUID

from app.db.bulk import gather_within
from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.errors import NotAllowed
from services.audit import repository
from services.audit.commands import Transfer, record_transfers, record_use, record_uses


async def account_for(uow: Reading, person_id: UUID, purpose: Purpose) -> None:
    """Writes the entry that a purpose asks for, in the transaction of the read: one for each use, however many rows.

    An `own_*` purpose is for the person and who acts for them: NotAllowed if somebody else is calling. Any other
    purpose needs a writing unit of work, since a read that cannot be logged must not happen: TypeError otherwise.
    """
    if not purpose.logged:
        if uow.caller is not None and person_id != uow.caller.person_id and person_id not in uow.acts_for:
            raise NotAllowed
        return
    if not isinstance(uow, Writing):
        raise TypeError(f"{purpose} is logged: read it in a writing unit of work")
    if (person_id, purpose) not in uow.accounted:
        uow.accounted.add((person_id, purpose))
        await record_use(uow, person_id, purpose)


async def account_as(uow: Writing, transfer: Transfer, purpose: Purpose) -> None:
    """For data that leave: writes the entry that names who gets them, which stands for the reads that follow."""
    uow.accounted.add((transfer.person_id, purpose))
    await record_transfers(uow, [transfer])


def allow_counting(uow: Reading, purpose: Purpose) -> None:
    """The gate of reads that only count: for the worker's statistics, of which nobody's log tells. NotAllowed for
    anybody who calls, and for any other purpose.
    """
    if uow.caller is not None or purpose is not Purpose.STATISTICS:
        raise NotAllowed


def told_part(uow: Writing, people: Collection[UUID], purpose: Purpose) -> Part[set[UUID]]:
    """Whose logs tell of this look already, by an entry of the caller's that stands for some time."""
    reader = uow.caller.account_id if uow.caller else None
    return repository.told_part(people, purpose.value, reader, uow.now - purpose.told_for)


async def recall_uses(uow: Writing, people: Collection[UUID], purpose: Purpose) -> None:
    """Finds them, so that nothing is added to them. A statement of the session must have come before."""
    told = told_part(uow, people, purpose)
    uow.accounted.update((person_id, purpose) for person_id in (await gather_within(uow, told))[told])


async def account_for_all(uow: Writing, people: Collection[UUID], purpose: Purpose, told: Collection[UUID]) -> None:
    """Before many are looked at for a purpose that others have: the entries of those whose log does not tell of it yet,
    in one statement; `told`: whose does. `account_for` adds nothing to them then.
    """
    missing = [person_id for person_id in people if person_id not in told]
    await record_uses(uow, missing, purpose)
    uow.accounted.update((person_id, purpose) for person_id in people)
