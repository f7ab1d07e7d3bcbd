"""An agency of tests with its feed: two operators, an officer, and people who did a step of its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.db.unit_of_work import Writing
from app.domain.exchange.terms import AgencyKind, Basis, Datum, ExchangePurpose, People, Terms, Way
from app.domain.identity.caller import Caller, Role
from app.domain.pathways.events import EventKind, Source, StepEvent
from app.domain.pathways.rules import EntryPurpose
from app.domain.region.policy import RegionPolicy
from app.models.audit import AuditEntry
from app.models.exchange import ExchangeItem
from app.runtime import Runtime
from app.wire.keys import read_set
from app.wire.receipts import read
from services.exchange import agreements
from services.exchange.feeds.fetching import Fetched, fetch, files
from services.exchange.feeds.running import KIND, run_next
from services.identity.repository import add_session
from services.identity.wards import add_person
from services.pathways.commands import record_event
from services.profiles.commands import Crossing, add_entry
from services.profiles.documents import put_passport
from services.registry.keys import MirrorKeys, key_set
from services.staff.commands import add, add_organisation
from tests.support.people import new_key, passport

SYSTEM = "egisz"
BATCH = 3
_passports = iter(range(81_000_000, 82_000_000))


class Office:
    """An agency, two operators and an officer, on one process of the region."""

    def __init__(self, runtime: Runtime, region: RegionPolicy) -> None:
        self.runtime, self.region, self.database = runtime, region, runtime.database
        self.keys = MirrorKeys(runtime.database, region)
        # Steps of its own, so that its people are no other test's.
        self.step = f"step-{new_key()[:8]}"
        self.people: list[UUID] = []

    async def open(self) -> None:
        async with self.database.writing(self.region) as uow:
            self.first, self.second = [await self._account(uow, Role.REGION_OPERATOR, None) for _ in range(2)]
            self.id = await add_organisation(uow, self.first, "agency", {"en": "Health", "ru": "Здоровье"})
            await agreements.put_agency(uow, self.first, self.id, AgencyKind.HEALTH, SYSTEM, ())
            self.officer = await self._account(uow, Role.AGENCY_OFFICER, self.id)

    async def _account(self, uow: Writing, role: Role, organisation: UUID | None) -> Caller:
        account_id = await add(uow, role, f"{new_key()}@test", organisation_id=organisation)
        session = await add_session(uow, account_id, None, uow.now.replace(year=2100))
        return Caller(account_id, role, session.id, organisation_id=organisation)

    def terms(self, **changed: Any) -> Terms:
        now = self.database.clock.now()
        told = Terms(
            fields=frozenset({Datum.MIGRANT_ID, Datum.NAME, Datum.STEPS_DONE}),
            people=People.STEP_DONE,
            codes=(self.step,),
            steps=(self.step,),
            purpose=ExchangePurpose.MEDICAL_EXAMINATION,
            basis=Basis.LAW,
            citation="115-FZ art. 5",
            ways=frozenset({Way.FEED}),
            every_hours=24,
            retention_days=10,
            valid_from=now,
            valid_to=now + timedelta(days=100),
        )
        return replace(told, **changed)

    async def agree(self, **changed: Any) -> UUID:
        async with self.database.writing(self.region) as uow:
            made = await agreements.propose(uow, self.first, self.id, self.terms(**changed))
        await self.approve(made, 1)
        return made

    async def approve(self, agreement: UUID, number: int) -> None:
        async with self.database.writing(self.region) as uow:
            await agreements.approve(uow, self.second, agreement, number)

    async def change(self, agreement: UUID, **changed: Any) -> None:
        async with self.database.writing(self.region) as uow:
            number = await agreements.change(uow, self.first, agreement, self.terms(**changed))
        await self.approve(agreement, number)

    async def revoke(self, agreement: UUID) -> None:
        async with self.database.writing(self.region) as uow:
            await agreements.revoke(uow, self.first, agreement)

    async def crowd(self, count: int, *, purpose: str = "work", citizenship: str = "UTO") -> list[UUID]:
        """People who did the step, in the order of feeds."""
        found = []
        async with self.database.writing(self.region) as uow:
            for _ in range(count):
                person_id = await add_person(uow)
                await put_passport(uow, person_id, passport(next(_passports), citizenship))
                entered = uow.region.day_of(uow.now) - timedelta(days=9)
                await add_entry(uow, person_id, Crossing(entered, EntryPurpose(purpose)))
                await record_event(uow, person_id, StepEvent(self.step, EventKind.DONE, entered, Source.POINT, None))
                found.append(person_id)
        return sorted(found)

    async def run(self) -> bool:
        return await run_next(self.database, self.region, self.keys, BATCH)

    async def files(self) -> list[Any]:
        async with self.database.reading(self.region) as uow:
            # Those of one moment by their numbers.
            return sorted(await files(uow, self.id, 100), key=lambda file: (file.made_at, file.number))

    async def fetch(self, file_id: UUID) -> Fetched:
        async with self.database.writing(self.region, self.officer) as uow:
            return await fetch(uow, self.officer, self.id, file_id)

    async def manifest(self, fetched: Fetched) -> dict[str, Any]:
        async with self.database.reading(self.region) as uow:
            return read(fetched.manifest, read_set(await key_set(uow)), KIND)

    async def told(self, people: list[UUID]) -> list[int]:
        """How many entries of something passed on to the agency's system each has."""
        async with self.database.reading(self.region) as uow:
            query = (
                select(AuditEntry.person_id, func.count())
                .where(AuditEntry.action == "passed_on", AuditEntry.system == SYSTEM)
                .group_by(AuditEntry.person_id)
            )
            counted = dict((await uow.session.execute(query.where(AuditEntry.person_id.in_(people)))).all())
        return [counted.get(person, 0) for person in people]

    async def inside(self) -> list[UUID]:
        """Of whom something waits in the agency's files."""
        ids = [file.id for file in await self.files()]
        async with self.database.reading(self.region) as uow:
            query = select(ExchangeItem.person_id).where(ExchangeItem.file_id.in_(ids))
            return sorted(await uow.session.scalars(query))
