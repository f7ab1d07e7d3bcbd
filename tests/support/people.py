"""People and clerks of tests, through the API as their devices would use it."""

import itertools
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pyotp

from app.demo.seed import Clerk, point_id_of
from app.domain.identity.caller import Role
from app.domain.pathways.rules import EntryPurpose
from app.domain.profiles.mrz import SPECIMEN_TD3, renew
from app.phone import PhoneKey
from app.runtime import Runtime
from app.worker import outbox_handlers
from routers.identity.schemas import Tokens
from services.identity.accounts import add_by_phone
from services.identity.codes import take_number
from services.identity.device_keys import checked
from services.identity.phones import e164
from services.identity.sessions import open_on_phone
from services.outbox.commands import relay, together
from services.profiles.commands import Crossing, add_entry
from services.profiles.documents import put_passport
from services.registry.grounds import ConsentGrounds
from services.registry.handling import mirror_handlers
from tests.support.clock import MovableClock
from tests.support.sms import SmsPocket

_numbers = itertools.count(1_000_000)


class Person:
    """A signed-in newcomer with a phone of their own."""

    def __init__(self, world: "World", number: str) -> None:
        self.world, self.number = world, number
        self.phone_key = PhoneKey()
        self.key = self.phone_key.private
        self.tokens: dict[str, Any] = {}

    @property
    def device_key(self) -> dict[str, str]:
        return self.phone_key.public

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.world.client.get(path, params=params, headers=self.headers)

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return await self.world.client.post(path, json=body, headers=headers)

    async def put(self, path: str, body: Any) -> httpx.Response:
        return await self.world.client.put(path, json=body, headers=self.headers)

    async def delete(self, path: str) -> httpx.Response:
        return await self.world.client.delete(path, headers=self.headers)

    async def sign_in(self, **other: Any) -> httpx.Response:
        """The whole way: code requested, relayed, read, entered; with `other` members of the last request."""
        world = self.world
        answer = await world.client.post("/v1/auth/codes", json={"phone": self.number})
        assert answer.status_code == 202, answer.text
        await world.relay()
        body = {"phone": self.number, "code": world.sms.code_for(self.number), "device_key": self.device_key}
        answer = await world.client.post("/v1/auth/sessions", json=body | other)
        assert answer.status_code == 201, answer.text
        self.tokens = answer.json()
        return answer

    async def fill_profile(self, *, citizenship: str = "UTO", days_ago: int = 3, purpose: str = "work") -> None:
        entered_on = self.world.today - timedelta(days=days_ago)
        mrz = passport(next(_numbers), citizenship)
        assert (await self.post("/v1/me/passport", {"mrz": mrz})).status_code == 201
        body = {"entered_on": entered_on.isoformat(), "purpose": purpose}
        assert (await self.post("/v1/me/entries", body)).status_code == 201

    async def place(self, service: str = "medical", **near: Any) -> dict[str, Any]:
        """The body that takes the first free place of a service."""
        found = (await self.get("/v1/free-times", service=service, **near)).json()["items"][0]
        return {
            "step": service,
            "service": service,
            "point_id": found["point"]["id"],
            "starts_at": found["starts_at"],
        }

    def qr_pass(self, booking_id: str, *, at: datetime | None = None, **claims: Any) -> str:
        now = int((at or self.world.clock.now()).timestamp())
        stated = {"dev": self.tokens["device_id"], "bid": booking_id, "iat": now, "exp": now + 60}
        return self.phone_key.sign(stated | claims)


class Desk:
    """A signed-in clerk."""

    def __init__(self, world: "World", token: str) -> None:
        self.world, self.headers = world, {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.world.client.get(path, params=params, headers=self.headers)

    async def post(self, path: str, body: Any = None, *, version: int | None = None) -> httpx.Response:
        """`version`: of the visit as this desk has seen it."""
        seen = {} if version is None else {"If-Match": f'"{version}"'}
        return await self.world.client.post(path, json=body, headers=self.headers | seen)


class World:
    """One region in one process, as tests see it: a client, a clock, what was sent, and who can sign in."""

    def __init__(
        self,
        runtime: Runtime,
        client: httpx.AsyncClient,
        clock: MovableClock,
        sms: SmsPocket,
        clerks: list[Clerk],
    ) -> None:
        self.runtime, self.client, self.clock, self.sms = runtime, client, clock, sms
        self.clerks = {clerk["point"]: clerk for clerk in clerks}
        self.region = next(iter(runtime.regions.values()))

    @property
    def today(self) -> date:
        return self.region.day_of(self.clock.now())

    def point_id(self, code: str) -> str:
        return str(point_id_of(self.region.code, code))

    async def relay(self) -> int:
        """As a worker does: whatever other tests left is carried out too, and is nobody's fault."""
        database, region = self.runtime.database, self.region
        mirrored = mirror_handlers(database, region, ConsentGrounds())
        return await relay(database, region, together(outbox_handlers(self.sms, database, region), mirrored))

    def stranger(self) -> Person:
        """Somebody who has not signed in yet."""
        return Person(self, f"+7900{next(_numbers):07}")

    async def newcomer(self, *, citizenship: str = "UTO", days_ago: int = 3, purpose: str = "work") -> Person:
        """Somebody with a passport and an entry, ready to book.

        By the commands behind the routes, all in one unit of work and without an SMS; `sign_in` and `fill_profile` go
        the whole way.
        """
        person, runtime = self.stranger(), self.runtime
        entry = Crossing(self.today - timedelta(days=days_ago), EntryPurpose(purpose))
        async with runtime.database.writing(self.region) as uow:
            number = e164(person.number)
            account = await add_by_phone(uow, Role.MIGRANT, await take_number(uow, number), number)
            signed_in = await open_on_phone(uow, runtime.keyring, account, checked(person.device_key), None)
            assert account.person_id is not None
            await put_passport(uow, account.person_id, passport(next(_numbers), citizenship))
            await add_entry(uow, account.person_id, entry)
        person.tokens = Tokens.model_validate(signed_in).model_dump(mode="json")
        return person

    async def desk(self, point_code: str) -> Desk:
        clerk = self.clerks[point_code]
        # A one-time password works once: each desk opens in a half minute of its own.
        self.clock.move(seconds=30)
        totp = pyotp.TOTP(clerk["totp"]).at(self.clock.now())
        body = {"login": clerk["login"], "password": clerk["password"], "totp": totp}
        answer = await self.client.post("/v1/auth/staff/sessions", json=body)
        assert answer.status_code == 201, answer.text
        return Desk(self, answer.json()["access_token"])


def passport(number: int, citizenship: str = "UTO") -> str:
    """The specimen as another person's: its own number, and citizenship if asked for."""
    renewed = renew(SPECIMEN_TD3, f"T{number:08}")
    first, second = renewed.split("\n")
    return f"{first[:2]}{citizenship}{first[5:]}\n{second[:10]}{citizenship}{second[13:]}"


def new_key() -> str:
    return str(uuid4())
