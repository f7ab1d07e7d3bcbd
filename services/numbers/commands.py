"""Changing the number of an account: at once by both numbers, or by the phone alone after days in which it can stop.

Whoever holds only a stolen SIM can do neither: it takes the key of a phone that is not new to the account.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.db.unit_of_work import Writing
from app.domain.identity.caller import Caller
from app.domain.identity.terms import NUMBER_CHANGE_WAITS
from app.errors import NotFound, TryAgain
from app.models.identity import Account, NumberChange
from services.audit.commands import record_change
from services.identity.accounts import account_of, lock_owner, number_of, put_number, refuse_taken, seal_number
from services.identity.codes import CodeUse, Sent, send_code, take_indexes, take_numbers, use_up, verify_code
from services.identity.device_keys import proves
from services.identity.devices import require_signed_in, trusted_device
from services.identity.errors import NumberTaken, ProofRefused
from services.identity.phones import e164
from services.numbers import repository
from services.numbers.notices import Notice, tell


@dataclass(frozen=True, slots=True)
class Wanted:
    """The new number with the code that came to it, and the one that came to the old number, if that is still held.

    `proof`: a token (ES256) signed by the phone's key with `iat` and `num`, the new number's SHA-256 in base64url.
    """

    phone: str
    code: str
    old_code: str | None
    proof: str


async def ask_codes(uow: Writing, caller: Caller, phone: str, language: str, address: str, *, old_too: bool) -> Sent:
    """A code to the new number, and one to the number the account has. DeviceTooNew, TooSoon, InvalidPhone."""
    number = e164(phone)
    await trusted_device(uow, caller)
    account = await account_of(uow, caller.account_id)
    old = await number_of(uow, account) if old_too else None
    await take_numbers(uow, number, *filter(None, [old]))
    sent = await send_code(uow, number, language, address, CodeUse.NUMBER_CHANGE)
    if old is not None and old != number:
        await send_code(uow, old, language, address, CodeUse.NUMBER_CHANGE)
    return sent


async def change(uow: Writing, caller: Caller, wanted: Wanted, language: str, address: str) -> datetime | None:
    """Changes the number at once (None), or says when it will change if nobody stops it.

    ProofRefused, DeviceTooNew; WrongCode, after which the try is counted; NumberTaken.
    """
    number = e164(wanted.phone)
    before = await account_of(uow, caller.account_id)
    old, old_index = await number_of(uow, before), before.phone_index
    indexes = await take_numbers(uow, number, *filter(None, [old]))
    account = await lock_owner(uow, caller.account_id, caller.person_id)
    if account.phone_index != old_index:
        raise TryAgain(retry_after=1)
    device = await trusted_device(uow, caller)
    if not proves(wanted.proof, device.public_jwk, number, uow.now, "num"):
        raise ProofRefused
    await verify_code(uow, indexes[number], wanted.code, address, CodeUse.NUMBER_CHANGE)
    at_once = old is not None and wanted.old_code is not None
    if old is not None and wanted.old_code is not None:
        await verify_code(uow, indexes[old], wanted.old_code, address, CodeUse.NUMBER_CHANGE)
        await use_up(uow, indexes[old])
    await use_up(uow, indexes[number])
    await refuse_taken(uow, account, indexes[number])
    sealed = await seal_number(uow, account, number)
    if at_once:
        await put_number(uow, account, indexes[number], sealed)
        await repository.drop_change(uow, account.id)
        await _record(uow, account, "number_changed")
        await tell(uow, old, Notice.CHANGED, language)
        return None
    takes_effect_at = uow.now + NUMBER_CHANGE_WAITS
    await repository.put_change(uow, account.id, indexes[number], sealed, takes_effect_at)
    await _record(uow, account, "number_change_asked")
    await tell(uow, old, Notice.WAITS, language)
    return takes_effect_at


async def stop(uow: Writing, caller: Caller) -> None:
    """Stops the change that waits: any phone that is signed in may, were it new. NotFound when none waits."""
    account = await lock_owner(uow, caller.account_id, caller.person_id)
    await require_signed_in(uow, caller)
    if not await repository.drop_change(uow, account.id):
        raise NotFound
    await _record(uow, account, "number_change_stopped")


async def drop_waiting(uow: Writing, accounts: Iterable[Account]) -> None:
    """Stops whatever changes wait for these accounts, which are locked: they are about to be somebody else's."""
    for account in accounts:
        if await repository.drop_change(uow, account.id):
            await _record(uow, account, "number_change_stopped")


async def carry_out_due(uow: Writing) -> bool:
    """The change that has waited longest beyond its days, one a transaction. False when there is none."""
    waiting = await repository.due_change(uow)
    if waiting is None:
        return False
    before = await account_of(uow, waiting.account_id)
    await take_indexes(uow, waiting.phone_index)
    account = await lock_owner(uow, before.id, before.person_id)
    standing = await repository.change_of(uow, account.id)
    if standing is not None and standing.takes_effect_at <= uow.now:
        await _carry_out(uow, account, standing)
    return True


async def _carry_out(uow: Writing, account: Account, change: NumberChange) -> None:
    await repository.drop_change(uow, account.id)
    try:
        await refuse_taken(uow, account, change.phone_index)
    except NumberTaken:
        await _record(uow, account, "number_change_stopped")
        return
    await put_number(uow, account, change.phone_index, change.phone_sealed)
    await _record(uow, account, "number_changed")


async def _record(uow: Writing, account: Account, action: str) -> None:
    if account.person_id is not None:
        await record_change(uow, account.person_id, action)
