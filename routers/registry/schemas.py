"""Wire types of the mirror. Operators see what went wrong with which event, and never whose it is or what it says."""

from datetime import datetime
from typing import Any
from uuid import UUID

from routers.schemas import Out


class MirrorKeySet(Out):
    keys: list[dict[str, Any]]


class DeadLetterOut(Out):
    id: UUID
    kind: str
    purpose: str
    reason: str
    died_at: datetime


class DeadLetters(Out):
    items: list[DeadLetterOut]


class AlarmOut(Out):
    id: int
    at: datetime
    code: str
    event_id: UUID | None


class Alarms(Out):
    items: list[AlarmOut]


class MirrorStanding(Out):
    """`waiting` events are not applied yet, the oldest of them for so many seconds. `late_erasures` have no receipt."""

    waiting: int
    oldest_seconds: float
    dead_letters: int
    alarms: int
    late_erasures: int


class ErasureOut(Out):
    """`receipt`: a compact JWS by the regional registry, once it has proven that it erased everything."""

    consent_id: UUID
    purpose: str
    scope: str
    asked_at: datetime
    due_by: datetime
    receipt: str | None
    receipt_at: datetime | None


class Erasures(Out):
    items: list[ErasureOut]
