"""What one says of visits and complains of, and who else can help."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from app.domain.feedback.complaints import ComplaintKind, Matter
from app.errors import InvalidInput, NotFound
from routers.deps import Anyone, Migrant, ReadingUow, Region, WritingUow
from routers.feedback.schemas import (
    ComplaintIn,
    ComplaintList,
    ComplaintOut,
    HelperList,
    RatingIn,
    RatingOut,
    complaint_out,
    helper_out,
)
from routers.idempotency import KeepingRoute
from routers.language import language_of, own_language_of
from routers.problems import problems
from services.feedback import complaints, ratings
from services.feedback.complaints import Opened, Said
from services.feedback.errors import NotRateable, TooManyComplaints

router = APIRouter(prefix="/v1", tags=["feedback"], route_class=KeepingRoute)


@router.put("/bookings/{booking_id}/rating", responses=problems(NotFound, NotRateable))
async def rate_visit(booking_id: UUID, body: RatingIn, uow: WritingUow, caller: Migrant, request: Request) -> RatingOut:
    """Gives the one rating of a visit that is over, or changes it. The point's staff do not see it; the region's
    operator reads comments without names, and each look is in one's log.
    """
    language = body.language or own_language_of(request)
    given = await ratings.rate(uow, caller.person, booking_id, body.stars, body.comment or None, language)
    return RatingOut.model_validate(given)


@router.get("/bookings/{booking_id}/rating", responses=problems(NotFound))
async def own_rating(booking_id: UUID, uow: ReadingUow, caller: Migrant) -> RatingOut:
    """What one said of a visit."""
    return RatingOut.model_validate(await ratings.own_rating(uow, caller.person, booking_id))


@router.post(
    "/me/complaints",
    status_code=status.HTTP_201_CREATED,
    responses=problems(NotFound, InvalidInput, TooManyComplaints),
)
async def complain(body: ComplaintIn, uow: WritingUow, caller: Migrant, request: Request) -> ComplaintOut:
    """Complains: of a point or a visit, of a register's entry that is wrong, or of an employer. It has a number and a
    last day from now on. Nobody at the point is told of it, or by whom.
    """
    language = body.language or own_language_of(request)
    said = Said(body.kind, body.matter, body.text, language, body.booking_id, body.point_id)
    return _out(uow, await complaints.complain(uow, caller.person, said), request)


@router.get("/me/complaints", responses=problems())
async def own_complaints(uow: ReadingUow, caller: Migrant, request: Request) -> ComplaintList:
    """One's complaints and their answers, newest first."""
    found = await complaints.own_complaints(uow, caller.person)
    return ComplaintList(items=[_out(uow, each, request) for each in found])


@router.get("/me/complaints/{complaint_id}", responses=problems(NotFound))
async def own_complaint(complaint_id: UUID, uow: ReadingUow, caller: Migrant, request: Request) -> ComplaintOut:
    """One of them."""
    return _out(uow, await complaints.own_complaint(uow, caller.person, complaint_id), request)


@router.get("/labour-help", dependencies=[Anyone], responses=problems(signed_in=False))
async def labour_help(
    region: Region, request: Request, matter: Annotated[Matter, Query()] = Matter.OTHER
) -> HelperList:
    """Who helps when wages are not paid, papers are taken away or one is made to work: without a sign-in, and without
    complaining.
    """
    language = language_of(request)
    return HelperList(items=[helper_out(each, language) for each in region.feedback.helpers_for(matter)])


def _out(uow: ReadingUow, opened: Opened, request: Request) -> ComplaintOut:
    matter = Matter(opened.row.matter)
    tells = opened.row.kind != ComplaintKind.SERVICE
    helpers = uow.region.feedback.helpers_for(matter) if tells else ()
    return complaint_out(opened, helpers, language_of(request))
