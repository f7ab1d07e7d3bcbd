"""The person's own profile."""

from fastapi import APIRouter, status

from routers.deps import Migrant, ReadingUow, Region, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.profiles.schemas import EntryIn, PassportIn, ProfileOut, profile_out
from services.profiles import commands, queries
from services.profiles.errors import DocumentKnown, EntryNotPlausible, InvalidZone

router = APIRouter(prefix="/v1/me", tags=["profile"], route_class=KeepingRoute)


@router.get("", responses=problems())
async def own_profile(uow: ReadingUow, caller: Migrant, region: Region) -> ProfileOut:
    """The person's own profile."""
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))


@router.post(
    "/passport",
    status_code=status.HTTP_201_CREATED,
    responses=problems(InvalidZone, DocumentKnown),
)
async def give_passport(body: PassportIn, uow: WritingUow, caller: Migrant, region: Region) -> ProfileOut:
    """Takes the passport's machine-readable lines and checks their digits. The first time makes the Migrant ID."""
    await commands.put_passport(uow, caller.person, body.mrz)
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))


@router.post("/entries", status_code=status.HTTP_201_CREATED, responses=problems(EntryNotPlausible))
async def give_entry(body: EntryIn, uow: WritingUow, caller: Migrant, region: Region) -> ProfileOut:
    """Records an entry into the country. Deadlines run from the one given last: give it anew to correct it."""
    await commands.add_entry(uow, caller.person, body.entered_on, body.purpose, visa=body.visa)
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))
