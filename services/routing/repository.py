"""SQL of itineraries and their offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, insert, select, text, update
from sqlalchemy.orm import aliased

from app.db.changes import Changes
from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.routing.standing import ItineraryStatus, OfferStatus
from app.models.itineraries import Itinerary, ItineraryOffer, ItineraryPerson
from services.audit.access import account_for

LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Offered:
    id: UUID
    why: list[dict[str, Any]]
    plan: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """An itinerary that stands: who asked for it, who goes, and what is offered in its place, if anything is."""

    id: UUID
    person_id: UUID
    terms_sealed: bytes
    completes_on: date | None
    created_at: datetime
    people: list[UUID]
    offer: Offered | None


_STANDING = """
    SELECT i.id, i.person_id, i.terms_sealed, i.completes_on, i.created_at,
        (SELECT json_agg(p.person_id ORDER BY p.person_id) FROM itinerary_people p WHERE p.itinerary_id = i.id)
            AS people,
        o.id AS offer_id, o.why, o.plan, o.created_at AS offered_at
    FROM itineraries i LEFT JOIN itinerary_offers o ON o.itinerary_id = i.id AND o.status = 'open'
"""


async def standing_part(uow: Reading, person_id: UUID, purpose: Purpose) -> Part[Standing | None]:
    """The itinerary that this person asked for and that stands, to be read along with other parts."""
    await account_for(uow, person_id, purpose)
    statement = f"{_STANDING} WHERE i.person_id = :asker AND i.status = 'standing'"
    return Part(statement, {"asker": person_id}, _standing)


def standing_by_id(itinerary_id: UUID) -> Part[Standing | None]:
    """The same by its id, for the worker: nobody is shown it."""
    statement = f"{_STANDING} WHERE i.id = :itinerary AND i.status = 'standing'"
    return Part(statement, {"itinerary": itinerary_id}, _standing)


def _standing(row: Any) -> Standing | None:
    if row is None:
        return None
    moment = datetime.fromisoformat
    offer = None
    if row["offer_id"] is not None:
        offer = Offered(UUID(row["offer_id"]), row["why"], row["plan"], moment(row["offered_at"]))
    return Standing(
        id=UUID(row["id"]),
        person_id=UUID(row["person_id"]),
        terms_sealed=bytes.fromhex(row["terms_sealed"][2:]),
        completes_on=date.fromisoformat(row["completes_on"]) if row["completes_on"] else None,
        created_at=moment(row["created_at"]),
        people=[UUID(person) for person in row["people"]],
        offer=offer,
    )


def add(
    changes: Changes,
    uow: Reading,
    itinerary_id: UUID,
    person_id: UUID,
    terms_sealed: bytes,
    completes_on: date | None,
    seen: dict[UUID, int],
) -> None:
    """A new itinerary that stands. `seen`: how long each one's log will be when it is there."""
    changes.inserted["itineraries"] = [
        {
            "id": itinerary_id,
            "person_id": person_id,
            "status": ItineraryStatus.STANDING,
            "terms_sealed": terms_sealed,
            "completes_on": completes_on,
            "book_version": uow.region.book.version,
            "looked_on": uow.region.day_of(uow.now),
            "created_at": uow.now,
        }
    ]
    changes.inserted["itinerary_people"] = [
        {"itinerary_id": itinerary_id, "person_id": person, "seen_seq": seq} for person, seq in seen.items()
    ]


def replace_standing(changes: Changes, standing: Standing, at: datetime) -> None:
    """Another itinerary takes its place; what was offered for it is withdrawn."""
    changes.decide("itineraries", standing.id, ItineraryStatus.STANDING, ItineraryStatus.REPLACED, at)
    if standing.offer is not None:
        decide_offer(changes, standing.offer.id, OfferStatus.WITHDRAWN, at)


def decide_offer(changes: Changes, offer_id: UUID, status: OfferStatus, at: datetime) -> None:
    changes.decide("itinerary_offers", offer_id, OfferStatus.OPEN, status, at)


