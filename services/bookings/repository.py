"""SQL of holds and bookings."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, text, tuple_
from sqlalchemy.dialects.postgresql import Range

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.status import LIVE, TAKING, BookingStatus
from app.domain.points.places import Place
from app.models.bookings import Booking
from app.models.points import Point
from services.audit.access import account_for


async def own(
    uow: Reading, person_id: UUID, booking_id: UUID, purpose: Purpose, *, lock: bool = False
) -> Booking | None:
    """The booking if it is this person's: another's is not found."""
    await account_for(uow, person_id, purpose)
    query = select(Booking).where(Booking.id == booking_id, Booking.person_id == person_id)
    return await uow.session.scalar(query.with_for_update() if lock else query)


async def of_person(
    uow: Reading, person_id: UUID, purpose: Purpose, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Booking]:
    """The person's bookings, newest first; holds that ended unconfirmed are left out."""
    await account_for(uow, person_id, purpose)
    ended = {BookingStatus.EXPIRED, BookingStatus.RELEASED}
    query = select(Booking).where(Booking.person_id == person_id, Booking.status.not_in(ended))
    if before is not None:
        query = query.where(tuple_(Booking.created_at, Booking.id) < before)
    query = query.order_by(Booking.created_at.desc(), Booking.id.desc()).limit(limit)
    return (await uow.session.scalars(query)).all()


async def hold_of_step(uow: Writing, person_id: UUID, step: str, purpose: Purpose) -> Booking | None:
    await account_for(uow, person_id, purpose)
    query = select(Booking).where(
        Booking.person_id == person_id, Booking.step == step, Booking.status == BookingStatus.HELD
    )
    return await uow.session.scalar(query.with_for_update())


async def live_of_step(uow: Reading, person_id: UUID, step: str, purpose: Purpose) -> Booking | None:
    await account_for(uow, person_id, purpose)
    return await uow.session.scalar(
        select(Booking).where(Booking.person_id == person_id, Booking.step == step, Booking.status.in_(LIVE))
    )


async def at_point(uow: Writing, point_id: UUID, day: date, purpose: Purpose) -> Sequence[Booking]:
    """The day's visits at a point, in the order of their beginning; each visitor's log tells of it.

    The logs are written in one order of persons: two desks reading at once never wait for each other in a circle.
    """
    shown = LIVE | {BookingStatus.COMPLETED}
    query = select(Booking).where(Booking.point_id == point_id, Booking.day == day, Booking.status.in_(shown))
    found = (await uow.session.scalars(query.order_by(Booking.during, Booking.id))).all()
    for person_id in sorted({booking.person_id for booking in found}):
        await account_for(uow, person_id, purpose)
    return found


async def at_point_by_id(uow: Writing, booking_id: UUID, point_id: UUID, purpose: Purpose) -> Booking | None:
    """For the staff of a point: a booking there, locked behind its person's lock. Elsewhere it is not found."""
    there = Booking.id == booking_id, Booking.point_id == point_id
    person_id = await uow.session.scalar(select(Booking.person_id).where(*there))
    if person_id is None:
        return None
    await lock_person(uow, person_id)
    booking = await uow.session.scalar(select(Booking).where(*there).with_for_update())
    # The log's chain head is locked last, after the booking, by everybody.
    await account_for(uow, person_id, purpose)
    return booking


def add(
    uow: Writing,
    *,
    id: UUID,  # noqa: A002 — the column's name
    person_id: UUID,
    step: str,
    service: str,
    point_id: UUID,
    place: Place,
    status: BookingStatus,
    held_until: datetime | None,
) -> Booking:
    booking = Booking(
        id=id,
        person_id=person_id,
        step=step,
        service=service,
        point_id=point_id,
        pool_id=place.pool_id,
        day=place.day,
        first_tick=place.first_tick,
        ticks=place.ticks,
        during=Range(place.starts_at, place.ends_at),
        status=status,
        held_until=held_until,
        created_at=uow.now,
        changed_at=uow.now,
    )
    uow.session.add(booking)
    return booking


def set_status(uow: Writing, booking: Booking, status: BookingStatus) -> None:
    """A hold's end goes with its status: nothing else has one."""
    booking.status = status
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


async def past_confirmed(uow: Writing, limit: int) -> list[tuple[UUID, UUID]]:
    """Booking and person of visits that can no longer begin, in one order of persons."""
    today_there = func.date(func.timezone(Point.zone, uow.now))
    query = (
        select(Booking.id, Booking.person_id)
        .join(Point, Point.id == Booking.point_id)
        .where(Booking.status == BookingStatus.CONFIRMED, Booking.day < today_there)
        .order_by(Booking.person_id, Booking.id)
        .limit(limit)
    )
    return [(booking_id, person_id) for booking_id, person_id in await uow.session.execute(query)]


async def still_confirmed(uow: Writing, booking_id: UUID) -> Booking | None:
    """The booking, locked, unless it has moved on meanwhile. For the worker: nobody reads it."""
    query = select(Booking).where(Booking.id == booking_id, Booking.status == BookingStatus.CONFIRMED)
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
