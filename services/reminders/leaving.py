"""When to leave is planned as the crow flies; in the last minutes it follows the roads and the queue of the point.

Every minute, by any number of workers: what two of them work out is the same. What nobody has looked at by its time is
told as it was planned.
"""

from datetime import timedelta

import structlog

from app.db.unit_of_work import Database, look
from app.domain.audit.purpose import Purpose
from app.domain.region.policy import RegionPolicy
from app.ports import Travel
from services.bookings.errors import NotMovable
from services.offers.advice import Advice, advice_for
from services.profiles.queries import home_of
from services.reminders import repository
from services.reminders.parts import Leaving, leaving_part

AHEAD = timedelta(minutes=15)
_AT_ONCE = 300
_log = structlog.get_logger()


async def follow_the_way(database: Database, region: RegionPolicy, travel: Travel) -> int:
    """Puts off, or forward, what is to be told within the next minutes; returns how many were looked at."""
    async with database.reading(region) as uow:
        leaving = leaving_part(uow, uow.now + AHEAD, _AT_ONCE)
        soon = (await look(uow, leaving))[leaving]
    for one in soon:
        try:
            advice = await _advice(database, region, travel, one)
        except Exception as error:  # noqa: BLE001 — one visit that cannot be told must not stop the others
            _log.warning("leaving.unknown", cause=type(error).__name__)
            continue
        if advice is not None:
            await _put(database, region, one, advice)
    return len(soon)


async def _advice(database: Database, region: RegionPolicy, travel: Travel, one: Leaving) -> Advice | None:
    """None where nobody sets out for it: the planning sees to that."""
    async with database.reading(region) as uow:
        home = await home_of(uow, one.person_id, Purpose.OWN_REMINDERS)
        if home is None:
            return None
        try:
            return await advice_for(uow, travel, one.person_id, one.booking_id, home)
        except NotMovable:
            return None


async def _put(database: Database, region: RegionPolicy, one: Leaving, advice: Advice) -> None:
    async with database.writing(region) as uow:
        due_at = max(advice.leaving.leave_at, uow.now)
        minutes = {"minutes": str(round(advice.travel.total_seconds() / 60))}
        await repository.put_leaving(uow, one.reminder_id, due_at, None if advice.to_be_moved else one.more | minutes)
