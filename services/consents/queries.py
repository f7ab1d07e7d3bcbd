"""Reads of consents: by the person whose they are, and by `doctor`."""

from app.db.unit_of_work import Reading
from services.consents import repository


async def consent_faults(uow: Reading) -> list[str]:
    """In words, what of the consents' states is not what their ledger comes to; nothing when all is."""
    return await repository.faults(uow)
