"""SQL of where people were."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update

from app.db.bulk import execute
from app.db.changes import Row
from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.locations.precision import Choices
from app.models.locations import LocationBatch, LocationPerson
from services.audit.access import account_for


@dataclass(frozen=True, slots=True)
class State:
    """What is kept of a person beside the samples. `version` changes whenever any of it does; None: nothing is."""

    choices: Choices
    deleted_until: datetime | None
    latest_at: datetime | None
    latest_sealed: bytes | None
    told_at: datetime | None
    news: bool
    version: str | None = None


NOTHING = State(Choices(), None, None, None, None, news=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides on samples that come now. `sealed`: batches that reach into the time they are of."""

    state: State = NOTHING
    sealed: list[bytes] = field(default_factory=list)
    days: dict[date, int] = field(default_factory=dict)


async def standing(
    uow: Reading, person_id: UUID, purpose: Purpose, *, first: datetime, last: datetime, days: Collection[date]
) -> Part[Standing]:
    """The person's row, how many samples there are of each of these days, and the batches that reach into the time."""
    await account_for(uow, person_id, purpose)
    statement = "SELECT * FROM locations_standing(:person, :first::timestamptz, :last::timestamptz, :days::date[])"

    def read(row: dict[str, Any]) -> Standing:
        for name in ("deleted_until", "latest_at", "told_at"):
            row[name] = row[name] and datetime.fromisoformat(row[name])
        row["latest_sealed"] = row["latest_sealed"] and _bytes(row["latest_sealed"])
        return Standing(
            state=_state_of(row),
            sealed=[_bytes(sealed) for sealed in row["sealed"] or ()],
            days={date.fromisoformat(day): count for day, count in (row["held"] or {}).items()},
        )

    return Part(statement, {"person": person_id, "first": first, "last": last, "days": list(days)}, read)


def _bytes(shown: str) -> bytes:
    """As JSON shows them: in hexadecimal, after two characters that say so."""
    return bytes.fromhex(shown[2:])


def _state_of(row: Any) -> State:
    if row is None or row["keep_days"] is None:
        return NOTHING
    choices = Choices(row["resolution"], row["keep_days"])
    latest = row["latest_at"], row["latest_sealed"]
    return State(choices, row["deleted_until"], *latest, row["told_at"], row["news"], row.get("version"))


async def state_of(uow: Reading, person_id: UUID, purpose: Purpose) -> State:
    """What the person chose, and the latest that is known of them; the defaults of who has never chosen."""
    await account_for(uow, person_id, purpose)
    query = select(LocationPerson.__table__).where(LocationPerson.person_id == person_id)
    return _state_of((await uow.session.execute(query)).mappings().one_or_none())


def kept(person_id: UUID, state: State, batches: Sequence[Row]) -> tuple[str, Row]:
    """For `Changes.calls`: these batches, and that state if it is still of the version that it was read at."""
    row = {
        "person_id": person_id,
        "resolution": state.choices.resolution,
        "keep_days": state.choices.keep_days,
        "deleted_until": state.deleted_until,
        "latest_at": state.latest_at,
        "latest_sealed": state.latest_sealed,
        "told_at": state.told_at,
        "news": state.news,
    }
    return "keep_locations", {"version": state.version, "state": row, "batches": batches}


async def put_state(uow: Writing, person_id: UUID, state: State) -> None:
    statement = """
        INSERT INTO location_people
            (person_id, resolution, keep_days, deleted_until, latest_at, latest_sealed, told_at, news)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (person_id) DO UPDATE SET resolution = excluded.resolution,
            keep_days = excluded.keep_days, deleted_until = excluded.deleted_until, latest_at = excluded.latest_at,
            latest_sealed = excluded.latest_sealed, told_at = excluded.told_at, news = excluded.news
    """
    chosen = state.choices.resolution, state.choices.keep_days
    values = state.deleted_until, state.latest_at, state.latest_sealed, state.told_at, state.news
    await execute(uow, statement, person_id, *chosen, *values)


async def take_news(uow: Writing, limit: int) -> Sequence[UUID]:
    """Of whom `registry` has to be told; they are marked as told of. What others have taken is passed over."""
    statement = text("""
        UPDATE location_people SET news = false WHERE person_id IN (
            SELECT person_id FROM location_people WHERE news LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED)
        RETURNING person_id
    """)
    return (await uow.session.scalars(statement, {"limit": limit})).all()


async def days_of(uow: Reading, person_id: UUID, purpose: Purpose, *, until: datetime) -> dict[date, int]:
    """How many samples of each day began by then, the newest day first."""
    await account_for(uow, person_id, purpose)
    query = (
        select(LocationBatch.day, func.sum(LocationBatch.samples))
        .where(LocationBatch.person_id == person_id, LocationBatch.first_at <= until)
        .group_by(LocationBatch.day)
        .order_by(LocationBatch.day.desc())
    )
    return {row[0]: row[1] for row in await uow.session.execute(query)}


