"""SQL of staff accounts, their enrolments and organisations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.unit_of_work import Reading, Writing
from app.domain.identity.caller import Role
from app.domain.identity.staff import StaffAction
from app.models.deputies import DeputyRow, StaffEntry
from app.models.identity import Account, Enrolment, Organisation


async def add(uow: Writing, values: dict[str, Any]) -> None:
    await uow.session.execute(insert(Account).values(created_at=uow.now, **values))


async def change(uow: Writing, account_id: UUID, **values: Any) -> None:
    await uow.session.execute(update(Account).where(Account.id == account_id).values(**values))


async def locked(uow: Writing, account_id: UUID) -> Account | None:
    """A staff account; commands about it take turns."""
    query = select(Account).where(Account.id == account_id, Account.login.is_not(None)).with_for_update()
    return await uow.session.scalar(query)


async def by_login(uow: Reading, login: str) -> Account | None:
    return await uow.session.scalar(select(Account).where(Account.login == login))


async def working_operators(uow: Reading, apart_from: Collection[UUID]) -> int:
    """How many others can sign in as operators."""
    query = select(func.count()).where(
        Account.role == Role.REGION_OPERATOR,
        Account.id.not_in(apart_from),
        Account.disabled_at.is_(None),
        Account.password_hash.is_not(None),
    )
    return await uow.session.scalar(query) or 0


async def page(
    uow: Reading, point_id: UUID | None, after: str | None, limit: int
) -> list[tuple[Account, Enrolment | None]]:
    """Staff by login, each with the invitation that it has; of one point, its clerks."""
    query = select(Account, Enrolment).outerjoin(
        Enrolment, and_(Enrolment.account_id == Account.id, Enrolment.expires_at > uow.now)
    )
    query = query.where(Account.login.is_not(None)).order_by(Account.login).limit(limit)
    if point_id is not None:
        query = query.where(Account.point_id == point_id, Account.role == Role.CLERK)
    if after is not None:
        query = query.where(Account.login > after)
    return [(account, invitation) for account, invitation in await uow.session.execute(query)]


async def put_enrolment(uow: Writing, account_id: UUID, values: dict[str, Any]) -> None:
    values |= {"made_at": uow.now, "confirmed_by": None, "second_digest": None}
    await uow.session.execute(
        upsert(Enrolment)
        .values(account_id=account_id, **values)
        .on_conflict_do_update(index_elements=[Enrolment.account_id], set_=values)
    )


async def to_confirm(uow: Reading, account_id: UUID) -> Enrolment | None:
    """An invitation that waits for another operator."""
    query = select(Enrolment).where(
        Enrolment.account_id == account_id,
        Enrolment.needs_second,
        Enrolment.confirmed_by.is_(None),
        Enrolment.expires_at > uow.now,
    )
    return await uow.session.scalar(query, execution_options={"populate_existing": True})


async def confirm_enrolment(uow: Writing, account_id: UUID, second_digest: bytes, by: UUID) -> None:
    values = {"second_digest": second_digest, "confirmed_by": by}
    await uow.session.execute(update(Enrolment).where(Enrolment.account_id == account_id).values(**values))


async def use_enrolment(uow: Writing, digest: bytes, second_digest: bytes) -> UUID | None:
    """Whose it is, if it is still good and whole. Of two who use it at once, one finds it."""
    whole = or_(Enrolment.needs_second.is_(False), Enrolment.second_digest == second_digest)
    return await uow.session.scalar(
        delete(Enrolment)
        .where(Enrolment.digest == digest, Enrolment.expires_at > uow.now, whole)
        .returning(Enrolment.account_id)
    )


async def drop_enrolment(uow: Writing, account_id: UUID) -> None:
    await uow.session.execute(delete(Enrolment).where(Enrolment.account_id == account_id))


async def add_organisation(uow: Writing, organisation_id: UUID, kind: str, name: dict[str, str]) -> None:
    values = {"id": organisation_id, "kind": kind, "name": name, "created_at": uow.now}
    await uow.session.execute(insert(Organisation).values(**values))


async def organisation(uow: Reading, organisation_id: UUID) -> Organisation | None:
    return await uow.session.get(Organisation, organisation_id)


async def organisations(uow: Reading, after: UUID | None, limit: int) -> list[Organisation]:
    query = select(Organisation).order_by(Organisation.id).limit(limit)
    if after is not None:
        query = query.where(Organisation.id > after)
    return list((await uow.session.scalars(query)).all())


async def organisation_names(uow: Reading, ids: Collection[UUID], kind: str | None) -> dict[UUID, dict[str, str]]:
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    return {row.id: row.name for row in await uow.session.execute(query)}


async def agencies_named(uow: Reading, names: Collection[str]) -> list[dict[str, str]]:
    english = Organisation.name["en"].astext
    return list(
        await uow.session.scalars(select(Organisation.name).where(Organisation.kind == "agency", english.in_(names)))
    )


async def role_of(uow: Reading, account_id: UUID) -> Role | None:
    """Of a member of staff who is let in; None of anybody else."""
    query = select(Account.role).where(
        Account.id == account_id, Account.login.is_not(None), Account.disabled_at.is_(None)
    )
    role = await uow.session.scalar(query)
    return Role(role) if role else None


async def add_deputy(uow: Writing, account_id: UUID, deputy_id: UUID, named_by: UUID) -> bool:
    """False if it was so already."""
    values = {"account_id": account_id, "deputy_id": deputy_id, "since": uow.now, "named_by": named_by}
    named = upsert(DeputyRow).values(id=uuid4(), **values).on_conflict_do_nothing().returning(DeputyRow.id)
    return await uow.session.scalar(named) is not None


async def end_deputy(uow: Writing, account_id: UUID, deputy_id: UUID) -> bool:
    """False if there was none."""
    ended = (
        update(DeputyRow)
        .where(DeputyRow.account_id == account_id, DeputyRow.deputy_id == deputy_id, DeputyRow.until.is_(None))
        .values(until=uow.now)
        .returning(DeputyRow.id)
    )
    return await uow.session.scalar(ended) is not None


async def deputies_of(uow: Reading, account_id: UUID) -> Sequence[DeputyRow]:
    """Who stands in for the account or did, and for whom it does or did; the newest first."""
    either = or_(DeputyRow.account_id == account_id, DeputyRow.deputy_id == account_id)
    query = select(DeputyRow).where(either).order_by(DeputyRow.since.desc(), DeputyRow.id)
    return (await uow.session.scalars(query, execution_options={"populate_existing": True})).all()


async def note(uow: Writing, account_id: UUID, action: StaffAction, by: UUID | None) -> None:
    values = {"id": uuid4(), "at": uow.now, "account_id": account_id, "action": action, "by_id": by}
    await uow.session.execute(insert(StaffEntry).values(**values))


async def noted(uow: Reading, before: tuple[datetime, UUID] | None, limit: int) -> list[tuple[StaffEntry, str | None]]:
    """What was done with accounts, newest first, with the login of each; `before`: what the page before ended with."""
    query = select(StaffEntry, Account.login).outerjoin(Account, Account.id == StaffEntry.account_id)
    if before is not None:
        query = query.where(tuple_(StaffEntry.at, StaffEntry.id) < before)
    query = query.order_by(StaffEntry.at.desc(), StaffEntry.id.desc()).limit(limit)
    return [(entry, login) for entry, login in await uow.session.execute(query)]
