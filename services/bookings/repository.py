"""SQL of holds and bookings."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text, tuple_, update

from app.db.changes import Changes
from app.db.gather import Part
from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import LIVE, TAKING, BookingStatus
from app.domain.points.places import Place
from app.models.bookings import Booking
from app.models.points import Point
from services.audit.access import account_for, recall_uses


async def own(uow: Reading, person_id: UUID, booking_id: UUID, purpose: Purpose) -> Booked | None:
    """The booking if it is this person's: another's is not found."""
    await account_for(uow, person_id, purpose)
    found = await uow.session.scalar(select(Booking).where(Booking.id == booking_id, Booking.person_id == person_id))
    return booked(found) if found else None


async def own_part(
    uow: Reading, person_id: UUID, purpose: Purpose, since: datetime, booking_id: UUID | None
) -> Part[list[Booked]]:
    """The person's holds and visits to come, what has changed `since`, and the booking named, if one is."""
    await account_for(uow, person_id, purpose)
    statement = """
        SELECT id, person_id, step, service, point_id, pool_id, day, first_tick, ticks, lower(during) AS starts_at,
            status, held_until, created_at, changed_at, version, moves, group_id, itinerary_id
        FROM bookings WHERE person_id = :person
            AND (status IN ('held', 'confirmed', 'arrived') OR changed_at > :since::timestamptz OR id = :booking)
    """
    parameters = {"person": person_id, "since": since, "booking": booking_id}
    return Part(statement, parameters, lambda rows: [_from_json(row) for row in rows], many=True)


def _from_json(row: dict[str, Any]) -> Booked:
    moment = datetime.fromisoformat
    day = date.fromisoformat(row["day"])
    return Booked(
        id=UUID(row["id"]),
        person_id=UUID(row["person_id"]),
        step=row["step"],
        service=row["service"],
        point_id=UUID(row["point_id"]),
        place=Place(UUID(row["pool_id"]), day, row["first_tick"], row["ticks"], moment(row["starts_at"])),
        status=BookingStatus(row["status"]),
        held_until=moment(row["held_until"]) if row["held_until"] else None,
        created_at=moment(row["created_at"]),
        changed_at=moment(row["changed_at"]),
        version=row["version"],
        moves=row["moves"],
        group_id=UUID(row["group_id"]) if row["group_id"] else None,
        itinerary_id=UUID(row["itinerary_id"]) if row["itinerary_id"] else None,
    )


def booked(row: Booking) -> Booked:
    """A row as the rules take it."""
    starts_at = row.during.lower
    if starts_at is None:
        raise ValueError("a booking has a beginning")
    return Booked(
        id=row.id,
        person_id=row.person_id,
        step=row.step,
        service=row.service,
        point_id=row.point_id,
        place=Place(row.pool_id, row.day, row.first_tick, row.ticks, starts_at),
        status=BookingStatus(row.status),
        held_until=row.held_until,
        created_at=row.created_at,
        changed_at=row.changed_at,
        version=row.version,
        moves=row.moves,
        group_id=row.group_id,
        itinerary_id=row.itinerary_id,
    )


def _row(booking: Booked) -> dict[str, Any]:
    place = booking.place
    return {
        "id": booking.id,
        "person_id": booking.person_id,
        "step": booking.step,
        "service": booking.service,
        "point_id": booking.point_id,
        "pool_id": place.pool_id,
        "day": place.day,
        "first_tick": place.first_tick,
        "ticks": place.ticks,
        "during": f"[{place.starts_at.isoformat()},{place.ends_at.isoformat()})",
        "status": booking.status,
        "held_until": booking.held_until,
        "created_at": booking.created_at,
        "changed_at": booking.changed_at,
        "version": booking.version,
        "moves": booking.moves,
        "group_id": booking.group_id,
        "itinerary_id": booking.itinerary_id,
    }


def put(changes: Changes, booking: Booked) -> None:
    """The booking as it is to be, at the version it was read at."""
    changes.changed.append(_row(booking))


def add(changes: Changes, booking: Booked) -> None:
    changes.added.append(_row(booking))


def take(changes: Changes, place: Place) -> None:
    changes.ledger.append(_use(place, +1))


def give_back(changes: Changes, place: Place) -> None:
    changes.ledger.append(_use(place, -1))


def _use(place: Place, change: int) -> dict[str, Any]:
    return {
        "pool_id": place.pool_id,
        "day": place.day,
        "first_tick": place.first_tick,
        "ticks": place.ticks,
        "change": change,
    }


async def of_person(
    uow: Reading, person_id: UUID, purpose: Purpose, before: tuple[datetime, UUID] | None, limit: int
) -> list[Booked]:
    """The person's bookings, newest first; holds that ended unconfirmed are left out."""
    await account_for(uow, person_id, purpose)
    ended = {BookingStatus.EXPIRED, BookingStatus.RELEASED}
    query = select(Booking).where(Booking.person_id == person_id, Booking.status.not_in(ended))
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


async def clash(uow: Writing, one: UUID, other: UUID, purpose: Purpose) -> bool:
    """Whether the two have places at the same time, or for the same step."""
    for person_id in (one, other):
        await account_for(uow, person_id, purpose)
    statement = """
        SELECT EXISTS (
            SELECT FROM bookings a JOIN bookings b ON a.during && b.during OR a.step = b.step
            WHERE a.person_id = :one AND b.person_id = :other
                AND a.status IN ('held', 'confirmed', 'arrived') AND b.status IN ('held', 'confirmed', 'arrived'))
    """
    return bool(await uow.session.scalar(text(statement), {"one": one, "other": other}))


async def move(uow: Writing, from_person: UUID, to_person: UUID) -> None:
    await uow.session.execute(
        update(Booking).where(Booking.person_id == from_person).values(person_id=to_person, version=Booking.version + 1)
    )
