"""On which days a visit can stand, by the law and by what its person has booked around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.bookings.booking import Booked
from app.domain.pathways.calendar import WorkCalendar
from app.domain.pathways.pathway import Pathway
from app.domain.routing.journey import Given, Need
from app.domain.routing.readiness import Readiness


@dataclass(frozen=True, slots=True)
class Bounds:
    """`not_before`: the first day on which the step can succeed. `needed_by`: the earliest deadline that it is for.
    `useful_until`: the last day that leaves its result in time for what is booked after it.
    """

    not_before: date | None = None
    needed_by: date | None = None
    useful_until: date | None = None


def bounds_of(
    pathway: Pathway, visits: Iterable[Booked], booking: Booked, today: date, days: int, calendar: WorkCalendar
) -> Bounds:
    """Those of a booking's step. `visits`: all that the person has booked; `days`: how far ahead may be looked."""
    step = next((step for step in pathway.steps if step.code == booking.step), None)
    if step is None:
        return Bounds()
    day_of = {visit.step: visit.place.day for visit in visits}
    last = max([today + timedelta(days=days), *day_of.values()])
    ready = Readiness(pathway, {code: code for code in day_of}, min([today, *day_of.values()]), last, calendar)

    def needs(code: str) -> list[Need | Given]:
        rule = next((step.rule for step in pathway.steps if step.code == code), None)
        return [need for other in (rule.hard if rule else ()) for need in ready.needs(other, renewal=False)]

    not_before = [step.not_before] if step.not_before else []
    for need in needs(booking.step):
        if isinstance(need, Given):
            not_before += [need.ready] if need.ready else []
        elif need.code in day_of:
            not_before += [need.ready.get(day_of[need.code], last)]
    useful = [
        max((day for day, there in need.ready.items() if there <= day_of[code] and day < day_of[code]), default=today)
        for code in day_of
        if code != booking.step
        for need in needs(code)
        if isinstance(need, Need) and need.code == booking.step
    ]
    return Bounds(max(not_before, default=None), step.needed_by, min(useful, default=None))
