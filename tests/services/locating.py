"""People who let themselves be located, and the worker that carries out what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from app.domain.consents.consent import Standing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.identity.caller import Caller, Role
from app.domain.locations.samples import Sample, SampleSource, Verdict, milliseconds
from app.domain.profiles.languages import Language
from app.runtime import Runtime
from services.consents.commands import Answer, give, withdraw
from services.consents.wording import shown
from services.identity.repository import add_person
from services.locations.commands import RECORDED, record, tell
from services.locations.upkeep import forget_old_locations, location_handlers
from services.outbox.commands import Handler, Payload, relay, together
from tests.services.crowd import first_region

HOME = (55.79, 49.12)
MS = timedelta(milliseconds=1)


@dataclass
class Located:
    """A person with a phone. `consent`: the one that was given last."""

    runtime: Runtime
    id: UUID
    caller: Caller
    consent: UUID | None = None

    @property
    def now(self) -> datetime:
        return self.runtime.database.clock.now()

    async def agree(self) -> None:
        async with self.runtime.database.writing(first_region(self.runtime), self.caller) as uow:
            seen = shown(ConsentPurpose.MIRROR_LOCATION, None, Language.ENGLISH).notice.sha256
            answer = Answer(ConsentPurpose.MIRROR_LOCATION, None, Language.ENGLISH, seen)
            self.consent = await give(uow, self.caller, answer, Standing(mirrors=True))

    async def withdraw(self, runtime: Runtime | None = None) -> None:
        assert self.consent is not None
        runtime = runtime or self.runtime
        async with runtime.database.writing(first_region(runtime), self.caller) as uow:
            await withdraw(uow, self.caller, self.consent)

    async def send(self, samples: Sequence[Sample], runtime: Runtime | None = None) -> list[Verdict]:
        runtime = runtime or self.runtime
        region = first_region(runtime)
        return await runtime.database.decide(region, lambda uow: record(uow, self.id, samples), self.caller)

    async def headers(self) -> dict[str, str]:
        token = await self.runtime.keyring.issue(first_region(self.runtime), self.caller, self.now)
        return {"Authorization": f"Bearer {token}"}

    async def seen(self, client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
        """What the person sees, to the last page."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            answer = await client.get("/v1/me/locations", params=asked | cursor, headers=await self.headers())
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    async def kept(self) -> int:
        """How many samples the table has of them."""
        async with self.runtime.database.reading(first_region(self.runtime)) as uow:
            asked = text("SELECT coalesce(sum(samples), 0) FROM location_batches WHERE person_id = :person")
            return int(await uow.session.scalar(asked, {"person": self.id}) or 0)


def sample(at: datetime, lat: float = HOME[0], lon: float = HOME[1]) -> Sample:
    return Sample(milliseconds(at), lat, lon, 12.5, SampleSource.GPS)


def wire(at: datetime, lat: float = HOME[0], lon: float = HOME[1]) -> dict[str, Any]:
    return {"at": at.isoformat(), "lat": lat, "lon": lon, "accuracy": 12.5, "source": "gps"}


async def located(runtime: Runtime, *, agreed: bool = True) -> Located:
    """Somebody new; with months for what they send."""
    region = first_region(runtime)
    await runtime.keyring.ready(region)
    async with runtime.database.writing(region) as uow:
        person_id = await add_person(uow)
        await forget_old_locations(uow)
    person = Located(runtime, person_id, Caller(uuid4(), Role.MIGRANT, uuid4(), person_id))
    if agreed:
        await person.agree()
    return person


async def carry_out(person: Located) -> int:
    """The worker, until nothing is left: how often `registry` would be told of the person."""
    runtime, told = person.runtime, list[Payload]()

    async def note(payload: Payload) -> None:
        told.append(payload)

    region = first_region(runtime)
    handlers: dict[str, Handler] = together(location_handlers(runtime.database, region), {RECORDED: note})
    while await relay(runtime.database, region, handlers) or await _tell(runtime):
        pass
    return told.count({"person_id": str(person.id)})


async def _tell(runtime: Runtime) -> int:
    async with runtime.database.writing(first_region(runtime)) as uow:
        return await tell(uow)
