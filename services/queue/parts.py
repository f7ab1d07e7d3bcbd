"""A point's queue as one statement reads it: its version and exactly the moves up to it. Nobody's person is read."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.db.gather import Part
from app.domain.queue.policy import Turn
from app.domain.queue.state import CounterState, TicketState
from app.domain.queue.status import TicketStatus


def version(point_id: UUID) -> Part[int]:
    """0 for a queue that never moved."""
    statement = "SELECT version FROM queue_states WHERE point_id = :queue"
    return Part(statement, {"queue": point_id}, lambda row: row["version"] if row else 0)


def counters(point_id: UUID) -> Part[tuple[CounterState, ...]]:
    """Those in use, by code."""
    statement = """
        SELECT id, code, name, services, languages, staff_id, opened_at FROM counters
        WHERE point_id = :queue AND NOT retired ORDER BY length(code), code
    """
    return Part(statement, {"queue": point_id}, lambda rows: tuple(map(_counter, rows)), many=True)


_SHOWN = """id, day, number, version, service, language, booked_for, priority, turn_at, due_from, status, counter_id,
    calls, joined_at, called_at, serving_at, changed_at, before IS NOT NULL AS undoable"""
_ENDED = 30


def tickets(point_id: UUID, now: datetime, ended_for: timedelta) -> Part[tuple[TicketState, ...]]:
    """Those alive, and the last few that ended a short while ago, in the order of their numbers."""
    alive = "status IN ('called', 'serving', 'skipped', 'waiting')"
    statement = f"""
        SELECT {_SHOWN} FROM tickets WHERE point_id = :queue AND {alive}
        UNION ALL (
            SELECT {_SHOWN} FROM tickets
            WHERE point_id = :queue AND changed_at > :ended_since::timestamptz AND NOT {alive}
            ORDER BY changed_at DESC LIMIT {_ENDED}
        ) ORDER BY day, number
    """  # noqa: S608 — ours, all of it
    parameters = {"queue": point_id, "ended_since": now - ended_for}
    return Part(statement, parameters, lambda rows: tuple(map(_ticket, rows)), many=True)


def _counter(row: dict[str, Any]) -> CounterState:
    return CounterState(
        id=UUID(row["id"]),
        code=row["code"],
        name=row["name"],
        services=frozenset(row["services"]),
        languages=frozenset(row["languages"]),
        staff_id=UUID(row["staff_id"]) if row["staff_id"] else None,
        opened_at=_instant(row["opened_at"]),
    )


def _ticket(row: dict[str, Any]) -> TicketState:
    moment = datetime.fromisoformat
    return TicketState(
        id=UUID(row["id"]),
        number=row["number"],
        version=row["version"],
        service=row["service"],
        language=row["language"],
        booked_for=_instant(row["booked_for"]),
        priority=row["priority"],
        turn=Turn(moment(row["turn_at"]), moment(row["due_from"])),
        status=TicketStatus(row["status"]),
        counter_id=UUID(row["counter_id"]) if row["counter_id"] else None,
        calls=row["calls"],
        joined_at=moment(row["joined_at"]),
        called_at=_instant(row["called_at"]),
        serving_at=_instant(row["serving_at"]),
        changed_at=moment(row["changed_at"]),
        undoable=row["undoable"],
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
