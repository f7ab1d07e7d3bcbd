"""SQL of the waitlist and of offers. Whose a booking is, is not here: `bookings` knows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.offers.terms import Cause, EntryStatus, OfferStatus
from app.models.offers import Offer, WaitlistEntry


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that waits, with its open offer if there is one; `made`: how many offers there were."""

    entry: WaitlistEntry
    open_offer: UUID | None
    expires_at: datetime | None
    made: int


async def waiting(uow: Reading, booking_ids: Collection[UUID] | None = None) -> list[Waiting]:
    """All that wait, or those of these bookings, the first to ask first."""
    offers = (
        select(
            func.count().label("made"),
            # There is no max of UUIDs; one at most is open.
            func.array_agg(Offer.id).filter(Offer.status == OfferStatus.OPEN).label("open"),
            func.max(Offer.expires_at).filter(Offer.status == OfferStatus.OPEN).label("expires_at"),
        )
        .where(Offer.entry_id == WaitlistEntry.id)
        .lateral()
    )
    query = (
        select(WaitlistEntry, offers.c.open, offers.c.expires_at, offers.c.made)
        .join(offers, true())
        .where(WaitlistEntry.status == EntryStatus.WAITING)
        .order_by(WaitlistEntry.asked_at, WaitlistEntry.id)
    )
    if booking_ids is not None:
        query = query.where(WaitlistEntry.booking_id.in_(booking_ids))
    rows = await uow.session.execute(query.execution_options(populate_existing=True))
    return [Waiting(entry, offer[0] if offer else None, expires_at, made) for entry, offer, expires_at, made in rows]


async def add(uow: Writing, rows: Sequence[dict[str, Any]]) -> None:
    """New entries; but for a booking that somebody has put on the list just now: that one is looked at next time."""
    if rows:
        await uow.session.execute(upsert(WaitlistEntry).on_conflict_do_nothing(), rows)


async def given_up(
    uow: Reading, cause: Cause, places: Collection[tuple[UUID, UUID, datetime]], most: int
) -> set[tuple[UUID, UUID, datetime]]:
    """Of visits (booking, point, beginning) those whose person let so many offers pass before nothing more was sought;
    for none, all for which nothing is sought any more.
    """
    columns = WaitlistEntry.booking_id, WaitlistEntry.point_id, WaitlistEntry.starts_at
    query = (
        select(*columns)
        .outerjoin(Offer, Offer.entry_id == WaitlistEntry.id)
        .where(WaitlistEntry.cause == cause, WaitlistEntry.status == EntryStatus.ENDED)
        .where(tuple_(*columns).in_(list(places)))
        .group_by(*columns)
        .having(func.count(Offer.id) >= most)
    )
    return {(booking, point, starts_at) for booking, point, starts_at in await uow.session.execute(query)}


async def end_entries(uow: Writing, entry_ids: Collection[UUID]) -> None:
    if not entry_ids:
        return
    await uow.session.execute(
        update(WaitlistEntry)
        .where(WaitlistEntry.id.in_(entry_ids), WaitlistEntry.status == EntryStatus.WAITING)
        .values(status=EntryStatus.ENDED, decided_at=uow.now)
    )


async def end_offers(uow: Writing, offer_ids: Collection[UUID], status: OfferStatus) -> list[UUID]:
    """Those that were open still."""
    if not offer_ids:
        return []
    ended = await uow.session.scalars(
        update(Offer)
        .where(Offer.id.in_(offer_ids), Offer.status == OfferStatus.OPEN)
        .values(status=status, decided_at=uow.now)
        .returning(Offer.id)
    )
    return list(ended)


