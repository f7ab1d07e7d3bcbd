"""Where somebody is signed in, and signing out there: a migrant by all their accounts, others by the one they have."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db.unit_of_work import Reading, Writing
from app.domain.identity.caller import Caller
from app.domain.identity.devices import trusted_from
from app.errors import NotFound, NotSignedIn
from app.models.identity import Account, Device, Session
from app.ports import ErasedError
from services.audit.commands import record_change
from services.identity import repository
from services.identity.accounts import lock_owner, open_for
from services.identity.errors import DeviceTooNew


@dataclass(frozen=True, slots=True)
class SignInView:
    """One sign-in that stands. `seen_at` to the hour; `name` is what the phone called itself."""

    id: UUID
    name: str | None
    signed_in_at: datetime
    seen_at: datetime
    ends_at: datetime
    this: bool


async def sign_ins(uow: Reading, caller: Caller) -> list[SignInView]:
    """The caller's own sign-ins, newest first."""
    account = await repository.account(uow, caller.account_id)
    found = await repository.live_sessions(uow, caller.account_id)
    return [
        SignInView(
            id=session.id,
            name=await _name(uow, account, device),
            signed_in_at=session.created_at,
            seen_at=device.seen_at if device else session.created_at,
            ends_at=session.ends_at,
            this=session.id == caller.session_id,
        )
        for session, device in found
    ]


async def _name(uow: Reading, account: Account, device: Device | None) -> str | None:
    if device is None or device.name_sealed is None:
        return None
    try:
        return (await open_for(uow, account, f"devices.name:{device.id}", device.name_sealed)).decode()
    except ErasedError:
        return None


async def sign_out_one(uow: Writing, caller: Caller, session_id: UUID) -> None:
    """NotFound for a sign-in that is not the account's own; DeviceTooNew, unless it is this very one."""
    await lock_owner(uow, caller.account_id, caller.person_id)
    live = await repository.live_sessions(uow, caller.account_id)
    if session_id not in {session.id for session, _ in live}:
        raise NotFound
    if session_id != caller.session_id:
        trusted(uow, caller, live)
    await _revoke(uow, caller, session_id)


async def sign_out_everywhere(uow: Writing, caller: Caller, *, this_too: bool) -> None:
    """All of the account's sign-ins; DeviceTooNew when there are others that this phone may not end."""
    await lock_owner(uow, caller.account_id, caller.person_id)
    live = await repository.live_sessions(uow, caller.account_id)
    trusted(uow, caller, live)
    ending = [session.id for session, _ in live if this_too or session.id != caller.session_id]
    if ending:
        await _revoke(uow, caller, *ending)


async def _revoke(uow: Writing, caller: Caller, *session_ids: UUID) -> None:
    await repository.revoke_sessions(uow, caller.account_id, *session_ids)
    for session_id in session_ids if caller.person_id else ():
        await record_change(uow, caller.person, "signed_out", session=session_id)


async def device_of_sign_in(uow: Reading, caller: Caller, session_id: UUID) -> UUID:
    """The phone of one of the caller's own sign-ins that stand. NotFound for any other, and for a browser's."""
    live = await repository.live_sessions(uow, caller.account_id)
    device = next((device for session, device in live if session.id == session_id), None)
    if device is None:
        raise NotFound
    return device.id


async def require_signed_in(uow: Reading, caller: Caller) -> None:
    """NotSignedIn when the sign-in has ended. An access token lives on for minutes: for some things too long."""
    live = await repository.live_sessions(uow, caller.account_id)
    if caller.session_id not in {session.id for session, _ in live}:
        raise NotSignedIn


async def trusted_device(uow: Writing, caller: Caller) -> Device:
    """The phone that is calling, if it may decide about the account. NotSignedIn, DeviceTooNew."""
    live = await repository.live_sessions(uow, caller.account_id)
    device = trusted(uow, caller, live)
    if device is None:
        raise NotSignedIn
    return device


def trusted(uow: Reading, caller: Caller, live: list[tuple[Session, Device | None]]) -> Device | None:
    """The caller's device among the sign-ins that stand; staff have none and need none."""
    own = next(((session, device) for session, device in live if session.id == caller.session_id), None)
    if own is None:
        raise NotSignedIn
    session, device = own
    since = trusted_from(session.created_at, (other.created_at for other, _ in live if other.id != session.id))
    if device is not None and since is not None and uow.now < since:
        raise DeviceTooNew(allowed_from=since.isoformat())
    return device
