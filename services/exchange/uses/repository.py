"""SQL of what was asked for at workstations, and of alarms."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.unit_of_work import Reading, Writing
from app.domain.exchange.limits import AlarmKind, Made
from app.models.exchange import ExchangeAlarm, ExchangeUse

_BY_HAND = ("list", "search")


async def add(uow: Writing, values: dict[str, Any]) -> UUID:
    use_id = uuid4()
    await uow.session.execute(insert(ExchangeUse).values(id=use_id, at=uow.now, **values))
    return use_id


async def forget_reasons(uow: Writing, until: datetime) -> None:
    """Of what was asked for up to then: that it was, and what came of it, stays."""
    old = ExchangeUse.reason_sealed.is_not(None), ExchangeUse.at <= until
    await uow.session.execute(update(ExchangeUse).where(*old).values(reason_sealed=None))


async def made_since(uow: Reading, account_id: UUID, agency_id: UUID, since: datetime) -> Made:
    """What the account, and its agency, looked up after an instant; but what was before an alarm that was settled."""
    settled = select(func.max(ExchangeAlarm.settled_at)).where(ExchangeAlarm.account_id == account_id)
    from_then = func.greatest(since, func.coalesce(settled.scalar_subquery(), since))
    outcome = ExchangeUse.outcome
    mine = select(
        func.count().filter(outcome != "refused"),
        func.count().filter(outcome == "nothing"),
        func.count().filter(outcome == "refused"),
    ).where(ExchangeUse.account_id == account_id, ExchangeUse.at > from_then, ExchangeUse.way.in_(_BY_HAND))
    looked_up, misses, refused = (await uow.session.execute(mine)).one()
    settled_of_all = select(func.max(ExchangeAlarm.settled_at)).where(ExchangeAlarm.agency_id == agency_id)
    all_from = func.greatest(since, func.coalesce(settled_of_all.scalar_subquery(), since))
    theirs = select(func.count()).where(
        ExchangeUse.agency_id == agency_id,
        ExchangeUse.at > all_from,
        ExchangeUse.outcome == "nothing",
        ExchangeUse.way.in_(_BY_HAND),
    )
    return Made(looked_up, misses, refused, await uow.session.scalar(theirs) or 0)


async def has_open_alarm(uow: Reading, account_id: UUID) -> bool:
    query = select(ExchangeAlarm.id).where(ExchangeAlarm.account_id == account_id, ExchangeAlarm.settled_at.is_(None))
    return await uow.session.scalar(query) is not None


async def raise_alarm(uow: Writing, kind: AlarmKind, account_id: UUID, agency_id: UUID) -> None:
    """One of an account is open at a time."""
    values = {"id": uuid4(), "at": uow.now, "kind": kind, "account_id": account_id, "agency_id": agency_id}
    await uow.session.execute(upsert(ExchangeAlarm).values(**values).on_conflict_do_nothing())


async def settle_alarm(uow: Writing, alarm_id: UUID, by: UUID) -> bool:
    settled = (
        update(ExchangeAlarm)
        .where(ExchangeAlarm.id == alarm_id, ExchangeAlarm.settled_at.is_(None))
        .values(settled_at=uow.now, settled_by=by)
        .returning(ExchangeAlarm.id)
    )
    return await uow.session.scalar(settled) is not None


async def alarms(uow: Reading, limit: int) -> Sequence[ExchangeAlarm]:
    """Those that nobody has settled, newest first."""
    query = select(ExchangeAlarm).where(ExchangeAlarm.settled_at.is_(None))
    return (await uow.session.scalars(query.order_by(ExchangeAlarm.at.desc(), ExchangeAlarm.id).limit(limit))).all()


async def uses(uow: Reading, before: tuple[datetime, UUID] | None, limit: int) -> Sequence[ExchangeUse]:
    """All of them, newest first; `before` is the (instant, id) that the page before ended with."""
    query = select(ExchangeUse)
    if before is not None:
        query = query.where(tuple_(ExchangeUse.at, ExchangeUse.id) < before)
    return (await uow.session.scalars(query.order_by(ExchangeUse.at.desc(), ExchangeUse.id.desc()).limit(limit))).all()


async def counted(uow: Reading) -> dict[tuple[str, str, str | None], tuple[int, int]]:
    """By way, outcome and code: how often, and of how many people something was told."""
    keys = ExchangeUse.way, ExchangeUse.outcome, ExchangeUse.code
    query = select(*keys, func.count(), func.sum(ExchangeUse.people)).group_by(*keys)
    return {(way, outcome, code): (n, people) for way, outcome, code, n, people in await uow.session.execute(query)}


async def count_alarms(uow: Reading) -> tuple[int, int]:
    """Ever, and open now."""
    query = select(func.count(), func.count().filter(ExchangeAlarm.settled_at.is_(None)))
    ever, now = (await uow.session.execute(query)).one()
    return ever, now
