"""What of a person decides which consents they can give, and ends those that may not stand once more is known."""

from uuid import UUID

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.consent import Standing
from app.domain.pathways.engine import plan
from app.domain.pathways.rules import Mirror
from services.consents import upkeep
from services.profiles.queries import birth_date, facts_of


async def standing_of(uow: Reading, person_id: UUID, purpose: Purpose) -> Standing:
    """Nothing is mirrored of whom it is not known which pathway they are on: they may be a refugee."""
    today = uow.region.day_of(uow.now)
    birth = await birth_date(uow, person_id, purpose)
    facts = await facts_of(uow, person_id, purpose)
    kind = plan(uow.region.book, facts, (), today).kind if facts else None
    return Standing(
        mirrors=kind is not None and kind.mirror is Mirror.BY_CONSENT,
        minor_until=birth.majority() if birth and birth.is_minor(today) else None,
    )


async def keep_consents_true(uow: Writing, person_id: UUID, purpose: Purpose = Purpose.OWN_ACCESS) -> None:
    """After what is known of the locked person has changed, in the same transaction."""
    if await upkeep.has_open(uow, person_id):
        await upkeep.suit(uow, person_id, await standing_of(uow, person_id, purpose))
