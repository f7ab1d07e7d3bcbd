"""What the exchange keeps no longer."""

from app.db.unit_of_work import Writing
from services.exchange.lawful.repository import forget_subjects
from services.exchange.uses.repository import forget_reasons


async def forget_old_uses(uow: Writing) -> None:
    """About whom a request was that is over, and what look-ups were for by the region's term."""
    await forget_subjects(uow)
    await forget_reasons(uow, uow.now - uow.region.retention.reasons)