async def offer_of(uow: Reading, person_id: UUID, offer_id: UUID, purpose: Purpose) -> ItineraryOffer | None:
    """An offer, whatever became of it, for an itinerary that this person asked for."""
    await account_for(uow, person_id, purpose)
    query = (
        select(ItineraryOffer)
        .join(Itinerary, Itinerary.id == ItineraryOffer.itinerary_id)
        .where(ItineraryOffer.id == offer_id, Itinerary.person_id == person_id)
    )
    return await uow.session.scalar(query)


async def lease_changed(uow: Writing, limit: int, *, everything: bool) -> list[tuple[UUID, dict[UUID, int]]]:
    """Itineraries to be looked at again, kept from other workers for a while; with how long each one's log is now.

    Those whose people's logs have grown and are not sealed yet, an index tells. `everything`: also those that were
    sealed before anybody looked; and on a new day, and under another book of rules, all.
    """
    unsealed = "" if everything else "AND seq > sealed_seq"
    besides = "OR i.looked_on < :today OR i.book_version <> :book" if everything else ""
    statement = f"""
        WITH moved AS MATERIALIZED (
            SELECT person_id, seq FROM chain_heads WHERE ledger = 'audit_entries' {unsealed}
        ), changed AS MATERIALIZED (
            SELECT p.itinerary_id FROM moved m JOIN itinerary_people p ON p.person_id = m.person_id
            WHERE m.seq > p.seen_seq
        ), due AS (
            SELECT i.id FROM itineraries i
            WHERE i.status = 'standing' AND (i.leased_until IS NULL OR i.leased_until <= :now)
                AND (i.id IN (SELECT itinerary_id FROM changed) {besides})
            ORDER BY i.id LIMIT :limit FOR UPDATE SKIP LOCKED
        ), leased AS (
            UPDATE itineraries i SET leased_until = :until FROM due WHERE i.id = due.id
        )
        SELECT d.id, p.person_id, coalesce(h.seq, 0) FROM due d
        JOIN itinerary_people p ON p.itinerary_id = d.id
        LEFT JOIN chain_heads h ON h.ledger = 'audit_entries' AND h.person_id = p.person_id
        ORDER BY 1, 2
    """  # noqa: S608 — ours, all of it
    asked: dict[str, Any] = {"now": uow.now, "until": uow.now + LEASE, "limit": limit}
    if everything:
        asked |= {"today": uow.region.day_of(uow.now), "book": uow.region.book.version}
    due = await uow.session.execute(text(statement), asked)
    found: dict[UUID, dict[UUID, int]] = {}
    for itinerary_id, person_id, seq in due:
        found.setdefault(itinerary_id, {})[person_id] = seq
    return list(found.items())


async def looked_at(uow: Writing, itinerary_id: UUID, seen: dict[UUID, int], status: ItineraryStatus) -> None:
    """Gives the lease back: it was looked at as of these lengths of logs. `ended` when nothing of it is to come."""
    ended = uow.now if status is not ItineraryStatus.STANDING else None
    values = {
        "looked_on": uow.region.day_of(uow.now),
        "book_version": uow.region.book.version,
        "leased_until": None,
        "status": status,
        "decided_at": ended,
    }
    standing = Itinerary.id == itinerary_id, Itinerary.status == ItineraryStatus.STANDING
    await uow.session.execute(update(Itinerary).where(*standing).values(**values))
    for person_id, seq in seen.items():
        mine = ItineraryPerson.itinerary_id == itinerary_id, ItineraryPerson.person_id == person_id
        await uow.session.execute(update(ItineraryPerson).where(*mine).values(seen_seq=seq))


