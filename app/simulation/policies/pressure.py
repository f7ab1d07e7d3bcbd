"""In which order people are offered what is free: by the product's rule."""

from collections.abc import Iterable
from uuid import UUID

from app.domain.offers.matching import Seeker
from app.domain.offers.terms import Cause
from app.simulation.journey import Journey, Visit
from app.simulation.timeline import Timeline


def pressed(there: Iterable[tuple[Journey, Visit]], cause: Cause, timeline: Timeline) -> list[tuple[Journey, Visit]]:
    """The most pressed first: `Seeker.pressure` of `app.domain.offers`. The time of asking is that of booking."""

    def seeker(journey: Journey, visit: Visit) -> Seeker:
        deadline = journey.needed_by(visit.step)
        return Seeker(
            entry_id=UUID(int=visit.number),
            cause=cause,
            service=visit.step,
            point_id=UUID(int=visit.site.number),
            starts_at=timeline.instant(visit.target),
            asked_at=timeline.instant(visit.made),
            deadline=None if deadline is None else timeline.date(deadline),
        )

    return sorted(there, key=lambda pair: seeker(*pair).pressure)
