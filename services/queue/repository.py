"""SQL of counters and tickets.

Locks in one order: persons, the counter, the ticket, the booking, heads of logs, the day's numbers; the queue's own row
comes last of all, at the commit, by a trigger. A move compares the version it was decided on and swaps in one
statement.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.db.driver import Driver
from app.db.gather import gather
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.queue import policy
from app.domain.queue.policy import Turn
from app.domain.queue.state import QueueState
from app.domain.queue.status import AT_COUNTER, LIVE, TicketStatus
from app.models.identity import Person
from app.models.points import Point
from app.models.queue import Counter, Ticket, TicketDay
from services.audit.access import account_for
from services.queue import parts

KEPT = (
    Ticket.status,
    Ticket.service,
    Ticket.language,
    Ticket.counter_id,
    Ticket.turn_at,
    Ticket.due_from,
    Ticket.calls,
    Ticket.called_at,
    Ticket.serving_at,
    Ticket.finished_at,
)
"""What a move may change: kept in `before`, for it to be taken back."""


async def state(uow: Reading, point_id: UUID) -> QueueState:
    """The queue at one version, read in one statement on a connection of its own, which is given back at once."""
    await uow.opened.release()
    version = parts.version(point_id)
    counters = parts.counters(point_id)
    tickets = parts.tickets(point_id, uow.now, uow.region.queue.undo_for)
    driver = Driver(uow.opened.engine)
    try:
        found = await gather(driver, version, counters, tickets)
    finally:
        await driver.release()
    return QueueState(point_id, found[version], found[tickets], found[counters])


async def points_at_work(uow: Reading) -> Sequence[UUID]:
    query = select(Counter.point_id).where(Counter.staff_id.is_not(None)).distinct()
    return (await uow.session.scalars(query.order_by(Counter.point_id))).all()


async def counters(uow: Reading, point_id: UUID) -> Sequence[Counter]:
    """In use or not, by code."""
    query = select(Counter).where(Counter.point_id == point_id)
    return (await uow.session.scalars(query.order_by(func.length(Counter.code), Counter.code))).all()


async def locked_counter(uow: Writing, point_id: UUID, counter_id: UUID) -> Counter | None:
    """A counter of the point that is in use. Tickets may refer to it meanwhile."""
    query = select(Counter).where(Counter.id == counter_id, Counter.point_id == point_id, ~Counter.retired)
    return await uow.session.scalar(query.with_for_update(key_share=True).execution_options(populate_existing=True))


async def counter_by_code(uow: Writing, point_id: UUID, code: str) -> Counter | None:
    query = select(Counter).where(Counter.point_id == point_id, Counter.code == code)
    return await uow.session.scalar(query.with_for_update(key_share=True))


async def add_counters(uow: Writing, rows: Collection[dict[str, Any]]) -> None:
    """What is there already is left alone."""
    if rows:
        await uow.session.execute(insert(Counter).on_conflict_do_nothing(), list(rows))


async def number_at(uow: Reading, counter_id: UUID) -> int | None:
    """Whose turn it is at a counter, if anybody's."""
    query = select(Ticket.number).where(Ticket.counter_id == counter_id, Ticket.status.in_(AT_COUNTER))
    return await uow.session.scalar(query)


async def next_number(uow: Writing, point_id: UUID, day: date) -> int:
    """The row of the day is locked until the ticket commits, so no number is given twice, and none is lost."""
    counting = insert(TicketDay).values(point_id=point_id, day=day, last_number=1)
    counting = counting.on_conflict_do_update(
        index_elements=[TicketDay.point_id, TicketDay.day], set_={"last_number": TicketDay.last_number + 1}
    )
    return int((await uow.session.execute(counting.returning(TicketDay.last_number))).scalar_one())


