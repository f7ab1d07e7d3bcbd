"""SQL of accounts, codes, devices, sessions and keys."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.locks import take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Role
from app.models.identity import Account, Device, Person, RefreshToken, Session, SignInCode, SigningKey


async def code_of(uow: Writing, phone_index: bytes) -> SignInCode | None:
    return await uow.session.get(SignInCode, phone_index, with_for_update=True, populate_existing=True)


async def put_code(uow: Writing, phone_index: bytes, code_mac: bytes, expires_at: datetime) -> None:
    values = {"code_mac": code_mac, "sent_at": uow.now, "expires_at": expires_at, "tries": 0}
    await uow.session.execute(
        upsert(SignInCode)
        .values(phone_index=phone_index, **values)
        .on_conflict_do_update(index_elements=[SignInCode.phone_index], set_=values)
    )


async def count_try(uow: Writing, phone_index: bytes) -> None:
    await uow.session.execute(
        update(SignInCode).where(SignInCode.phone_index == phone_index).values(tries=SignInCode.tries + 1)
    )


async def use_up_code(uow: Writing, phone_index: bytes) -> None:
    await uow.session.execute(delete(SignInCode).where(SignInCode.phone_index == phone_index))


async def delete_old(uow: Writing) -> None:
    """Codes that nobody used, and refresh tokens past their term."""
    await uow.session.execute(delete(SignInCode).where(SignInCode.expires_at <= uow.now))
    await uow.session.execute(delete(RefreshToken).where(RefreshToken.expires_at <= uow.now))


async def add_person(uow: Writing) -> UUID:
    person_id = uuid4()
    await uow.session.execute(insert(Person).values(id=person_id, created_at=uow.now))
    return person_id


async def migrant_by_phone(uow: Writing, phone_index: bytes, purpose: Purpose) -> Account | None:
    assert purpose is Purpose.OWN_SIGN_IN  # noqa: S101 — the only reason to look a number up
    query = select(Account).where(Account.phone_index == phone_index, Account.role == Role.MIGRANT)
    return await uow.session.scalar(query)


async def add_migrant(uow: Writing, person_id: UUID, phone_index: bytes, phone_sealed: bytes) -> Account:
    account = Account(
        id=uuid4(),
        role=Role.MIGRANT,
        created_at=uow.now,
        person_id=person_id,
        phone_index=phone_index,
        phone_sealed=phone_sealed,
    )
    uow.session.add(account)
    await uow.session.flush()
    return account


async def staff_by_login(uow: Writing, login: str) -> Account | None:
    return await uow.session.scalar(select(Account).where(Account.login == login).with_for_update())


async def add_staff(uow: Writing, values: dict[str, Any]) -> None:
    await uow.session.execute(insert(Account).values(created_at=uow.now, **values))


async def update_account(uow: Writing, account_id: UUID, **values: Any) -> None:
    await uow.session.execute(update(Account).where(Account.id == account_id).values(**values))


async def add_device(uow: Writing, account_id: UUID, jwk: dict[str, str], until: datetime) -> UUID:
    device_id = uuid4()
    await uow.session.execute(
        insert(Device).values(
            id=device_id, account_id=account_id, public_jwk=jwk, created_at=uow.now, certified_until=until
        )
    )
    return device_id


async def certify_device(uow: Writing, device_id: UUID, until: datetime) -> None:
    await uow.session.execute(update(Device).where(Device.id == device_id).values(certified_until=until))


async def device_with_person(uow: Reading, device_id: UUID) -> tuple[Device, UUID] | None:
    """A device whose sign-in still stands, with the person it belongs to."""
    query = (
        select(Device, Account.person_id)
        .join(Account, Account.id == Device.account_id)
        .join(Session, Session.device_id == Device.id)
        .where(Device.id == device_id, Session.revoked_at.is_(None))
    )
    row = (await uow.session.execute(query)).first()
    return (row[0], row[1]) if row and row[1] else None


async def add_session(uow: Writing, account_id: UUID, device_id: UUID | None) -> UUID:
    session_id = uuid4()
    await uow.session.execute(
        insert(Session).values(id=session_id, account_id=account_id, device_id=device_id, created_at=uow.now)
    )
    return session_id


async def revoke_session(uow: Writing, session_id: UUID) -> None:
    await uow.session.execute(
        update(Session).where(Session.id == session_id, Session.revoked_at.is_(None)).values(revoked_at=uow.now)
    )


async def add_refresh(uow: Writing, digest: bytes, session_id: UUID, expires_at: datetime) -> None:
    await uow.session.execute(
        insert(RefreshToken).values(digest=digest, session_id=session_id, issued_at=uow.now, expires_at=expires_at)
    )


async def refresh_by_digest(uow: Writing, digest: bytes) -> tuple[RefreshToken, Session, Account, Device | None] | None:
    """The token with its sign-in, locked: two uses of one token take turns."""
    query = (
        select(RefreshToken, Session, Account, Device)
        .join(Session, Session.id == RefreshToken.session_id)
        .join(Account, Account.id == Session.account_id)
        .outerjoin(Device, Device.id == Session.device_id)
        .where(RefreshToken.digest == digest)
        .with_for_update(of=RefreshToken)
    )
    row = (await uow.session.execute(query)).first()
    return (row[0], row[1], row[2], row[3]) if row else None


async def use_refresh(uow: Writing, digest: bytes) -> None:
    await uow.session.execute(update(RefreshToken).where(RefreshToken.digest == digest).values(used_at=uow.now))


async def signing_keys(uow: Reading) -> list[SigningKey]:
    """Oldest first: the last one signs, all of them verify."""
    return list((await uow.session.scalars(select(SigningKey).order_by(SigningKey.created_at))).all())


async def add_first_signing_key(
    uow: Writing, kid: str, public_jwk: dict[str, Any], private_sealed: bytes
) -> SigningKey:
    """The region's first key. Processes that start together agree on one."""
    await take_turn(uow, "signing_keys")
    standing = await signing_keys(uow)
    if standing:
        return standing[-1]
    key = SigningKey(kid=kid, public_jwk=public_jwk, private_sealed=private_sealed, created_at=uow.now)
    uow.session.add(key)
    await uow.session.flush()
    return key


async def accounts_of(uow: Writing, person_id: UUID) -> list[Account]:
    query = select(Account).where(Account.person_id == person_id).order_by(Account.id).with_for_update()
    return list(await uow.session.scalars(query))


async def revoke_sessions_of(uow: Writing, person_id: UUID) -> None:
    """Ends every sign-in of the person's accounts."""
    accounts = select(Account.id).where(Account.person_id == person_id)
    await uow.session.execute(
        update(Session).where(Session.account_id.in_(accounts), Session.revoked_at.is_(None)).values(revoked_at=uow.now)
    )


async def set_merged(uow: Writing, person_id: UUID, into: UUID) -> None:
    await uow.session.execute(update(Person).where(Person.id == person_id).values(merged_into=into))
