"""SQL of holds and bookings."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, text, tuple_, update

from app.db.gather import Part
from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import LIVE, TAKING, BookingStatus
from app.models.bookings import Booking
from app.models.points import Point
from services.audit.access import account_for, recall_uses
from services.bookings.rows import COLUMNS, add, booked, from_json, give_back, put, take

__all__ = ["add", "give_back", "put", "take"]


async def own(uow: Reading, person_id: UUID, booking_id: UUID, purpose: Purpose) -> Booked | None:
    """The booking if it is this person's: another's is not found."""
    await account_for(uow, person_id, purpose)
    found = await uow.session.scalar(select(Booking).where(Booking.id == booking_id, Booking.person_id == person_id))
    return booked(found) if found else None


async def own_part(
    uow: Reading,
    person_id: UUID,
    purpose: Purpose,
    since: datetime,
    booking_id: UUID | None,
    itinerary_id: UUID | None = None,
) -> Part[list[Booked]]:
    """The person's holds and visits to come, what has changed `since`, and what is named: a booking, an itinerary's.

    Not what is kept for them because it is offered to them.
    """
    await account_for(uow, person_id, purpose)
    statement = f"""
        SELECT {COLUMNS}
        FROM bookings WHERE person_id = :person AND NOT (status = 'held' AND offer_id IS NOT NULL)
            AND (status IN ('held', 'confirmed', 'arrived') OR changed_at > :since::timestamptz OR id = :booking
                OR itinerary_id = :itinerary)
    """  # noqa: S608 — columns of ours
    parameters = {"person": person_id, "since": since, "booking": booking_id, "itinerary": itinerary_id}
    return Part(statement, parameters, lambda rows: [from_json(row) for row in rows], many=True)


async def live_part(uow: Reading, people: Collection[UUID], purpose: Purpose) -> Part[list[Booked]]:
    """The visits of many that are still to be or under way, and what is kept for them because it is offered."""
    for person_id in people:
        await account_for(uow, person_id, purpose)
    statement = f"""
        SELECT {COLUMNS} FROM bookings WHERE person_id = ANY (:people)
            AND (status IN ('confirmed', 'arrived') OR status = 'held' AND offer_id IS NOT NULL)
    """  # noqa: S608 — columns of ours
    return Part(statement, {"people": list(people)}, lambda rows: [from_json(row) for row in rows], many=True)


async def offered_part(uow: Reading, person_id: UUID, offer_id: UUID, purpose: Purpose) -> Part[list[Booked]]:
    """What is or was kept for the person because of an offer, in the order of beginnings."""
    await account_for(uow, person_id, purpose)
    statement = f"""
        SELECT {COLUMNS} FROM bookings WHERE offer_id = :offer AND person_id = :person ORDER BY lower(during), id
    """  # noqa: S608 — columns of ours
    parameters = {"offer": offer_id, "person": person_id}
    return Part(statement, parameters, lambda rows: [from_json(row) for row in rows], many=True)


async def offered(uow: Reading, person_id: UUID, offer_ids: Collection[UUID], purpose: Purpose) -> list[Booked]:
    """What is kept for the person because of these offers, in the order of beginnings."""
    await account_for(uow, person_id, purpose)
    query = select(Booking).where(Booking.person_id == person_id, Booking.offer_id.in_(offer_ids))
    query = query.where(Booking.status == BookingStatus.HELD).order_by(Booking.during, Booking.id)
    return [booked(row) for row in await uow.session.scalars(query)]


async def passed_by(uow: Reading, offer_ids: Collection[UUID]) -> list[tuple[UUID, UUID, datetime]]:
    """Offer, point and beginning of every place that was kept because of these offers."""
    query = select(Booking.offer_id, Booking.point_id, func.lower(Booking.during))
    rows = await uow.session.execute(query.where(Booking.offer_id.in_(offer_ids)))
    return [(offer_id, point_id, starts_at) for offer_id, point_id, starts_at in rows if offer_id]


async def standing(uow: Reading, booking_ids: Collection[UUID]) -> list[tuple[UUID, UUID, str, str, UUID, datetime]]:
    """Booking, person, service, status, point and beginning."""
    query = select(
        Booking.id, Booking.person_id, Booking.service, Booking.status, Booking.point_id, func.lower(Booking.during)
    )
    return [tuple(row) for row in await uow.session.execute(query.where(Booking.id.in_(booking_ids)))]


async def offers_kept(uow: Reading, but: Collection[UUID]) -> list[UUID]:
    """Offers because of which a place is kept, other than these."""
    query = select(Booking.offer_id).where(Booking.status == BookingStatus.HELD, Booking.offer_id.is_not(None))
    query = query.where(Booking.id.not_in(but)) if but else query
    return [offer_id for offer_id in await uow.session.scalars(query.distinct()) if offer_id]


async def confirmed(uow: Reading, person_id: UUID, purpose: Purpose) -> list[Booked]:
    """The person's visits to which they have not come yet, in the order of their beginnings."""
    await account_for(uow, person_id, purpose)
    query = select(Booking).where(Booking.person_id == person_id, Booking.status == BookingStatus.CONFIRMED)
    return [booked(row) for row in await uow.session.scalars(query.order_by(Booking.during))]


