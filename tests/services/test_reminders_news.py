"""What happens elsewhere is told once: who is called or soon will be, and who is offered a place."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import delete, select, update

from app.domain.profiles.languages import Language
from app.domain.region.policy import RegionPolicy
from app.domain.reminders.delivery import Answer, Verdict
from app.domain.reminders.kinds import Kind
from app.models.audit import ChainHead
from app.models.outbox import OutboxEvent
from app.models.reminders import Delivery, PushAddress, ReminderRow
from app.ports import PushNote
from app.runtime import Runtime
from services.consents.ledger import CONSENTS_CHANGED
from services.deliveries.sending import Carriers, Sender
from services.identity.messages import message_handlers
from services.outbox.commands import Handler, emit, relay
from services.reminders.commands import Happened, tell
from services.reminders.news import news_handlers
from services.reminders.planning import plan_due
from services.reminders.queries import inbox
from tests.services.crowd import newcomers
from tests.services.halls import Hall, Visitor
from tests.services.reminding import Pocket, Reminded
from tests.services.towns import Town, found_town
from tests.support.clock import MovableClock
from tests.support.sms import SmsPocket


class News:
    """The workers' part: events are carried out, and what is due goes out."""

    def __init__(self, runtime: Runtime, region: RegionPolicy) -> None:
        self.runtime, self.region = runtime, region
        self.handlers: dict[str, Handler] = message_handlers(SmsPocket()) | news_handlers(runtime.database, region)
        self.pocket = Pocket()

    async def relay(self) -> None:
        while await relay(self.runtime.database, self.region, self.handlers):
            pass

    async def again(self) -> None:
        """Every event that there was comes once more, as after a worker that died before it could say so."""
        async with self.runtime.database.writing(self.region) as uow:
            events = (await uow.session.scalars(select(OutboxEvent))).all()
            assert events
            for event in events:
                event.delivered_at = event.dead_at = None
                event.payload_sealed, event.available_at = self.payloads[event.id], uow.now
        await self.relay()

    async def tick(self) -> list[PushNote]:
        """What one tick of a worker sends."""
        async with self.runtime.database.reading(self.region) as uow:
            self.payloads = {e.id: e.payload_sealed for e in await uow.session.scalars(select(OutboxEvent))}
        await self.relay()
        before = len(self.pocket.notes)
        sender = Sender(self.runtime.database, self.region, Carriers(push=self.pocket))
        await sender.tick()
        await sender.finish()
        return self.pocket.notes[before:]

    async def reach(self, person_id: UUID) -> None:
        here = Reminded(self.runtime, self.region, person_id, self.region.zone)
        async with self.runtime.database.writing(self.region) as uow:
            await here.phone(uow, person_id)

    async def rows(self, person_id: UUID) -> list[tuple[str, str]]:
        async with self.runtime.database.reading(self.region) as uow:
            query = select(ReminderRow).where(ReminderRow.person_id == person_id).order_by(ReminderRow.id)
            return [(row.kind, row.status) for row in await uow.session.scalars(query) if row.kind != "data_used"]

    async def said(self, person_id: UUID, *kinds: Kind) -> list[str]:
        async with self.runtime.database.reading(self.region) as uow:
            found = await inbox(uow, person_id, Language.ENGLISH, before=None, limit=20)
        return [
            f"{one.message.title}. {one.message.brief}" for one in found if one.told.reminder.kind in kinds or not kinds
        ]


@pytest_asyncio.fixture
async def news(runtime: Runtime, region: RegionPolicy) -> News:
    async with runtime.database.writing(region) as uow:
        for table in (Delivery, ReminderRow, PushAddress):
            await uow.session.execute(delete(table))
        await uow.session.execute(update(ChainHead).values(planned_seq=ChainHead.seq))
    return News(runtime, region)


async def waiting(news: News, hall: Hall, count: int) -> list[tuple[Visitor, dict[str, Any]]]:
    """Visitors in line with a name and a phone, in their order."""
    found = []
    for _ in range(count):
        visitor = await hall.visitor()
        await news.reach(visitor.person)
        found.append((visitor, await hall.walk_in(migrant_id=visitor.migrant_id)))
    return found


