"""Incidents, and whom they leave without a counter: by the product's rule, `app.domain.points.plan.stranded`."""

from collections.abc import Generator
from typing import TYPE_CHECKING
from uuid import UUID

from simpy import Event

from app.domain.points.plan import Taken, stranded
from app.simulation.journey import Journey, Visit
from app.simulation.ledger import Site
from app.simulation.parts import Incident
from app.simulation.region import begins
from app.simulation.timeline import Timeline

if TYPE_CHECKING:
    from app.simulation.life import Life

There = list[tuple[Journey, Visit]]


def befalls(life: "Life", incident: Incident) -> Generator[Event, object, None]:
    """The process of an incident: as its first day begins it is known."""
    first = begins(incident)
    if first is not None:
        yield life.env.timeout(life.timeline.midnight(first) - life.env.now)
        displace(life, life.region.befalls(incident))


def displace(life: "Life", site: Site) -> None:
    """A point's plan has changed: whoever has no counter any more has to go elsewhere, or at another time."""
    gone = _without_counter(life, site)
    for journey, visit in gone:
        life.cancel(journey, visit)
    if gone:
        life.policy.displaced(gone)


def _without_counter(life: "Life", site: Site) -> There:
    """Of those who mean to walk in, all for whom it is closed on their day."""
    there: dict[int, There] = {}
    for journey in life.journeys:
        for visit in journey.visits.values():
            if visit.site is site and not visit.left_home:
                there.setdefault(visit.day, []).append((journey, visit))
    gone: There = []
    for day, visits in there.items():
        taken = [each for _, visit in visits if (each := _taken(life.timeline, visit)) is not None]
        without = {each.booking_id.int for each in stranded(site.planned(day), taken)}
        closed = not site.sessions(day)
        gone += [pair for pair in visits if pair[1].number in without or (closed and pair[1].place is None)]
    return gone


def _taken(timeline: Timeline, visit: Visit) -> Taken | None:
    place = visit.place
    if place is None:
        return None
    return Taken(
        booking_id=UUID(int=visit.number),
        pool_id=UUID(int=visit.site.number),
        day=timeline.date(place.day),
        service=visit.step,
        starts_at=timeline.instant(place.starts),
        first_tick=place.first_tick,
        ticks=place.ticks,
        created_at=timeline.instant(visit.made),
        fixed=False,
    )
