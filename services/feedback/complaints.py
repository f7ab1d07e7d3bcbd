"""Complaints, from the first word to the answer. Nobody at a point learns of them from us."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.feedback.complaints import (
    MATTERS,
    MOST_OPEN,
    OPEN,
    ComplaintKind,
    ComplaintStatus,
    Matter,
    can_become,
    is_late,
    number_of,
)
from app.domain.pathways.calendar import due
from app.domain.points.calendar import local_day
from app.domain.profiles.languages import Language
from app.domain.reminders.kinds import Kind
from app.domain.reminders.planning import Subject
from app.errors import InvalidInput, NotFound, TryAgain
from app.models.feedback import Complaint
from services.audit.commands import record_change
from services.bookings.queries import own_booking
from services.feedback import repository
from services.feedback.errors import ComplaintAnswered, TooManyComplaints
from services.feedback.sealing import ANSWER, TEXT, opened, seal
from services.points.queries import point
from services.profiles.queries import migrant_id_of
from services.reminders.commands import Happened, tell


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody complains of; `booking_id` or `point_id` where it is about a visit or a point."""

    kind: ComplaintKind
    matter: Matter
    text: str
    language: Language
    booking_id: UUID | None = None
    point_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A complaint with its texts; None where they were erased."""

    row: Complaint
    text: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Examined:
    """The same as the operator sees it. `visit_day` and `service` where it is about a visit; `migrant_id` only where a
    register's entry is disputed, since nobody can put that right without knowing whose it is.
    """

    complaint: Opened
    visit_day: date | None
    service: str | None
    migrant_id: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A complaint as a list has it: nothing of who it is from, nor of what it says."""

    id: UUID
    number: str
    kind: ComplaintKind
    matter: Matter
    point_id: UUID | None
    status: ComplaintStatus
    received_at: datetime
    answer_by: date


async def complain(uow: Writing, person_id: UUID, said: Said) -> Opened:
    """Takes a complaint in. InvalidInput for a matter of another kind, NotFound for a visit of another or an unknown
    point, TooManyComplaints beyond a few without an answer.
    """
    if said.matter not in MATTERS[said.kind]:
        raise InvalidInput(field="matter")
    await lock_person(uow, person_id)
    before = await repository.complaints(uow, person_id, Purpose.OWN_ACCESS)
    if sum(each.status in OPEN for each in before) >= MOST_OPEN:
        raise TooManyComplaints(limit=MOST_OPEN)
    point_id = await _point_of(uow, person_id, said)
    today, law = uow.region.day_of(uow.now), uow.region.feedback.terms[said.kind]
    row = Complaint(
        id=uuid4(),
        number=number_of(today.year, await repository.next_place(uow, today.year)),
        person_id=person_id,
        kind=said.kind,
        matter=said.matter,
        point_id=point_id,
        booking_id=said.booking_id,
        text_sealed=await seal(uow, person_id, TEXT, said.text),
        language=said.language.value,
        status=ComplaintStatus.RECEIVED,
        received_at=uow.now,
        answer_by=due(today, law.term, uow.region.book.calendar),
        law=law.law,
    )
    uow.session.add(row)
    await uow.session.flush()
    await record_change(uow, person_id, "complained", complaint=row.id)
    return Opened(row, said.text, None)


async def _point_of(uow: Reading, person_id: UUID, said: Said) -> UUID | None:
    if said.booking_id is not None:
        booking = await own_booking(uow, person_id, said.booking_id)
        if said.point_id not in {None, booking.point_id}:
            raise InvalidInput(field="point_id")
        return booking.point_id
    return (await point(uow, said.point_id)).id if said.point_id else None


async def own_complaints(uow: Reading, person_id: UUID) -> list[Opened]:
    """Newest first."""
    return [await _opened(uow, row) for row in await repository.complaints(uow, person_id, Purpose.OWN_ACCESS)]


async def own_complaint(uow: Reading, person_id: UUID, complaint_id: UUID) -> Opened:
    """NotFound also when it is somebody else's."""
    row = await repository.complaint(uow, person_id, complaint_id, Purpose.OWN_ACCESS)
    if row is None:
        raise NotFound
    return await _opened(uow, row)


