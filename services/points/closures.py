"""A point closes at once: something has happened, and nobody is received until it is over."""

from collections.abc import Mapping
from datetime import datetime, time
from uuid import UUID

from app.db.unit_of_work import Writing
from app.domain.pathways.calendar import is_holiday
from app.domain.points.calendar import MIDNIGHT, local_day
from app.domain.points.closing import closed_between
from app.errors import InvalidInput
from services.points.calendars import take_calendars
from services.points.commands import Changed, change_plan
from services.points.errors import ClosedAlready
from services.points.queries import plan_of


async def close(
    uow: Writing, point_id: UUID, since: time | None, until: time | None, reason: Mapping[str, str]
) -> Changed:
    """Closes the point today, by its own clock, from `since` (now) to `until` (its end). Visits keep their places and
    are to be moved: whoever closes a point at once need not confirm whom that strands.
    """
    await take_calendars(uow)
    present = (await plan_of(uow, point_id)).plan
    today, now = local_day(present.zone, uow.now), _last_five_minutes(uow.now.astimezone(present.zone))
    if until is not None and MIDNIGHT != until <= (since or now):
        raise InvalidInput(field="until")
    holiday = is_holiday(today, uow.region.book.calendar)
    closed = closed_between(present, today, since or now, until, reason, holiday=holiday)
    if closed.hours_on(today, holiday=holiday) == present.hours_on(today, holiday=holiday):
        raise ClosedAlready
    would = await change_plan(uow, point_id, closed, version=present.digest, preview=True, confirmation=None)
    return await change_plan(
        uow, point_id, closed, version=present.digest, preview=False, confirmation=would.confirmation
    )


def _last_five_minutes(local: datetime) -> time:
    return time(local.hour, local.minute - local.minute % 5)
