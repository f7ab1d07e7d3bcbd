"""Reports by e-mail: an operator's own subscription, to an address that they have shown to be theirs."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.db.locks import take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.identity.caller import Caller
from app.domain.reports.schedule import (
    CODE_DIGITS,
    CODE_LIVES,
    CODE_TRIES,
    MOST_SUBSCRIPTIONS,
    ReportFormat,
    Rhythm,
    Schedule,
)
from app.errors import NotFound
from app.models.reports import ReportSubscription
from app.ports import Vault
from services.identity.devices import require_signed_in
from services.reports import repository
from services.reports.errors import CodeWrong, TooManySubscriptions

ADDRESS_FIELD = "report_subscriptions.address"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report, how it comes, and where to."""

    report: str
    format: ReportFormat
    language: str
    schedule: Schedule
    address: str


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """`address` is not shown in full. `confirmed`: the code was given; nothing but the code is sent before."""

    id: UUID
    report: str
    format: str
    language: str
    rhythm: str
    hour: int
    address: str
    confirmed: bool
    next_due: datetime | None
    last_sent: datetime | None


async def subscribe(uow: Writing, caller: Caller, wanted: Wanted) -> UUID:
    """A code goes to the address; TooManySubscriptions."""
    await require_signed_in(uow, caller)
    await take_turn(uow, f"reports {caller.account_id}")
    if len(await repository.alive(uow, caller.account_id)) >= MOST_SUBSCRIPTIONS:
        raise TooManySubscriptions
    made = uuid4()
    await repository.add(
        uow,
        id=made,
        account_id=caller.account_id,
        address_sealed=uow.vault.seal_system(ADDRESS_FIELD, wanted.address.encode()),
        report=wanted.report,
        format=wanted.format,
        language=wanted.language,
        rhythm=wanted.schedule.rhythm,
        hour=wanted.schedule.hour,
    )
    await repository.plan(uow, uuid4(), made, "code", uow.now)
    return made


async def confirm(uow: Writing, caller: Caller, subscription_id: UUID, code: str) -> None:
    """With the code that came to the address. CodeWrong is counted; NotFound for what is not one's own, or over."""
    await require_signed_in(uow, caller)
    found = await _own(uow, caller, subscription_id)
    if found.confirmed_at is not None:
        return
    over = uow.now > found.created_at + CODE_LIVES
    if over or not hmac.compare_digest(code_of(uow.vault, found), code):
        spent = found.tries + 1 >= CODE_TRIES
        await repository.change(uow, found.id, tries=found.tries + 1, ended_at=uow.now if over or spent else None)
        raise CodeWrong
    due = Schedule(Rhythm(found.rhythm), found.hour).next_due(uow.now, uow.region.zone)
    await repository.change(uow, found.id, confirmed_at=uow.now, next_due=due)


async def end(uow: Writing, caller: Caller, subscription_id: UUID) -> None:
    """No report comes any more. NotFound for what is not one's own, or over."""
    found = await _own(uow, caller, subscription_id)
    await repository.change(uow, found.id, ended_at=uow.now, next_due=None)


async def end_by_token(uow: Writing, token: str) -> None:
    """The same by what stands in each e-mail, without signing in. NotFound when it is no such token."""
    subscription_id = subscription_of(uow.vault, token)
    found = await repository.locked(uow, subscription_id) if subscription_id else None
    if found is None:
        raise NotFound
    if found.ended_at is None:
        await repository.change(uow, found.id, ended_at=uow.now, next_due=None)


async def subscriptions(uow: Reading, caller: Caller) -> list[SubscriptionView]:
    """One's own that have not ended, the newest first."""
    found = await repository.alive(uow, caller.account_id)
    sent = await repository.last_sent(uow, [one.id for one in found])
    return [
        SubscriptionView(
            id=one.id,
            report=one.report,
            format=one.format,
            language=one.language,
            rhythm=one.rhythm,
            hour=one.hour,
            address=_masked(address_of(uow.vault, one)),
            confirmed=one.confirmed_at is not None,
            next_due=one.next_due,
            last_sent=sent.get(one.id),
        )
        for one in found
    ]


async def _own(uow: Writing, caller: Caller, subscription_id: UUID) -> ReportSubscription:
    found = await repository.locked(uow, subscription_id)
    if found is None or found.account_id != caller.account_id or found.ended_at is not None:
        raise NotFound
    return found


def address_of(vault: Vault, subscription: ReportSubscription) -> str:
    return vault.open_system(ADDRESS_FIELD, subscription.address_sealed).decode()


def code_of(vault: Vault, subscription: ReportSubscription) -> str:
    """The code that shows that an address is one's own: it is kept nowhere."""
    digest = vault.mac("report-code", subscription.id.bytes)
    return str(int.from_bytes(digest[:8]) % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def stop_token(vault: Vault, subscription_id: UUID) -> str:
    """What ends a subscription without signing in; kept nowhere either."""
    return f"{subscription_id.hex}.{vault.mac('report-stop', subscription_id.bytes)[:16].hex()}"


def subscription_of(vault: Vault, token: str) -> UUID | None:
    """Whose token it is; None when it is nobody's."""
    try:
        subscription_id = UUID(hex=token.partition(".")[0])
    except ValueError:
        return None
    return subscription_id if hmac.compare_digest(stop_token(vault, subscription_id), token) else None


def _masked(address: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
