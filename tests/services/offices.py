"""A point of a test's own, with its manager and its visitors, through the API."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from app.domain.identity.caller import Caller, Role
from app.runtime import Runtime
from services.points.commands import extend_calendars
from tests.services.crowd import first_region, newcomers, place_body, token_of
from tests.services.points import Made, make_point
from tests.support.contract import app_of

Json = dict[str, Any]


@dataclass
class Office:
    """`made` gives `medical`, 30 minutes each, from 9 to 13 and 14 to 18 on working days."""

    runtime: Runtime
    client: httpx.AsyncClient
    made: Made
    manager: dict[str, str]

    @property
    def path(self) -> str:
        return f"/v1/points/{self.made.point_id}"

    @property
    def today(self) -> date:
        return first_region(self.runtime).day_of(self.runtime.database.clock.now())

    async def get(self, path: str, *, headers: dict[str, str] | None = None, **params: Any) -> Json:
        answer = await self.client.get(f"{self.path}{path}", params=params, headers=headers or self.manager)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def plan(self) -> Json:
        return await self.get("/plan")

    async def put(self, read: Json, **other: Any) -> httpx.Response:
        body = {"version": read["version"], "plan": read["plan"]} | other
        return await self.client.put(f"{self.path}/plan", json=body, headers=self.manager)

    async def change(self, read: Json, **other: Any) -> Json:
        answer = await self.put(read, **other)
        assert answer.status_code == 200, answer.text
        changed: Json = answer.json()
        return changed

    async def free(self, day: date, service: str = "medical") -> dict[str, int]:
        """Places left by local time on the wall."""
        items = (await self.get(f"/days/{day}", service=service))["items"]
        return {item["starts_at"][11:16]: item["left"] for item in items}

    async def to_be_moved(self) -> list[str]:
        return [item["booking_id"] for item in (await self.get("/to-be-moved"))["items"]]

    async def visitor(self) -> dict[str, str]:
        (person,) = await newcomers(self.runtime, 1)
        return {"Authorization": f"Bearer {await token_of(self.runtime, person)}"}

    async def try_book(self, visitor: dict[str, str], day: date, wall: str, service: str = "medical") -> httpx.Response:
        items = (await self.get(f"/days/{day}", service=service))["items"]
        offset = items[0]["starts_at"][19:] if items else "+03:00"
        body = place_body(service, self.made.point_id, self.runtime.database.clock.now())
        body["starts_at"] = f"{day}T{wall}:00{offset}"
        return await self.client.post("/v1/bookings", json=body, headers=visitor)

    async def book(self, day: date, wall: str) -> tuple[str, dict[str, str]]:
        """A visit of somebody new, and who that is."""
        visitor = await self.visitor()
        answer = await self.try_book(visitor, day, wall)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"], visitor

    async def cancel(self, booking: tuple[str, dict[str, str]]) -> None:
        answer = await self.client.post(f"/v1/bookings/{booking[0]}/cancel", headers=booking[1])
        assert answer.status_code == 200, answer.text

    async def status(self, booking: tuple[str, dict[str, str]]) -> str:
        answer = await self.client.get(f"/v1/bookings/{booking[0]}", headers=booking[1])
        status: str = answer.json()["status"]
        return status


def workday(today: date, ahead: int = 7) -> date:
    """A working day at least so far ahead."""
    day = today + timedelta(days=ahead)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


async def staff_headers(runtime: Runtime, role: Role, point_id: UUID | None = None) -> dict[str, str]:
    caller = Caller(uuid4(), role, uuid4(), point_id=point_id)
    token = await runtime.keyring.issue(first_region(runtime), caller, runtime.database.clock.now())
    return {"Authorization": f"Bearer {token}"}


def client_of(runtime: Runtime) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app_of(runtime), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://manzil.test")


async def open_office(runtime: Runtime, client: httpx.AsyncClient, **wanted: Any) -> Office:
    region = first_region(runtime)
    await runtime.keyring.ready(region)
    async with runtime.database.writing(region) as uow:
        made = await make_point(uow, **wanted)
        await extend_calendars(uow)
    return Office(runtime, client, made, await staff_headers(runtime, Role.POINT_MANAGER, made.point_id))