async def withdraw_offer(uow: Writing, itinerary_id: UUID) -> None:
    """What was offered no longer fits."""
    await uow.session.execute(
        update(ItineraryOffer)
        .where(ItineraryOffer.itinerary_id == itinerary_id, ItineraryOffer.status == OfferStatus.OPEN)
        .values(status=OfferStatus.WITHDRAWN, decided_at=uow.now)
    )


async def add_offer(uow: Writing, itinerary_id: UUID, why: Sequence[dict[str, Any]], plan: dict[str, Any]) -> None:
    await uow.session.execute(
        insert(ItineraryOffer).values(
            id=uuid4(),
            itinerary_id=itinerary_id,
            status=OfferStatus.OPEN,
            why=list(why),
            plan=plan,
            created_at=uow.now,
        )
    )


async def open_offer(uow: Writing, itinerary_id: UUID) -> ItineraryOffer | None:
    """For the worker: nobody is shown it."""
    mine = ItineraryOffer.itinerary_id == itinerary_id, ItineraryOffer.status == OfferStatus.OPEN
    return await uow.session.scalar(select(ItineraryOffer).where(*mine))


async def last_declined(uow: Reading, itinerary_id: UUID) -> list[dict[str, Any]] | None:
    """Why the last offer was made that the person declined: they are not asked the same again."""
    query = (
        select(ItineraryOffer.why)
        .where(ItineraryOffer.itinerary_id == itinerary_id, ItineraryOffer.status == OfferStatus.DECLINED)
        .order_by(ItineraryOffer.decided_at.desc())
        .limit(1)
    )
    return await uow.session.scalar(query)


async def merged(uow: Writing) -> list[tuple[UUID, UUID, UUID]]:
    """Itinerary, person and who that person turned out to be, of itineraries whose people were joined with others."""
    rows = await uow.session.execute(
        text("""
            SELECT p.itinerary_id, p.person_id, s.merged_into FROM itinerary_people p
            JOIN persons s ON s.id = p.person_id WHERE s.merged_into IS NOT NULL
            UNION SELECT i.id, i.person_id, s.merged_into FROM itineraries i
            JOIN persons s ON s.id = i.person_id WHERE s.merged_into IS NOT NULL
            ORDER BY 1, 2 LIMIT 100
        """)
    )
    return [(itinerary, person, into) for itinerary, person, into in rows]


async def terms_sealed(uow: Writing, itinerary_id: UUID, person_id: UUID) -> bytes | None:
    """As they were sealed for the person who asked; None if it was somebody else."""
    query = select(Itinerary.terms_sealed).where(Itinerary.id == itinerary_id, Itinerary.person_id == person_id)
    return await uow.session.scalar(query)


async def move(uow: Writing, itinerary_id: UUID, from_person: UUID, to_person: UUID, sealed: bytes | None) -> None:
    """What was one person's is another's; of two that stand then, the other's own stays."""
    mine = Itinerary.id == itinerary_id, Itinerary.person_id == from_person
    other = aliased(Itinerary)
    stands = exists().where(other.person_id == to_person, other.status == ItineraryStatus.STANDING)
    if sealed is not None:
        ended = {"status": ItineraryStatus.REPLACED, "decided_at": uow.now}
        still = Itinerary.status == ItineraryStatus.STANDING
        unsynchronised = {"synchronize_session": False}
        await uow.session.execute(
            update(Itinerary).where(*mine, still, stands).values(**ended), execution_options=unsynchronised
        )
        await uow.session.execute(update(Itinerary).where(*mine).values(person_id=to_person, terms_sealed=sealed))
    place = ItineraryPerson.itinerary_id == itinerary_id
    twin = aliased(ItineraryPerson)
    there = exists().where(twin.itinerary_id == itinerary_id, twin.person_id == to_person)
    await uow.session.execute(delete(ItineraryPerson).where(place, ItineraryPerson.person_id == from_person, there))
    await uow.session.execute(
        update(ItineraryPerson)
        .where(place, ItineraryPerson.person_id == from_person)
        .values(person_id=to_person, seen_seq=0)
    )
