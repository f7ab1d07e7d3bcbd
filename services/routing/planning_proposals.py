"""An itinerary as it is shown, offered and booked: steps, points and instants, without the planner's numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from app.db.unit_of_work import Reading
from app.domain.routing.errands import Work, assumed_on
from app.domain.routing.itinerary import Cost, Itinerary, Obstructed, Outing, Visit, Why
from app.domain.routing.keeping import Failed
from app.domain.routing.masks import instant_of
from services.routing.planning import Going, Planned


@dataclass(frozen=True, slots=True)
class ProposedVisit:
    """`way_minutes` from home or the visit before it. `kept`: it is booked already and stays."""

    step: str
    service: str
    point_id: UUID
    starts_at: datetime
    ends_at: datetime
    way_minutes: int
    kept: bool
    going: list[Going]


@dataclass(frozen=True, slots=True)
class ProposedOuting:
    """`leaves_at` home and `back_at`; `home_minutes` from the last point, `minutes` on the way in all."""

    day: date
    leaves_at: datetime
    back_at: datetime
    home_minutes: int
    minutes: int
    visits: list[ProposedVisit]


@dataclass(frozen=True, slots=True)
class Counted:
    """A step without a visit that is counted on, and by when; None when nobody knows."""

    step: str
    person: UUID
    by_host: bool
    on: date | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """`against`: steps done without, or before, what is advised first. Codes are those of steps."""

    why: Why
    cost: Cost
    missed: list[Obstructed]
    against: list[tuple[str, str]]
    assumes: list[Counted]
    outings: list[ProposedOuting]

    @property
    def visits(self) -> list[ProposedVisit]:
        return [visit for outing in self.outings for visit in outing.visits]

    def as_json(self) -> dict[str, Any]:
        stored: dict[str, Any] = _STORED.dump_python(self, mode="json")
        return stored

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Proposal":
        return _STORED.validate_python(data)


_STORED: TypeAdapter[Proposal] = TypeAdapter(Proposal)
_FAILURES: TypeAdapter[list[Failed]] = TypeAdapter(list[Failed])


def failures_json(failures: Sequence[Failed]) -> list[dict[str, Any]]:
    stored: list[dict[str, Any]] = _FAILURES.dump_python([*failures], mode="json")
    return stored


def failures_of(data: Sequence[Mapping[str, Any]]) -> list[Failed]:
    return _FAILURES.validate_python([*data])


def proposals_of(uow: Reading, planned: Planned) -> list[Proposal]:
    return [proposal_of(uow, planned, itinerary) for itinerary in planned.plan.itineraries]


def proposal_of(uow: Reading, planned: Planned, itinerary: Itinerary) -> Proposal:
    steps = {errand.code: errand.step for errand in planned.work.errands}
    days = {visit.code: visit.day for visit in itinerary.visits}
    return Proposal(
        why=itinerary.why,
        cost=itinerary.cost,
        missed=obstructed(planned, itinerary.missed),
        against=[(steps[code], steps.get(other, other)) for code, other in itinerary.broken],
        assumes=counted_on(uow, planned.work, days, planned.journey.first, planned.journey.last),
        outings=[_outing(planned, outing) for outing in itinerary.outings],
    )


def obstructed(planned: Planned, found: Sequence[Obstructed]) -> list[Obstructed]:
    """The same by the codes of steps."""
    steps = {errand.code: errand.step for errand in planned.work.errands}
    return [replace(each, code=steps[each.code], by=steps.get(each.by or "", each.by)) for each in found]


def counted_on(uow: Reading, work: Work, days: Mapping[str, date], first: date, last: date) -> list[Counted]:
    """The steps without a visit that visits on these days (by code of their task) count on."""
    calendar = uow.region.book.calendar
    return [
        Counted(each.step, each.person, each.by_host, assumed_on(each, days, first, last, calendar))
        for each in work.assumed
    ]


def _outing(planned: Planned, outing: Outing) -> ProposedOuting:
    times = planned.journey.travel
    first, last = outing.visits[0], outing.visits[-1]
    ways = [times.out[first.point], *(times.between[a.point][b.point] for a, b in pairwise(outing.visits))]
    return ProposedOuting(
        day=outing.day,
        leaves_at=instant_of(outing.leaves),
        back_at=instant_of(outing.back),
        home_minutes=times.back[last.point],
        minutes=outing.minutes,
        visits=[_visit(planned, visit, way) for visit, way in zip(outing.visits, ways, strict=True)],
    )


def _visit(planned: Planned, visit: Visit, way: int) -> ProposedVisit:
    errand = planned.work.errand(visit.code)
    return ProposedVisit(
        step=errand.step,
        service=errand.service,
        point_id=planned.points[visit.point].id,
        starts_at=instant_of(visit.start),
        ends_at=instant_of(visit.start + visit.ticks),
        way_minutes=way,
        kept=errand.kept,
        going=planned.going(visit),
    )
