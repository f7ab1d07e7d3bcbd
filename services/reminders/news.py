"""What features below have to say to people: events of the outbox become what is told, once each.

An event says that something happened; what is told is looked up when it is carried out, so that of what is over by then
nothing is told. An event that comes twice makes the same row.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.unit_of_work import Database, Writing
from app.domain.consents.status import ConsentStatus
from app.domain.offers.terms import Cause
from app.domain.queue.state import QueueState, TicketState
from app.domain.queue.status import TicketStatus
from app.domain.region.policy import RegionPolicy
from app.domain.reminders.kinds import AT_THE_POINT, Kind
from app.domain.reminders.planning import Subject
from services.consents.ledger import CONSENTS_CHANGED
from services.offers.notices import OFFER_NEWS
from services.offers.queries import Offered, offer_to_tell
from services.outbox.commands import Handler, Payload
from services.points.queries import point
from services.queue.notices import QUEUE_MOVED
from services.queue.queries import people_who_wait, queue_state
from services.reminders.commands import Happened, take_back, tell

NEAR = 2
"""A turn is near when no more than so many are called before."""


def news_handlers(database: Database, region: RegionPolicy) -> dict[str, Handler]:
    """By topic, each in a unit of work of its own."""

    def carried_out(what: Callable[[Writing, Payload], Awaitable[None]]) -> Handler:
        async def handle(payload: Payload) -> None:
            async with database.writing(region) as uow:
                await what(uow, payload)

        return handle

    told = {OFFER_NEWS: _offered, QUEUE_MOVED: _moved, CONSENTS_CHANGED: _consent_changed}
    return {topic: carried_out(what) for topic, what in told.items()}


async def _offered(uow: Writing, payload: Payload) -> None:
    """Places are kept for somebody, or their point is closed and nothing was found yet."""
    person_id, offer_id = UUID(payload["person"]), payload["offer"]
    booking_id = UUID(payload["booking"])
    found = await offer_to_tell(uow, person_id, booking_id, UUID(offer_id) if offer_id else None)
    if found is None:
        return
    at = datetime.fromisoformat(payload["at"])
    closed = found.entry.cause == Cause.CLOSED
    if closed or found.kept:
        await tell(uow, person_id, await (_closed if closed else _earlier)(uow, found, at), anew=True)


async def _closed(uow: Writing, found: Offered, at: datetime) -> Happened:
    more = {}
    for place in found.kept[:1]:
        more = {"offer_at": place.place.starts_at.isoformat(), "offer_point": str(place.point_id)}
    return await _of_visit(uow, found, Kind.POINT_CLOSED, at, found.booking.point_id, more)


async def _earlier(uow: Writing, found: Offered, at: datetime) -> Happened:
    """For who asked, and for who would be called late."""
    first, until = found.kept[0], found.expires_at or at
    more = {"at": first.place.starts_at.isoformat(), "answer_by": until.isoformat()}
    return replace(await _of_visit(uow, found, Kind.WAITLIST_OFFER, at, first.point_id, more), until=until)


async def _of_visit(
    uow: Writing, found: Offered, kind: Kind, at: datetime, point_id: UUID, more: dict[str, str]
) -> Happened:
    """Of the visit that something else is offered for; its times are those of that point."""
    visit = found.booking
    return Happened(
        kind,
        Subject.VISIT,
        str(visit.id),
        at,
        about=visit.place.starts_at,
        matter=visit.step,
        point_id=point_id,
        zone=ZoneInfo((await point(uow, point_id)).zone),
        more=more,
    )


async def _consent_changed(uow: Writing, payload: Payload) -> None:
    """Also who has said it themselves: by that they learn if it was somebody else, with their phone. Not that they
    were asked, which whoever asks tells, and not a refusal, which nobody has to hear of.
    """
    if payload["status"] in {ConsentStatus.REQUESTED, ConsentStatus.REFUSED}:
        return
    said = {"purpose": payload["purpose"], "consent": payload["status"]}
    more = said | ({"scope": payload["scope"]} if payload["scope"] else {})
    at, consent_id = datetime.fromisoformat(payload["at"]), payload["consent_id"]
    await tell(
        uow, UUID(payload["person_id"]), Happened(Kind.CONSENT_CHANGED, Subject.CONSENT, consent_id, at, more=more)
    )


async def _moved(uow: Writing, payload: Payload) -> None:
    """A ticket was called, or is called no longer; and who is near by now is told so."""
    state = await queue_state(uow, UUID(payload["point"]))
    at, ticket_id = datetime.fromisoformat(payload["at"]), UUID(payload["ticket"])
    near = _near(state, uow.now)
    people = await people_who_wait(uow, {ticket_id, *near})
    # In the one order in which people are locked.
    for one, person_id in sorted(people.items(), key=lambda item: item[1]):
        ticket = state.ticket(one)
        if one in near and ticket is not None:
            told = _turn(state, ticket, Kind.TURN_NEAR, at, {"ahead": str(near[one])})
            await tell(uow, person_id, told, once=True)
        if one == ticket_id:
            await _of(uow, person_id, ticket_id, state, ticket, at, payload["calls"])


async def _of(
    uow: Writing,
    person_id: UUID,
    ticket_id: UUID,
    state: QueueState,
    ticket: TicketState | None,
    at: datetime,
    calls: int,
) -> None:
    """The ticket that the event is of, as it is now."""
    if ticket is None or ticket.status is not TicketStatus.CALLED:
        # Near it may be still, when it is back in line.
        waits = ticket is not None and ticket.status is TicketStatus.WAITING
        over = {Kind.CALLED} if waits else AT_THE_POINT
        await take_back(uow, person_id, Subject.TICKET, str(ticket_id), over)
        return
    await take_back(uow, person_id, Subject.TICKET, str(ticket_id), {Kind.TURN_NEAR})
    if ticket.calls == calls:  # else another event tells of the newer call
        more = {"counter": str(ticket.counter_id)}
        await tell(uow, person_id, _turn(state, ticket, Kind.CALLED, at, more), anew=True)


def _turn(state: QueueState, ticket: TicketState, kind: Kind, at: datetime, more: dict[str, str]) -> Happened:
    about = {"ticket": str(ticket.number), **more}
    return Happened(kind, Subject.TICKET, str(ticket.id), at, point_id=state.point_id, more=about)


def _near(state: QueueState, now: datetime) -> dict[UUID, int]:
    """Tickets whose turn is near, and how many are ahead of each."""
    ahead = {
        ticket.id: state.ahead_of(ticket.id, now) for ticket in state.live if ticket.status is TicketStatus.WAITING
    }
    return {ticket_id: count for ticket_id, count in ahead.items() if count is not None and count <= NEAR}