async def listed(uow: Reading, *, answered: bool, after: tuple[date, UUID] | None, limit: int) -> list[Listed]:
    """For the operator: what has to be answered first."""
    found = await repository.listed(uow, answered=answered, after=after, limit=limit)
    return [
        Listed(key, number, ComplaintKind(kind), Matter(matter), at, ComplaintStatus(status), came, answer_by)
        for key, number, kind, matter, at, status, came, answer_by in found
    ]


async def examine(uow: Writing, complaint_id: UUID) -> Examined:
    """The operator reads a complaint: the person's log tells of it."""
    return await _examined(uow, await _of_operator(uow, complaint_id))


async def take(uow: Writing, complaint_id: UUID) -> Examined:
    """The operator sets to work on it; done twice it is as done once. ComplaintAnswered when it is over."""
    row = await _of_operator(uow, complaint_id)
    status = ComplaintStatus(row.status)
    if status is ComplaintStatus.ANSWERED:
        raise ComplaintAnswered
    if can_become(status, ComplaintStatus.IN_WORK):
        row.status = ComplaintStatus.IN_WORK
    if row.taken_at is None:
        row.taken_at = uow.now
        await uow.session.flush()
        await record_change(uow, row.person_id, "complaint_taken", complaint=row.id)
    return await _examined(uow, row)


async def answer(uow: Writing, complaint_id: UUID, text: str, language: Language) -> Examined:
    """The operator answers, once; the person is told that there is an answer. ComplaintAnswered a second time."""
    row = await _of_operator(uow, complaint_id)
    if not can_become(ComplaintStatus(row.status), ComplaintStatus.ANSWERED):
        raise ComplaintAnswered
    row.status, row.answered_at = ComplaintStatus.ANSWERED, uow.now
    row.answer_sealed = await seal(uow, row.person_id, ANSWER, text)
    row.answer_language = language.value
    await uow.session.flush()
    await record_change(uow, row.person_id, "complaint_answered", complaint=row.id)
    await _tell(uow, row, Kind.COMPLAINT_ANSWERED)
    return await _examined(uow, row)


async def escalate_late(uow: Writing, *, limit: int = 100) -> int:
    """The worker: complaints whose last day is over go up, and the person is told so. How many."""
    found = await repository.late(uow, uow.region.day_of(uow.now), limit)
    # In the one order in which people are locked.
    for complaint_id, person_id in sorted(found, key=lambda one: one[1]):
        await lock_person(uow, person_id, gone_too=True)
        row = await repository.complaint(uow, person_id, complaint_id, Purpose.OWN_REMINDERS)
        if row is None or not is_late(ComplaintStatus(row.status), row.answer_by, uow.now, uow.region.zone):
            continue
        row.status, row.escalated_at = ComplaintStatus.ESCALATED, uow.now
        await uow.session.flush()
        await record_change(uow, person_id, "complaint_escalated", complaint=row.id)
        await _tell(uow, row, Kind.COMPLAINT_LATE, day=row.answer_by.isoformat())
    return len(found)


async def _tell(uow: Writing, row: Complaint, kind: Kind, **more: str) -> None:
    told = Happened(kind, Subject.COMPLAINT, str(row.id), uow.now, more={"number": row.number, **more})
    await tell(replace(uow, caller=None), row.person_id, told, anew=True)


async def _of_operator(uow: Writing, complaint_id: UUID) -> Complaint:
    person_id = await repository.owner_of(uow, complaint_id)
    if person_id is None:
        raise NotFound
    await lock_person(uow, person_id)
    row = await repository.complaint(uow, person_id, complaint_id, Purpose.COMPLAINT)
    if row is None:
        raise TryAgain(retry_after=1)  # it became another's meanwhile
    return row


async def _examined(uow: Writing, row: Complaint) -> Examined:
    day, service = None, None
    if row.booking_id is not None:
        # What the complaint itself says: the visit was named by whoever complains.
        booking = await own_booking(replace(uow, caller=None), row.person_id, row.booking_id)
        at = await point(uow, booking.point_id)
        day, service = local_day(ZoneInfo(at.zone), booking.place.starts_at), booking.service
    disputed = row.kind == ComplaintKind.REGISTER_ENTRY
    migrant_id = await migrant_id_of(uow, row.person_id) if disputed else None
    return Examined(await _opened(uow, row), day, service, migrant_id)


async def _opened(uow: Reading, row: Complaint) -> Opened:
    return Opened(
        row,
        await opened(uow, row.person_id, TEXT, row.text_sealed),
        await opened(uow, row.person_id, ANSWER, row.answer_sealed),
    )
