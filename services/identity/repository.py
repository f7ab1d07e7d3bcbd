"""SQL of accounts, codes and their counts, devices, sessions and keys."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, case, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Role
from app.domain.identity.terms import DAY
from app.models.identity import (
    Account,
    Device,
    Person,
    ReceiptKey,
    RefreshToken,
    Session,
    SignInCode,
    SigningKey,
    Tally,
)


async def tally(uow: Writing, subject: bytes, lives: timedelta, *, by: int = 1) -> Tally:
    """Counts once more; a count that is over begins anew."""
    row = upsert(Tally).values(subject=subject, count=by, until=uow.now + lives)
    gone = Tally.until <= uow.now
    counted = row.on_conflict_do_update(
        index_elements=[Tally.subject],
        set_={
            "count": case((gone, 0), else_=Tally.count) + row.excluded.count,
            "until": case((gone, row.excluded.until), else_=Tally.until),
        },
    )
    found = await uow.session.scalars(counted.returning(Tally), execution_options={"populate_existing": True})
    return found.one()


async def tallied(uow: Reading, subject: bytes) -> Tally | None:
    """The count as it stands; None if there is none or it is over."""
    return await uow.session.scalar(select(Tally).where(Tally.subject == subject, Tally.until > uow.now))


async def forget_tally(uow: Writing, subject: bytes) -> None:
    await uow.session.execute(delete(Tally).where(Tally.subject == subject))


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
    """The row stays for its cool-down; no code fits it any more."""
    await uow.session.execute(update(SignInCode).where(SignInCode.phone_index == phone_index).values(code_mac=b""))


async def delete_old(uow: Writing) -> None:
    """Codes, counts, invitations and refresh tokens past their term."""
    await uow.session.execute(delete(SignInCode).where(SignInCode.sent_at <= uow.now - DAY))
    await uow.session.execute(delete(Tally).where(Tally.until <= uow.now))
    await uow.session.execute(delete(RefreshToken).where(RefreshToken.expires_at <= uow.now))


async def add_person(uow: Writing) -> UUID:
    person_id = uuid4()
    await uow.session.execute(insert(Person).values(id=person_id, created_at=uow.now))
    return person_id


async def number_known(uow: Reading, phone_index: bytes) -> bool:
    return bool(await uow.session.scalar(select(select(Account).where(Account.phone_index == phone_index).exists())))


async def shares_number(uow: Reading, account_id: UUID, person_id: UUID) -> bool:
    """Tells nothing but whether the account signs in by a number of that person's."""
    own = select(Account.phone_index).where(Account.person_id == person_id)
    query = select(Account.id).where(Account.id == account_id, Account.phone_index.in_(own))
    return await uow.session.scalar(query) is not None


async def by_phone(uow: Writing, phone_index: bytes, role: Role, purpose: Purpose) -> Account | None:
    """Locked: a number that is being detached signs nobody in, and one that signs in is detached afterwards."""
    assert purpose is Purpose.OWN_SIGN_IN  # noqa: S101 — the only reason to look a number up
    query = select(Account).where(Account.phone_index == phone_index, Account.role == role)
    return await uow.session.scalar(query.with_for_update(key_share=True))


async def add_account(uow: Writing, account_id: UUID, role: Role, person_id: UUID | None) -> Account:
    account = Account(id=account_id, role=role, created_at=uow.now, person_id=person_id)
    uow.session.add(account)
    await uow.session.flush()
    return account


async def account(uow: Reading, account_id: UUID) -> Account:
    """NoResultFound for an id that is no account's."""
    query = select(Account).where(Account.id == account_id)
    return (await uow.session.scalars(query, execution_options={"populate_existing": True})).one()


async def lock_accounts(uow: Writing, account_id: UUID) -> None:
    """The account and its person's others, in one order for everybody."""
    query = select(Account.id).where(Account.id.in_(_with_siblings(account_id))).order_by(Account.id)
    await uow.session.execute(query.with_for_update(key_share=True))


def _with_siblings(account_id: UUID) -> Select[UUID]:
    """The account, and whatever others its person has; only itself where it has no person."""
    person_id = select(Account.person_id).where(Account.id == account_id).scalar_subquery()
    return select(Account.id).where(or_(Account.id == account_id, Account.person_id == person_id))


async def staff_by_login(uow: Writing, login: str) -> Account | None:
    return await uow.session.scalar(select(Account).where(Account.login == login).with_for_update())


async def update_account(uow: Writing, account_id: UUID, **values: Any) -> None:
    await uow.session.execute(update(Account).where(Account.id == account_id).values(**values))


async def add_device(
    uow: Writing, device_id: UUID, account_id: UUID, jwk: dict[str, str], until: datetime, name_sealed: bytes | None
) -> None:
    await uow.session.execute(
        insert(Device).values(
            id=device_id,
            account_id=account_id,
            public_jwk=jwk,
            created_at=uow.now,
            certified_until=until,
            name_sealed=name_sealed,
            seen_at=_hour(uow),
        )
    )


