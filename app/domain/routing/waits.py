"""Tables of waiting for results: from the day of a visit to the first day on which its result is of use."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from app.domain.pathways.calendar import Term, WorkCalendar, due


@lru_cache(maxsize=1024)
def waits(first: date, last: date, term: Term, calendar: WorkCalendar) -> Mapping[date, date]:
    """For each day from `first` to `last` the day on which `term` from it has run; kept for the next who asks."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: due(day, term, calendar) for day in days}
