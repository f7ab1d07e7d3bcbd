"""SQL of consents. The states are written by the ledger's trigger (`migrations/sql/0018_consents.sql`)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert

from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.status import LIVE, TERMINAL, ConsentStatus
from app.models.consents import ConsentEvent, ConsentNotice, ConsentState
from app.models.identity import Person
from services.audit.access import account_for

CHAINED = {"seq", "previous", "digest"}
COLUMNS = tuple(column.key for column in ConsentEvent.__table__.columns if column.key not in CHAINED)
"""What the application says of a link; the rest is the chain's."""


async def add_event(uow: Writing, values: Mapping[str, Any]) -> None:
    await uow.session.execute(plain_insert(ConsentEvent).inline().values(**values))


async def keep_notice(uow: Writing, sha256: bytes, language: str, shown: str) -> None:
    row = insert(ConsentNotice).values(sha256=sha256, language=language, shown=shown, first_shown_at=uow.now)
    await uow.session.execute(row.on_conflict_do_nothing())


async def notice_text(uow: Reading, sha256: bytes) -> str | None:
    return await uow.session.scalar(select(ConsentNotice.shown).where(ConsentNotice.sha256 == sha256))


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Sequence[ConsentEvent]:
    """The same, to be shown."""
    await account_for(uow, person_id, purpose)
    return await newest(uow, person_id)


async def newest(uow: Reading, person_id: UUID, named: str | None = None) -> Sequence[ConsentEvent]:
    """The newest link of each of the person's consents, a purpose and scope each; or of one purpose, by its name. For
    deciding what follows: nobody is shown it.
    """
    query = (
        select(ConsentEvent)
        .join(
            ConsentState,
            (ConsentState.person_id == ConsentEvent.person_id) & (ConsentState.seq == ConsentEvent.seq),
        )
        .where(ConsentState.person_id == person_id)
        .order_by(ConsentEvent.purpose, ConsentEvent.scope)
        .execution_options(populate_existing=True)
    )
    if named is not None:
        query = query.where(ConsentState.purpose == named)
    return (await uow.session.scalars(query)).all()


async def of_consent(uow: Reading, person_id: UUID, consent_id: UUID, purpose: Purpose) -> Sequence[ConsentEvent]:
    """What happened to one consent of the person, oldest first; nothing if it is not theirs."""
    await account_for(uow, person_id, purpose)
    query = select(ConsentEvent).where(ConsentEvent.person_id == person_id, ConsentEvent.consent_id == consent_id)
    return (await uow.session.scalars(query.order_by(ConsentEvent.seq))).all()


async def history(
    uow: Reading, person_id: UUID, before: int | None, limit: int, purpose: Purpose
) -> Sequence[ConsentEvent]:
    """The person's ledger, newest first; `before` is the `seq` that the page before ended with."""
    await account_for(uow, person_id, purpose)
    query = select(ConsentEvent).where(ConsentEvent.person_id == person_id)
    if before is not None:
        query = query.where(ConsentEvent.seq < before)
    return (await uow.session.scalars(query.order_by(ConsentEvent.seq.desc()).limit(limit))).all()


async def lock_ground(uow: Writing, person_id: UUID, named: str, scope: str | None) -> Any:
    """The state of one consent, which stays so until this transaction is over; None when there never was one."""
    statement = text("SELECT consent_id, status, expires_at FROM consent_ground(:person, :purpose, :scope)")
    found = await uow.session.execute(statement, {"person": person_id, "purpose": named, "scope": scope or ""})
    return found.one_or_none()


def grounds_part(people: Sequence[UUID], named: str, scope: str | None, now: datetime) -> Part[set[UUID]]:
    """Whose state allows something now, of many, locked one after the other in the order given: to be read along with
    other parts in a transaction.
    """
    statement = """
        SELECT g.person_id FROM unnest(:asked::uuid[]) AS whose,
            LATERAL consent_ground(whose, :named, :scoped) AS g
        WHERE g.status = ANY (:live::text[]) AND g.expires_at > :at_moment::timestamptz
    """
    values = {"asked": list(people), "named": named, "scoped": scope or "", "live": sorted(LIVE), "at_moment": now}
    return Part(statement, values, lambda rows: {UUID(row["person_id"]) for row in rows}, many=True)


