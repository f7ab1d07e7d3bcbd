"""Keeps itineraries good: when a visit fails or the rules change, the rest is planned anew and offered, never moved.

Every change of a person is in their log, so an itinerary is looked at again when a log of its people has grown: no
other feature has to tell. A new day and a new book of rules are looked for too. A lease keeps two workers apart; the
plan is made without a lock, and what happens meanwhile makes the log grow again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog

from app.db.locks import lock_person
from app.db.unit_of_work import Database, Reading, Writing, look
from app.domain.bookings.booking import Booked
from app.domain.region.policy import RegionPolicy
from app.domain.routing.keeping import Failed, freed, in_the_wake
from app.domain.routing.standing import Cause, ItineraryStatus
from app.errors import AppError
from app.ports import ErasedError, Travel
from services.bookings.ground import can_move
from services.routing import repository
from services.routing.itineraries_standing import Look, look_at, reseal_terms, visits_of
from services.routing.planning import Planned, plan_journey
from services.routing.planning_ground import Traveller, travellers_of
from services.routing.planning_proposals import Proposal, failures_json, proposal_of
from services.routing.repository import Standing

SOONER_BY = timedelta(days=2)
"""An itinerary that holds is offered anew if it ends sooner by so much at least."""
_BATCH = 20
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Found:
    """What became of an itinerary, and what its rest could become, if that is something else."""

    status: ItineraryStatus
    failed: Sequence[Failed]
    proposal: Proposal | None


async def keep_itineraries(database: Database, region: RegionPolicy, travel: Travel, *, everything: bool = True) -> int:
    """Looks again at itineraries whose people's logs have grown; returns how many.

    `everything`: at those too whose log was sealed meanwhile, and on a new day or by other rules at all of them.
    """
    async with database.writing(region) as uow:
        due = await repository.lease_changed(uow, _BATCH, everything=everything)
    for itinerary_id, seen in due:
        try:
            await _look_again(database, region, travel, itinerary_id, seen)
        except Exception as error:  # noqa: BLE001 — one that cannot be planned must not stop the others
            _log.warning("itinerary.unplanned", cause=type(error).__name__)
    return len(due)


async def _look_again(
    database: Database, region: RegionPolicy, travel: Travel, itinerary_id: UUID, seen: dict[UUID, int]
) -> None:
    async with database.reading(region) as reading:
        found = await _found(reading, travel, itinerary_id)
    async with database.writing(region) as uow:
        await _tell(uow, itinerary_id, seen, found)


async def _found(uow: Reading, travel: Travel, itinerary_id: UUID) -> _Found:
    part = repository.standing_by_id(itinerary_id)
    standing = (await look(uow, part))[part]
    if standing is None:
        return _Found(ItineraryStatus.REPLACED, (), None)
    try:
        travellers = await travellers_of(uow, partial(look, uow), standing.people, itinerary_id=itinerary_id)
        if not visits_of(travellers, itinerary_id):
            return _Found(ItineraryStatus.ENDED, (), None)
        found = await look_at(uow, travel, travellers, standing)
    except ErasedError:
        return _Found(ItineraryStatus.ENDED, (), None)
    except AppError:  # nothing can be planned for whom the law asks nothing of, say: until something changes
        return _Found(ItineraryStatus.STANDING, (), None)
    if not found.failed:
        if any(booked.live for booked in found.visits):
            return await _sooner(uow, travel, travellers, found, standing)
        return _Found(ItineraryStatus.ENDED, (), None)
    return _Found(ItineraryStatus.STANDING, found.failed, await _instead(uow, travel, travellers, found))


async def _sooner(
    uow: Reading, travel: Travel, travellers: Sequence[Traveller], found: Look, standing: Standing
) -> _Found:
    """A good itinerary that could be done sooner, since what others were assumed to do later is done."""
    whole = _Found(ItineraryStatus.STANDING, (), None)
    since = uow.region.day_of(standing.created_at)
    if not any(freed(each.member.pathway, each.ground.own, since) for each in travellers):
        return whole
    movable = _movable(uow, travellers)
    planned = await plan_journey(uow, travel, travellers, found.asked, movable=movable, alternatives=0)
    last = max((booked for booked in found.visits if booked.live), key=lambda booked: booked.place.ends_at)
    best = planned.best
    if best is None or any(best.cost[:3]) or best.cost.completion > last.place.day - SOONER_BY:
        return whole
    why = Failed(last.person_id, last.step, Cause.SOONER, last.id)
    return _Found(ItineraryStatus.STANDING, [why], proposal_of(uow, planned, best))


def _movable(uow: Reading, travellers: Sequence[Traveller]) -> Callable[[Booked], bool]:
    own = {each.person: each.ground.own for each in travellers}
    return lambda booked: can_move(uow, own[booked.person_id], booked)


async def _instead(uow: Reading, travel: Travel, travellers: Sequence[Traveller], found: Look) -> Proposal | None:
    """What failed, and what waits for it, planned anew; all that can move, if that misses or loses less."""
    pathways = {each.person: each.member.pathway for each in travellers}
    shaken = {(each.person, step) for each in found.failed for step in in_the_wake(pathways[each.person], each.step)}
    can = _movable(uow, travellers)

    def should(booked: Booked) -> bool:
        return (booked.person_id, booked.step) in shaken and can(booked)

    plans = []
    for movable in (should, can):
        planned = await plan_journey(uow, travel, travellers, found.asked, movable=movable, alternatives=0)
        if planned.best is not None:
            plans.append(planned)
            if not any(planned.best.cost[:3]):
                break
    best = min(plans, key=_worth, default=None)
    if best is None or best.best is None:
        return None
    proposal = proposal_of(uow, best, best.best)
    return proposal if _differs(proposal, travellers) else None


def _worth(planned: Planned) -> tuple[int, ...]:
    """Of two that are as good the first, which moves less."""
    if planned.best is None:
        raise LookupError("a plan without an itinerary is worth nothing")
    cost = planned.best.cost
    return cost.lost, cost.unplaced, cost.missed, cost.days_late


def _differs(proposal: Proposal, travellers: Sequence[Traveller]) -> bool:
    """Whether anything of it is not booked as it stands there."""
    people = {each.person: each for each in travellers}
    for visit in proposal.visits:
        for going in visit.going:
            booked = people[going.person].booked_for(visit.step)
            if booked is None or (booked.point_id, booked.place.starts_at) != (visit.point_id, going.starts_at):
                return True
    return False


async def _tell(uow: Writing, itinerary_id: UUID, seen: dict[UUID, int], found: _Found) -> None:
    await repository.looked_at(uow, itinerary_id, seen, found.status)
    why = failures_json(found.failed)
    plan = found.proposal.as_json() if found.proposal else None
    standing = await repository.open_offer(uow, itinerary_id)
    if plan is not None and await repository.last_declined(uow, itinerary_id) == why:
        plan = None
    if standing is not None and plan is not None and (standing.why, standing.plan) == (why, plan):
        return
    if standing is not None:
        await repository.withdraw_offer(uow, itinerary_id)
    if plan is not None:
        await repository.add_offer(uow, itinerary_id, why, plan)


async def follow_merges(uow: Writing) -> int:
    """Itineraries of somebody who was joined with another become the other's; returns how many were."""
    found = await repository.merged(uow)
    for into in sorted({into for _, _, into in found}):
        await lock_person(uow, into, gone_too=True)
    for itinerary_id, person_id, into in found:
        terms = await repository.terms_sealed(uow, itinerary_id, person_id)
        sealed = await reseal_terms(uow, person_id, into, terms) if terms else None
        await repository.move(uow, itinerary_id, person_id, into, sealed)
    return len(found)
