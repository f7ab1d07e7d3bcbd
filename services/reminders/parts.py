"""What is stored of many people's reminders, as parts that one statement reads together with others."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from app.db.gather import Part, sets_of
from app.db.unit_of_work import Reading
from app.domain.reminders.diff import Stored
from app.domain.reminders.preferences import Preferences
from services.reminders.rows import preferences_of, stored_of


def stored_part(uow: Reading, people: Collection[UUID]) -> Part[dict[UUID, list[Stored]]]:
    """What waits, and what is of use still, told or not."""
    statement = """
        SELECT person_id, id, subject, subject_id, kind, about, days, due_at, expires_at, matter, point_id, more,
            status, planned
        FROM reminders
        WHERE person_id = ANY (:people::uuid[]) AND (status = 'waiting' OR expires_at > :now::timestamptz)
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, list[Stored]]:
        found: defaultdict[UUID, list[Stored]] = defaultdict(list)
        for row in rows:
            found[UUID(row["person_id"])].append(stored_of(row))
        return found

    return Part(statement, {"people": list(people), "now": uow.now}, read, many=True)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody is about to be told to leave for a visit. `more`: how long the way takes, as it was planned."""

    reminder_id: int
    person_id: UUID
    booking_id: UUID
    due_at: datetime
    more: dict[str, str]


def leaving_part(uow: Reading, until: datetime, limit: int) -> Part[list[Leaving]]:
    """Who is to leave until an instant, the first to leave first."""
    statement = """
        SELECT id, person_id, subject_id, due_at, more FROM reminders
        WHERE status = 'waiting' AND urgent AND kind = 'leave_now' AND due_at <= :until::timestamptz
            AND expires_at > :now::timestamptz
        ORDER BY due_at LIMIT :most::bigint
    """

    def read(rows: list[dict[str, Any]]) -> list[Leaving]:
        moment = datetime.fromisoformat
        return [
            Leaving(row["id"], UUID(row["person_id"]), UUID(row["subject_id"]), moment(row["due_at"]), row["more"])
            for row in rows
        ]

    return Part(statement, {"until": until, "now": uow.now, "most": limit}, read, many=True)


def preferences_part(people: Collection[UUID]) -> Part[dict[UUID, Preferences]]:
    """Of those of these people who chose anything."""
    statement = "SELECT * FROM reminder_preferences WHERE person_id = ANY (:people::uuid[])"

    def read(rows: list[dict[str, Any]]) -> dict[UUID, Preferences]:
        return {UUID(row["person_id"]): preferences_of(row) for row in rows}

    return Part(statement, {"people": list(people)}, read, many=True)


def addresses_part(people: Collection[UUID]) -> Part[dict[UUID, set[UUID]]]:
    """The devices that these people are reached on by push."""
    statement = "SELECT person_id, device_id FROM push_addresses WHERE person_id = ANY (:people::uuid[])"
    devices = partial(sets_of, key="person_id", value="device_id")
    return Part(statement, {"people": list(people)}, devices, many=True)
