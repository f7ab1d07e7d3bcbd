"""When a visitor may check in."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.points.calendar import local_day

EARLY = timedelta(hours=2)


def may_arrive(day: date, starts_at: datetime, now: datetime, zone: ZoneInfo, late: timedelta) -> bool:
    """On the visit's own local day at any hour: desks take the early and the late as they can.

    And from two hours before it until `late` after it, for a point that is open around midnight.
    """
    return local_day(zone, now) == day or -late <= starts_at - now <= EARLY
