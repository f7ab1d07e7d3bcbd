"""Wire types of cards and requests: what an employer sees of somebody, which names nobody before a yes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.employers.requests import Seen
from app.domain.employers.skills import CERTIFICATES, SKILLS
from app.domain.matching.terms import About, Band, Match, Shift, Why
from routers.employers.postings import OccupationCode
from routers.schemas import In, Out
from services.employers.lists import Candidate

_MOST_YEARS = 60


class PartOut(Out):
    """`points` of at most `most`, and why. `has` and `lacks`: of what the vacancy asks for."""

    about: About
    points: int
    most: int
    why: Why
    has: list[str]
    lacks: list[str]
    band: Band | None
    spare_weeks: int | None


class MatchOut(Out):
    """`score`, 0 to 100, is the sum of the parts' points."""

    score: int
    parts: list[PartOut]


def match_out(match: Match) -> MatchOut:
    parts = [
        PartOut(
            about=part.about,
            points=part.points,
            most=part.most,
            why=part.why,
            has=list(part.has),
            lacks=list(part.lacks),
            band=part.band,
            spare_weeks=part.spare,
        )
        for part in match.parts
    ]
    return MatchOut(score=match.score, parts=parts)


class WorkedBody(In):
    """Work that was learned or done: ISCO-08 unit group, and whole years of it."""

    occupation: OccupationCode
    years: Annotated[int, Field(ge=0, le=_MOST_YEARS, strict=True)] = 0


class AllowedOut(Out):
    """From when they may work: now, or as expected on `since`, so many per cent sure."""

    now: bool
    since: date | None
    sure: int


class CardOut(Out):
    """Somebody who fits, and agrees to be found. Nothing here names them; `id` is for this vacancy alone. `years` stop
    at ten. `request`: None until their contacts are asked for.
    """

    id: UUID
    worked: list[WorkedBody]
    skills: list[str]
    certificates: list[str]
    shifts: list[Shift]
    allowed: AllowedOut
    match: MatchOut
    suggested: bool
    request: Seen | None


class CardList(Out):
    items: list[CardOut]


def card_out(one: Candidate, today: date) -> CardOut:
    worker, may = one.worker, one.worker.may_work
    now = may.since is not None and may.since <= today
    return CardOut(
        id=one.card_id,
        worked=[WorkedBody(occupation=each.occupation, years=each.years) for each in worker.worked],
        skills=sorted(worker.skills & SKILLS.keys()),
        certificates=sorted(worker.skills & CERTIFICATES.keys()),
        shifts=sorted(worker.shifts),
        allowed=AllowedOut(now=now, since=None if now else may.since, sure=may.sure),
        match=match_out(one.match),
        suggested=one.suggested,
        request=one.state,
    )


class ContactRequestOut(Out):
    """`state`: `waiting` until there is a yes, or its time is over. Nothing tells a no from no answer."""

    card_id: UUID
    vacancy_id: UUID
    title: str
    asked_at: datetime
    expires_at: datetime
    state: Seen


class ContactRequestPage(Out):
    items: list[ContactRequestOut]
    next: str | None


class ContactOut(Out):
    """For this vacancy, while the person agrees to it."""

    name: str | None
    cyrillic_name: str | None
    phone: str | None
    email: str | None
