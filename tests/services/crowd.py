"""Many people at once: made through the services in one transaction, without an SMS for each."""

import itertools
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.demo.seed import point_id_of
from app.domain.identity.caller import Caller, Role
from app.domain.pathways.rules import EntryPurpose
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.identity.repository import add_person
from services.points.queries import day_of
from services.profiles.commands import Crossing, add_entry
from services.profiles.documents import put_passport
from tests.support.people import passport

_numbers = itertools.count(5_000_000)


async def newcomers(runtime: Runtime, count: int) -> list[UUID]:
    """People with a passport and an entry, ready to book."""
    made: list[UUID] = []
    async with runtime.database.writing(first_region(runtime)) as uow:
        for _ in range(count):
            person = await add_person(uow)
            await put_passport(uow, person, passport(next(_numbers)))
            await add_entry(uow, person, Crossing(uow.region.day_of(uow.now), EntryPurpose.WORK))
            made.append(person)
    return made


async def token_of(runtime: Runtime, person: UUID) -> str:
    """An access token, as a sign-in would have given it."""
    caller = Caller(uuid4(), Role.MIGRANT, uuid4(), person)
    return await runtime.keyring.issue(first_region(runtime), caller, runtime.database.clock.now())


async def untouched_place(runtime: Runtime, point_code: str, service: str, *, counters: int) -> dict[str, str]:
    """The body that books the first place at a demonstration point, from tomorrow on, that nobody has taken yet."""
    region = first_region(runtime)
    point_id = point_id_of(region.code, point_code)
    async with runtime.database.reading(region) as uow:
        for ahead in range(1, 30):
            day = region.day_of(uow.now) + timedelta(days=ahead)
            for start in await day_of(uow, point_id, service, day):
                if start.left == counters:
                    return place_body(service, point_id, start.starts_at)
    raise LookupError(f"no untouched place at {point_code}")


async def left_at(runtime: Runtime, place: dict[str, str]) -> int:
    """For how many persons a place is still free, as the search tells it."""
    starts_at = datetime.fromisoformat(place["starts_at"])
    region = first_region(runtime)
    async with runtime.database.reading(region) as uow:
        starts = await day_of(uow, UUID(place["point_id"]), place["service"], region.day_of(starts_at))
    return next((start.left for start in starts if start.starts_at == starts_at), 0)


def place_body(service: str, point_id: UUID, starts_at: datetime) -> dict[str, str]:
    """A step that is done by a visit has the name of its service here."""
    return {
        "step": service,
        "service": service,
        "point_id": str(point_id),
        "starts_at": starts_at.isoformat(),
    }


def first_region(runtime: Runtime) -> RegionPolicy:
    return next(iter(runtime.regions.values()))
