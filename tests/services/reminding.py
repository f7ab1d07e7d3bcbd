"""People with phones, who book and are reminded: what tests of planning and sending stand on."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from app.db.unit_of_work import Deciding, Writing
from app.domain.identity.caller import Caller, Role
from app.domain.pathways.rules import EntryPurpose
from app.domain.region.policy import RegionPolicy
from app.domain.reminders.delivery import Answer, Verdict
from app.domain.reminders.preferences import Preferences
from app.models.audit import ChainHead
from app.models.reminders import Delivery, PushAddress, ReminderPlan, ReminderRow
from app.ports import PushNote
from app.runtime import Runtime
from services.bookings import commands as bookings
from services.bookings.commands import Wanted
from services.deliveries.repository import put_address
from services.deliveries.sending import Carriers, Sender
from services.deliveries.texts import ADDRESS_FIELD
from services.identity.repository import accounts_of, add_account, add_device, add_person, add_session
from services.points.commands import extend_calendars
from services.points.queries import point
from services.profiles.commands import Crossing, add_entry
from services.profiles.details import put_home
from services.profiles.documents import put_passport
from services.reminders import repository
from services.reminders.planning import plan_due
from tests.services.points import make_point
from tests.support.clock import MovableClock
from tests.support.people import passport

ALL_DAY = {str(weekday): [["00:00", "00:00"]] for weekday in range(7)}
_numbers = iter(range(7_000_000, 8_000_000))


@dataclass
class Pocket:
    """The push port for tests: keeps what came, and answers as it is told to; by default that it has it."""

    answer: Callable[[PushNote], Answer] = lambda _: Answer(Verdict.ACCEPTED, "ok")
    notes: list[PushNote] = field(default_factory=list)
    also: Callable[[PushNote], Awaitable[None]] | None = None

    async def send(self, note: PushNote, _now: datetime, /) -> Answer:
        if self.also:
            await self.also(note)
        self.notes.append(note)
        return self.answer(note)

    @property
    def times(self) -> Counter[str]:
        """How often each message came to each address."""
        return Counter(f"{note.address} {note.message_id}" for note in self.notes)


@dataclass
class Someone:
    person_id: UUID
    devices: list[UUID] = field(default_factory=list)


class Reminded:
    """One region: people, a point that is open day and night, and the workers' work done by hand."""

    def __init__(self, runtime: Runtime, region: RegionPolicy, point_id: UUID, zone: ZoneInfo) -> None:
        self.runtime, self.region, self.point_id, self.zone = runtime, region, point_id, zone

    @property
    def now(self) -> datetime:
        return self.runtime.database.clock.now()

    async def someone(self, *, phones: int = 1, came: bool = True) -> Someone:
        """Somebody with a profile if they `came`, signed in on so many phones, all reached by push."""
        async with self.runtime.database.writing(self.region) as uow:
            person = Someone(await add_person(uow))
            if came:
                await put_passport(uow, person.person_id, passport(next(_numbers)))
                entered_on = uow.region.day_of(uow.now)
                await add_entry(uow, person.person_id, Crossing(entered_on, EntryPurpose.WORK))
            for _ in range(phones):
                person.devices.append(await self.phone(uow, person.person_id))
        return person

    async def phone(self, uow: Writing, person_id: UUID, *, address: str | None = None) -> UUID:
        """A phone that the person is signed in on, reached at `address` or one of its own."""
        account, device = await add_account(uow, uuid4(), Role.MIGRANT, person_id), uuid4()
        await add_device(uow, device, account.id, {}, uow.now + timedelta(days=30), None)
        await add_session(uow, account.id, device, uow.now + timedelta(days=180))
        value = address or f"phone-{device}"
        index, sealed = uow.vault.blind_index("push", value), uow.vault.seal_system(ADDRESS_FIELD, value.encode())
        await put_address(uow, device, person_id, "token", index, sealed, "en")
        return device

    def at(self, text: str) -> datetime:
        """The instant at which the point's clock shows this."""
        return datetime.fromisoformat(text).replace(tzinfo=self.zone)

    async def book(self, person: Someone, starts: str) -> UUID:
        async def command(uow: Deciding) -> UUID:
            wanted = Wanted("medical", "medical", self.point_id, self.at(starts))
            return (await bookings.book(uow, person.person_id, wanted)).id

        return await self.runtime.database.decide(self.region, command)

    async def move(self, person: Someone, booking_id: UUID, starts: str, *, by: Someone | None = None) -> None:
        """By themselves, or by somebody of their family."""

        async def command(uow: Deciding) -> None:
            uow.acts_for.add(person.person_id)
            await bookings.reschedule(uow, person.person_id, booking_id, self.point_id, self.at(starts))

        mover = by or person
        async with self.runtime.database.writing(self.region) as writing:
            account = (await accounts_of(writing, mover.person_id))[0].id
        caller = Caller(account, Role.MIGRANT, uuid4(), mover.person_id)
        await self.runtime.database.decide(self.region, command, caller)

    async def cancel(self, person: Someone, booking_id: UUID) -> None:
        async def command(uow: Deciding) -> None:
            await bookings.cancel(uow, person.person_id, booking_id)

        await self.runtime.database.decide(self.region, command)

    async def live_at(self, person: Someone, *, km: float | None) -> None:
        """So far north of the point; None: they take it back."""
        async with self.runtime.database.writing(self.region) as uow:
            at = await point(uow, self.point_id)
            await put_home(uow, person.person_id, (at.lat + km / 111.2, at.lon) if km is not None else None)

    async def plan(self) -> int:
        planned = 0
        while done := await plan_due(self.runtime.database, self.region):
            planned += done
        return planned

    async def send(self, pocket: Pocket, **others: Any) -> None:
        """One tick of a worker, and all that it began."""
        sender = Sender(self.runtime.database, self.region, Carriers(push=pocket, **others))
        await sender.tick()
        await sender.finish()

    async def rows(self, person: Someone, *statuses: str) -> list[ReminderRow]:
        async with self.runtime.database.reading(self.region) as uow:
            query = select(ReminderRow).where(ReminderRow.person_id == person.person_id)
            if statuses:
                query = query.where(ReminderRow.status.in_(statuses))
            return list(await uow.session.scalars(query.order_by(ReminderRow.due_at, ReminderRow.kind)))

    async def deliveries(self, person: Someone) -> list[Delivery]:
        async with self.runtime.database.reading(self.region) as uow:
            query = select(Delivery).where(Delivery.person_id == person.person_id)
            return list(await uow.session.scalars(query.order_by(Delivery.created_at, Delivery.available_at)))

    async def shown(self, person: Someone, *, kinds: str = "visit", status: str = "waiting") -> list[tuple[str, str]]:
        """Kind and time on the point's clock of what is told of visits."""
        rows = [row for row in await self.rows(person, status) if row.subject == kinds]
        return [(row.kind, f"{row.due_at.astimezone(self.zone):%Y-%m-%d %H:%M}") for row in rows]