async def offers_of(uow: Reading, entry_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Every offer that was ever made for these entries, with its entry."""
    rows = await uow.session.execute(select(Offer.id, Offer.entry_id).where(Offer.entry_id.in_(entry_ids)))
    return {row.id: row.entry_id for row in rows}


async def untold_offers(uow: Writing, limit: int) -> list[tuple[UUID, UUID]]:
    """Offer and booking of offers that nobody was told of, now told of by this unit of work."""
    due = select(Offer.id).where(Offer.told_at.is_(None)).order_by(Offer.created_at).limit(limit)
    told = (
        update(Offer)
        .where(Offer.id.in_(due.with_for_update(skip_locked=True).scalar_subquery()))
        .where(WaitlistEntry.id == Offer.entry_id)
        .values(told_at=uow.now)
        .returning(Offer.id, WaitlistEntry.booking_id)
    )
    return [(offer_id, booking_id) for offer_id, booking_id in await uow.session.execute(told)]


async def tell_none_found(uow: Writing, entry_ids: Collection[UUID]) -> list[UUID]:
    """Bookings of those of the entries that never had an offer and whose person does not know; now they are told."""
    told = (
        update(WaitlistEntry)
        .where(WaitlistEntry.id.in_(entry_ids), WaitlistEntry.told_at.is_(None))
        .where(WaitlistEntry.id.not_in(select(Offer.entry_id).where(Offer.entry_id.in_(entry_ids))))
        .values(told_at=uow.now)
        .returning(WaitlistEntry.booking_id)
    )
    return list(await uow.session.scalars(told))


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer with its entry, as a decision reads them."""

    entry_id: UUID
    booking_id: UUID
    cause: Cause
    entry_status: EntryStatus
    status: OfferStatus
    expires_at: datetime


def offer_part(offer_id: UUID) -> Part[Asked | None]:
    statement = """
        SELECT o.entry_id, w.booking_id, w.cause, w.status AS entry_status, o.status, o.expires_at
        FROM offers o JOIN waitlist w ON w.id = o.entry_id WHERE o.id = :offer
    """

    def read(row: Any) -> Asked | None:
        return row and Asked(
            UUID(row["entry_id"]),
            UUID(row["booking_id"]),
            Cause(row["cause"]),
            EntryStatus(row["entry_status"]),
            OfferStatus(row["status"]),
            datetime.fromisoformat(row["expires_at"]),
        )

    return Part(statement, {"offer": offer_id}, read)


def unserved_part(entry_ids: Collection[UUID]) -> Part[set[UUID]]:
    """Which of these entries wait and have no offer."""
    statement = """
        SELECT w.id FROM waitlist w WHERE w.id = ANY (:entries) AND w.status = 'waiting'
            AND NOT EXISTS (SELECT FROM offers o WHERE o.entry_id = w.id AND o.status = 'open')
    """
    return Part(statement, {"entries": list(entry_ids)}, lambda rows: {UUID(row["id"]) for row in rows}, many=True)


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """Somebody's own entry, as a decision reads it. `open_offer`: if one waits for their word."""

    id: UUID
    booking_id: UUID
    cause: Cause
    open_offer: UUID | None


def entries_part(booking_ids: Collection[UUID]) -> Part[list[OwnEntry]]:
    """The entries of these bookings that wait."""
    statement = """
        SELECT w.id, w.booking_id, w.cause, o.id AS open_offer
        FROM waitlist w LEFT JOIN offers o ON o.entry_id = w.id AND o.status = 'open'
        WHERE w.booking_id = ANY (:bookings) AND w.status = 'waiting'
    """

    def read(rows: list[Any]) -> list[OwnEntry]:
        return [
            OwnEntry(
                UUID(row["id"]),
                UUID(row["booking_id"]),
                Cause(row["cause"]),
                UUID(row["open_offer"]) if row["open_offer"] else None,
            )
            for row in rows
        ]

    return Part(statement, {"bookings": list(booking_ids)}, read, many=True)


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """An offer that waits for its person's word, and where its entry stands."""

    created_at: datetime
    expires_at: datetime
    entry_status: EntryStatus


async def open_offers(uow: Reading) -> dict[UUID, OpenOffer]:
    query = select(Offer.id, Offer.created_at, Offer.expires_at, WaitlistEntry.status).join(WaitlistEntry)
    rows = await uow.session.execute(query.where(Offer.status == OfferStatus.OPEN))
    return {offer_id: OpenOffer(created, expires, EntryStatus(status)) for offer_id, created, expires, status in rows}


def entry_row(
    entry_id: UUID,
    booking_id: UUID,
    service: str,
    cause: Cause,
    place: tuple[UUID, datetime],
    asked_at: datetime,
    *,
    points: Collection[UUID] | None = None,
    earliest: datetime | None = None,
    latest: datetime | None = None,
    deadline: date | None = None,
    expected_at: datetime | None = None,
) -> dict[str, Any]:
    """A new entry. `place`: point and beginning of the booking."""
    return {
        "id": entry_id,
        "booking_id": booking_id,
        "service": service,
        "cause": cause.value,
        "point_id": place[0],
        "starts_at": place[1],
        "points": None if points is None else list(points),
        "earliest": earliest,
        "latest": latest,
        "deadline": deadline,
        "expected_at": expected_at,
        "asked_at": asked_at,
        "told_at": None,
        "status": EntryStatus.WAITING.value,
        "decided_at": None,
    }


def offer_row(offer_id: UUID, entry_id: UUID, created_at: datetime, expires_at: datetime) -> dict[str, Any]:
    return {
        "id": offer_id,
        "entry_id": entry_id,
        "status": OfferStatus.OPEN.value,
        "created_at": created_at,
        "expires_at": expires_at,
        "told_at": None,
        "decided_at": None,
    }
