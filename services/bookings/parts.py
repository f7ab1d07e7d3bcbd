"""What is booked by many people at once, as a part that one statement reads together with others."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from services.audit.access import account_for


@dataclass(frozen=True, slots=True)
class VisitToCome:
    id: UUID
    step: str
    point_id: UUID
    starts_at: datetime
    changed_at: datetime


async def visits_to_come(
    uow: Reading, people: Collection[UUID], purpose: Purpose
) -> Part[dict[UUID, list[VisitToCome]]]:
    """The visits of these people that are confirmed and have not begun, by person."""
    for person_id in people:
        await account_for(uow, person_id, purpose)
    statement = """
        SELECT person_id, id, step, point_id, lower(during) AS starts_at, changed_at FROM bookings
        WHERE person_id = ANY (:people::uuid[]) AND status = 'confirmed' AND lower(during) > :now::timestamptz
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, list[VisitToCome]]:
        found: defaultdict[UUID, list[VisitToCome]] = defaultdict(list)
        moment = datetime.fromisoformat
        for row in rows:
            visit = VisitToCome(
                UUID(row["id"]), row["step"], UUID(row["point_id"]), moment(row["starts_at"]), moment(row["changed_at"])
            )
            found[UUID(row["person_id"])].append(visit)
        return found

    return Part(statement, {"people": list(people), "now": uow.now}, read, many=True)