def ground_part(person_id: UUID, named: str, scope: str | None, now: datetime) -> Part[tuple[UUID, datetime] | None]:
    """The live consent and its end, to be read along with other parts."""
    statement = """
        SELECT consent_id, expires_at FROM consent_states
        WHERE person_id = :grounded AND purpose = :named AND scope = :scoped
            AND status = ANY (:live::text[]) AND expires_at > :at_moment::timestamptz
    """
    values = {"grounded": person_id, "named": named, "scoped": scope or "", "live": sorted(LIVE), "at_moment": now}
    return Part(
        statement,
        values,
        lambda row: (UUID(row["consent_id"]), datetime.fromisoformat(row["expires_at"])) if row else None,
    )


def given_part(person_id: UUID, named: str, scope: str | None, now: datetime) -> Part[datetime | None]:
    """When the live consent was given, whether or not it was renewed since, to be read along with other parts."""
    statement = """
        SELECT e.at FROM consent_states s
        JOIN consent_events e ON (e.person_id, e.consent_id, e.status) = (s.person_id, s.consent_id, 'given')
        WHERE s.person_id = :grounded AND s.purpose = :named AND s.scope = :scoped
            AND s.status = ANY (:live::text[]) AND s.expires_at > :at_moment::timestamptz
    """
    values = {"grounded": person_id, "named": named, "scoped": scope or "", "live": sorted(LIVE), "at_moment": now}
    return Part(statement, values, lambda row: datetime.fromisoformat(row["at"]) if row else None)


async def live(uow: Reading, people: Collection[UUID], named: Collection[str] | None = None) -> Sequence[ConsentState]:
    """The states that allow something now."""
    query = select(ConsentState).where(
        ConsentState.person_id.in_(people), ConsentState.status.in_(LIVE), ConsentState.expires_at > uow.now
    )
    if named is not None:
        query = query.where(ConsentState.purpose.in_(named))
    ordered = query.order_by(ConsentState.person_id, ConsentState.purpose, ConsentState.scope)
    return (await uow.session.scalars(ordered.execution_options(populate_existing=True))).all()


def live_part(people: Collection[UUID], named: Collection[str], now: datetime) -> Part[set[UUID]]:
    """The consents of these people to these purposes that allow something now, to be read along with other parts."""
    statement = """
        SELECT consent_id FROM consent_states
        WHERE person_id = ANY (:people::uuid[]) AND purpose = ANY (:named::text[])
            AND status = ANY (:live::text[]) AND expires_at > :at_moment::timestamptz
    """
    values = {"people": list(people), "named": sorted(named), "live": sorted(LIVE), "at_moment": now}
    return Part(statement, values, lambda rows: {UUID(row["consent_id"]) for row in rows}, many=True)


async def declined(uow: Reading, people: Collection[UUID], named: Collection[str]) -> set[tuple[UUID, str]]:
    """Who has said no to which of these purposes, or let their yes end."""
    over = (ConsentState.status.in_(TERMINAL - {ConsentStatus.INVALIDATED})) | (
        ConsentState.status.in_(LIVE) & (ConsentState.expires_at <= uow.now)
    )
    query = select(ConsentState.person_id, ConsentState.purpose).where(
        ConsentState.person_id.in_(people), ConsentState.purpose.in_(named), over
    )
    return {(person_id, purpose) for person_id, purpose in await uow.session.execute(query)}


async def due(uow: Reading, limit: int) -> Sequence[UUID]:
    """People of whom a consent or a request has come to its end; nobody who is gone."""
    query = (
        select(ConsentState.person_id)
        .join(Person, Person.id == ConsentState.person_id)
        .where(
            Person.merged_into.is_(None),
            Person.erased_at.is_(None),
            ConsentState.expires_at <= uow.now,
            ConsentState.status.in_([*LIVE, ConsentStatus.REQUESTED]),
        )
        .order_by(ConsentState.expires_at)
        .limit(limit)
    )
    return (await uow.session.scalars(query)).all()


async def faults(uow: Reading) -> list[str]:
    """In words: states that are not what the ledger comes to, and texts that the ledger has no more."""
    found = await uow.session.execute(text("SELECT person_id, purpose, fault FROM broken_consent_states()"))
    wrong = [f"consent of person {person} for {purpose}: {fault}" for person, purpose, fault in found]
    lost = select(func.count()).where(
        ~select(ConsentNotice.sha256).where(ConsentNotice.sha256 == ConsentEvent.notice_sha256).exists()
    )
    if missing := await uow.session.scalar(lost.select_from(ConsentEvent)):
        wrong.append(f"the text that {missing} links of the consent ledger speak of is gone")
    return wrong