async def batches(
    uow: Reading,
    person_id: UUID,
    purpose: Purpose,
    *,
    days: Collection[date] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[LocationBatch]:
    """The person's batches of these days, or all; of those, the ones that reach into that time, its ends included."""
    await account_for(uow, person_id, purpose)
    query = select(LocationBatch).where(LocationBatch.person_id == person_id)
    if days is not None:
        query = query.where(LocationBatch.day.in_(days))
    if since is not None:
        query = query.where(LocationBatch.last_at >= since)
    if until is not None:
        query = query.where(LocationBatch.first_at <= until)
    return list(await uow.session.scalars(query.execution_options(populate_existing=True)))


async def newest(uow: Reading, person_id: UUID, purpose: Purpose) -> LocationBatch | None:
    """The batch with the latest sample."""
    await account_for(uow, person_id, purpose)
    query = select(LocationBatch).where(LocationBatch.person_id == person_id)
    return await uow.session.scalar(query.order_by(LocationBatch.day.desc(), LocationBatch.last_at.desc()).limit(1))


async def replace(
    uow: Writing, batch: LocationBatch, *, first_at: datetime, last_at: datetime, samples: int, sealed: bytes
) -> None:
    """What is left of a batch, or the same less exactly."""
    await uow.session.execute(
        update(LocationBatch)
        .where(_is(batch))
        .values(first_at=first_at, last_at=last_at, samples=samples, sealed=sealed)
        .execution_options(synchronize_session=False)
    )


async def drop(uow: Writing, batch: LocationBatch) -> None:
    await uow.session.execute(delete(LocationBatch).where(_is(batch)).execution_options(synchronize_session=False))


def _is(batch: LocationBatch) -> Any:
    return (
        (LocationBatch.person_id == batch.person_id) & (LocationBatch.day == batch.day) & (LocationBatch.id == batch.id)
    )


async def drop_before(uow: Writing, person_id: UUID, since: datetime | None) -> int:
    """Deletes what was taken before an instant, or all; returns how many samples. Of a batch that reaches over it, all
    is deleted.
    """
    query = delete(LocationBatch).where(LocationBatch.person_id == person_id)
    if since is not None:
        query = query.where(LocationBatch.first_at < since)
    gone = await uow.session.execute(
        query.returning(LocationBatch.samples).execution_options(synchronize_session=False)
    )
    return sum(gone.scalars())


async def drop_ended(uow: Writing, person_id: UUID, since: datetime) -> None:
    """Deletes batches whose last sample was taken before an instant."""
    ended = (LocationBatch.person_id == person_id) & (LocationBatch.last_at < since)
    await uow.session.execute(delete(LocationBatch).where(ended).execution_options(synchronize_session=False))


async def forget_latest(uow: Writing, person_id: UUID, since: datetime | None) -> None:
    """The same for the latest cell, of which `registry` has to be told then."""
    query = update(LocationPerson).where(
        LocationPerson.person_id == person_id,
        LocationPerson.latest_at.is_not(None) if since is None else LocationPerson.latest_at < since,
    )
    await uow.session.execute(query.values(latest_at=None, latest_sealed=None, news=True))


async def drop_old(uow: Writing) -> None:
    """Deletes what each person wanted kept no longer than until now."""
    await uow.session.execute(
        text("""
            DELETE FROM location_batches b USING location_people p
            WHERE b.person_id = p.person_id AND b.last_at < CAST(:now AS timestamptz) - p.keep_days * interval '1 day'
        """),
        {"now": uow.now},
    )
    await uow.session.execute(
        text("""
            UPDATE location_people SET latest_at = NULL, latest_sealed = NULL, news = true
            WHERE latest_at < CAST(:now AS timestamptz) - keep_days * interval '1 day'
        """),
        {"now": uow.now},
    )


async def drop_of_merged(uow: Writing) -> None:
    """Deletes what is kept of people who turned out to be others: their consent was not that other's."""
    for table in ("location_batches", "location_people"):
        await uow.session.execute(
            text(f"DELETE FROM {table} t USING persons p WHERE p.id = t.person_id AND p.merged_into IS NOT NULL")  # noqa: S608
        )


async def keep_months(uow: Writing, first: date, last: date) -> int:
    """Makes months that are missing and drops those before `first`; returns how many."""
    made = await uow.session.scalar(text("SELECT keep_location_months(:first, :last)"), {"first": first, "last": last})
    return made or 0


async def some_latest(uow: Reading, after: UUID | None, oldest: datetime, limit: int) -> list[tuple[UUID, bytes]]:
    """Latest cells that are not older, in the order of people, from `after` on."""
    query = select(LocationPerson.person_id, LocationPerson.latest_sealed).where(LocationPerson.latest_at >= oldest)
    if after is not None:
        query = query.where(LocationPerson.person_id > after)
    rows = await uow.session.execute(query.order_by(LocationPerson.person_id).limit(limit))
    return [(person_id, sealed) for person_id, sealed in rows if sealed is not None]
