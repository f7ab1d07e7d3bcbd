"""Phone and SIM are gone, or somebody else has them: in person at a service point, then on a new phone and number.

What the clerk checks in hand (`services.profiles.recovery`) has been checked before it comes here. What a thief had
changed is undone by it: every sign-in ends, and whatever number the account has is taken away.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.identity.caller import Caller
from app.domain.identity.terms import RECOVERIES_A_DAY, RECOVERY_LIVES
from app.models.identity import Account
from services.audit.commands import record_change
from services.identity import device_keys
from services.identity.accounts import (
    account_of,
    lock_owner,
    lock_person_accounts,
    number_of,
    put_number,
    refuse_taken,
    seal_number,
)
from services.identity.codes import (
    CodeUse,
    count_by_account,
    count_failure,
    take_number,
    use_up,
    verify_code,
)
from services.identity.devices import require_signed_in
from services.identity.keyring import KeyRing
from services.identity.phones import e164
from services.identity.sessions import Phone, SignedIn, end_all, open_on_phone
from services.numbers import repository
from services.numbers.errors import RecoveryOver, TooManyRecoveries
from services.numbers.notices import Notice, tell

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No look-alikes: it is read from paper."""
_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class PaperCode:
    """`code` is shown once: the clerk writes it down or prints it, and keeps nothing."""

    code: str
    expires_at: datetime


async def count_attempt(uow: Writing, clerk: Caller) -> None:
    """One look for a lost account, found or not. TooManyRecoveries, NotSignedIn when the sign-in has ended."""
    await require_signed_in(uow, clerk)
    counted = await count_by_account(uow, "recoveries", clerk.account_id.bytes)
    if counted.count > RECOVERIES_A_DAY:
        left: timedelta = counted.until - uow.now
        raise TooManyRecoveries(retry_after=max(1, round(left.total_seconds())))


async def hold(uow: Writing, person_id: UUID) -> list[Account]:
    """The person's accounts, locked: none for a ward, several after a merge.

    Before anything of theirs is logged: who signs in locks in this order too.
    """
    await lock_person(uow, person_id)
    return await lock_person_accounts(uow, person_id)


async def begin(uow: Writing, person_id: UUID, language: str) -> PaperCode:
    """Signs the person out everywhere, detaches their numbers, stops changes of them, and makes a code for paper.

    The code is for the oldest of their accounts. The person has one: `hold` said so.
    """
    accounts = await hold(uow, person_id)
    oldest = min(accounts, key=lambda account: (account.created_at, account.id))
    await end_all(uow, oldest.id)
    for account in accounts:
        await repository.drop_change(uow, account.id)
        await repository.drop_recovery(uow, account.id)
        await tell(uow, await number_of(uow, account), Notice.DETACHED, language)
        await put_number(uow, account, None, None)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARACTERS))
    expires_at = uow.now + RECOVERY_LIVES
    await repository.put_recovery(uow, oldest.id, _digest(uow, code), expires_at)
    await record_change(uow, person_id, "recovery_begun")
    return PaperCode("-".join((code[:4], code[4:8], code[8:])), expires_at)


async def finish(
    uow: Writing, keyring: KeyRing, number: str, sms_code: str, paper_code: str, phone: Phone, address: str
) -> SignedIn:
    """Signs in to the account that the paper is for, on a number of which a sign-in code was received.

    WrongCode and RecoveryOver, after which the try is counted; NumberTaken when that number has another account.
    """
    jwk = device_keys.checked(phone.key)
    number = e164(number)
    phone_index = await take_number(uow, number)
    await verify_code(uow, phone_index, sms_code, address, CodeUse.SIGN_IN)
    digest = _digest(uow, paper_code)
    account_id = await repository.recovering(uow, digest)
    if account_id is None:
        await count_failure(uow, address)
        raise RecoveryOver
    before = await account_of(uow, account_id)
    account = await lock_owner(uow, account_id, before.person_id)
    if not await repository.use_recovery(uow, digest):
        raise RecoveryOver
    await refuse_taken(uow, account, phone_index)
    await use_up(uow, phone_index)
    await put_number(uow, account, phone_index, await seal_number(uow, account, number))
    if account.person_id is not None:
        await record_change(uow, account.person_id, "recovered")
    return await open_on_phone(uow, keyring, account, jwk, phone.name)


async def drop_old(uow: Writing) -> None:
    """Forgets codes on paper that were not used in time."""
    await repository.drop_old(uow)


def _digest(uow: Reading, code: str) -> bytes:
    plain = "".join(character for character in code.upper() if character.isalnum())
    return uow.vault.mac("recovery", plain.encode())