async def add(uow: Writing, ticket_id: UUID, point_id: UUID, day: date, turn: Turn, **values: Any) -> Ticket:
    """A ticket with the next number. To be written last: whoever holds the day's numbers waits for nothing else."""
    ticket = Ticket(
        id=ticket_id,
        point_id=point_id,
        day=day,
        number=await next_number(uow, point_id, day),
        turn_at=turn.at,
        due_from=turn.due,
        status=TicketStatus.WAITING,
        joined_at=uow.now,
        changed_at=uow.now,
        version=1,
        calls=0,
        **values,
    )
    uow.session.add(ticket)
    await uow.session.flush()
    return ticket


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who waits, at the version that was read."""

    ticket: policy.Ticket
    version: int
    named: bool


async def waiting(uow: Reading, point_id: UUID) -> list[Candidate]:
    """Whoever waits at the point; bound to a counter only while that one is open."""
    bound = case((Counter.opened_at.is_not(None), Counter.id))
    shown = (Ticket.id, Ticket.number, Ticket.service, Ticket.turn_at, Ticket.due_from, Ticket.language, Ticket.version)
    query = select(*shown, Ticket.person_id.is_not(None), bound).outerjoin(Counter, Counter.id == Ticket.counter_id)
    query = query.where(Ticket.point_id == point_id, Ticket.status == TicketStatus.WAITING)
    return [
        Candidate(policy.Ticket(id_, number, service, Turn(at, due), language, counter), version, named)
        for id_, number, service, at, due, language, version, named, counter in await uow.session.execute(query)
    ]


async def move(
    uow: Writing,
    point_id: UUID,
    ticket_id: UUID,
    version: int,
    sources: Collection[TicketStatus],
    *,
    undoable: str | None = None,
    **values: Any,
) -> Ticket | None:
    """Compare and swap: None, and nothing is changed, unless the ticket still has that version, in one of `sources`.

    `undoable` names the move that can be taken back then; without it what could be taken back stays so.
    """
    if undoable is not None:
        kept = [part for column in KEPT for part in (column.key, column)]
        values["before"] = func.jsonb_build_object("move", str(undoable), *kept)
    swap = (
        update(Ticket)
        .where(Ticket.id == ticket_id, Ticket.point_id == point_id)
        .where(Ticket.version == version, Ticket.status.in_(sources))
        .values(version=Ticket.version + 1, changed_at=uow.now, **values)
        .returning(Ticket)
    )
    found = await uow.session.scalars(swap.execution_options(populate_existing=True, synchronize_session=False))
    return found.one_or_none()


async def at_point(uow: Reading, point_id: UUID, ticket_id: UUID) -> Ticket | None:
    """A ticket of the point as it is now."""
    query = select(Ticket).where(Ticket.id == ticket_id, Ticket.point_id == point_id)
    return await uow.session.scalar(query.execution_options(populate_existing=True))


async def locked(uow: Writing, point_id: UUID, ticket_id: UUID) -> Ticket | None:
    query = select(Ticket).where(Ticket.id == ticket_id, Ticket.point_id == point_id)
    return await uow.session.scalar(query.with_for_update().execution_options(populate_existing=True))


async def locked_of_booking(uow: Writing, point_id: UUID, booking_id: UUID) -> Ticket | None:
    """The newest ticket of a visit. Its person is locked already."""
    query = select(Ticket).where(Ticket.booking_id == booking_id, Ticket.point_id == point_id)
    query = query.order_by(Ticket.joined_at.desc(), Ticket.number.desc()).limit(1)
    return await uow.session.scalar(query.with_for_update().execution_options(populate_existing=True))


async def person_of(uow: Reading, *, ticket_id: UUID | None = None, booking_id: UUID | None = None) -> UUID | None:
    """Whose ticket it is: who they are now, if they were joined with another since."""
    which = Ticket.id == ticket_id if ticket_id else Ticket.booking_id == booking_id
    query = select(func.coalesce(Person.merged_into, Person.id)).join(Ticket, Ticket.person_id == Person.id)
    return await uow.session.scalar(query.where(which).limit(1))


async def people_of(uow: Reading, tickets: Collection[UUID]) -> dict[UUID, UUID]:
    """Whose these tickets are, by ticket; of those that are somebody's."""
    query = select(Ticket.id, func.coalesce(Person.merged_into, Person.id)).join(Person, Ticket.person_id == Person.id)
    found = await uow.session.execute(query.where(Ticket.id.in_(tickets)))
    return {row[0]: row[1] for row in found}


