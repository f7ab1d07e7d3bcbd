"""One-time codes by SMS, which show that somebody holds a number. They can be neither guessed nor pumped.

Nothing here depends on whether a number is known, but for one message that leaves or does not: same answer, same work.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.db.locks import take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.identity.limits import cool_down
from app.domain.identity.terms import CODE_DIGITS, CODE_LIVES, CODE_TRIES, DAY, TRIES_A_DAY
from app.models.identity import Tally
from services.identity import repository
from services.identity.errors import TooSoon, WrongCode
from services.identity.phones import e164
from services.outbox.commands import emit

CODE_REQUESTED = "identity.code_requested"
_HOUR = timedelta(hours=1)


class CodeUse(StrEnum):
    """What a code is for: it is good for nothing else."""

    SIGN_IN = "sign_in"
    NUMBER_CHANGE = "number_change"


@dataclass(frozen=True, slots=True)
class Sent:
    """`busy`: so many codes are asked for in this region that those to new numbers wait. The same to everybody."""

    retry_after: timedelta
    busy: bool


async def request_code(uow: Writing, phone: str, language: str, address: str) -> Sent:
    """Sends a code to sign in with. The answer is the same whether or not the number is known.

    TooSoon while the number, or the network `address` that asks, has had enough; InvalidPhone for what is no number.
    """
    return await send_code(uow, e164(phone), language, address, CodeUse.SIGN_IN)


async def send_code(uow: Writing, number: str, language: str, address: str, use: CodeUse) -> Sent:
    """A new code to an E.164 `number`, in place of the one before."""
    phone_index = await take_number(uow, number)
    last = await repository.code_of(uow, phone_index)
    day = await repository.tally(uow, _subject(uow, "number-codes", phone_index), DAY)
    if last and day.count > 1 and uow.now < (free_at := last.sent_at + cool_down(day.count - 1)):
        raise _wait(free_at - uow.now)
    tries = await repository.tallied(uow, _subject(uow, "number-tries", phone_index))
    if tries and tries.count >= TRIES_A_DAY:
        raise _wait(tries.until - uow.now)
    await _count_address(uow, address)
    known = await repository.number_known(uow, phone_index)
    region = await repository.tally(uow, _subject(uow, "unknown-codes"), _HOUR, by=0 if known else 1)
    busy = region.count - (not known) >= uow.region.codes.unknown_codes
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    expires_at = uow.now + CODE_LIVES
    await repository.put_code(uow, phone_index, _code_mac(uow, use, phone_index, code), expires_at)
    payload = {"phone": number, "code": code, "language": language, "use": use.value}
    # A message that must not leave is over at once: the relay drops it.
    await emit(uow, CODE_REQUESTED, payload, expires_at=uow.now if busy and not known else expires_at)
    return Sent(cool_down(day.count), busy)


async def take_number(uow: Writing, number: str) -> bytes:
    """The number's blind index; commands about one number take turns."""
    return (await take_numbers(uow, number))[number]


async def take_numbers(uow: Writing, *numbers: str) -> dict[str, bytes]:
    """The same for several, in one order for everybody."""
    indexes = {number: uow.vault.blind_index("phone", number) for number in numbers}
    await take_indexes(uow, *indexes.values())
    return indexes


async def take_indexes(uow: Writing, *indexes: bytes) -> None:
    for turn in sorted(int.from_bytes(index[:8], signed=True) for index in indexes):
        await take_turn(uow, "phone", turn)


async def verify_code(uow: Writing, phone_index: bytes, code: str, address: str, use: CodeUse) -> None:
    """WrongCode, after which the try is counted: for the code, the number and the address. `use_up` a right one."""
    sent = await repository.code_of(uow, phone_index)
    of_number = _subject(uow, "number-tries", phone_index)
    tries = await repository.tallied(uow, of_number)
    await refuse_tired(uow, address)
    if sent is None or sent.expires_at <= uow.now or sent.tries >= CODE_TRIES:
        raise WrongCode
    if tries and tries.count >= TRIES_A_DAY:
        raise WrongCode
    if not hmac.compare_digest(sent.code_mac, _code_mac(uow, use, phone_index, code)):
        await repository.count_try(uow, phone_index)
        await repository.tally(uow, of_number, DAY)
        await count_failure(uow, address)
        raise WrongCode


async def use_up(uow: Writing, phone_index: bytes) -> None:
    """Ends a code that was right, and forgets the wrong ones before it."""
    await repository.use_up_code(uow, phone_index)
    await repository.forget_tally(uow, _subject(uow, "number-tries", phone_index))


async def refuse_tired(uow: Writing, address: str) -> None:
    """TooSoon for an address from which too much was tried today, whatever it tries now."""
    failures = await repository.tallied(uow, _address(uow, "tries", address))
    if failures and failures.count >= uow.region.codes.address_tries:
        raise _wait(failures.until - uow.now)


async def count_failure(uow: Writing, address: str) -> None:
    """One wrong secret from this address."""
    await repository.tally(uow, _address(uow, "tries", address), DAY)


async def count_by_account(uow: Writing, what: str, account_id: bytes, *, by: int = 1) -> Tally:
    """How often an account has done something within a day, this time included unless `by` is 0."""
    return await repository.tally(uow, _subject(uow, what, account_id), DAY, by=by)


async def _count_address(uow: Writing, address: str) -> None:
    asked = await repository.tally(uow, _address(uow, "codes", address), _HOUR)
    if asked.count > uow.region.codes.address_codes:
        raise _wait(asked.until - uow.now)


def _wait(left: timedelta) -> TooSoon:
    return TooSoon(retry_after=max(1, round(left.total_seconds())))


def _subject(uow: Reading, what: str, of: bytes = b"") -> bytes:
    return uow.vault.mac("tally", what.encode() + b"\0" + of)


def _address(uow: Reading, what: str, address: str) -> bytes:
    # With the day in it, so that no digest stands for an address longer than that.
    return _subject(uow, f"address-{what}", f"{uow.now.date()}\0{address}".encode())


def _code_mac(uow: Reading, use: CodeUse, phone_index: bytes, code: str) -> bytes:
    # Keyed and bound to the number: six digits alone would be found in a second from a stolen table.
    return uow.vault.mac(f"code:{use}", phone_index + code.encode())