async def locked_offered(uow: Writing, offer_ids: Collection[UUID], booking_ids: Collection[UUID]) -> Sequence[Booking]:
    """What is kept because of these offers, or is one of these; but for what somebody is deciding on right now."""
    query = (
        select(Booking)
        .where(Booking.status == BookingStatus.HELD, Booking.offer_id.is_not(None))
        .where(or_(Booking.offer_id.in_(offer_ids), Booking.id.in_(booking_ids)))
        .order_by(Booking.id)
        .with_for_update(skip_locked=True)
    )
    return (await uow.session.scalars(query)).all()


async def of_person(
    uow: Reading, person_id: UUID, purpose: Purpose, before: tuple[datetime, UUID] | None, limit: int
) -> list[Booked]:
    """The person's bookings, newest first; holds that ended unconfirmed are left out."""
    await account_for(uow, person_id, purpose)
    ended = {BookingStatus.EXPIRED, BookingStatus.RELEASED}
    query = select(Booking).where(Booking.person_id == person_id, Booking.status.not_in(ended))
    query = query.where(or_(Booking.offer_id.is_(None), Booking.status != BookingStatus.HELD))
    if before is not None:
        query = query.where(tuple_(Booking.created_at, Booking.id) < before)
    query = query.order_by(Booking.created_at.desc(), Booking.id.desc()).limit(limit)
    return [booked(row) for row in await uow.session.scalars(query)]


async def at_point(
    uow: Writing, point_id: UUID, day: date, purpose: Purpose, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Booking]:
    """The day's visits at a point, in the order of their beginning; each visitor's log tells of it.

    The logs are written in one order of persons: two desks reading at once never wait for each other in a circle.
    """
    shown = LIVE | {BookingStatus.COMPLETED, BookingStatus.MISSED}
    begins = func.lower(Booking.during)
    query = select(Booking).where(Booking.point_id == point_id, Booking.day == day, Booking.status.in_(shown))
    if after is not None:
        query = query.where(tuple_(begins, Booking.id) > after)
    found = (await uow.session.scalars(query.order_by(begins, Booking.id).limit(limit))).all()
    people = sorted({booking.person_id for booking in found})
    await recall_uses(uow, people, purpose)
    for person_id in people:
        await account_for(uow, person_id, purpose)
    return found


async def at_point_by_id(uow: Writing, booking_id: UUID, point_id: UUID, purpose: Purpose) -> Booking | None:
    """For the staff of a point: a booking there, locked behind its person's lock, even if that one has left since.
    Elsewhere it is not found.
    """
    there = Booking.id == booking_id, Booking.point_id == point_id
    person_id = await uow.session.scalar(select(Booking.person_id).where(*there))
    if person_id is None:
        return None
    await lock_person(uow, person_id, gone_too=True)
    booking = await uow.session.scalar(select(Booking).where(*there).with_for_update())
    # The log's chain head is locked last, after the booking, by everybody.
    await account_for(uow, person_id, purpose)
    return booking


async def at_point_of_person(
    uow: Writing, person_id: UUID, point_id: UUID, days: Collection[date], purpose: Purpose
) -> Sequence[Booking]:
    """A visitor's visits at a point on these days, locked behind the person's lock, earliest first."""
    shown = LIVE | {BookingStatus.MISSED}
    await lock_person(uow, person_id)
    query = (
        select(Booking)
        .where(Booking.person_id == person_id, Booking.point_id == point_id)
        .where(Booking.day.in_(days), Booking.status.in_(shown))
        .order_by(Booking.during, Booking.id)
        .with_for_update()
    )
    found = (await uow.session.scalars(query)).all()
    await account_for(uow, person_id, purpose)
    return found


async def expected(uow: Reading, point_id: UUID, after: datetime, before: datetime) -> list[tuple[datetime, str]]:
    """Beginning and service of visits between two instants to which nobody has come yet, in order."""
    return [(starts_at, service) for _, service, starts_at in await awaited(uow, point_id, after, before)]


