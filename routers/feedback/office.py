"""What the region's operator does of complaints, and sees of what is said of points."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.db.unit_of_work import Reading
from app.domain.feedback.ratings import FEWEST_PEOPLE
from app.errors import InvalidInput, NotFound
from app.ports import TamperedError
from routers.deps import Operator, ReadingUow, WritingUow
from routers.feedback.schemas import (
    AnswerIn,
    CommentOut,
    CommentPage,
    ExaminedOut,
    ListedPage,
    MonthList,
    MonthOut,
    examined_out,
    listed_out,
)
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.schemas import (
    Cursor,
    Limit,
    cursor_of,
    instant_key_of,
    key_of,
    read_from_base64,
    written_in_base64,
)
from services.feedback import complaints, ratings
from services.feedback.errors import ComplaintAnswered

router = APIRouter(prefix="/v1", tags=["feedback"], route_class=KeepingRoute)
_CURSOR = "comments.cursor"


@router.get("/complaints", responses=problems(InvalidInput))
async def list_complaints(
    uow: ReadingUow,
    _: Operator,
    answered: Annotated[bool, Query()] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListedPage:
    """Complaints that wait for an answer, or have one: numbers and days, nothing of who and what."""
    after = _after(cursor) if cursor else None
    found = await complaints.listed(uow, answered=answered, after=after, limit=limit + 1)
    more = found[limit - 1] if len(found) > limit else None
    following = cursor_of(more.answer_by.isoformat(), str(more.id)) if more else None
    return ListedPage(items=[listed_out(each) for each in found[:limit]], next=following)


@router.get("/complaints/{complaint_id}", responses=problems(NotFound))
async def examine_complaint(complaint_id: UUID, uow: WritingUow, _: Operator) -> ExaminedOut:
    """What it says. The person's log tells of the look."""
    return examined_out(await complaints.examine(uow, complaint_id))


@router.post("/complaints/{complaint_id}/take", responses=problems(NotFound, ComplaintAnswered))
async def take_complaint(complaint_id: UUID, uow: WritingUow, _: Operator) -> ExaminedOut:
    """Sets to work on it: the person sees that somebody has."""
    return examined_out(await complaints.take(uow, complaint_id))


@router.post("/complaints/{complaint_id}/answer", responses=problems(NotFound, ComplaintAnswered))
async def answer_complaint(complaint_id: UUID, body: AnswerIn, uow: WritingUow, _: Operator) -> ExaminedOut:
    """Answers it, once and for good: the person is told that there is an answer, and reads it in the app."""
    return examined_out(await complaints.answer(uow, complaint_id, body.text, body.language))


@router.get("/points/{point_id}/ratings", responses=problems(NotFound))
async def point_ratings(point_id: UUID, uow: ReadingUow, _: Operator) -> MonthList:
    """How a point was rated month by month: closed months alone, each counted once, over ten people at least."""
    months = await ratings.months_of(uow, point_id)
    return MonthList(fewest=FEWEST_PEOPLE, items=[MonthOut.model_validate(month) for month in months])


@router.get("/points/{point_id}/comments", responses=problems(NotFound, InvalidInput))
async def point_comments(
    point_id: UUID, uow: WritingUow, _: Operator, cursor: Cursor = None, limit: Limit = 20
) -> CommentPage:
    """What was written of a point, without who wrote it or how they rated it; each look is in its writer's log."""
    before = instant_key_of(_shown(uow, cursor)) if cursor else None
    found, last = await ratings.comments_of(uow, point_id, before=before, limit=limit)
    following = _sealed(uow, cursor_of(last[0].isoformat(), str(last[1]))) if last else None
    return CommentPage(items=[CommentOut.model_validate(each) for each in found], next=following)


def _sealed(uow: Reading, cursor: str) -> str:
    """The cursor as it is told: the visit and the minute in it would say whose comment it ends with."""
    return written_in_base64(uow.vault.seal_system(_CURSOR, cursor.encode()))


def _shown(uow: Reading, sealed: str) -> str:
    """InvalidInput for anything but what `_sealed` made."""
    try:
        return uow.vault.open_system(_CURSOR, read_from_base64(sealed)).decode()
    except (ValueError, TamperedError):
        raise InvalidInput(field="cursor") from None


def _after(cursor: str) -> tuple[date, UUID]:
    match key_of(cursor):
        case [str(day), str(key)]:
            try:
                return date.fromisoformat(day), UUID(key)
            except ValueError:
                pass
    raise InvalidInput(field="cursor")
