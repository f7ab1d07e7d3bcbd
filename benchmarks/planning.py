"""`reminders.plan`: reminders a second that a worker plans and stores, against COPY of the same rows.

Everybody has just come to work from Uzbekistan, has four deadlines ahead and has booked five visits in the month: 31
reminders each. The worker finds them by their logs, reads what is known of them, plans their pathways and what they
are to be told, and stores it with their plans. The ceiling is one COPY of the rows that came out into the same table,
as empty and with the same indexes and keys as the worker found it.
"""

import asyncio
import statistics
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import asyncpg
from sqlalchemy import make_url, text

from app.assembly import build_runtime
from app.db.engine import schema_of
from app.runtime import Runtime
from benchmarks.copy import Copy, Say
from benchmarks.figures import BenchSettings, Figure, rounded
from benchmarks.load import BenchError
from benchmarks.world import NUMBERS, POINTS, add_ground, fill, in_a_loop
from services.reminders.planning import plan_due

GOAL = 0.3
KIND, SERVICE = "planned", "medical"
_EACH = 31
_STEPS = ("medical", "fingerprints", "exam", "application", "collection")
_TOGETHER = 2
"""So many batches at once: while the database stores one, the next is planned."""
_COLUMNS = (
    "person_id, subject, subject_id, kind, about, days, due_at, expires_at, matter, point_id, more, urgent, planned"
)


def measure_planning(copy: Copy, options: BenchSettings, say: Say) -> Figure:
    people = -(-options.reminders // _EACH)
    say(f"reminders.plan: {people} people with {len(_STEPS)} visits each …")
    copy.inside(lambda runtime: add_ground(runtime, KIND, SERVICE, 32_000))
    copy.inside(lambda runtime: _add(runtime, people))
    copy.as_owner("VACUUM (ANALYZE)")
    planned: list[float] = []
    copied: list[float] = []
    rounds = -(-options.rounds // 2)  # each takes a minute or two
    for number in range(rounds):
        _empty(copy)
        count, seconds = _plan(copy)
        if count < options.reminders:
            raise BenchError(f"{count} reminders were planned, {options.reminders} asked for")
        planned.append(count / seconds)
        rows = _dump(copy)
        _empty(copy)
        copied.append(count / _load(copy, rows))
        say(f"  round {number + 1} of {rounds}: {planned[-1]:.0f}/s, COPY {copied[-1]:.0f}/s")
    return Figure(
        name="reminders.plan",
        value=statistics.median(planned),
        unit="reminders/s",
        ceiling=statistics.median(copied),
        goal=GOAL,
        extra={
            "reminders": count,
            "people": people,
            "rounds": rounded(planned),
            "ceiling_rounds": rounded(copied),
        },
    )


async def _add(runtime: Runtime, people: int) -> None:
    """Persons with a profile, an entry and visits, each a week or more ahead, at another hour and point."""
    region = next(iter(runtime.regions.values()))
    first = region.day_of(runtime.database.clock.now()) + timedelta(days=7)
    begins = datetime.combine(first, datetime.min.time(), tzinfo=region.zone).astimezone(UTC)
    steps = ", ".join(f"({number}, '{step}')" for number, step in enumerate(_STEPS))
    point, day, place = f"(n % {POINTS})", "(i * 4 + n % 4)", "(108 + n % 100)"
    starts = f"(CAST(:begins AS timestamptz) + {day} * interval '1 day' + {place} * interval '5 minutes')"
    visits = {
        "bookings (id, person_id, step, service, point_id, pool_id, day, first_tick, ticks, during, status, created_at,"
        " changed_at)": f"md5('planned-visit:' || n || ':' || i)::uuid, md5('planned:' || n)::uuid, step, '{SERVICE}',"
        f" md5('{KIND}:' || {point})::uuid, md5('{KIND}-pool:' || {point})::uuid, CAST(:day AS date) + {day}, {place},"
        f" 8, tstzrange({starts}, {starts} + interval '40 minutes'), 'confirmed', now(), now()",
    }
    async with runtime.database.writing(region) as uow:
        await fill(uow, _PEOPLE, NUMBERS, first=0, last=people - 1)
        source = f"{NUMBERS} CROSS JOIN (VALUES {steps}) AS v (i, step)"
        await fill(uow, visits, source, first=0, last=people - 1, day=first, begins=begins)


_PEOPLE = {
    "persons (id, created_at)": "md5('planned:' || n)::uuid, now()",
    "profiles (person_id, migrant_id, citizenship, created_at, birth_year)": (
        "md5('planned:' || n)::uuid, 'P' || lpad(n::text, 13, '0'), 'UZB', now(), 1990"
    ),
    "entries (id, person_id, number, entered_on, purpose, visa, created_at)": (
        "md5('planned-entry:' || n)::uuid, md5('planned:' || n)::uuid, 1, now()::date, 'work', false, now()"
    ),
    "audit_entries (person_id, at, action, actor_role, subject, seq, previous, digest)": (
        "md5('planned:' || n)::uuid, now(), 'booking_confirmed', 'migrant', '{}', 1, '', ''"
    ),
}


_OURS = "person_id IN (SELECT person_id FROM profiles WHERE migrant_id LIKE 'P%')"


def _empty(copy: Copy) -> None:
    copy.as_owner(
        "TRUNCATE deliveries, reminders",
        "DELETE FROM reminder_plans",
        # Who is there from another benchmark is planned already.
        f"UPDATE chain_heads SET planned_seq = CASE WHEN {_OURS} THEN 0 ELSE seq END",  # noqa: S608
        "VACUUM (ANALYZE) chain_heads, reminder_plans",
    )


def _plan(copy: Copy) -> tuple[int, float]:
    async def run() -> tuple[int, float]:
        runtime = build_runtime(copy.settings)
        region = next(iter(runtime.regions.values()))

        async def work() -> None:
            while await plan_due(runtime.database, region):
                pass

        begun = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(_TOGETHER)))
        seconds = time.perf_counter() - begun
        async with runtime.database.reading(region) as uow:
            count: int = await uow.session.scalar(text("SELECT count(*) FROM reminders")) or 0
        await runtime.close()
        return count, seconds

    return in_a_loop(run)


def _dump(copy: Copy) -> bytes:
    """The rows as COPY gives them, as they lie in the table."""

    async def run(driver: Any) -> bytes:
        out = BytesIO()
        await driver.copy_from_query(f"SELECT {_COLUMNS} FROM reminders", output=out)  # noqa: S608
        return out.getvalue()

    found: bytes = _on_the_driver(copy, run)
    return found


def _load(copy: Copy, rows: bytes) -> float:
    """Seconds that COPY takes for them, with the plans that they refer to there already."""

    async def run(driver: Any) -> float:
        await driver.execute("INSERT INTO reminder_plans SELECT DISTINCT person_id, now() FROM entries")
        begun = time.perf_counter()
        await driver.copy_to_table("reminders", source=BytesIO(rows), columns=_COLUMNS.split(", "))
        return time.perf_counter() - begun

    seconds: float = _on_the_driver(copy, run)
    return seconds


def _on_the_driver(copy: Copy, run: Any) -> Any:
    async def connected() -> Any:
        url = make_url(copy.owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
        schema = schema_of(copy.settings.regions[0])
        driver = await asyncpg.connect(url, server_settings={"search_path": f"{schema},public"})
        try:
            return await run(driver)
        finally:
            await driver.close()

    return asyncio.run(connected())