async def test_who_is_called_is_told_within_a_tick_by_itself_and_once(news: News, hall: Hall) -> None:
    """Case 19: also when the event comes twice; though the clerk's look at the name is not planned yet."""
    ((visitor, ticket),) = await waiting(news, hall, 1)
    assert await news.tick() == []
    called = await hall.called()
    (note,) = await news.tick()
    assert called["number"] == ticket["number"]
    assert (note.title, note.body, note.urgent) == ("Manzil", "Please open the app now.", True)
    assert note.expires_at - news.runtime.database.clock.now() <= timedelta(minutes=10)
    assert await news.said(visitor.person) == [f"It is your turn: {ticket['number']}. Please go there now: 1. Test."]
    await news.again()
    assert await news.tick() == []
    assert await news.rows(visitor.person) == [("called", "told")]


async def test_a_call_at_night_rings_and_does_not_wait_for_what_else_there_is_to_tell(
    news: News, hall: Hall, clock: MovableClock
) -> None:
    clock.at = clock.at.replace(hour=22)  # 01:00 there
    ((visitor, _),) = await waiting(news, hall, 1)
    async with news.runtime.database.writing(news.region) as uow:
        for number in range(2):
            happened = Happened(Kind.EMPLOYER_REQUEST, "request", str(number), uow.now, more={"employer": "E"})
            await tell(uow, visitor.person, happened)
    await hall.called()
    (note,) = await news.tick()
    assert note.body == "Please open the app now."
    assert ("called", "told") in await news.rows(visitor.person)


async def test_who_is_called_again_is_told_again_and_what_was_said_before_is_over(news: News, hall: Hall) -> None:
    ((visitor, _),) = await waiting(news, hall, 1)
    called = await hall.called()
    await news.tick()
    hall.runtime.database.clock.move(seconds=40)  # type: ignore[attr-defined]
    called = await hall.say(called, "recall")
    (note,) = await news.tick()
    assert note.body == "Please open the app now."
    assert await news.rows(visitor.person) == [("called", "outdated"), ("called", "told")]
    await hall.say(called, "serve")
    assert await news.tick() == []
    assert await news.rows(visitor.person) == [("called", "outdated"), ("called", "outdated")]


@pytest.mark.parametrize("what", ["serve", "skip", "leave"])
async def test_a_call_that_is_over_before_it_was_told_is_not_told(news: News, hall: Hall, what: str) -> None:
    """Case 19: nor is it when its event comes late, or a carrier was busy and it is tried again."""
    ((visitor, _),) = await waiting(news, hall, 1)
    called = await hall.called()
    news.pocket.answer = lambda _: Answer(Verdict.BUSY)
    assert len(await news.tick()) == 1
    await hall.say(called, what)
    news.pocket.answer = lambda _: Answer(Verdict.ACCEPTED)
    await news.relay()
    hall.runtime.database.clock.move(seconds=5)  # type: ignore[attr-defined]
    assert await news.tick() == []
    assert await news.rows(visitor.person) == [("called", "outdated")]
    ((other, _),) = await waiting(news, hall, 1)
    await hall.say(await hall.called(1), what, clerk=1)
    assert await news.tick() == []
    assert await news.rows(other.person) == []


async def test_the_next_few_are_told_once_that_their_turn_is_near(news: News, hall: Hall, second: Runtime) -> None:
    """Two workers carry out the events of several calls at once."""
    people = await waiting(news, hall, 6)
    first = await hall.called()
    assert len(await news.tick()) == 4
    told = {visitor.person: await news.said(visitor.person) for visitor, _ in people}
    assert [len(said) for said in told.values()] == [1, 1, 1, 1, 0, 0]
    assert told[people[3][0].person] == ["Your turn is near. Ticket 4: 2 people ahead of you. Test."]
    for clerk, called in enumerate((first, await hall.called(1))):
        await hall.say(await hall.say(called, "serve", clerk=clerk), "finish", {}, clerk=clerk)
        await hall.called(clerk)
    other = message_handlers(SmsPocket()) | news_handlers(second.database, news.region)
    await asyncio.gather(news.relay(), relay(second.database, news.region, other))
    await news.tick()
    kinds = {visitor.person: [kind for kind, _ in await news.rows(visitor.person)] for visitor, _ in people}
    assert all(each.count("turn_near") <= 1 for each in kinds.values())
    assert [("called" in each, "turn_near" in each) for each in kinds.values()][4:] == [(False, True)] * 2


