"""A season of people for the region's figures: those of the simulator, put straight into the database.

The people of one week of the simulated world are played to their end with the diligent rival, who books for themselves:
when they enter, where they go, how long they wait, whether they come. A week of them comes again each week, so often
over that there are as many as asked. They are copies but for their week, citizenship and age, which matters to no
dashboard's work; points and services are those of the demonstration region, which are the simulated world's.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.simulation.journey import Journey, Visit
from app.simulation.life import Life
from app.simulation.policies.rivals import Diligent
from app.simulation.region import Region
from app.simulation.scenario import load_scenario
from app.simulation.slots import slots_of
from app.simulation.world import World, make_world

WEEKS = 70
"""A year, and the thirteen weeks after which the last is told of those who came before."""
_DAY = 1440


@dataclass
class _Noted(Life):
    """Notes who did not come, and when they were to."""

    absent: list[tuple[int, str, str, float]] = field(default_factory=list)

    def _stays_away(self, journey: Journey, visit: Visit) -> None:
        if visit.place is not None:
            self.absent.append((journey.person.number, visit.step, visit.site.id, visit.place.starts))
        super()._stays_away(journey, visit)


@dataclass(frozen=True, slots=True)
class Season:
    """Days are counted from `start`, minutes from their midnight.

    `people`: number, day of entry. `steps`: number, step, day. `visits`: number, their visit, step, point, day, booked
    minute (None: walked in), status of the visit, minute of joining the line and of the call (None: never).
    """

    start: date
    people: list[tuple[int, int]]
    steps: list[tuple[int, str, int]]
    visits: list[tuple[Any, ...]]


def play(days: int = 7) -> Season:
    """Those who enter in the first so many days, played to the end of the simulated time."""
    scenario = load_scenario()
    world = make_world(scenario, scenario.seeds[0], days)
    life = _Noted(world, Region(scenario, world.timeline, slots_of(scenario)))
    life.policy = Diligent(life)
    life.run()
    day = world.timeline.day
    return Season(
        start=scenario.start,
        people=[(journey.person.number, day(journey.person.entered)) for journey in life.journeys],
        steps=[
            (journey.person.number, step, day(minute))
            for journey in life.journeys
            for step, minute in journey.done.items()
        ],
        visits=_visits(life, world),
    )


def _visits(life: _Noted, world: World) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for came in life.came:
        of = came.joined if came.booked is None else came.booked
        begins = world.timeline.midnight(world.timeline.day(of))
        called = None if came.called is None else int(came.called - begins)
        status = "completed" if came.called is not None else "left"
        booked = None if came.booked is None else int(came.booked - begins)
        row = came.step, came.point, world.timeline.day(of), booked, status, int(came.joined - begins), called
        found.append((came.person, len(found), *row))
    for person, step, point, at in life.absent:
        begins = world.timeline.midnight(world.timeline.day(at))
        found.append((person, len(found), step, point, world.timeline.day(at), int(at - begins), "missed", None, None))
    return found


_COPIES = "generate_series(0, {copies} - 1) AS c"
_ID = "md5('{0}:' || c || ':' || {1})::uuid"
_ON = "($1::date + 7 * (c % {weeks}) + {0})"
_AT = "(" + _ON + " + interval '1 minute' * {1}) AT TIME ZONE '{zone}'"
_GIVEN = "JOIN points p ON p.code = v.point JOIN point_services s ON s.point_id = p.id AND s.service = v.step"
_ROWS: Mapping[str, str] = {
    "persons (id, created_at)": """
        SELECT {person}, {entered} FROM base_people b CROSS JOIN {copies} WHERE {past} {in_time}""",
    "profiles (person_id, migrant_id, citizenship, created_at, birth_year, birth_month, birth_day)": """
        SELECT {person}, 'S' || lpad((c * 100000 + n)::text, 13, '0'),
            (ARRAY['UZB','UZB','UZB','TJK','TJK','TJK','KGZ','KGZ','KAZ','AZE'])[1 + (n + c) % 10], {entered},
            1970 + (n + c) % 35, 1 + n % 12, 1 + c % 28
        FROM base_people b CROSS JOIN {copies} WHERE {past} {in_time}""",
    "entries (id, person_id, number, entered_on, purpose, visa, created_at)": """
        SELECT {entry}, {person}, 1, {day}, 'work', false, {entered}
        FROM base_people b CROSS JOIN {copies} WHERE {past} {in_time}""",
    "step_events (id, person_id, step, kind, happened_on, source, recorded_at)": """
        SELECT {event}, {person}, step, 'done', {day}, 'point', {evening}
        FROM base_steps b CROSS JOIN {copies} WHERE {past} {in_time}""",
    "bookings (id, person_id, step, service, point_id, pool_id, day, first_tick, ticks, during, status, created_at,"
    " changed_at)": """
        SELECT {visit}, {person}, v.step, v.step, p.id, s.pool_id, {day}, booked / 5, s.minutes / 5,
            tstzrange({begins}, {begins} + s.minutes * interval '1 minute'), v.status, {begins} - interval '3 days',
            {begins}
        FROM base_visits v {given} CROSS JOIN {copies}
        WHERE {past} AND booked IS NOT NULL AND v.status <> 'left' {in_time}""",
    "tickets (id, point_id, day, number, service, person_id, booking_id, booked_for, turn_at, due_from, status,"
    " joined_at, called_at, serving_at, finished_at, changed_at)": """
        SELECT {ticket}, p.id, {day}, row_number() OVER (PARTITION BY p.id, {day} ORDER BY v.joined, v.n, c), v.step,
            {person}, CASE WHEN booked IS NOT NULL AND v.status <> 'left' THEN {visit} END,
            CASE WHEN booked IS NOT NULL THEN {begins} END, {joined}, {joined},
            CASE v.status WHEN 'completed' THEN 'finished' ELSE 'left' END, {joined}, {called}, {called},
            {called} + interval '12 minutes', {joined}
        FROM base_visits v {given} CROSS JOIN {copies} WHERE {past} AND v.status <> 'missed' {in_time}""",
}
_PAST_DAYS = """
    INSERT INTO capacity_days (pool_id, day, starts_at, capacity, used, opens_tick)
    SELECT d.pool_id, d.day - 7 * back, d.starts_at - back * interval '7 days', d.capacity,
        array_fill(0::smallint, ARRAY[cardinality(d.capacity)]), d.opens_tick
    FROM generate_series(1, $1::int) AS back CROSS JOIN (
        SELECT DISTINCT ON (pool_id, extract(isodow FROM day)) * FROM capacity_days
        ORDER BY pool_id, extract(isodow FROM day), day) AS d
    ON CONFLICT DO NOTHING
