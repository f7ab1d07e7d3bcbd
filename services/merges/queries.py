"""Reads of merge cases."""

from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.models.merges import MergeCase
from services.merges import repository


async def own_cases(uow: Reading, person_id: UUID) -> list[MergeCase]:
    """What the person asked for, and who asks for what is theirs; newest first."""
    return await repository.cases(uow, person_id, Purpose.OWN_ACCESS)
