"""The number of an account, as its phones are shown it."""

from dataclasses import dataclass
from datetime import datetime

from app.db.unit_of_work import Reading
from app.domain.identity.caller import Caller
from app.ports import ErasedError
from services.identity.accounts import account_of, number_of, open_number
from services.numbers import repository

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A change that any phone of the account can stop until `takes_effect_at`."""

    ends_with: str
    asked_at: datetime
    takes_effect_at: datetime


@dataclass(frozen=True, slots=True)
class NumberView:
    """`ends_with`: the last four digits, by which people know their number; None while there is none."""

    ends_with: str | None
    change: WaitingChange | None


async def own_number(uow: Reading, caller: Caller) -> NumberView:
    account = await account_of(uow, caller.account_id)
    waiting = await repository.change_of(uow, caller.account_id)
    try:
        number = await number_of(uow, account)
        new = await open_number(uow, account, waiting.phone_sealed) if waiting else ""
    except ErasedError:
        return NumberView(None, None)
    return NumberView(
        number[-_SHOWN:] if number else None,
        WaitingChange(new[-_SHOWN:], waiting.asked_at, waiting.takes_effect_at) if waiting else None,
    )
