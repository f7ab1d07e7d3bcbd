"""A person waits for an earlier time."""

from uuid import UUID

from fastapi import APIRouter, status

from app.errors import NotFound
from routers.deps import DecidingUow, Migrant
from routers.idempotency import KeepingRoute
from routers.offers.schemas import WaitOut, WishIn, wish
from routers.problems import problems
from services.bookings.errors import NotMovable
from services.offers.errors import NothingEarlier
from services.offers.waitlist import ask, leave

router = APIRouter(prefix="/v1/waitlist", tags=["offers"], route_class=KeepingRoute)


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(NotFound, NotMovable, NothingEarlier))
async def ask_for_earlier(body: WishIn, uow: DecidingUow, caller: Migrant) -> WaitOut:
    """Asks for an earlier time for a booking. When a place comes free it is kept for whoever's deadline is the nearest,
    then for who asked first; the booking stays until they accept. Asked again, the new bounds count.
    """
    place = await ask(uow, caller.person, body.booking_id, wish(body))
    return WaitOut(booking_id=place.booking_id)


@router.post("/{booking_id}/leave", responses=problems(NotFound))
async def leave_waitlist(booking_id: UUID, uow: DecidingUow, caller: Migrant) -> WaitOut:
    """Asks no more; what is kept goes to whoever is next. Leaving twice is the same as once."""
    await leave(uow, caller.person, booking_id)
    return WaitOut(booking_id=booking_id)