async def awaited(uow: Reading, point_id: UUID, after: datetime, before: datetime) -> list[tuple[UUID, str, datetime]]:
    """The same with the booking."""
    begins, day = func.lower(Booking.during), timedelta(days=1)  # a local day may be a day off the one in UTC
    there = Booking.point_id == point_id, Booking.day.between((after - day).date(), (before + day).date())
    query = select(Booking.id, Booking.service, begins).where(*there, begins > after, begins < before)
    query = query.where(Booking.status == BookingStatus.CONFIRMED).order_by(begins, Booking.id)
    return [(booking_id, service, starts_at) for booking_id, service, starts_at in await uow.session.execute(query)]


async def in_the_way(uow: Writing, booking: Booking, purpose: Purpose) -> bool:
    """Whether another visit of the person stands where this one would, were it live again."""
    await account_for(uow, booking.person_id, purpose)
    query = select(Booking.id).where(
        Booking.person_id == booking.person_id,
        Booking.id != booking.id,
        Booking.status.in_(LIVE),
        or_(Booking.step == booking.step, Booking.during.overlaps(booking.during)),
    )
    return await uow.session.scalar(query.limit(1)) is not None


def set_status(uow: Writing, booking: Booking, status: BookingStatus) -> None:
    """A hold's end goes with its status: nothing else has one."""
    booking.status = status
    booking.version += 1
    booking.held_until = None
    booking.changed_at = uow.now


async def claim_expired(uow: Writing, limit: int) -> Sequence[Booking]:
    query = (
        select(Booking)
        .where(Booking.status == BookingStatus.HELD, Booking.held_until <= uow.now)
        .order_by(Booking.held_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await uow.session.scalars(query)).all()


async def of_past_days(uow: Writing, status: BookingStatus, at: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Booking and person of visits in that status whose day was over then, where the point is; in one order of
    persons.
    """
    over = func.date(func.timezone(Point.zone, at))
    query = (
        select(Booking.id, Booking.person_id)
        .join(Point, Point.id == Booking.point_id)
        .where(Booking.status == status, Booking.day < over)
        .order_by(Booking.person_id, Booking.id)
        .limit(limit)
    )
    return [(booking_id, person_id) for booking_id, person_id in await uow.session.execute(query)]


async def still(uow: Writing, booking_id: UUID, status: BookingStatus) -> Booking | None:
    """The booking, locked, unless it has moved on meanwhile. For the worker: nobody reads it."""
    query = select(Booking).where(Booking.id == booking_id, Booking.status == status)
    return await uow.session.scalar(query.with_for_update())


async def ledger_faults(uow: Reading) -> list[tuple[UUID, date, int, int]]:
    """Ledger rows whose use is not the sum of the bookings: pool, day, use in ticks, ticks that bookings take."""
    rows = (
        await uow.session.execute(
            text("""
                WITH taken AS (
                    SELECT pool_id, day, tick, count(*)::smallint AS taken
                    FROM bookings, generate_series(first_tick + 1, first_tick + ticks) AS tick
                    WHERE status = ANY (:taking) GROUP BY pool_id, day, tick
                ), ledger AS (
                    SELECT pool_id, day, tick, in_use
                    FROM capacity_days, unnest(used) WITH ORDINALITY AS u (in_use, tick)
                    WHERE 0 <> ANY (used) AND in_use <> 0  -- most days are empty: they need not be taken apart
                )
                SELECT pool_id, day, sum(coalesce(in_use, 0)), sum(coalesce(taken, 0))
                FROM ledger FULL JOIN taken USING (pool_id, day, tick)
                WHERE coalesce(in_use, 0) <> coalesce(taken, 0)
                GROUP BY pool_id, day ORDER BY pool_id, day
            """),
            {"taking": [status.value for status in TAKING]},
        )
    ).all()
    return [(pool_id, day, used, taken) for pool_id, day, used, taken in rows]


async def clash(uow: Writing, one: UUID, other: UUID, purpose: Purpose) -> bool:
    """Whether the two have places at the same time, or for the same step."""
    for person_id in (one, other):
        await account_for(uow, person_id, purpose)
    statement = """
        SELECT EXISTS (
            SELECT FROM bookings a JOIN bookings b ON a.during && b.during OR a.step = b.step
            WHERE a.person_id = :one AND b.person_id = :other
                AND a.status IN ('held', 'confirmed', 'arrived') AND b.status IN ('held', 'confirmed', 'arrived')
                AND a.offer_id IS NULL AND b.offer_id IS NULL)
    """
    return bool(await uow.session.scalar(text(statement), {"one": one, "other": other}))


async def move(uow: Writing, from_person: UUID, to_person: UUID) -> None:
    await uow.session.execute(
        update(Booking).where(Booking.person_id == from_person).values(person_id=to_person, version=Booking.version + 1)
    )
