"""Who acts for many people at once, as a part that one statement reads together with others."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from services.audit.access import account_for


async def guardians_of(uow: Reading, people: Collection[UUID], purpose: Purpose) -> Part[dict[UUID, list[UUID]]]:
    """Whose wards these people are, by ward. Whether they are minors still is for the caller to say."""
    for person_id in people:
        await account_for(uow, person_id, purpose)
    statement = """
        SELECT other_id, person_id FROM family_links
        WHERE other_id = ANY (:people::uuid[]) AND relation = 'ward'
            AND confirmed_at IS NOT NULL AND ended_at IS NULL
        ORDER BY created_at, id
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, list[UUID]]:
        found: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for row in rows:
            found[UUID(row["other_id"])].append(UUID(row["person_id"]))
        return found

    return Part(statement, {"people": list(people)}, read, many=True)
