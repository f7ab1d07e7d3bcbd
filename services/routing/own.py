"""A person's itineraries, for themselves; and their end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of, unseal
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.itineraries import Itinerary, ItineraryOffer, ItineraryPerson
from services.audit.access import account_for
from services.bookings.own import leave_itineraries

TABLES = ("itineraries", "itinerary_people", "itinerary_offers")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    itineraries = await rows_of(uow, Itinerary.person_id, [person_id])
    for row in itineraries:
        await unseal(uow, person_id, row, "terms_sealed", "itineraries.terms")
    return {
        "itineraries": itineraries,
        "itinerary_people": await rows_of(uow, ItineraryPerson.person_id, [person_id]),
        "itinerary_offers": await rows_of(uow, ItineraryOffer.itinerary_id, [row["id"] for row in itineraries]),
    }


async def erase(uow: Writing, person_id: UUID) -> None:
    """Those the person asked for, whoever goes along; and that they go along with others'."""
    mine = [row["id"] for row in await rows_of(uow, Itinerary.person_id, [person_id])]
    await leave_itineraries(uow, mine)
    await delete_rows(uow, ItineraryOffer.itinerary_id, mine)
    await delete_rows(uow, ItineraryPerson.itinerary_id, mine)
    await delete_rows(uow, ItineraryPerson.person_id, [person_id])
    await delete_rows(uow, Itinerary.person_id, [person_id])
