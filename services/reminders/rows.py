"""Rows of reminders, as statements give and take them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.reminders.diff import ReminderStatus, Stored
from app.domain.reminders.kinds import KINDS, Channel, Kind, Urgency
from app.domain.reminders.planning import Reminder
from app.domain.reminders.preferences import Preferences
from app.domain.reminders.quiet import Quiet
from app.models.reminders import ReminderRow

COLUMNS = (
    "person_id",
    "subject",
    "subject_id",
    "kind",
    "about",
    "days",
    "due_at",
    "expires_at",
    "matter",
    "point_id",
    "more",
    "urgent",
    "planned",
)
_URGENT = {kind: rule.urgency in {Urgency.NOW, Urgency.TODAY} for kind, rule in KINDS.items()}
_KINDS = {kind.value: kind for kind in Kind}


def row_of(person_id: UUID, reminder: Reminder, *, planned: bool) -> tuple[Any, ...]:
    """The values of `COLUMNS`."""
    kind, subject, subject_id, about, days, due_at, expires_at, matter, point_id, more = reminder
    told = None if more is None else json.dumps(more)
    urgent = _URGENT[kind]
    return (
        person_id,
        subject,
        subject_id,
        kind,
        about,
        days,
        due_at,
        expires_at,
        matter,
        point_id,
        told,
        urgent,
        planned,
    )


def reminder_of(row: Mapping[str, Any]) -> Reminder:
    """From a row whose instants are such."""
    more = row["more"]
    return Reminder(
        _KINDS[row["kind"]],
        row["subject"],
        row["subject_id"],
        row["about"],
        row["days"],
        row["due_at"],
        row["expires_at"],
        row["matter"],
        row["point_id"],
        json.loads(more) if isinstance(more, str) else more,
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """A person's plan as it is stored: known last days of documents by digest."""

    person_id: UUID
    papers: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Replanned:
    """The same as it is to be."""

    person_id: UUID
    replan_at: datetime
    book: str
    papers: dict[str, str | None]
    told_too: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder in somebody's inbox."""

    id: int
    person_id: UUID
    message_id: UUID
    reminder: Reminder
    told_at: datetime
    read_at: datetime | None
    outdated: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that it is time for. `told_too`: who else is told."""

    id: int
    person_id: UUID
    reminder: Reminder
    told_too: Sequence[UUID]


def told_of(row: ReminderRow) -> Told:
    if row.message_id is None or row.told_at is None:
        raise ValueError("it has not been told")
    reminder = Reminder(
        _KINDS[row.kind],
        row.subject,
        row.subject_id,
        row.about,
        row.days,
        row.due_at,
        row.expires_at,
        row.matter,
        row.point_id,
        row.more,
    )
    outdated = row.status == ReminderStatus.OUTDATED
    return Told(row.id, row.person_id, row.message_id, reminder, row.told_at, row.read_at, outdated)


def stored_of(row: dict[str, Any]) -> Stored:
    """From a row as JSON shows it."""
    for name in ("about", "due_at", "expires_at"):
        row[name] = datetime.fromisoformat(row[name])
    row["point_id"] = UUID(row["point_id"]) if row["point_id"] else None
    return Stored(row["id"], reminder_of(row), ReminderStatus(row["status"]), row["planned"])


def preferences_of(row: Mapping[str, Any]) -> Preferences:
    """From a row, or from one as JSON shows it."""
    begins, ends = (
        time.fromisoformat(value) if isinstance(value, str) else value
        for value in (row["quiet_begins"], row["quiet_ends"])
    )
    muted = json.loads(row["muted"]) if isinstance(row["muted"], str) else row["muted"]
    return Preferences(
        quiet=Quiet(begins, ends),
        zone=ZoneInfo(row["zone"]) if row["zone"] else None,
        detail=row["detail"],
        sms=row["sms"],
        email=row["email"],
        muted={Kind(kind): frozenset(map(Channel, channels)) for kind, channels in muted.items()},
    )
