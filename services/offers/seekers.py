"""What the offers to many people are decided on, read in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db.unit_of_work import Deciding
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.offers.bounds import Bounds, bounds_of
from app.domain.offers.matching import Seeker
from app.domain.offers.terms import Cause
from app.domain.pathways.events import StepEvent
from app.domain.pathways.pathway import Facts
from services.audit.queries import log_positions
from services.bookings.offered import live_part, passed_by
from services.offers import repository
from services.offers.upkeep import Unserved
from services.pathways.queries import events_of_many, pathway_from
from services.profiles.queries import facts_of_many

Places = frozenset[tuple[UUID, datetime]]


@dataclass(frozen=True, slots=True)
class Group:
    """`bookings` by entry; `positions`: how long each person's log was."""

    seekers: list[Seeker]
    bookings: Mapping[UUID, Booked]
    positions: Mapping[UUID, int]


async def group_of(uow: Deciding, together: Sequence[Unserved]) -> Group:
    """Those of them, no two of one person, who still wait for a place instead of that booking."""
    people = [each.person_id for each in together]
    passed = await _passed(uow, [each.entry.id for each in together if each.waiting.made])
    # Read for each person alone: nobody else learns anything of it.
    positions, visits = log_positions(people), await live_part(uow, people)
    facts = await facts_of_many(uow, people, Purpose.OWN_ACCESS)
    events = await events_of_many(uow, people, Purpose.OWN_ACCESS)
    unserved = repository.unserved_part([each.entry.id for each in together])
    found = await uow.gather(positions, visits, facts, events, unserved)
    known, happened, waiting = found[facts], found[events], found[unserved]
    booked: dict[UUID, list[Booked]] = {}
    for visit in found[visits]:
        booked.setdefault(visit.person_id, []).append(visit)
    bookings: dict[UUID, Booked] = {}
    seekers = []
    for each in together:
        own = booked.get(each.person_id, [])
        booking = next((visit for visit in own if visit.id == each.entry.booking_id), None)
        if each.entry.id not in waiting or each.person_id not in found[positions] or booking is None:
            continue
        bookings[each.entry.id] = booking
        bounds = _bounds(uow, known.get(each.person_id), happened.get(each.person_id, []), own, booking)
        seekers.append(_seeker(each, booking, own, bounds, passed.get(each.entry.id, frozenset())))
    return Group(seekers, bookings, found[positions])


async def _passed(uow: Deciding, entry_ids: Sequence[UUID]) -> dict[UUID, Places]:
    """By entry the places that were offered before and not taken."""
    if not entry_ids:
        return {}
    offers = await repository.offers_of(uow, entry_ids)
    found: dict[UUID, set[tuple[UUID, datetime]]] = {}
    for offer_id, point_id, starts_at in await passed_by(uow, offers):
        found.setdefault(offers[offer_id], set()).add((point_id, starts_at))
    return {entry_id: frozenset(places) for entry_id, places in found.items()}


def _bounds(
    uow: Deciding, facts: Facts | None, events: Sequence[StepEvent], own: Sequence[Booked], booking: Booked
) -> Bounds:
    if facts is None:
        return Bounds()  # help that no step asks for can be booked without a pathway
    visits = [visit for visit in own if visit.live]
    today, calendar = uow.region.day_of(uow.now), uow.region.book.calendar
    return bounds_of(pathway_from(uow, facts, events), visits, booking, today, uow.region.calendar_days, calendar)


def _seeker(each: Unserved, booking: Booked, own: Sequence[Booked], bounds: Bounds, passed: Places) -> Seeker:
    entry = each.entry
    return Seeker(
        entry_id=entry.id,
        cause=Cause(entry.cause),
        service=booking.service,
        point_id=booking.point_id,
        starts_at=booking.place.starts_at,
        asked_at=entry.asked_at,
        deadline=bounds.needed_by,
        earliest=entry.earliest,
        latest=entry.latest,
        points=None if entry.points is None else frozenset(entry.points),
        not_before=bounds.not_before,
        useful_until=bounds.useful_until,
        busy=tuple(
            (visit.place.starts_at, visit.place.ends_at)
            for visit in own
            if visit is not booking and (visit.live or visit.status is BookingStatus.HELD)
        ),
        passed=passed,
        expected=entry.expected_at,
    )
