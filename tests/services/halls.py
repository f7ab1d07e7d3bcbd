"""A point with a queue of a test's own: its counters, its clerks, and those who come, over HTTP."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx

from app.db.unit_of_work import Writing
from app.domain.identity.caller import Caller, Role
from app.models.identity import Account
from app.runtime import Runtime
from services.bookings.commands import Wanted, book
from services.points.commands import extend_calendars
from services.profiles.queries import migrant_id_of
from services.queue.counters import CounterPlan, add_counters, counter_row
from tests.services.crowd import first_region, newcomers, token_of
from tests.services.points import make_point

Json = dict[str, Any]
ALWAYS = {str(weekday): [["00:00", "00:00"]] for weekday in range(7)}


@dataclass
class Hall:
    """`medical` and `exam` of 30 minutes each at any hour. Counter n is clerk n's, and open.

    Tokens are made anew for each request, since tests move the clock.
    """

    runtime: Runtime
    client: httpx.AsyncClient
    point_id: UUID
    clerks: list[UUID]
    counters: list[str] = field(default_factory=list)
    calendar: bool = False

    async def clerk_headers(self, n: int = 0, role: Role = Role.CLERK) -> dict[str, str]:
        caller = Caller(self.clerks[n], role, uuid4(), point_id=self.point_id)
        token = await self.runtime.keyring.issue(first_region(self.runtime), caller, self.runtime.database.clock.now())
        return {"Authorization": f"Bearer {token}"}

    async def post(
        self, path: str, body: Json | None = None, *, clerk: int = 0, version: int | None = None
    ) -> httpx.Response:
        headers = await self.clerk_headers(clerk) | ({} if version is None else {"If-Match": f'"{version}"'})
        return await self.client.post(f"/v1/queue{path}", json=body, headers=headers)

    async def get(self, path: str = "", *, clerk: int = 0) -> Json:
        return given(await self.client.get(f"/v1/queue{path}", headers=await self.clerk_headers(clerk)))

    async def put_counter(self, code: str, body: Json, *, clerk: bool = False) -> httpx.Response:
        """By the point's manager, or by a clerk who may not."""
        headers = await self.clerk_headers(role=Role.CLERK if clerk else Role.POINT_MANAGER)
        return await self.client.put(f"/v1/points/{self.point_id}/counters/{code}", json=body, headers=headers)

    async def board(self) -> Json:
        return given(await self.client.get(f"/v1/points/{self.point_id}/board"))

    async def walk_in(self, service: str = "medical", **wish: Any) -> Json:
        return given(await self.post("/tickets", {"service": service, **wish}), 201)

    async def call(self, n: int = 0) -> Json | None:
        """The ticket that clerk n called to their counter."""
        answer = given(await self.post(f"/counters/{self.counters[n]}/call", clerk=n))
        ticket: Json | None = answer["ticket"]
        return ticket

    async def called(self, n: int = 0) -> Json:
        ticket = await self.call(n)
        assert ticket is not None, "nobody was called"
        return ticket

    async def try_say(self, ticket: Json, what: str, body: Json | None = None, *, clerk: int = 0) -> httpx.Response:
        return await self.post(f"/tickets/{ticket['id']}/{what}", body, clerk=clerk, version=ticket["version"])

    async def say(self, ticket: Json, what: str, body: Json | None = None, *, clerk: int = 0) -> Json:
        return given(await self.try_say(ticket, what, body, clerk=clerk))

    async def finished(self, n: int = 0) -> Json:
        """The next one is called, served and done with at once."""
        ticket = await self.say(await self.called(n), "serve", clerk=n)
        return await self.say(ticket, "finish", {}, clerk=n)

    async def visitor(self) -> "Visitor":
        (person,) = await newcomers(self.runtime, 1)
        async with self.runtime.database.reading(first_region(self.runtime)) as uow:
            return Visitor(self, person, await migrant_id_of(uow, person) or "")

    async def booked(self, starts_at: datetime, service: str = "medical") -> "Visitor":
        """Somebody new with a visit here then."""
        visitor = await self.visitor()
        if not self.calendar:
            async with self.runtime.database.writing(first_region(self.runtime)) as uow:
                await extend_calendars(uow)
            self.calendar = True
        wanted = Wanted(service, service, self.point_id, starts_at)
        command = partial(book, person_id=visitor.person, wanted=wanted)
        booking = await self.runtime.database.decide(first_region(self.runtime), command)
        visitor.booking_id = str(booking.id)
        return visitor


@dataclass
class Visitor:
    hall: Hall
    person: UUID
    migrant_id: str
    booking_id: str = ""

    async def headers(self, **other: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {await token_of(self.hall.runtime, self.person)}"} | other

    async def arrive(self, **wish: Any) -> Json:
        """The visit, with the ticket."""
        body = {"migrant_id": self.migrant_id, **wish}
        headers = await self.hall.clerk_headers()
        return given(await self.hall.client.post("/v1/visits/check-ins", json=body, headers=headers), 201)

    async def get(self, path: str) -> httpx.Response:
        return await self.hall.client.get(path, headers=await self.headers())

    async def post(self, path: str, body: Json | None = None, *, version: int | None = None) -> httpx.Response:
        seen = {} if version is None else {"If-Match": f'"{version}"'}
        return await self.hall.client.post(path, json=body, headers=await self.headers(**seen))

    async def ticket(self, ticket_id: str) -> Json:
        return given(await self.get(f"/v1/me/tickets/{ticket_id}"))

    async def visit(self) -> str:
        status: str = given(await self.get(f"/v1/bookings/{self.booking_id}"))["status"]
        return status

    async def log(self) -> list[Json]:
        items: list[Json] = given(await self.get("/v1/me/data-uses"))["items"]
        return items


def given(answer: httpx.Response, status: int = 200) -> Json:
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


def refused(answer: httpx.Response, status: int, code: str) -> Json:
    problem: Json = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    return problem


async def open_hall(runtime: Runtime, client: httpx.AsyncClient, *, clerks: int = 2, **wanted: Any) -> Hall:
    """Counters give both services, in Russian and Tajik."""
    region = first_region(runtime)
    await runtime.keyring.ready(region)
    async with runtime.database.writing(region) as uow:
        made = await make_point(uow, hours=ALWAYS, open_on_holidays=True, counters=20, also=["exam"], **wanted)
        accounts = [await _clerk(uow, made.point_id) for _ in range(clerks)]
        rows = [
            counter_row(uuid4(), made.point_id, str(n + 1), CounterPlan({}, ("medical", "exam"), ("ru", "tg")))
            for n in range(clerks)
        ]
        await add_counters(uow, rows)
    hall = Hall(runtime, client, made.point_id, accounts, [str(row["id"]) for row in rows])
    for n, counter in enumerate(hall.counters):
        given(await hall.post(f"/counters/{counter}/open", clerk=n))
    return hall


async def _clerk(uow: Writing, point_id: UUID) -> UUID:
    """An account that has not enrolled: hashing a password takes longer than all the rest."""
    account = Account(
        id=uuid4(),
        role=Role.CLERK,
        created_at=uow.now,
        login=f"clerk-{uuid4()}",
        point_id=point_id,
    )
    uow.session.add(account)
    await uow.session.flush()
    return account.id


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
