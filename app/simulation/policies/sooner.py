"""Who could end sooner, now that places came free: told without a plan, so that plans are made for these only."""

from app.simulation.journey import Journey, Visit
from app.simulation.parts import Step
from app.simulation.policies.asking import Asking


def could_be_sooner(asking: Asking, journey: Journey) -> Visit | None:
    """The visit that the end of the journey hangs on, if a day on which it could be earlier has a free place for it.

    From the last visit back along the terms that leave no day to spare.
    """
    visit = max(journey.visits.values(), key=lambda each: (each.day, each.target))
    while True:
        step = asking.life.scenario.step(visit.step)
        first, before = _first_day(asking, journey, step)
        if first < visit.day:
            rows, date = asking.board.openings(visit.step, visit.day), asking.life.timeline.date
            free = visit.place is not None and any(date(day) in rows for day in range(first, visit.day))
            return visit if free else None
        if before is None:
            return None
        visit = before


def _first_day(asking: Asking, journey: Journey, step: Step) -> tuple[int, Visit | None]:
    """The first day, from tomorrow, that its prerequisites leave to a step; and the visit that it waits for so long."""
    timeline = asking.life.timeline
    first = max(timeline.day(asking.life.env.now) + 1, timeline.day(journey.not_before.get(step.code, 0.0)))
    before: Visit | None = None
    for code in step.hard_prerequisites:
        other = journey.visits.get(code)
        if other is None:
            ready = asking.ready(journey, step, code)
        else:
            ready = timeline.after_working_days(other.day, asking.wait(step, code))
        if ready > first or (ready == first and other is not None):
            first, before = ready, other
    return first, before
