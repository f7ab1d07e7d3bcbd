"""A few points near each other and far from all others, and a crowd that has booked there."""

import asyncio
import itertools
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import TextClause, delete, select, text

from app.doctor import examine
from app.domain.identity.caller import Role
from app.models.outbox import OutboxEvent
from app.runtime import Runtime
from services.bookings.commands import book
from services.bookings.ground import Wanted
from services.offers.notices import OFFER_NEWS
from services.offers.search import Search
from services.points.commands import add_points, extend_calendars
from tests.services.crowd import first_region, newcomers, token_of
from tests.services.offices import staff_headers
from tests.support.clock import MovableClock

Json = dict[str, Any]
ZONE = ZoneInfo("Europe/Moscow")
_towns = itertools.count()


@dataclass
class Town:
    """Points by name: `medical`, half an hour each, from 9 to 18 on every day. `search`: of a worker of its own."""

    runtime: Runtime
    client: httpx.AsyncClient
    points: dict[str, UUID]
    counters: dict[str, int]
    search: Search

    @property
    def clock(self) -> MovableClock:
        clock = self.runtime.database.clock
        assert isinstance(clock, MovableClock)
        return clock

    def at(self, wall: str, ahead: int = 0) -> datetime:
        """Local time, so many days from today on."""
        region = first_region(self.runtime)
        day = region.day_of(self.runtime.database.clock.now()) + timedelta(days=ahead)
        return datetime.combine(day, datetime.strptime(wall, "%H:%M").time(), ZONE)  # noqa: DTZ007

    async def booked(self, person: UUID, point: str, starts_at: datetime) -> UUID:
        region = first_region(self.runtime)
        wanted = Wanted("medical", "medical", self.points[point], starts_at)
        return await self.runtime.database.decide(region, partial(_book, person, wanted))

    async def full(self, point: str, times: list[datetime]) -> dict[UUID, UUID]:
        """Everybody whom the point has room for at these times: person → booking."""
        wanted = [starts_at for starts_at in times for _ in range(self.counters[point])]
        people = await newcomers(self.runtime, len(wanted))
        booked = [self.booked(person, point, starts_at) for person, starts_at in zip(people, wanted, strict=True)]
        return dict(zip(people, await asyncio.gather(*booked), strict=True))

    async def headers(self, person: UUID) -> dict[str, str]:
        return {"Authorization": f"Bearer {await token_of(self.runtime, person)}"}

    async def offers(self, person: UUID) -> list[Json]:
        answer = await self.client.get("/v1/me/offers", headers=await self.headers(person))
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.json()["items"]
        return items

    async def post(self, person: UUID, path: str, body: Json | None = None) -> httpx.Response:
        return await self.client.post(path, json=body, headers=await self.headers(person))

    async def ask(self, person: UUID, booking: UUID, **bounds: Any) -> None:
        answer = await self.post(person, "/v1/waitlist", {"booking_id": str(booking)} | bounds)
        assert answer.status_code == 201, answer.text

    async def cancel(self, person: UUID, booking: UUID) -> None:
        answer = await self.post(person, f"/v1/bookings/{booking}/cancel")
        assert answer.status_code == 200, answer.text

    async def accept(self, person: UUID, offer: Json | None = None, choice: int = 0) -> httpx.Response:
        if offer is None:
            (offer,) = await self.offers(person)
        return await self.post(
            person, f"/v1/me/offers/{offer['id']}/accept", {"choice_id": offer["choices"][choice]["id"]}
        )

    async def tick(self, *others: Search) -> int:
        """One tick of each worker, at once; how many offers came of it for visits here. The region is everybody's."""
        before = await self._offers()
        await asyncio.gather(self.search.tick(), *(other.tick() for other in others))
        return await self._offers() - before

    async def _offers(self) -> int:
        made = text("SELECT count(*) FROM offers o JOIN waitlist w ON w.id = entry_id WHERE point_id = ANY (:points)")
        return await self._count(made)

    async def _count(self, statement: TextClause) -> int:
        async with self.runtime.database.reading(first_region(self.runtime)) as uow:
            return await uow.session.scalar(statement, {"points": list(self.points.values())}) or 0

    async def kept(self) -> int:
        """How many places are kept at these points because they are offered."""
        held = text("SELECT count(*) FROM bookings WHERE status = 'held' AND point_id = ANY (:points)")
        return await self._count(held)

    async def healthy(self) -> None:
        """The doctor finds nothing; but events wait, those of mirrors too, since nobody relays them here."""
        found = [(each.question, each.faults) for each in await examine(self.runtime) if each.faults]
        assert [each for each in found if "outbox" not in each[0] and "mirrored" not in each[0]] == []

    async def news(self) -> list[tuple[UUID, UUID | None]]:
        """Booking and offer of which people were told since this was asked last."""
        async with self.runtime.database.writing(first_region(self.runtime)) as uow:
            rows = (await uow.session.scalars(select(OutboxEvent).where(OutboxEvent.topic == OFFER_NEWS))).all()
            told = [json.loads(uow.vault.open_system("outbox_events", row.payload_sealed or b"")) for row in rows]
            await uow.session.execute(delete(OutboxEvent))
            here = text("SELECT id FROM bookings WHERE point_id = ANY (:points)")
            ours = set(await uow.session.scalars(here, {"points": list(self.points.values())}))
        news = [(UUID(each["booking"]), each["offer"] and UUID(each["offer"])) for each in told]
        return [(booking, offer) for booking, offer in news if booking in ours]

    async def close(self, point: str, **when: str) -> Json:
        """By its clerk, for the rest of the day unless said otherwise."""
        headers = await staff_headers(self.runtime, Role.CLERK, self.points[point])
        body = when | {"reason": {"ru": "Прорвало трубу", "en": "A pipe burst"}}
        answer = await self.client.post(f"/v1/points/{self.points[point]}/closures", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        told: Json = answer.json()
        return told


async def _book(person: UUID, wanted: Wanted, uow: Any) -> UUID:
    return (await book(uow, person, wanted)).id


async def found_town(runtime: Runtime, client: httpx.AsyncClient, **counters: int) -> Town:
    points = {name: uuid4() for name in counters}
    pools = {name: uuid4() for name in counters}
    south = -60 + next(_towns) * 4
    rows = [
        {
            "id": point_id,
            "code": f"town-{point_id.hex}",
            "kind": "medical",
            "name": {"en": name, "ru": name},
            "municipality": {"en": "Town", "ru": "Город"},
            "lat": south + number * 0.05,
            "lon": -20,
            "zone": ZONE.key,
            "languages": ["ru"],
            "step_free": True,
            "hours": {str(weekday): [["09:00", "18:00"]] for weekday in range(7)},
            "open_on_holidays": True,
        }
        for number, (name, point_id) in enumerate(points.items())
    ]
    rooms = [{"id": pools[n], "point_id": points[n], "code": "rooms", "counters": counters[n]} for n in counters]
    given = [
        {"point_id": points[n], "service": "medical", "pool_id": pools[n], "minutes": 30, "every": 30} for n in counters
    ]
    region = first_region(runtime)
    await runtime.keyring.ready(region)
    async with runtime.database.writing(region) as uow:
        await add_points(uow, rows, rooms, given)
        await extend_calendars(uow)
    return Town(runtime, client, points, counters, Search(runtime.database, region))