async def of_person(
    uow: Reading, person_id: UUID, purpose: Purpose, *, since: datetime, ticket_id: UUID | None = None
) -> Sequence[Ticket]:
    """The person's tickets that live, or were taken since then, newest first; or the one named, if it is theirs."""
    await account_for(uow, person_id, purpose)
    once = select(Person.id).where(Person.merged_into == person_id)
    query = select(Ticket).where(or_(Ticket.person_id == person_id, Ticket.person_id.in_(once)))
    shown = or_(Ticket.status.in_(LIVE), Ticket.joined_at > since)
    query = query.where(shown if ticket_id is None else Ticket.id == ticket_id)
    return (await uow.session.scalars(query.order_by(Ticket.joined_at.desc(), Ticket.id).limit(50))).all()


async def set_turn(uow: Writing, ticket: Ticket, turn: Turn, *, priority: bool) -> None:
    ticket.priority, ticket.turn_at, ticket.due_from = priority, turn.at, turn.due
    ticket.before = None  # what came before is taken back no more: with it would go the turn that was declared since
    ticket.version += 1
    ticket.changed_at = uow.now
    await uow.session.flush()


async def close_left_over(uow: Writing, began_before: datetime, limit: int) -> int:
    """Ends what is alive of days that were over then, where the point is. What somebody else is at work on comes next
    time: the worker waits for nobody.
    """
    over = func.date(func.timezone(Point.zone, began_before))
    due = (
        select(Ticket.id)
        .join(Point, Point.id == Ticket.point_id)
        .where(Ticket.status.in_(LIVE), Ticket.day < over)
        .order_by(Ticket.point_id, Ticket.id)
        .limit(limit)
        .with_for_update(of=Ticket, skip_locked=True)
    )
    ids: Iterable[UUID] = (await uow.session.scalars(due)).all()
    ended = {"status": TicketStatus.CLOSED, "before": None, "changed_at": uow.now, "version": Ticket.version + 1}
    await uow.session.execute(update(Ticket).where(Ticket.id.in_(ids)).values(ended))
    return len(list(ids))


async def close_counters(uow: Writing, opened_before: datetime) -> None:
    """Counters that are open since before then. One with somebody at it waits for their ticket to end."""
    at_it = select(Ticket.id).where(Ticket.counter_id == Counter.id, Ticket.status.in_(AT_COUNTER)).exists()
    left = select(Counter.id).where(Counter.opened_at < opened_before, ~at_it)
    ids = (await uow.session.scalars(left.with_for_update(key_share=True, skip_locked=True))).all()
    await uow.session.execute(update(Counter).where(Counter.id.in_(ids)).values(staff_id=None, opened_at=None))


async def drop_priorities(uow: Writing, began_before: datetime) -> None:
    """The day's priorities are forgotten once it is over, where the point is. No move: versions stay."""
    over = select(Point.id).where(
        Point.id == Ticket.point_id, Ticket.day < func.date(func.timezone(Point.zone, began_before))
    )
    past = Ticket.priority & Ticket.status.not_in(LIVE) & over.exists()
    await uow.session.execute(update(Ticket).where(past).values(priority=False))


async def forget_persons(uow: Writing, joined_before: datetime) -> None:
    """Whose the old tickets were. When they joined, were called and served is kept."""
    old = Ticket.person_id.is_not(None) & (Ticket.joined_at < joined_before) & Ticket.status.not_in(LIVE)
    nobody = {"person_id": None, "booking_id": None, "language": None, "before": None}
    await uow.session.execute(update(Ticket).where(old).values(nobody))


async def faults(uow: Reading) -> list[tuple[UUID, date, int, int, int]]:
    """Days whose numbers are not 1, 2, 3 … to the last one given: point, day, tickets, greatest and last number."""
    rows = await uow.session.execute(
        text("""
            SELECT coalesce(t.point_id, d.point_id), coalesce(t.day, d.day), coalesce(made, 0), coalesce(greatest, 0),
                coalesce(last_number, 0)
            FROM (SELECT point_id, day, count(*) AS made, max(number) AS greatest FROM tickets GROUP BY 1, 2) t
            FULL JOIN ticket_days d ON (d.point_id, d.day) = (t.point_id, t.day)
            WHERE (made, greatest) IS DISTINCT FROM (last_number::bigint, last_number) ORDER BY 1, 2
        """)
    )
    return [tuple(row) for row in rows]