def _hour(uow: Writing) -> datetime:
    """When a person used their phone to the minute is nobody's business."""
    return uow.now.replace(minute=0, second=0, microsecond=0)


async def certify_device(uow: Writing, device_id: UUID, until: datetime) -> None:
    values = {"certified_until": until, "seen_at": _hour(uow)}
    await uow.session.execute(update(Device).where(Device.id == device_id).values(**values))


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


async def add_session(uow: Writing, account_id: UUID, device_id: UUID | None, ends_at: datetime) -> Session:
    session = Session(
        id=uuid4(), account_id=account_id, device_id=device_id, created_at=uow.now, ends_at=ends_at, revoked_at=None
    )
    uow.session.add(session)
    await uow.session.flush()
    return session


async def live_sessions(uow: Reading, account_id: UUID) -> list[tuple[Session, Device | None]]:
    """The sign-ins that stand, of the account and its person's others, newest first."""
    query = (
        select(Session, Device)
        .outerjoin(Device, Device.id == Session.device_id)
        .where(Session.account_id.in_(_with_siblings(account_id)))
        .where(Session.revoked_at.is_(None), Session.ends_at > uow.now)
        .order_by(Session.created_at.desc(), Session.id)
    )
    return [(row[0], row[1]) for row in (await uow.session.execute(query)).all()]


async def revoke_sessions(uow: Writing, account_id: UUID, *session_ids: UUID) -> None:
    """These sign-ins of the account and its person's others; all of them if none is named."""
    mine = Session.account_id.in_(_with_siblings(account_id))
    query = update(Session).where(mine, Session.revoked_at.is_(None))
    if session_ids:
        query = query.where(Session.id.in_(session_ids))
    await uow.session.execute(query.values(revoked_at=uow.now))


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
    """By when they begin to sign: all of them verify."""
    return list((await uow.session.scalars(select(SigningKey).order_by(SigningKey.signs_from, SigningKey.kid))).all())


async def add_signing_key(
    uow: Writing, kid: str, public_jwk: dict[str, Any], private_sealed: bytes, signs_from: datetime
) -> SigningKey:
    key = SigningKey(
        kid=kid, public_jwk=public_jwk, private_sealed=private_sealed, created_at=uow.now, signs_from=signs_from
    )
    uow.session.add(key)
    await uow.session.flush()
    return key


async def accounts_of(uow: Writing, *person_ids: UUID) -> list[Account]:
    """All accounts of these persons, locked, in the order of their ids."""
    query = select(Account).where(Account.person_id.in_(person_ids)).order_by(Account.id)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(await uow.session.scalars(locked))


async def newest_account(uow: Reading, person_id: UUID) -> Account | None:
    """Of the person's accounts that have a number, the one made last."""
    with_number = Account.person_id == person_id, Account.phone_index.is_not(None)
    return await uow.session.scalar(select(Account).where(*with_number).order_by(Account.created_at.desc()).limit(1))


async def devices_of(uow: Writing, account_id: UUID) -> list[Device]:
    return list(await uow.session.scalars(select(Device).where(Device.account_id == account_id)))


async def set_erased(uow: Writing, *person_ids: UUID) -> None:
    await uow.session.execute(update(Person).where(Person.id.in_(person_ids)).values(erased_at=uow.now))


async def revoke_sessions_of(uow: Writing, person_id: UUID) -> None:
    """Ends every sign-in of the person's accounts."""
    accounts = select(Account.id).where(Account.person_id == person_id)
    await uow.session.execute(
        update(Session).where(Session.account_id.in_(accounts), Session.revoked_at.is_(None)).values(revoked_at=uow.now)
    )


async def set_merged(uow: Writing, person_id: UUID, into: UUID) -> None:
    """With those who were merged into the person before: whoever follows `merged_into` goes one step only."""
    those = or_(Person.id == person_id, Person.merged_into == person_id)
    await uow.session.execute(update(Person).where(those).values(merged_into=into))


async def joined_with(uow: Reading, person_id: UUID) -> list[UUID]:
    """Who turned out to be this person."""
    return list(await uow.session.scalars(select(Person.id).where(Person.merged_into == person_id)))


async def delete_signing_keys(uow: Writing, kids: list[str]) -> None:
    await uow.session.execute(delete(SigningKey).where(SigningKey.kid.in_(kids)))


async def receipt_keys(uow: Reading) -> list[ReceiptKey]:
    """Oldest first."""
    return list(await uow.session.scalars(select(ReceiptKey).order_by(ReceiptKey.created_at, ReceiptKey.kid)))


async def add_receipt_key(uow: Writing, kid: str, public_jwk: dict[str, Any], private_sealed: bytes) -> None:
    """The newest from now on: those before keep their public part only."""
    await uow.session.execute(update(ReceiptKey).values(private_sealed=None))
    uow.session.add(ReceiptKey(kid=kid, public_jwk=public_jwk, private_sealed=private_sealed, created_at=uow.now))
    await uow.session.flush()
