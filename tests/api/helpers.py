"""What the API's tests say often."""

import base64
import itertools
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pyotp
from jose import jwt

from app.demo.seed import Clerk
from app.domain.identity.caller import Role
from services.bookings.upkeep import expire_holds
from services.staff.commands import add_enrolled
from tests.support.people import Person, World, new_key, passport

_passports = itertools.count(70_000_000)

Json = dict[str, Any]
AIRPORT = "airport-1"
"""Open around the clock, with rooms for `medical` and scanners for `fingerprints`."""


def given(answer: httpx.Response, status: int = 200) -> Any:
    """The body of an answer that has to be a success."""
    assert answer.status_code == status, answer.text
    return answer.json()


def refused(answer: httpx.Response, status: int, code: str) -> Json:
    """The problem of an answer that has to be one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem: Json = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), answer.text
    return problem


def fresh_passport(citizenship: str = "UTO") -> str:
    """The machine-readable lines of a passport that nobody gave yet."""
    return passport(next(_passports), citizenship)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def claims(token: str) -> Json:
    read: Json = jwt.get_unverified_claims(token)
    return read


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cursor(*key: Any) -> str:
    return b64(json.dumps(key).encode())


async def ask_code(world: World, phone: str, **headers: str) -> str:
    """A code that came by SMS."""
    given(await world.client.post("/v1/auth/codes", json={"phone": phone}, headers=headers), 202)
    await world.relay()
    return world.sms.code_for(phone)


async def enter_code(person: Person, code: str, *, key: str | None = None, **other: Any) -> httpx.Response:
    body = {"phone": person.number, "code": code, "device_key": person.device_key} | other
    headers = {"Idempotency-Key": key} if key else {}
    return await person.world.client.post("/v1/auth/sessions", json=body, headers=headers)


def other_code(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 1_000_000:06}"


def proof(person: Person, refresh_token: str, *, at: datetime | None = None) -> str:
    """The phone's signature over a refresh token."""
    return person.phone_key.refresh_proof(refresh_token, (at or person.world.clock.now()).timestamp())


async def refresh(
    person: Person, *, token: str | None = None, signed: str | None = None, key: str | None = None
) -> httpx.Response:
    token = token or person.tokens["refresh_token"]
    body = {"refresh_token": token, "proof": signed or proof(person, token)}
    headers = {"Idempotency-Key": key} if key else {}
    return await person.world.client.post("/v1/auth/refresh", json=body, headers=headers)


async def stay_signed_in(person: Person) -> None:
    """The next pair of tokens: the last one does not live as long as the clock was moved."""
    person.tokens = given(await refresh(person))


async def place_at(person: Person, service: str = "medical", *, point: str | None = None, days: float = 0) -> Json:
    """The body that takes the first free place from `days` ahead on, at one point or wherever it is soonest."""
    world = person.world
    since = (world.clock.now() + timedelta(days=days)).isoformat()
    found = given(await person.get("/v1/free-times", service=service, not_before=since))["items"]
    first = next(f for f in found if point is None or f["point"]["id"] == world.point_id(point))
    assert first["starts_at"], f"no place for {service} left"
    place = {"point_id": first["point"]["id"], "starts_at": first["starts_at"]}
    return {"step": service, "service": service} | place


async def left_at(person: Person, place: Json) -> int:
    """How many persons can still start at that place."""
    path = f"/v1/points/{place['point_id']}/days/{place['starts_at'][:10]}"
    starts = given(await person.get(path, service=place["service"]))["items"]
    return sum(s["left"] for s in starts if s["starts_at"] == place["starts_at"])


async def hire(world: World, point: str = AIRPORT) -> Clerk:
    """A new clerk, whose one-time passwords no other test uses up."""
    login = f"{new_key()}@{point}"
    clerk = Clerk(point=point, login=login, password=new_key(), totp=pyotp.random_base32())
    async with world.runtime.database.writing(world.region) as uow:
        point_id = UUID(world.point_id(point))
        await add_enrolled(uow, Role.CLERK, login, clerk["password"], clerk["totp"], point_id=point_id)
    return clerk


async def roomy_point(world: World, service: str = "medical") -> str:
    """The code of the point with the most places left today: visits that are over keep theirs."""
    found = given(await world.client.get("/v1/free-times", params={"service": service}))["items"]
    codes, today = {world.point_id(code): code for code in world.clerks}, world.today.isoformat()
    left: dict[str, int] = {}
    for free in found:
        path = f"/v1/points/{free['point']['id']}/days/{today}"
        starts = given(await world.client.get(path, params={"service": service}))["items"]
        left[codes[free["point"]["id"]]] = sum(start["left"] for start in starts)
    return max(left, key=left.__getitem__)


async def booked(person: Person, service: str = "medical", **where: Any) -> Json:
    booking: Json = given(await person.post("/v1/bookings", await place_at(person, service, **where)), 201)
    return booking


async def booked_today(person: Person, point: str) -> Json:
    """A visit for whatever the point has a place for today: other tests take places too."""
    today = person.world.today.isoformat()
    for service in ("fingerprints", "medical"):
        place = await place_at(person, service, point=point)
        if place["starts_at"].startswith(today):
            return await booked(person, service, point=point)
    raise LookupError("no place today")


async def step(person: Person, code: str) -> Json:
    found: Json = next(s for s in given(await person.get("/v1/me/pathway"))["steps"] if s["code"] == code)
    return found


async def log(person: Person) -> list[Json]:
    items: list[Json] = given(await person.get("/v1/me/data-uses", limit=100))["items"]
    return items


async def let_holds_expire(world: World) -> int:
    async with world.runtime.database.writing(world.region) as uow:
        return await expire_holds(uow)