"""


_KEYS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = $1::text::regclass
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = $1::text::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
_FOR_BULK = (
    "SET synchronous_commit TO off",
    "SET work_mem TO '256MB'",
    "SET maintenance_work_mem TO '512MB'",
)


async def put(driver: Any, season: Season, today: date, people: int, *, weeks: int = WEEKS, zone: str) -> int:
    """So many people at least who came in the weeks before a day, with all that happened to them until then; how many.

    `driver`: a connection of the owner's to a region with the demonstration points, whose calendars reach a week ahead.
    """
    first = today - timedelta(weeks=weeks)
    first += timedelta(days=(season.start.weekday() - first.weekday()) % 7)
    copies = -(-people // len(season.people) // weeks) * weeks
    for setting in _FOR_BULK:
        await driver.execute(setting)
    await _base(driver, season)
    await driver.execute(_PAST_DAYS, weeks + 6)
    for columns, rows in _ROWS.items():
        async with _bare(driver, columns.partition(" ")[0]):
            await driver.execute(f"INSERT INTO {columns} {_said(rows, copies, weeks, zone)}", first, today)
    await driver.execute("DROP TABLE base_people, base_steps, base_visits")
    count: int = await driver.fetchval("SELECT count(*) FROM profiles WHERE migrant_id LIKE 'S%'")
    return count


@asynccontextmanager
async def _bare(driver: Any, table: str) -> AsyncIterator[None]:
    """Meanwhile the table has no triggers, foreign keys and indexes but those of its constraints: looked up and kept up
    row by row they take longer than the rows. Afterwards indexes are made of all rows at once, and keys hold for what
    comes.
    """
    keys, indexes = await driver.fetch(_KEYS, table), await driver.fetch(_INDEXES, table)
    for name, _ in keys:
        await driver.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        await driver.execute(f"DROP INDEX {name}")
    await driver.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    await driver.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for _, made in indexes:
        await driver.execute(made)
    for name, key in keys:
        await driver.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {key} NOT VALID")


def _said(rows: str, copies: int, weeks: int, zone: str) -> str:
    known = {"weeks": weeks, "zone": zone}
    day = _ON.format("day", **known)
    return rows.format(
        copies=_COPIES.format(copies=copies),
        given=_GIVEN,
        day=day,
        past=f"{day} < $2::date",
        in_time=f"ORDER BY {day}",
        person=_ID.format("season", "n"),
        entry=_ID.format("season-entry", "n"),
        event=_ID.format("season-event", "n || step"),
        visit=_ID.format("season-visit", "visit"),
        ticket=_ID.format("season-ticket", "visit"),
        entered=_AT.format("day", "720", **known),
        evening=_AT.format("day", "1080", **known),
        begins=_AT.format("day", "booked", **known),
        joined=_AT.format("day", "joined", **known),
        called=_AT.format("day", "called", **known),
    )


async def _base(driver: Any, season: Season) -> None:
    await driver.execute("""
        CREATE TEMPORARY TABLE base_people (n int, day int);
        CREATE TEMPORARY TABLE base_steps (n int, step text, day int);
        CREATE TEMPORARY TABLE base_visits (n int, visit int, step text, point text, day int, booked int, status text,
            joined int, called int);
    """)
    for table, rows in (("people", season.people), ("steps", season.steps), ("visits", season.visits)):
        await driver.copy_records_to_table(f"base_{table}", records=rows)