async def reminded(runtime: Runtime, region: RegionPolicy, *, zone: str = "Europe/Moscow") -> Reminded:
    """Nothing of other tests waits to be planned or sent."""
    async with runtime.database.writing(region) as uow:
        for table in (Delivery, ReminderRow, PushAddress):
            await uow.session.execute(delete(table))
        await uow.session.execute(update(ChainHead).values(planned_seq=ChainHead.seq))
        await uow.session.execute(update(ReminderPlan).values(replan_at=uow.now + timedelta(days=3650)))
        made = await make_point(uow, hours=ALL_DAY, zone=zone, open_on_holidays=True, counters=50)
        await extend_calendars(uow)
    return Reminded(runtime, region, made.point_id, ZoneInfo(zone))


async def choose(here: Reminded, person: Someone, **chosen: object) -> None:
    async with here.runtime.database.writing(here.region) as uow:
        await repository.put_preferences(uow, person.person_id, Preferences(**chosen))  # type: ignore[arg-type]


async def due_tomorrow(here: Reminded, clock: MovableClock) -> Someone:
    """Somebody who is to be told now of tomorrow's visit and what to bring."""
    person = await here.someone()
    await here.book(person, "2026-09-02T10:00")
    await here.plan()
    clock.at = here.at("2026-09-01T18:00")
    return person