async def town_of(news: News, client: httpx.AsyncClient) -> tuple[Town, UUID, UUID]:
    """Somebody with a phone and a visit in the afternoon, and another point beside."""
    town = await found_town(news.runtime, client, point=1, other=1)
    (person,) = await newcomers(news.runtime, 1)
    await news.reach(person)
    booking = await town.booked(person, "point", town.at("15:00", 3))
    return town, person, booking


async def planned(news: News) -> None:
    while await plan_due(news.runtime.database, news.region):
        pass


async def test_who_has_a_visit_at_a_point_that_closes_is_told_with_the_offer_and_once(
    news: News, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town, person, _ = await town_of(news, client)
    clock.at = town.at("12:00", 3)
    await town.close("point")
    await town.tick()
    await planned(news)
    (note,) = await news.tick()
    assert note.body == "Something needs your attention today."
    (said,) = await news.said(person, Kind.POINT_CLOSED)
    assert said.startswith("Your visit cannot take place. Medical examination. The point is closed")
    assert "We offer: " in said
    await news.again()
    assert await news.tick() == []
    # Taken: what was said of the time before is over.
    assert (await town.accept(person)).status_code == 200
    await planned(news)
    assert [status for kind, status in await news.rows(person) if kind == "point_closed"] == ["outdated"]


async def test_who_asked_for_an_earlier_time_is_told_of_it_until_the_offer_ends(
    news: News, client: httpx.AsyncClient
) -> None:
    town, person, booking = await town_of(news, client)
    await town.ask(person, booking)
    await town.tick()
    await planned(news)
    (note,) = await news.tick()
    (offer,) = await town.offers(person)
    assert note.expires_at == datetime.fromisoformat(offer["expires_at"])
    (said,) = await news.said(person, Kind.WAITLIST_OFFER)
    assert said.startswith("An earlier time is free. Medical examination. ")
    assert "Answer by " in said
    await news.again()
    assert await news.tick() == []
    assert [kind for kind, _ in await news.rows(person) if kind == "waitlist_offer"] == ["waitlist_offer"]


async def test_a_consent_that_has_changed_is_told_of_each_time_it_changes_and_once(
    news: News, hall: Hall, clock: MovableClock
) -> None:
    """Case 19: of an event that comes twice too."""
    visitor = await hall.visitor()
    await news.reach(visitor.person)
    async with news.runtime.database.writing(news.region) as uow:
        consent_id = uuid4()
        for status in ("given", "withdrawn"):
            clock.move(minutes=1)
            payload = {"person_id": str(visitor.person), "consent_id": str(consent_id), "scope": None}
            payload |= {"purpose": "mirror_location", "status": status, "at": clock.at.isoformat()}
            await emit(uow, CONSENTS_CHANGED, payload, expires_at=clock.at + timedelta(days=30))
    await planned(news)
    assert len(await news.tick()) == 1
    await news.again()
    assert await news.tick() == []
    assert sorted(await news.said(visitor.person)) == [
        "A change to your consent. Your location to the regional registry: consent given.",
        "A change to your consent. Your location to the regional registry: consent withdrawn.",
    ]


async def test_an_offer_that_was_declined_before_it_was_told_is_not_told(news: News, client: httpx.AsyncClient) -> None:
    town, person, booking = await town_of(news, client)
    await town.ask(person, booking)
    await town.tick()
    (offer,) = await town.offers(person)
    await town.post(person, f"/v1/me/offers/{offer['id']}/decline")
    await planned(news)
    assert await news.tick() == []
