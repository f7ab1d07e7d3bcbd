"""What happened to many people's steps, as a part that one statement reads together with others."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.pathways.events import EventKind, Source, StepEvent
from services.audit.access import account_for

Recorded = tuple[StepEvent, datetime]
"""What happened, and when it was recorded."""


async def events_of(uow: Reading, people: Collection[UUID], purpose: Purpose) -> Part[dict[UUID, list[Recorded]]]:
    """What happened to the steps of these people, by person and in the order of recording."""
    for person_id in people:
        await account_for(uow, person_id, purpose)
    statement = """
        SELECT person_id, step, kind, happened_on, source, expires_on, recorded_at FROM step_events
        WHERE person_id = ANY (:people::uuid[]) AND annulled_at IS NULL ORDER BY recorded_at, ordinal
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, list[Recorded]]:
        found: defaultdict[UUID, list[Recorded]] = defaultdict(list)
        for row in rows:
            event = StepEvent(
                row["step"],
                EventKind(row["kind"]),
                date.fromisoformat(row["happened_on"]),
                Source(row["source"]),
                date.fromisoformat(row["expires_on"]) if row["expires_on"] else None,
            )
            found[UUID(row["person_id"])].append((event, datetime.fromisoformat(row["recorded_at"])))
        return found

    return Part(statement, {"people": list(people)}, read, many=True)


def points_took(since: datetime) -> Part[dict[str, list[int]]]:
    """How many days after the first visit for a step points had it done, by step, of people since an instant; the
    shortest first, and of so many alike no more than tell of the same. Of nobody in particular.
    """
    statement = """
        SELECT step, days, least(count(*), 100)::int AS times FROM (
            SELECT step, max(happened_on) FILTER (WHERE kind = 'done') - min(happened_on) AS days
            FROM step_events
            WHERE source = 'point' AND annulled_at IS NULL AND recorded_at > :since::timestamptz
            GROUP BY person_id, step
        ) AS each WHERE days IS NOT NULL GROUP BY step, days ORDER BY step, days
    """

    def read(rows: list[dict[str, Any]]) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for row in rows:
            found[row["step"]] += [row["days"]] * row["times"]
        return found

    return Part(statement, {"since": since}, read, many=True)
