"""What is counted for the region, what was told of it, and what it is measured by.

The reads of people's rows are the worker's alone. Of visits each row has a digest of whose it is, for people to be told
apart: two are one by it by an accident of 64 bits only, and then too few are told, not too many.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, distinct_on, insert

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.region import FigureRelease, RegionBaseline
from services.audit.access import allow_counting

Row = Sequence[Any]
_WHO = "hashtextextended({}.person_id::text, 0)"
_POINTS = "point_id = ANY (ARRAY(SELECT id FROM points))"
"""Of all of them: so that the indexes by point and day serve."""
_KNOWN = "recorded_at < :cut_{0} AND (annulled_at IS NULL OR annulled_at >= :cut_{0})"
_CAME = "status IN ('arrived', 'completed')"


async def visits(uow: Reading, purpose: Purpose, first: date, after: date) -> Sequence[Row]:
    """Who, point, outcome, service, local hour, minutes waited (None: not measured), of the days up to `after`."""
    allow_counting(uow, purpose)
    statement = f"""
        WITH lines AS (
            SELECT DISTINCT ON (booking_id) booking_id,
                extract(epoch FROM called_at - greatest(joined_at, booked_for)) / 60 AS minutes
            FROM tickets WHERE {_POINTS} AND day >= :first AND day < :after AND booking_id IS NOT NULL
                AND status = 'finished'
            ORDER BY booking_id, joined_at)
        SELECT {_WHO.format("b")}, p.code, CASE b.status WHEN 'missed' THEN 'missed' ELSE 'came' END,
            b.service, extract(hour FROM lower(b.during) AT TIME ZONE p.zone)::int, l.minutes::float
        FROM bookings b JOIN points p ON p.id = b.point_id LEFT JOIN lines l ON l.booking_id = b.id
        WHERE b.{_POINTS} AND b.day >= :first AND b.day < :after AND b.status IN ('arrived', 'completed', 'missed')
        UNION ALL
        SELECT coalesce({_WHO.format("t")}, 0), p.code, CASE t.status WHEN 'left' THEN 'left' ELSE 'came' END,
            t.service, extract(hour FROM t.joined_at AT TIME ZONE p.zone)::int,
            CASE t.status WHEN 'finished' THEN extract(epoch FROM t.called_at - t.joined_at)::float / 60 END
        FROM tickets t JOIN points p ON p.id = t.point_id
        WHERE t.{_POINTS} AND t.day >= :first AND t.day < :after AND t.booked_for IS NULL
            AND t.status IN ('finished', 'left')
    """  # noqa: S608 — ours, all of it
    return (await uow.session.execute(text(statement), {"first": first, "after": after})).all()


async def cohort(uow: Reading, purpose: Purpose, since: datetime, until: datetime) -> Sequence[UUID]:
    """Who gave their first entry in that time: identifiers, for the two reads below."""
    allow_counting(uow, purpose)
    statement = """
        SELECT person_id FROM entries
        WHERE person_id IN (SELECT person_id FROM entries WHERE created_at >= :since AND created_at < :until)
        GROUP BY person_id HAVING min(created_at) >= :since
    """
    return (await uow.session.scalars(text(statement), {"since": since, "until": until})).all()


async def newcomers(uow: Reading, purpose: Purpose, people: Sequence[UUID]) -> Sequence[Row]:
    """What the law tells these people apart by."""
    allow_counting(uow, purpose)
    # Joined, since of an array that is a parameter each row of the table would be compared with every one of them.
    statement = """
        SELECT DISTINCT ON (e.person_id) e.person_id, p.citizenship, e.purpose, e.visa, e.entered_on,
            e.stay_days, p.birth_year, p.birth_month, p.birth_day
        FROM unnest(CAST(:people AS uuid[])) AS who (person_id)
        JOIN entries e ON e.person_id = who.person_id LEFT JOIN profiles p ON p.person_id = who.person_id
        ORDER BY e.person_id, (e.replaced_at IS NOT NULL), e.number, e.created_at DESC
    """
    return (await uow.session.execute(text(statement), {"people": people})).all()


async def steps_done(uow: Reading, purpose: Purpose, people: Sequence[UUID], cuts: Sequence[datetime]) -> Sequence[Row]:
    """Of these: who, the step, and the first day on which it was done as was known at each of these times."""
    allow_counting(uow, purpose)
    known = ", ".join(f"min(s.happened_on) FILTER (WHERE {_KNOWN.format(number)})" for number in range(len(cuts)))
    statement = f"""
        SELECT who.person_id, done.* FROM unnest(CAST(:people AS uuid[])) AS who (person_id) CROSS JOIN LATERAL (
            SELECT s.step, {known} FROM step_events s WHERE s.person_id = who.person_id AND s.kind = 'done'
            GROUP BY s.step) AS done
    """  # noqa: S608 — ours, all of it
    values = {"people": people} | {f"cut_{number}": cut for number, cut in enumerate(cuts)}
    return (await uow.session.execute(text(statement), values)).all()


async def permits(
    uow: Reading, purpose: Purpose, since: datetime, until: datetime, steps: Sequence[str]
) -> Sequence[Row]:
    """Whose, by which of the steps, and the last day that its paper names, of results recorded in that time."""
    allow_counting(uow, purpose)
    statement = """
        SELECT DISTINCT ON (s.person_id) s.person_id, s.step, s.expires_on
        FROM step_events s WHERE s.kind = 'done' AND s.annulled_at IS NULL AND s.step = ANY (:steps)
            AND s.recorded_at >= :since AND s.recorded_at < :until
        ORDER BY s.person_id, s.recorded_at DESC
    """
    values = {"since": since, "until": until, "steps": list(steps)}
    return (await uow.session.execute(text(statement), values)).all()


async def moves(uow: Reading, purpose: Purpose, first: date, after: date) -> Sequence[Row]:
    """Who, the point of their last visit in these days, and that of the last before."""
    allow_counting(uow, purpose)
    statement = f"""
        WITH later AS (
            SELECT DISTINCT ON (person_id) person_id, point_id FROM bookings
            WHERE {_POINTS} AND day >= :first AND day < :after AND {_CAME} ORDER BY person_id, lower(during) DESC)
        SELECT {_WHO.format("later")}, there.code, before.code
        FROM later CROSS JOIN LATERAL (
            SELECT point_id FROM bookings WHERE person_id = later.person_id AND day < :first AND {_CAME}
            ORDER BY lower(during) DESC LIMIT 1) AS earlier
        JOIN points there ON there.id = later.point_id JOIN points before ON before.id = earlier.point_id
    """  # noqa: S608 — ours, all of it
    return (await uow.session.execute(text(statement), {"first": first, "after": after})).all()


async def begun(uow: Reading) -> datetime | None:
    """Since when anybody is here: not who."""
    at: datetime | None = await uow.session.scalar(text("SELECT min(created_at) FROM persons"))
    return at


async def last_told(uow: Reading) -> dict[tuple[str, int], date]:
    """Of each family and release the first day of the last period that was told."""
    query = select(FigureRelease.family, FigureRelease.release, func.max(FigureRelease.starts_on)).group_by(
        FigureRelease.family, FigureRelease.release
    )
    return {(family, release): day for family, release, day in await uow.session.execute(query)}


async def cells_of(uow: Reading, family: str, starts_on: date, release: int) -> list[Any] | None:
    return await uow.session.scalar(
        select(FigureRelease.cells).where(
            FigureRelease.family == family, FigureRelease.starts_on == starts_on, FigureRelease.release == release
        )
    )


async def tell(uow: Writing, row: dict[str, Any]) -> None:
    """Once: whoever comes second finds it told."""
    await uow.session.execute(insert(FigureRelease).values(row).on_conflict_do_nothing())


async def newest(uow: Reading) -> int:
    return await uow.session.scalar(select(func.coalesce(func.max(FigureRelease.seq), 0))) or 0


async def releases(uow: Reading, family: str, since: date, until: date) -> Sequence[FigureRelease]:
    """Those of periods that begin in that time, the oldest first."""
    query = select(FigureRelease).where(
        FigureRelease.family == family, FigureRelease.starts_on >= since, FigureRelease.starts_on < until
    )
    return (await uow.session.scalars(query.order_by(FigureRelease.starts_on, FigureRelease.release))).all()


async def visits_told(uow: Reading, since: date, until: date) -> Sequence[Row]:
    """Of the cells of visits of periods that begin in that time: outcomes, services (None: not told apart) and their
    sum. A year of them is tens of thousands of cells, added up where they lie sooner than they are fetched.
    """
    statement = """
        SELECT cell.value -> 0 -> 'outcome' AS outcomes, cell.value -> 0 -> 'service' AS services,
            sum((cell.value -> 1)::int)::bigint AS count
        FROM figure_releases CROSS JOIN LATERAL jsonb_array_elements(cells) AS cell
        WHERE family = 'visits' AND starts_on >= :since AND starts_on < :until GROUP BY 1, 2
    """
    typed = text(statement).columns(outcomes=JSONB, services=JSONB, count=BigInteger)
    return (await uow.session.execute(typed, {"since": since, "until": until})).all()


async def add_baseline(uow: Writing, row: dict[str, Any]) -> None:
    await uow.session.execute(insert(RegionBaseline).values(row))


async def baselines(uow: Reading) -> Sequence[RegionBaseline]:
    """The newest of each figure."""
    query = select(RegionBaseline).ext(distinct_on(RegionBaseline.kpi))
    return (await uow.session.scalars(query.order_by(RegionBaseline.kpi, RegionBaseline.set_at.desc()))).all()


async def capacity(uow: Reading, first: date, after: date) -> Sequence[Row]:
    """Point, and the ticks of five minutes that its counters were open in these days, all together."""
    statement = """
        SELECT p.code, sum((SELECT sum(open) FROM unnest(d.capacity) AS open))::bigint
        FROM capacity_days d JOIN pools l ON l.id = d.pool_id JOIN points p ON p.id = l.point_id
        WHERE d.day >= :first AND d.day < :after GROUP BY p.code
    """
    return (await uow.session.execute(text(statement), {"first": first, "after": after})).all()


async def minutes(uow: Reading) -> dict[tuple[str, str], int]:
    """How long a visit takes as planned, by point and service."""
    rows = await uow.session.execute(
        text("SELECT p.code, s.service, s.minutes FROM point_services s JOIN points p ON p.id = s.point_id")
    )
    return {(code, service): taken for code, service, taken in rows}
