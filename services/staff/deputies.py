"""Who stands in for whom. It opens nothing to a deputy: it tells that the two are not two people to each other."""

from datetime import datetime
from uuid import UUID

from app.db.locks import take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.identity.caller import Caller
from app.domain.identity.four_eyes import Deputy, may_pass
from app.domain.identity.staff import StaffAction
from app.errors import InvalidInput, NotFound
from services.identity.devices import require_signed_in
from services.staff import repository
from services.staff.errors import SecondPersonNeeded

_TURN = "deputies"


async def name_deputy(uow: Writing, caller: Caller, account_id: UUID, deputy_id: UUID) -> None:
    """Once named, named already. NotFound unless both work in one role; InvalidInput for oneself."""
    await require_signed_in(uow, caller)
    if account_id == deputy_id:
        raise InvalidInput(field="deputy_id")
    await take_turn(uow, _TURN)
    roles = {await repository.role_of(uow, each) for each in (account_id, deputy_id)}
    if None in roles or len(roles) > 1:
        raise NotFound
    if await repository.add_deputy(uow, account_id, deputy_id, caller.account_id):
        await repository.note(uow, deputy_id, StaffAction.DEPUTY_NAMED, caller.account_id)


async def end_deputy(uow: Writing, caller: Caller, account_id: UUID, deputy_id: UUID) -> None:
    """From now on. What was asked until now is passed by neither all the same. NotFound if there was none.

    A third person ends it: of the two, one alone could else be two a moment before they ask. SecondPersonNeeded.
    """
    await require_signed_in(uow, caller)
    if caller.account_id in {account_id, deputy_id}:
        raise SecondPersonNeeded
    await take_turn(uow, _TURN)
    if not await repository.end_deputy(uow, account_id, deputy_id):
        raise NotFound
    await repository.note(uow, deputy_id, StaffAction.DEPUTY_ENDED, caller.account_id)


async def deputies(uow: Reading, account_id: UUID) -> list[Deputy]:
    """Who stands or stood in for the account, and for whom it does or did; the newest first."""
    rows = await repository.deputies_of(uow, account_id)
    return [Deputy(row.account_id, row.deputy_id, row.since, row.until) for row in rows]


async def may_be_second(uow: Writing, asked_by: UUID, asked_at: datetime, second: UUID) -> bool:
    """Whether `second` may pass what was asked; it stays so until this transaction is over."""
    await take_turn(uow, _TURN)
    return may_pass(asked_by, asked_at, second, await deputies(uow, asked_by), uow.now)
