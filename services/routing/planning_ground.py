"""What a plan and a booking of one stand on: who goes, what the law asks of each, and what they have booked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.gather import Gathered, Part
from app.db.unit_of_work import Deciding, Reading
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.bookings.limits import MOST_TOGETHER
from app.domain.bookings.status import BookingStatus
from app.domain.identity.caller import Caller
from app.domain.points.places import Place, Stretch
from app.domain.routing.errands import Member
from app.errors import AppError, InvalidInput, NotFound
from services.bookings.families import family_of
from services.bookings.ground import Ground, ground_parts
from services.pathways.queries import events_part, pathway_from
from services.points.ledger import stretches_at
from services.points.queries import directory_version
from services.profiles.queries import facts_part

Read = Callable[..., Awaitable[Gathered]]
"""Reads parts in one statement: `gather` of a command, `look` of a query."""


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody who goes, with the ground that bookings of theirs stand on."""

    member: Member
    ground: Ground

    @property
    def person(self) -> UUID:
        return self.ground.person_id

    def booked_for(self, step: str) -> Booked | None:
        """The visit that is to be or under way for the step."""
        return next((b for b in self.ground.own if b.live and b.step == step), None)

    def given_back(self, movable: Callable[[Booked], bool]) -> list[Place]:
        """Places that would be free again for this person: their holds, and visits that may move.

        A place that is kept for an offer stays so until the offer is answered.
        """
        return [
            booked.place
            for booked in self.ground.own
            if (booked.status is BookingStatus.HELD and booked.offer_id is None) or (booked.live and movable(booked))
        ]


async def who_goes(uow: Deciding, caller: Caller, people: Sequence[UUID] | None) -> list[UUID]:
    """Those named of the caller's family, or the caller alone. NotFound if somebody is none of theirs."""
    if people is None or [*people] == [caller.person]:
        return [caller.person]
    if not 1 <= len(people) <= MOST_TOGETHER or len(set(people)) < len(people):
        raise InvalidInput(field="people")
    if not set(people) <= set(await family_of(uow, caller)):
        raise NotFound
    return [*people]


async def travellers_of(
    uow: Reading, read: Read, people: Sequence[UUID], *, itinerary_id: UUID | None = None
) -> list[Traveller]:
    """Each one's pathway and bookings, with those of an itinerary, whatever became of them."""
    return [(await _traveller(uow, read, person, itinerary_id))[0] for person in people]


async def travellers_and_stretches(
    uow: Deciding, people: Sequence[UUID], places: Sequence[tuple[UUID, str, datetime]]
) -> tuple[list[Traveller], list[Stretch | None]]:
    """The same, and the ledger where visits would stand (point, service, beginning), read with the last of them."""
    stretches = stretches_at(places)
    found = await travellers_of(uow, uow.gather, people[:-1])
    last, gathered = await _traveller(uow, uow.gather, people[-1], None, stretches)
    return [*found, last], gathered[stretches]


async def _traveller(
    uow: Reading, read: Read, person: UUID, itinerary_id: UUID | None, *others: Part[Any]
) -> tuple[Traveller, Gathered]:
    position, own = await ground_parts(uow, person, itinerary_id)
    facts = await facts_part(uow, person, Purpose.OWN_ACCESS)
    events = await events_part(uow, person, Purpose.OWN_ACCESS)
    directory = directory_version(uow)
    found = await read(position, own, facts, events, directory, *others)
    _ = found[directory]
    try:
        pathway = pathway_from(uow, found[facts], found[events])
    except AppError as error:
        error.context["member"] = str(person)
        raise
    ground = Ground(person, found[position], found[own])
    return Traveller(Member(person, pathway, tuple(b for b in found[own] if b.live)), ground), found
