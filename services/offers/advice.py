"""When to leave for a visit, from where somebody is now: that is used for the answer, and kept nowhere."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.unit_of_work import Reading
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.offers.leaving import Leaving, leaving
from app.domain.points.calendar import local_day
from app.domain.points.geo import Coordinates
from app.models.points import Point
from app.ports import Travel
from services.bookings.errors import NotMovable
from services.bookings.queries import own_booking, to_be_moved
from services.points.queries import point
from services.queue.waits import Estimate, scene_of, wait_on_coming


@dataclass(frozen=True, slots=True)
class Advice:
    """`wait`: of who comes as advised, on the day of the visit; None before it, and where no counter works."""

    booking: Booked
    point: Point
    travel: timedelta
    leaving: Leaving
    wait: Estimate | None
    to_be_moved: bool


async def advice_for(uow: Reading, travel: Travel, person_id: UUID, booking_id: UUID, home: Coordinates) -> Advice:
    """NotMovable for a visit that is not ahead any more."""
    booking = await own_booking(uow, person_id, booking_id)
    if booking.status is not BookingStatus.CONFIRMED:
        raise NotMovable
    at = await point(uow, booking.point_id)
    stranded = booking.id in await to_be_moved(uow, [booking])
    ((minutes,),) = await travel.table([home], [(at.lat, at.lon)])
    way, begins = timedelta(minutes=minutes), booking.place.starts_at
    told = leaving(begins, way, uow.region.queue)
    today = booking.place.day == local_day(ZoneInfo(at.zone), uow.now)
    scene = await scene_of(uow, at.id) if today else None
    if scene is None:
        return Advice(booking, at, way, told, None, stranded)
    on_time = wait_on_coming(scene, booking.service, max(begins, uow.now + way), begins)
    told = leaving(begins, way, uow.region.queue, on_time.least)
    comes = max(told.arrive_at, uow.now + way)
    return Advice(booking, at, way, told, wait_on_coming(scene, booking.service, comes, begins), stranded)
