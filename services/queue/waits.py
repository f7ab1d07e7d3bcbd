"""How long people wait, from what is going on at a point right now and what its visits took so far."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import isfinite
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.unit_of_work import Reading
from app.domain.queue.policy import Ticket, turn_of
from app.domain.queue.service_times import NOTHING, Pace, declared, learned
from app.domain.queue.state import QueueState
from app.domain.queue.waits import Desk, Expected, Scene, Wait, wait_of
from services.bookings.queries import expected_visits
from services.points.queries import minutes_of, open_today, point
from services.queue import repository
from services.queue.measured import history, today_at

VARIES = 0.4
"""The standard deviation of a visit's length over its mean, as long as nothing was measured."""
_UNTOLD_MINUTES = 20
_LATE = timedelta(hours=1)
"""Who is later than that is not waited for."""
_LAST = 1_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """From when on somebody is called in 90 % of the outcomes, by when in half of them, and by when in 90 %: None where
    they would not be called today.
    """

    least: datetime | None
    median: datetime | None
    likely: datetime | None


async def scene_of(uow: Reading, point_id: UUID, state: QueueState | None = None) -> Scene | None:
    """A point's queue as it is now. None where nobody works today any more, or no counter was ever named."""
    state = state or await repository.state(uow, point_id)
    hours = [(begins, ends) for begins, ends in await open_today(uow, point_id) if ends > uow.now]
    desks = _desks(uow, state, hours)
    if not desks:
        return None
    last = max(ends for _, ends in hours) if hours else uow.now + timedelta(hours=12)
    expected = await expected_visits(uow, point_id, uow.now - _LATE, last)
    waiting = state.waiting
    named = {*(ticket.service for ticket in waiting), *(service for _, service in expected)}
    named |= {service for desk in desks for service in desk.counter.services}
    named |= {desk.serving for desk in desks if desk.serving}
    return Scene(
        at=uow.now,
        waiting=waiting,
        desks=desks,
        paces=await _paces(uow, point_id, named),
        terms=uow.region.queue,
        expected=[Expected(service, begins) for begins, service in expected],
        breaks=[(ends, begins) for (_, ends), (begins, _) in pairwise(hours)],
    )


def _desks(uow: Reading, state: QueueState, hours: list[tuple[datetime, datetime]]) -> list[Desk]:
    """Counters that are open. Before the first one is, all there are, from the opening on."""
    at = {ticket.counter_id: ticket for ticket in state.at_counters}
    closes = hours[-1][1] if hours else None
    open_now = [
        Desk(counter.as_caller(), at[counter.id].service, at[counter.id].called_at, closes=closes)
        if counter.id in at
        else Desk(counter.as_caller(), closes=closes)
        for counter in state.counters
        if counter.open
    ]
    if open_now or not hours:
        return open_now
    return [Desk(counter.as_caller(), opens=max(hours[0][0], uow.now), closes=closes) for counter in state.counters]


async def _paces(uow: Reading, point_id: UUID, services: set[str]) -> dict[str, Pace]:
    minutes, measured, today = await minutes_of(uow, point_id), await history(uow), await today_at(uow, point_id)
    hour = uow.now.astimezone(ZoneInfo((await point(uow, point_id)).zone)).hour
    return {
        service: learned(
            declared(minutes.get(service, _UNTOLD_MINUTES), VARIES),
            measured.levels(point_id, service, hour),
            today.get(service, NOTHING),
        )
        for service in services
    }


def wait_of_ticket(scene: Scene, ticket_id: UUID) -> Estimate | None:
    """None unless the ticket waits."""
    own = next((ticket for ticket in scene.waiting if ticket.id == ticket_id), None)
    return None if own is None else _estimate(scene, own, scene.at)


def wait_on_coming(
    scene: Scene, service: str, comes: datetime, booked_for: datetime | None = None, language: str | None = None
) -> Estimate:
    """Of somebody who comes then, with a booking or without one."""
    comes = max(comes, scene.at)
    if booked_for is not None:
        mine = next((e for e in scene.expected if (e.service, e.booked_for) == (service, booked_for)), None)
        scene = replace(scene, expected=[each for each in scene.expected if each is not mine])
    ticket = Ticket(None, _LAST, service, turn_of(scene.terms, comes, booked_for), language)
    if service not in scene.paces:
        return Estimate(None, None, None)
    return _estimate(scene, ticket, comes)


def _estimate(scene: Scene, ticket: Ticket, since: datetime) -> Estimate:
    wait: Wait = wait_of(ticket, scene, comes=since if since > scene.at else None)
    return Estimate(_at(since, wait.least), _at(since, wait.median), _at(since, wait.likely))


def _at(since: datetime, minutes: float) -> datetime | None:
    return since + timedelta(minutes=minutes) if isfinite(minutes) else None
