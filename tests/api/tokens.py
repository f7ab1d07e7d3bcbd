"""Tokens of every role, for tests of who may call what."""

from typing import Any
from uuid import UUID, uuid4

from app.domain.identity.caller import AT_POINT, OF_ORGANISATION, Caller, Role
from services.identity.repository import add_session
from services.staff import repository as staff_repository
from services.staff.commands import add_enrolled
from tests.api.helpers import AIRPORT, claims
from tests.support.people import World, new_key


async def token_of(world: World, role: Role) -> str:
    """The access token of somebody who is really signed in."""
    if role in {Role.MIGRANT, Role.GUARDIAN, Role.HOST}:
        person = world.stranger()
        await person.sign_in(role="host" if role is Role.HOST else "migrant")
        if role is not Role.GUARDIAN:
            return str(person.tokens["access_token"])
        own = claims(person.tokens["access_token"])
        caller = Caller(UUID(own["sub"]), role, UUID(own["sid"]), person_id=UUID(own["person"]))
    else:
        caller = await _staff(world, role)
    return await world.runtime.keyring.issue(world.region, caller, world.clock.now())


async def _staff(world: World, role: Role) -> Caller:
    async with world.runtime.database.writing(world.region) as uow:
        point_id = UUID(world.point_id(AIRPORT)) if role in AT_POINT else None
        organisation_id = uuid4() if role in OF_ORGANISATION else None
        if organisation_id is not None:
            kind = "employer" if role is Role.EMPLOYER else "agency"
            await staff_repository.add_organisation(uow, organisation_id, kind, {"en": "x", "ru": "x"})
        scope: dict[str, Any] = {"point_id": point_id, "organisation_id": organisation_id}
        account_id = await add_enrolled(uow, role, f"{new_key()}@test", "x", "A" * 32, **scope)
        session = await add_session(uow, account_id, None, world.clock.now().replace(year=2100))
    return Caller(account_id, role, session.id, **scope)
