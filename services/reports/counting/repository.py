"""SQL of forecasts, and of what they count: how people on the way to a patent got on, by digests of whose it is.

It is the worker's: nobody who calls reads it, and it is kept in memory only as long as it takes to count.
"""

# ruff: noqa: S608 — nothing but names of ours is put into these statements
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.reports import ForecastRelease
from services.audit.access import allow_counting

_WHO = "hashtextextended({}.person_id::text, 0)"
_WEEK = "floor(extract(epoch FROM {} - :since) / 604800)::int"
_PEOPLE = """
    SELECT e.person_id, min(e.created_at) AS came
    FROM entries e JOIN profiles p ON p.person_id = e.person_id
    WHERE e.purpose = 'work' AND NOT e.visa AND p.citizenship IS NOT NULL AND p.citizenship <> ALL (:free)
    GROUP BY e.person_id HAVING min(e.created_at) < :until
"""
_STATEMENTS = {
    "people": f"SELECT {_WHO.format('c')}, {_WEEK.format('c.came')} FROM ({_PEOPLE}) c",
    "steps": f"""
        SELECT {_WHO.format("s")}, s.step, {_WEEK.format("min(s.recorded_at)")}
        FROM ({_PEOPLE}) c JOIN step_events s ON s.person_id = c.person_id
        WHERE s.kind = 'done' AND s.annulled_at IS NULL AND s.step = ANY (:steps) AND s.recorded_at < :until
        GROUP BY s.person_id, s.step
    """,
    "permissions": f"""
        SELECT {_WHO.format("s")}, {_WEEK.format("s.recorded_at")}, (s.expires_on - :monday) / 7
        FROM ({_PEOPLE}) c JOIN step_events s ON s.person_id = c.person_id
        WHERE s.kind = 'done' AND s.annulled_at IS NULL AND s.step = :grants AND s.recorded_at < :until
        ORDER BY s.recorded_at, s.ordinal
    """,
    "visits": f"""
        SELECT {_WHO.format("b")}, {_WEEK.format("b.created_at")}, (b.day - :monday) / 7,
            CASE WHEN b.status IN ('cancelled', 'expired') THEN {_WEEK.format("b.changed_at")} END
        FROM ({_PEOPLE}) c JOIN bookings b ON b.person_id = c.person_id
        WHERE b.status <> 'held' AND b.created_at < :until
    """,
}


async def rows(
    uow: Reading,
    purpose: Purpose,
    what: str,
    *,
    since: datetime,
    monday: date,
    until: datetime,
    free: Sequence[str],
    steps: Sequence[str],
    grants: str,
) -> Sequence[Any]:
    """`what` is one of `people` (who, week), `steps` (who, step, week), `permissions` (who, week recorded, last week)
    and `visits` (who, week booked, week due, week given back). Weeks are counted from `since`, the instant at which
    `monday` begins. `free`: citizenships that need no patent.
    """
    allow_counting(uow, purpose)
    statement = _STATEMENTS[what]
    values = {
        "since": since,
        "monday": monday,
        "until": until,
        "free": list(free),
        "steps": list(steps),
        "grants": grants,
    }
    wanted = {name: value for name, value in values.items() if f":{name}" in statement}
    return (await uow.session.execute(text(statement), wanted)).all()


async def newest(uow: Reading) -> ForecastRelease | None:
    return await uow.session.scalar(select(ForecastRelease).order_by(ForecastRelease.starts_on.desc()).limit(1))


async def is_made(uow: Reading, monday: date) -> bool:
    query = select(ForecastRelease.starts_on).where(ForecastRelease.starts_on == monday)
    return await uow.session.scalar(query) is not None


async def tell(uow: Writing, row: dict[str, Any]) -> None:
    """Once: whoever comes second finds it told."""
    await uow.session.execute(insert(ForecastRelease).values(row).on_conflict_do_nothing())
