"""The person's own profile, and their entries."""

from uuid import UUID

from fastapi import APIRouter, status

from app.errors import NotFound
from routers.deps import Migrant, ReadingUow, Region, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.profiles.schemas import (
    BirthIn,
    EntryIn,
    EntryList,
    ExitIn,
    LanguagesIn,
    PassportIn,
    ProfileOut,
    crossing_out,
    profile_out,
)
from services.profiles import commands, documents, queries
from services.profiles.errors import (
    BirthNotPlausible,
    DocumentKnown,
    EntryNotPlausible,
    ExitNotPlausible,
    InvalidZone,
    TooManyDocuments,
    TooManyGuesses,
)

router = APIRouter(prefix="/v1/me", tags=["profile"], route_class=KeepingRoute)


@router.get("", responses=problems())
async def own_profile(uow: ReadingUow, caller: Migrant, region: Region) -> ProfileOut:
    """The person's own profile."""
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))


@router.post(
    "/passport",
    status_code=status.HTTP_201_CREATED,
    responses=problems(InvalidZone, DocumentKnown, TooManyGuesses, TooManyDocuments),
)
async def give_passport(body: PassportIn, uow: WritingUow, caller: Migrant, region: Region) -> ProfileOut:
    """Takes the passport's machine-readable lines and checks their digits. The first time makes the Migrant ID."""
    await documents.put_passport(uow, caller.person, body.mrz)
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))


@router.put("/birth-date", responses=problems(BirthNotPlausible))
async def give_birth_date(body: BirthIn, uow: WritingUow, caller: Migrant, region: Region) -> ProfileOut:
    """Takes the birth date with its century, which no zone tells; unknown parts are left out, never made up."""
    await commands.put_birth(uow, caller.person, body.year, body.month, body.day)
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))


@router.put("/languages", responses=problems())
async def give_languages(body: LanguagesIn, uow: WritingUow, caller: Migrant, region: Region) -> ProfileOut:
    """The languages that the person wants to be written to in, most wanted first."""
    await commands.put_languages(uow, caller.person, list(dict.fromkeys(body.languages)))
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))


@router.get("/entries", responses=problems())
async def own_entries(uow: ReadingUow, caller: Migrant) -> EntryList:
    """When the person came, and left again."""
    found = await queries.own_entries(uow, caller.person)
    return EntryList(items=[crossing_out(entry, crossing) for entry, crossing in found])


@router.post("/entries", status_code=status.HTTP_201_CREATED, responses=problems(EntryNotPlausible, ExitNotPlausible))
async def give_entry(body: EntryIn, uow: WritingUow, caller: Migrant, region: Region) -> ProfileOut:
    """Records an entry into the country. Deadlines run from the one given last."""
    await commands.add_entry(uow, caller.person, body.told())
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))


@router.put("/entries/{entry_id}", responses=problems(NotFound, EntryNotPlausible, ExitNotPlausible))
async def correct_entry(entry_id: UUID, body: EntryIn, uow: WritingUow, caller: Migrant, region: Region) -> ProfileOut:
    """Corrects an entry that was told wrong; what was told is kept."""
    await commands.correct_entry(uow, caller.person, entry_id, body.told())
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))


@router.post("/entries/{entry_id}/exit", responses=problems(NotFound, ExitNotPlausible))
async def tell_exit(entry_id: UUID, body: ExitIn, uow: WritingUow, caller: Migrant, region: Region) -> ProfileOut:
    """The day the person left again: days without a visa stop counting."""
    await commands.tell_exit(uow, caller.person, entry_id, body.left_on)
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))


@router.delete("/entries/{entry_id}", responses=problems(NotFound))
async def withdraw_entry(entry_id: UUID, uow: WritingUow, caller: Migrant, region: Region) -> ProfileOut:
    """For an entry that never was. It is kept as told, and counts for nothing."""
    await commands.withdraw_entry(uow, caller.person, entry_id)
    return profile_out(await queries.own_profile(uow, caller.person), region.day_of(uow.now))
