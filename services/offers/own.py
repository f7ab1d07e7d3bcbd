"""What a person waits for, and what was offered to them, for themselves. It hangs on bookings, and stays with them."""

from uuid import UUID

from app.db.own import Own, rows_of
from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.models.offers import Offer, WaitlistEntry
from services.audit.access import account_for
from services.bookings.own import own as own_bookings

TABLES = ("waitlist", "offers")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    bookings = (await own_bookings(uow, person_id, purpose))["bookings"]
    waitlist = await rows_of(uow, WaitlistEntry.booking_id, [row["id"] for row in bookings])
    offers = await rows_of(uow, Offer.entry_id, [row["id"] for row in waitlist])
    return {"waitlist": waitlist, "offers": offers}
