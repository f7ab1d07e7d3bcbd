"""Family: children for whom a guardian acts, and adults who belong together."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from app.domain.profiles.family import Relation
from app.errors import InvalidInput, NotFound
from routers.deps import Clerk, MigrantAlone, ReadingUow, Run, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.schemas import In, Out
from services.family import commands, queries
from services.family.errors import LinkKnown, NotAMinor, TooManyLinks
from services.profiles.errors import BirthNotPlausible, DocumentKnown, InvalidZone, NameRefused, TooManyGuesses

router = APIRouter(tags=["family"], route_class=KeepingRoute)


class WardIn(In):
    """A child. The birth year is needed; `mrz` if they have a passport of their own."""

    year: int = Field(ge=1800, le=2200, strict=True)
    month: int | None = Field(None, ge=1, le=12, strict=True)
    day: int | None = Field(None, ge=1, le=31, strict=True)
    surname: str | None = Field(None, min_length=1, max_length=100)
    given_names: str | None = Field(None, min_length=1, max_length=100)
    mrz: str | None = Field(None, max_length=200)


class FamilyIn(In):
    """`migrant_id`: as the other person shows it; nothing begins before they confirm."""

    migrant_id: str = Field(min_length=12, max_length=20)
    relation: Relation


class WardEnd(In):
    migrant_id: str = Field(min_length=12, max_length=20)


class LinkOut(Out):
    """`person_id`, `name` and `until`, the day they come of age, are there for a ward of the caller's only."""

    id: UUID
    relation: Relation
    asked_by_me: bool
    confirmed: bool
    person_id: UUID | None
    migrant_id: str | None
    name: str | None
    until: date | None


class Family(Out):
    items: list[LinkOut]


class WardToken(Out):
    """Ask anew when it has run out: it cannot be refreshed."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 — a kind of token, not one
    expires_in: int


class Ended(Out):
    ended: int


@router.get("/v1/me/family", responses=problems())
async def own_family(uow: ReadingUow, caller: MigrantAlone) -> Family:
    """Whom the person acts for, who belongs to them, and who asks."""
    return await _family(uow, caller)


@router.post(
    "/v1/me/wards",
    status_code=status.HTTP_201_CREATED,
    responses=problems(
        BirthNotPlausible, NotAMinor, NameRefused, InvalidZone, DocumentKnown, TooManyGuesses, TooManyLinks
    ),
)
async def register_ward(body: WardIn, uow: WritingUow, caller: MigrantAlone) -> LinkOut:
    """Registers a child: a person of their own, for whom the caller acts until they are 18."""
    link = await commands.register_ward(uow, caller, commands.Child(**dict(body)))
    return LinkOut.model_validate(await queries.view_of(uow, caller, link))


@router.post("/v1/me/wards/{person_id}/tokens", responses=problems(NotFound, NotAMinor))
async def act_for_ward(person_id: UUID, uow: WritingUow, caller: MigrantAlone, runtime: Run) -> WardToken:
    """A token with which every route of the person's own serves the ward's. The ward's log names the guardian."""
    token, lives = await commands.act_for(uow, runtime.keyring, caller, person_id)
    return WardToken(access_token=token, expires_in=int(lives.total_seconds()))


@router.post(
    "/v1/me/family",
    status_code=status.HTTP_201_CREATED,
    responses=problems(NotFound, InvalidInput, LinkKnown, TooManyLinks),
)
async def ask_relative(body: FamilyIn, uow: WritingUow, caller: MigrantAlone) -> LinkOut:
    """Asks somebody who has an account of their own to be linked; a *ward*, to let the caller act for them."""
    link = await commands.ask(uow, caller.person, body.migrant_id, body.relation)
    return LinkOut.model_validate(await queries.view_of(uow, caller, link))


@router.post("/v1/me/family/{link_id}/confirm", responses=problems(NotFound, NotAMinor))
async def confirm_relative(link_id: UUID, uow: WritingUow, caller: MigrantAlone) -> Family:
    """The one who was asked says yes."""
    await commands.confirm(uow, caller.person, link_id)
    return await _family(uow, caller)


@router.delete("/v1/me/family/{link_id}", responses=problems(NotFound))
async def end_link(link_id: UUID, uow: WritingUow, caller: MigrantAlone) -> Family:
    """Either side ends it, or says no. For a ward, the guardian acts no more."""
    await commands.end(uow, caller.person, link_id)
    return await _family(uow, caller)


@router.post("/v1/guardianships/end", responses=problems(NotFound, InvalidInput))
async def end_guardianships(body: WardEnd, uow: WritingUow, caller: Clerk) -> Ended:
    """Ends every guardianship of a ward, whose papers the clerk has seen."""
    return Ended(ended=await commands.end_by_clerk(uow, caller, body.migrant_id))


async def _family(uow: ReadingUow, caller: MigrantAlone) -> Family:
    return Family(items=[LinkOut.model_validate(view) for view in await queries.own_links(uow, caller)])
