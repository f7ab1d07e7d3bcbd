"""When a visitor may check in."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.points.calendar import local_day

EARLY = timedelta(hours=2)


def may_arrive(day: date, starts_at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """On the visit's own local day at any hour: desks take the early and the late as they can.

    And up to two hours before it, for a point that is open around midnight.
    """
    return local_day(zone, now) == day or timedelta(0) <= starts_at - now <= EARLY
