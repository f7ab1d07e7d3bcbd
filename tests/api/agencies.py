"""Agencies of tests: an office with officers, and its agreement, as two operators make it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from app.domain.identity.caller import Caller, Role
from app.models.identity import Account
from services.identity.repository import add_session
from tests.api.helpers import AIRPORT, Json, booked, claims, given
from tests.api.test_staff_accounts import Staff, staff
from tests.support.people import Person, World

REASON = {"reason": "a check of the registration", "case_reference": "17-204/2026"}


@dataclass
class Agency:
    """`first` and `second` are the operators who made it."""

    world: World
    id: str
    first: Staff
    second: Staff
    officer: Staff

    async def agree(self, **changed: Any) -> str:
        """An agreement in force; its id."""
        body = {"agency_id": self.id, "terms": terms(self.world, **changed)}
        made = given(await self.first.post("/v1/exchange/agreements", body), 201)
        await self.approve(made)
        return str(made["id"])

    async def approve(self, made: Json) -> None:
        path = f"/v1/exchange/agreements/{made['id']}/versions/{made['version']}/approve"
        assert (await self.second.post(path)).status_code == 204

    async def look_up(self, agreement_id: str, migrant_id: str, **other: Any) -> httpx.Response:
        body = {"agreement_id": agreement_id, "person": {"by": "migrant_id", "migrant_id": migrant_id}}
        return await self.officer.post("/v1/workstation/look-ups", body | REASON | other)


async def agency(world: World, kind: str = "health", points: tuple[str, ...] = (AIRPORT,)) -> Agency:
    first, second = [await staff(world, Role.REGION_OPERATOR) for _ in range(2)]
    names = {"kind": "agency", "name_ru": "Ведомство", "name_en": "Health department"}
    agency_id = given(await first.post("/v1/organisations", names), 201)["id"]
    body = {"kind": kind, "system": "egisz", "points": [world.point_id(code) for code in points]}
    path = f"/v1/exchange/agencies/{agency_id}"
    assert (await world.client.put(path, json=body, headers=first.headers)).status_code == 204
    officer = await staff(world, Role.AGENCY_OFFICER, organisation_id=UUID(agency_id))
    return Agency(world, agency_id, first, second, officer)


def terms(world: World, **changed: Any) -> Json:
    now = world.clock.now()
    told: Json = {
        "fields": ["name", "steps_done", "entry"],
        "people": "visited",
        "codes": ["medical"],
        "purpose": "medical_examination",
        "basis": "law",
        "citation": "115-FZ art. 5(18): medical examination",
        "ways": ["search", "list"],
        "retention_days": 30,
        "valid_from": (now - timedelta(hours=1)).isoformat(),
        "valid_to": (now + timedelta(days=90)).isoformat(),
    } | changed
    return {"steps": ["medical"] if "steps_done" in told["fields"] else []} | told


async def visitor(world: World, code: str = AIRPORT, **who: Any) -> Person:
    """Somebody who has booked the medical at that point."""
    person = await world.newcomer(**who)
    await booked(person, point=code)
    return person


async def migrant_id(person: Person) -> str:
    return str(given(await person.get("/v1/me"))["migrant_id"])


def id_of(person: Person) -> UUID:
    return UUID(claims(person.tokens["access_token"])["person"])


async def again(world: World, member: Staff) -> Staff:
    """The same account, signed in anew: a token does not live as long as a clock is moved."""
    account_id = UUID(member.account_id)
    async with world.runtime.database.writing(world.region) as uow:
        account = await uow.session.get_one(Account, account_id)
        session = await add_session(uow, account_id, None, world.clock.now() + timedelta(hours=12))
    caller = Caller(account_id, Role(account.role), session.id, organisation_id=account.organisation_id)
    token = await world.runtime.keyring.issue(world.region, caller, world.clock.now())
    return Staff(world, member.account_id, {"access_token": token})
