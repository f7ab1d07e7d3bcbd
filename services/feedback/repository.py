"""SQL of ratings and complaints."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.feedback.complaints import OPEN, ComplaintStatus
from app.models.feedback import Complaint, ComplaintYear, Rating, RatingMonth
from services.audit.access import account_for

_FRESH = {"populate_existing": True}


async def rating(uow: Reading, person_id: UUID, booking_id: UUID, purpose: Purpose) -> Rating | None:
    await account_for(uow, person_id, purpose)
    query = select(Rating).where(Rating.booking_id == booking_id, Rating.person_id == person_id)
    return (await uow.session.scalars(query.execution_options(**_FRESH))).first()


async def commented_at(
    uow: Reading, point_id: UUID, purpose: Purpose, before: tuple[datetime, UUID] | None, limit: int
) -> list[Rating]:
    """Ratings of a point with a comment, newest first. `before`: the (given_at, booking) that the page before ended
    with.
    """
    query = select(Rating).where(Rating.point_id == point_id, Rating.comment_sealed.is_not(None))
    if before is not None:
        query = query.where(tuple_(Rating.given_at, Rating.booking_id) < before)
    query = query.order_by(Rating.given_at.desc(), Rating.booking_id.desc()).limit(limit)
    found = list(await uow.session.scalars(query.execution_options(**_FRESH)))
    # In the one order in which logs are written.
    for person_id in sorted({each.person_id for each in found}):
        await account_for(uow, person_id, purpose)
    return found


async def newest_month(uow: Reading) -> date | None:
    month: date | None = await uow.session.scalar(select(func.max(RatingMonth.month)))
    return month


async def given_between(
    uow: Reading, since: datetime | None, before: datetime
) -> list[tuple[UUID, UUID, datetime, int]]:
    """Point, person, when and how many stars, of all ratings first given then."""
    query = select(Rating.point_id, Rating.person_id, Rating.given_at, Rating.stars).where(Rating.given_at < before)
    if since is not None:
        query = query.where(Rating.given_at >= since)
    return [(point, person, at, stars) for point, person, at, stars in await uow.session.execute(query)]


async def add_month(uow: Writing, point_id: UUID, month: date, people: int, mean: float) -> None:
    """A figure that stands already stays as it is."""
    row = upsert(RatingMonth).values(point_id=point_id, month=month, people=people, mean=mean)
    await uow.session.execute(row.on_conflict_do_nothing())


async def months_of(uow: Reading, point_id: UUID) -> Sequence[RatingMonth]:
    query = select(RatingMonth).where(RatingMonth.point_id == point_id).order_by(RatingMonth.month.desc()).limit(36)
    return (await uow.session.scalars(query)).all()


async def next_place(uow: Writing, year: int) -> int:
    """The next number of a year; those who ask at once wait for each other, and each gets their own."""
    first = upsert(ComplaintYear).values(year=year, last=1)
    following = first.on_conflict_do_update(index_elements=["year"], set_={"last": ComplaintYear.last + 1})
    place: int = (await uow.session.execute(following.returning(ComplaintYear.last))).scalar_one()
    return place


async def complaints(uow: Reading, person_id: UUID, purpose: Purpose) -> list[Complaint]:
    """The person's, newest first."""
    await account_for(uow, person_id, purpose)
    query = select(Complaint).where(Complaint.person_id == person_id)
    query = query.order_by(Complaint.received_at.desc(), Complaint.id)
    return list(await uow.session.scalars(query.execution_options(**_FRESH)))


async def complaint(uow: Reading, person_id: UUID, complaint_id: UUID, purpose: Purpose) -> Complaint | None:
    """None if it is not this person's."""
    await account_for(uow, person_id, purpose)
    query = select(Complaint).where(Complaint.id == complaint_id, Complaint.person_id == person_id)
    return (await uow.session.scalars(query.execution_options(**_FRESH))).first()


async def owner_of(uow: Reading, complaint_id: UUID) -> UUID | None:
    owner: UUID | None = await uow.session.scalar(select(Complaint.person_id).where(Complaint.id == complaint_id))
    return owner


async def listed(
    uow: Reading, *, answered: bool, after: tuple[date, UUID] | None, limit: int
) -> Sequence[tuple[UUID, str, str, str, UUID | None, str, datetime, date]]:
    """Identifier, number, kind, matter, point, status, when it came and its last day: what is most urgent first."""
    shown = select(
        Complaint.id,
        Complaint.number,
        Complaint.kind,
        Complaint.matter,
        Complaint.point_id,
        Complaint.status,
        Complaint.received_at,
        Complaint.answer_by,
    )
    over = Complaint.status == ComplaintStatus.ANSWERED
    query = shown.where(over if answered else ~over).order_by(Complaint.answer_by, Complaint.id).limit(limit)
    if after is not None:
        query = query.where(tuple_(Complaint.answer_by, Complaint.id) > after)
    return [
        (key, number, kind, matter, point, status, at, answer_by)
        for key, number, kind, matter, point, status, at, answer_by in await uow.session.execute(query)
    ]


async def late(uow: Reading, today: date, limit: int) -> list[tuple[UUID, UUID]]:
    """Complaint and person, of those whose last day is over and of which nobody was told yet; longest ago first."""
    waiting = [status.value for status in OPEN - {ComplaintStatus.ESCALATED}]
    query = select(Complaint.id, Complaint.person_id).where(
        Complaint.answer_by < today, Complaint.status.in_(waiting), Complaint.status != ComplaintStatus.ANSWERED
    )
    found = await uow.session.execute(query.order_by(Complaint.answer_by, Complaint.id).limit(limit))
    return [(complaint_id, person_id) for complaint_id, person_id in found]


async def merged(uow: Reading) -> list[tuple[UUID, UUID]]:
    """Who said something and was joined with another, and with whom, in the order in which those are locked."""
    statement = """
        SELECT p.id, p.merged_into FROM persons p WHERE p.merged_into IS NOT NULL AND (
            EXISTS (SELECT FROM ratings r WHERE r.person_id = p.id)
            OR EXISTS (SELECT FROM complaints c WHERE c.person_id = p.id)
        ) ORDER BY 2, 1 LIMIT 20
    """
    return [(person, into) for person, into in await uow.session.execute(text(statement))]


async def sealed_of(uow: Writing, person_id: UUID) -> tuple[list[Rating], list[Complaint]]:
    """All rows of somebody who was joined with another, locked."""
    ratings = select(Rating).where(Rating.person_id == person_id).with_for_update()
    said = select(Complaint).where(Complaint.person_id == person_id).with_for_update()
    return list(await uow.session.scalars(ratings)), list(await uow.session.scalars(said))
