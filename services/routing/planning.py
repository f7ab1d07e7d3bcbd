"""Plans a whole journey: what the law still asks for, when and where there is room, and the ways between.

Nothing is changed and nothing is kept: where somebody lives is used for the plan and forgotten with it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.bookings.booking import Booked
from app.domain.points.geo import Coordinates
from app.domain.points.places import Place
from app.domain.routing.errands import Errand, Work, work_of
from app.domain.routing.itinerary import Itinerary, Plan, Visit
from app.domain.routing.journey import MOST_TASKS, TICK_MINUTES, Journey, Openings, ticks_of
from app.domain.routing.planner import plan
from app.domain.routing.terms import Terms
from app.models.points import Point
from app.ports import Travel
from services.bookings.ground import can_move
from services.points.directory import Directory
from services.points.free_days import Offer, Offers
from services.points.ledger import directory_with_offers
from services.points.queries import Wanted
from services.routing.board import Board, board_of
from services.routing.errors import TooMuchToPlan
from services.routing.planning_ground import Traveller
from services.routing.ways import ways

NEAREST = 60
"""Of the points that give a service so many are planned with, the nearest."""
_TOMORROW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """How somebody wants to go, from where. `replan`: visits that are booked may move too."""

    home: Coordinates
    terms: Terms = field(default_factory=Terms)
    replan: bool = False


@dataclass(frozen=True, slots=True)
class Going:
    """Whose visit begins when (UTC), and the booking that stands for it already, if one does."""

    person: UUID
    starts_at: datetime
    ends_at: datetime
    booking_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, with what it was made from. `points` by their numbers in the plan."""

    travellers: Sequence[Traveller]
    work: Work
    journey: Journey
    points: Sequence[Point]
    plan: Plan
    _board: Board
    _offers: Mapping[str, Mapping[UUID, Offer]]
    _given_back: Sequence[Place]

    def going(self, visit: Visit) -> list[Going]:
        """Who begins when: a family at once where counters are free, else one after another."""
        errand, point = self.work.errand(visit.code), self.points[visit.point]
        if errand.kept:
            return [Going(b.person_id, b.place.starts_at, b.place.ends_at, b.id) for b in errand.booked]
        offer = self._offers[errand.service][point.id]
        starts = self._board.starts_of(offer, visit.day, visit.start, len(errand.people), self._given_back)
        length = timedelta(minutes=offer.minutes)
        return [
            Going(person, start, start + length, self._standing(person, errand))
            for person, start in zip(errand.people, starts, strict=True)
        ]

    def _standing(self, person: UUID, errand: Errand) -> UUID | None:
        """The booking that would move here."""
        traveller = next(t for t in self.travellers if t.person == person)
        booked = traveller.booked_for(errand.step)
        return booked.id if booked else None

    @property
    def best(self) -> Itinerary | None:
        return self.plan.itineraries[0] if self.plan.itineraries else None


async def plan_journey(
    uow: Reading,
    travel: Travel,
    travellers: Sequence[Traveller],
    asked: Asked,
    *,
    movable: Callable[[Booked], bool] | None = None,
    fresh: bool = False,
    alternatives: int = 2,
) -> Planned:
    """The best itineraries of all that these people still have to do together. `fresh`: by places as they are now.

    `movable`: which visits that are booked may move; all that can if `asked` says so, else none.
    """
    if movable is None:
        movable = _movable(uow, travellers) if asked.replan else _nothing
    work = work_for(uow, travellers, asked.terms, movable)
    directory, offers = await directory_with_offers(uow)
    chosen = _chosen(directory, offers, work, asked)
    points = [directory.points[point_id] for point_id in _numbered(work, chosen)]
    board = board_of(uow)
    pools = {offer.pool_id for found in chosen.values() for offer in found}
    await board.look(uow, pools, fresh=fresh)
    times = await ways(travel, directory, points, asked.home)
    given_back = [place for each in travellers for place in each.given_back(movable)]
    numbers = {point.id: number for number, point in enumerate(points)}
    days = _days(uow)
    openings = {
        errand.code: _kept(errand, numbers)
        if errand.kept
        else _soon(
            uow,
            times.out,
            _openings(
                board,
                directory.version,
                errand,
                [(numbers[o.point_id], o) for o in chosen[errand.service]],
                days,
                given_back,
            ),
        )
        for errand in work.errands
    }
    journey = Journey(
        first=days[0],
        last=max([days[-1], *(day for errand in work.errands if errand.kept for day in openings[errand.code])]),
        tasks=work.tasks,
        openings=openings,
        travel=times,
        free=asked.terms.free_ticks(uow.region.zone, days[0], days[-1]),
        most_visits=asked.terms.most_visits,
        most_minutes=asked.terms.most_minutes,
    )
    found = plan(journey, alternatives) if work.tasks else Plan(())
    return Planned(travellers, work, journey, points, found, board, offers, given_back)


