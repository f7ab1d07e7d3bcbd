"""Visits that are booked, and those that somebody wants beside them, held against every hard rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.points.places import Place
from app.domain.routing.check import check
from app.domain.routing.errands import Errand, Work
from app.domain.routing.itinerary import Fault, Violation, Visit
from app.domain.routing.journey import Journey, Openings, ticks_of
from app.domain.routing.keeping import kept_visits
from app.ports import Travel
from services.bookings.ground import Wanted
from services.points.ledger import directory_with_offers
from services.routing.errors import ItineraryBreaks
from services.routing.planning import Asked
from services.routing.ways import ways


@dataclass(frozen=True, slots=True)
class WantedVisit:
    """Who, and which place for which step; `place` as the ledger has it."""

    person: UUID
    wanted: Wanted
    place: Place


async def keep_to_the_rules(
    uow: Reading, travel: Travel, work: Work, visits: Sequence[WantedVisit], asked: Asked
) -> None:
    """ItineraryBreaks tells every rule that the visits would break, beside those that are booked and stay."""
    journey, planned = await journey_to_check(uow, travel, work, asked, _groups(work, visits))
    codes = {visit.code for visit in planned}
    found = check(journey, [*planned, *kept_visits(work, journey)])
    broken = [each for each in found if each.code in codes or each.other in codes]
    if broken:
        raise ItineraryBreaks(violations=[_told(work, each) for each in broken])


async def journey_to_check(
    uow: Reading,
    travel: Travel,
    work: Work,
    asked: Asked,
    groups: Sequence[tuple[Errand, Sequence[WantedVisit]]] = (),
) -> tuple[Journey, list[Visit]]:
    """A journey in which only what is booked, and these visits, have a place; and the visits."""
    directory, _ = await directory_with_offers(uow)
    ids = {each.wanted.point_id for _, together in groups for each in together}
    ids |= {errand.span[0] for errand in work.errands if errand.kept}
    numbers = {point_id: number for number, point_id in enumerate(sorted(ids))}
    openings: dict[str, dict[date, list[Openings]]] = {}
    for errand in work.errands:
        if errand.kept:
            point_id, day, start, ticks = errand.span
            openings[errand.code] = {day: [Openings(numbers[point_id], start, 1, ticks)]}
    planned = [_visit(errand, together, numbers) for errand, together in groups]
    for visit in planned:
        openings[visit.code] = {visit.day: [Openings(visit.point, visit.start, 1, visit.ticks)]}
    first = uow.region.day_of(uow.now)
    last = max([first, *(day for days in openings.values() for day in days)])
    points = [directory.points[point_id] for point_id in numbers]
    journey = Journey(
        first=first,
        last=last,
        tasks=work.tasks,
        openings=openings,
        travel=await ways(travel, directory, points, asked.home),
        free=asked.terms.free_ticks(uow.region.zone, first, last),
        most_visits=asked.terms.most_visits,
        most_minutes=asked.terms.most_minutes,
    )
    return journey, planned


def _told(work: Work, violation: Violation) -> dict[str, Any]:
    steps = {errand.code: errand.step for errand in work.errands}
    other = violation.other and steps.get(violation.other, violation.other)
    return {"step": steps.get(violation.code, violation.code), "fault": violation.fault, "other": other}


def _groups(work: Work, visits: Sequence[WantedVisit]) -> list[tuple[Errand, list[WantedVisit]]]:
    """Visits by errand: those of a family for one step at one point, on one day."""
    by_step: dict[str, list[WantedVisit]] = {}
    for each in visits:
        by_step.setdefault(each.wanted.step, []).append(each)
    found: list[tuple[Errand, list[WantedVisit]]] = []
    wrong = []
    for step, together in by_step.items():
        errand = next((e for e in work.errands if e.step == step and not e.kept), None)
        people = [each.person for each in together]
        where = {(each.wanted.point_id, each.place.day) for each in together}
        if errand is None or errand.service != together[0].wanted.service:
            wrong.append({"step": step, "fault": Fault.UNKNOWN, "other": None})
        elif len(where) > 1 or len(set(people)) < len(people) or not set(people) <= set(errand.people):
            wrong.append({"step": step, "fault": Fault.TWICE, "other": None})
        else:
            found.append((errand, together))
    if wrong:
        raise ItineraryBreaks(violations=wrong)
    return found


def _visit(errand: Errand, together: Sequence[WantedVisit], numbers: dict[UUID, int]) -> Visit:
    start = min(ticks_of(each.place.starts_at) for each in together)
    end = max(ticks_of(each.place.ends_at) for each in together)
    first = together[0]
    return Visit(errand.code, numbers[first.wanted.point_id], first.place.day, start, end - start)
