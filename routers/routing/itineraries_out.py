"""Plans and itineraries as they are told, in the caller's language and the points' own time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from app.domain.bookings.booking import Booked
from app.domain.languages.negotiation import Reading
from app.domain.pathways.rules import RuleBook
from app.domain.routing.itinerary import Obstructed
from app.domain.routing.keeping import Failed
from app.domain.routing.words import assumption, cause, obstacle, reason
from app.locales.reading import Reader, rule_text
from app.models.points import Point
from routers.bookings.schemas import booking_out
from routers.points.schemas import local, point_brief
from routers.routing.itineraries_schemas import (
    AgainstOut,
    AssumedOut,
    FailedOut,
    GoingOut,
    ItineraryVisitOut,
    ObstacleOut,
    OutingOut,
    PlannedVisitOut,
    PlanOut,
    ProposalOut,
    VisitOut,
)
from services.routing.planning_proposals import Counted, Proposal, ProposedOuting, ProposedVisit

Points = Mapping[UUID, Point]


class Words:
    """One reader: the titles of steps and the sentences made with them in `own`; points are named in `language`."""

    def __init__(self, book: RuleBook, reading: Reading) -> None:
        self.language = reading.written
        self.own = Reader(reading.own)
        kept = book.memo.setdefault(("routers.routing.titles", reading.own), {})
        if not kept:
            kept.update({rule.code: rule_text(rule.title, reading.own) for rule in reversed(book.rules)})
        self.titles: Mapping[str, str] = kept

    def title(self, step: str) -> str:
        return self.titles.get(step, step)


def plan_out(proposals: Sequence[Proposal], unplaced: Sequence[Obstructed], points: Points, words: Words) -> PlanOut:
    return PlanOut(
        itineraries=[proposal_out(each, points, words) for each in proposals],
        unplaced=[_obstacle(each, words) for each in unplaced],
    )


def proposal_out(proposal: Proposal, points: Points, words: Words) -> ProposalOut:
    return ProposalOut(
        reason=proposal.why.reason,
        text=reason(proposal.why, proposal.cost, words.own),
        completes_on=proposal.cost.completion,
        days_out=proposal.cost.outings,
        minutes=sum(outing.minutes for outing in proposal.outings),
        missed=[_obstacle(each, words) for each in proposal.missed],
        against_advice=[
            AgainstOut(step=step, advised=other, title=words.title(step), advised_title=words.title(other))
            for step, other in proposal.against
        ],
        assumes=[assumed_out(each, words) for each in proposal.assumes],
        outings=[_outing(each, points, words) for each in proposal.outings],
        book=[
            VisitOut(
                person_id=going.person,
                step=visit.step,
                service=visit.service,
                point_id=visit.point_id,
                starts_at=_there(going.starts_at, points[visit.point_id]),
            )
            for visit in proposal.visits
            if not visit.kept
            for going in visit.going
        ],
    )


def _outing(outing: ProposedOuting, points: Points, words: Words) -> OutingOut:
    first, last = points[outing.visits[0].point_id], points[outing.visits[-1].point_id]
    return OutingOut(
        day=outing.day,
        leaves_at=_there(outing.leaves_at, first),
        back_at=_there(outing.back_at, last),
        home_minutes=outing.home_minutes,
        minutes=outing.minutes,
        visits=[_visit(each, points, words) for each in outing.visits],
    )


def _visit(visit: ProposedVisit, points: Points, words: Words) -> PlannedVisitOut:
    point = points[visit.point_id]
    return PlannedVisitOut(
        step=visit.step,
        title=words.title(visit.step),
        service=visit.service,
        point=point_brief(point, words.language),
        starts_at=_there(visit.starts_at, point),
        ends_at=_there(visit.ends_at, point),
        way_minutes=visit.way_minutes,
        booked=visit.kept,
        going=[
            GoingOut(
                person_id=going.person,
                starts_at=_there(going.starts_at, point),
                ends_at=_there(going.ends_at, point),
                booking_id=going.booking_id,
            )
            for going in visit.going
        ],
    )


def _there(instant: datetime, point: Point) -> datetime:
    return local(instant, point.zone)


def _obstacle(found: Obstructed, words: Words) -> ObstacleOut:
    return ObstacleOut(
        step=found.code,
        title=words.title(found.code),
        deadline=found.deadline,
        days_late=found.days_late,
        obstacle=found.obstacle,
        by=found.by,
        text=obstacle(found, words.titles, words.own),
    )


def assumed_out(counted: Counted, words: Words) -> AssumedOut:
    title = words.title(counted.step)
    return AssumedOut(
        person_id=counted.person,
        step=counted.step,
        title=title,
        by_host=counted.by_host,
        on=counted.on,
        text=assumption(title, counted.on, by_host=counted.by_host, words=words.own),
    )


def failed_out(failed: Failed, words: Words) -> FailedOut:
    title = words.title(failed.step)
    return FailedOut(
        person_id=failed.person,
        step=failed.step,
        title=title,
        cause=failed.cause,
        booking_id=failed.booking_id,
        text=cause(failed.cause, title, words.own),
    )


def visits_out(visits: Sequence[Booked], points: Points, language: str) -> list[ItineraryVisitOut]:
    return [
        ItineraryVisitOut(person_id=b.person_id, booking=booking_out(b, points[b.point_id], language)) for b in visits
    ]