def work_for(uow: Reading, travellers: Sequence[Traveller], terms: Terms, movable: Callable[[Booked], bool]) -> Work:
    """What they still have to visit. TooMuchToPlan for more than is ever planned together."""
    days = _days(uow)
    members = [traveller.member for traveller in travellers]
    work = work_of(members, days[0], days[-1], uow.region.book.calendar, offers=terms.offers, movable=movable)
    if len(work.tasks) > MOST_TASKS:
        raise TooMuchToPlan(limit=MOST_TASKS)
    return work


def _movable(uow: Reading, travellers: Sequence[Traveller]) -> Callable[[Booked], bool]:
    own = {traveller.person: traveller.ground.own for traveller in travellers}
    return lambda booked: can_move(uow, own[booked.person_id], booked)


def _nothing(_booked: Booked) -> bool:
    return False


def _days(uow: Reading) -> list[date]:
    today = uow.region.day_of(uow.now)
    return [today + timedelta(days=ahead) for ahead in range(uow.region.calendar_days + 1)]


def _chosen(directory: Directory, offers: Offers, work: Work, asked: Asked) -> dict[str, list[Offer]]:
    """For each service still to be visited the offers that are planned with, in the order of their points."""
    terms = asked.terms
    wanted = Wanted(terms.languages, terms.features) if terms.languages or terms.features else None
    found = {}
    for service in {errand.service for errand in work.errands if not errand.kept}:
        near = directory.nearest(service, asked.home, NEAREST, wanted.met_by if wanted else None)
        found[service] = [offers[service][point_id] for point_id in near]
    return found


def _numbered(work: Work, chosen: Mapping[str, Sequence[Offer]]) -> list[UUID]:
    """The points of a plan in one order, so that others who plan with the same share what was computed of them."""
    there = {offer.point_id for found in chosen.values() for offer in found}
    there |= {errand.span[0] for errand in work.errands if errand.kept}
    return sorted(there)


def _kept(errand: Errand, numbers: Mapping[UUID, int]) -> Mapping[date, Sequence[Openings]]:
    point_id, day, start, ticks = errand.span
    return {day: [Openings(numbers[point_id], start, 1, ticks)]}


def _openings(
    board: Board,
    version: int,
    errand: Errand,
    numbered: Sequence[tuple[int, Offer]],
    days: Sequence[date],
    given_back: Collection[Place],
) -> Mapping[date, Sequence[Openings]]:
    if not numbered:
        return {}
    people = len(errand.people)
    shared = board.openings(version, errand.service, numbered, days, people)
    pools = {offer.pool_id for _, offer in numbered}
    own = {place.day for place in given_back if place.pool_id in pools} & set(days)
    if not own:
        return shared
    anew = partial(board.openings_with, numbered, people=people, given_back=given_back)
    return {**shared, **{day: anew(day) for day in own}}


def _soon(
    uow: Reading, out: Sequence[int], openings: Mapping[date, Sequence[Openings]]
) -> Mapping[date, Sequence[Openings]]:
    """Without what begins before one could be there, or take it at all."""
    now, lead = ticks_of(uow.now), -(-uow.region.limits.lead.total_seconds() // 300)
    today = uow.region.day_of(uow.now)
    cut: dict[date, Sequence[Openings]] = {}
    for day in (today, today + _TOMORROW):
        kept = []
        for each in openings.get(day, ()):
            earliest = now + 1 + max(int(lead), -(-out[each.point] // TICK_MINUTES)) - each.base
            mask = each.mask >> earliest << earliest if earliest > 0 else each.mask
            if mask:
                kept.append(each._replace(mask=mask))
        cut[day] = kept
    return {**openings, **cut}
