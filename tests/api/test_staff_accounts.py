"""Accounts of staff: who makes and disables whose, invitations that are used once, and the last operator."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyotp
import pytest
import pytest_asyncio
from sqlalchemy import bindparam, select

from app.domain.identity.caller import Role
from app.models.identity import Account
from services.staff.commands import add_enrolled, invite_operator, put_organisation
from tests.api.helpers import Json, given, refused
from tests.support.people import Desk, World, new_key

PASSWORD = "long rather than odd"


class Staff(Desk):
    """A signed-in member of staff, with what they signed in by."""

    def __init__(self, world: World, account_id: str, tokens: Json) -> None:
        super().__init__(world, tokens["access_token"])
        self.account_id, self.tokens = account_id, tokens

    async def refresh(self) -> httpx.Response:
        body = {"refresh_token": self.tokens["refresh_token"]}
        return await self.world.client.post("/v1/auth/refresh", json=body)

    async def invite(self, role: str, **scope: Any) -> httpx.Response:
        return await self.post("/v1/staff", {"role": role, "login": f"{new_key()}@test"} | scope)


async def sign_in(world: World, login: str, password: str, totp: str) -> httpx.Response:
    world.clock.move(seconds=30)
    body = {"login": login, "password": password, "totp": pyotp.TOTP(totp).at(world.clock.now())}
    return await world.client.post("/v1/auth/staff/sessions", json=body)


async def enrol(world: World, invitation: Json, password: str = PASSWORD) -> httpx.Response:
    codes = {"token": invitation["token"], "second_token": invitation.get("second_token", "")}
    return await world.client.post("/v1/auth/enrolments", json=codes | {"password": password})


async def confirmed(second: Staff, answer: httpx.Response) -> Json:
    """An invitation with the half of another operator, where it needs one."""
    invitation: Json = given(answer, 201)
    if invitation["needs_second"]:
        half = given(await second.post(f"/v1/staff/{invitation['account_id']}/invitation/confirm"), 201)
        invitation["second_token"] = half["token"]
    return invitation


async def enrolled(world: World, invitation: Json) -> Staff:
    secret = given(await enrol(world, invitation), 201)["totp_secret"]
    tokens = given(await sign_in(world, invitation["login"], PASSWORD, secret), 201)
    return Staff(world, invitation["account_id"], tokens)


async def staff(world: World, role: Role, **scope: Any) -> Staff:
    login, password, secret = f"{new_key()}@test", new_key(), pyotp.random_base32()
    async with world.runtime.database.writing(world.region) as uow:
        account_id = await add_enrolled(uow, role, login, password, secret, **scope)
    return Staff(world, str(account_id), given(await sign_in(world, login, password, secret), 201))


async def everybody(caller: Staff) -> list[Json]:
    """All pages of the list."""
    found: list[Json] = []
    page: Json = {"next": ""}
    while page["next"] is not None:
        page = given(await caller.get("/v1/staff", limit=20, **({"cursor": page["next"]} if page["next"] else {})))
        found += page["items"]
    return found


@pytest_asyncio.fixture
async def operator(own_time: World) -> Staff:
    return await staff(own_time, Role.REGION_OPERATOR)


@pytest_asyncio.fixture
async def second(own_time: World) -> Staff:
    return await staff(own_time, Role.REGION_OPERATOR)


@pytest_asyncio.fixture
async def manager(own_time: World) -> Staff:
    return await staff(own_time, Role.POINT_MANAGER, point_id=UUID(own_time.point_id("exam-1")))


async def test_an_operator_makes_every_kind_of_staff(own_time: World, operator: Staff, second: Staff) -> None:
    point = {"point_id": own_time.point_id("exam-1")}
    body = {"kind": "agency", "name_ru": "Ведомство", "name_en": "Office"}
    office = {"organisation_id": given(await operator.post("/v1/organisations", body), 201)["id"]}
    async with own_time.runtime.database.writing(own_time.region) as uow:
        await put_organisation(uow, works := uuid4(), "employer", {"ru": "Завод", "en": "Works"})
    firm = {"organisation_id": str(works)}
    scopes: dict[str, Json] = {"clerk": point, "point_manager": point, "employer": firm, "agency_officer": office}
    for role in ("clerk", "point_manager", "employer", "agency_officer", "region_operator", "auditor"):
        member = await enrolled(own_time, await confirmed(second, await operator.invite(role, **scopes.get(role, {}))))
        assert len(given(await member.get("/v1/me/devices"))["items"]) == 1
    assert {"employer", "agency"} <= {o["kind"] for o in given(await operator.get("/v1/organisations"))["items"]}


async def test_an_employer_is_let_in_by_its_application_alone(operator: Staff) -> None:
    body = {"kind": "employer", "name_ru": "Завод", "name_en": "Works"}
    refused(await operator.post("/v1/organisations", body), 422, "employers_apply")


@pytest.mark.usefixtures("passwords_cost_what_they_should")
async def test_a_password_that_somebody_chose_is_dear_to_guess(own_time: World, operator: Staff, second: Staff) -> None:
    """At the cost that RFC 9106 recommends for little memory; one drawn from 112 bits, as the operator's, is not."""
    member = await enrolled(own_time, await confirmed(second, await operator.invite("auditor")))
    async with own_time.runtime.database.reading(own_time.region) as uow:
        kept = select(Account.password_hash).where(Account.id == bindparam("id"))
        chosen, drawn = [str(await uow.session.scalar(kept, {"id": s.account_id})) for s in (member, operator)]
    assert chosen.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert drawn.startswith("$argon2id$v=19$m=8,t=1,p=1$")


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("clerk", {}),
        ("auditor", {"point_id": "00000000-0000-0000-0000-000000000000"}),
        ("clerk", {"point_id": "00000000-0000-0000-0000-000000000000"}),
        ("employer", {"organisation_id": "00000000-0000-0000-0000-000000000000"}),
    ],
)
async def test_a_scope_that_does_not_fit_is_refused(operator: Staff, role: str, scope: Json) -> None:
    refused(await operator.invite(role, **scope), 422, "scope_wrong")


async def test_an_employers_account_belongs_to_no_agency(operator: Staff) -> None:
    body = {"kind": "agency", "name_ru": "Ведомство", "name_en": "Office"}
    agency = given(await operator.post("/v1/organisations", body), 201)["id"]
    refused(await operator.invite("employer", organisation_id=agency), 422, "scope_wrong")


@pytest.mark.usefixtures("second")
async def test_a_login_is_taken_once_even_at_once(operator: Staff) -> None:
    body = {"role": "auditor", "login": f"{new_key()}@test"}
    answers = await asyncio.gather(*(operator.post("/v1/staff", body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    refused(next(answer for answer in answers if answer.is_error), 409, "login_taken")


async def test_a_manager_makes_clerks_of_their_own_point_and_nobody_else(own_time: World, manager: Staff) -> None:
    own, other = own_time.point_id("exam-1"), own_time.point_id("exam-8")
    clerk = given(await manager.invite("clerk", point_id=own), 201)
    refused(await manager.invite("clerk", point_id=other), 403, "not_allowed")
    refused(await manager.invite("point_manager", point_id=own), 403, "not_allowed")
    refused(await manager.invite("auditor"), 403, "not_allowed")
    listed = await everybody(manager)
    assert clerk["account_id"] in {item["account_id"] for item in listed}
    assert {(item["role"], item["point_id"]) for item in listed} == {("clerk", own)}
    refused(await manager.post(f"/v1/staff/{manager.account_id}/disable"), 404, "not_found")
    assert (await manager.post(f"/v1/staff/{clerk['account_id']}/disable")).status_code == 204


@pytest.mark.usefixtures("second")
async def test_the_list_comes_in_pages(operator: Staff) -> None:
    for _ in range(3):
        given(await operator.invite("auditor"), 201)
    seen = [item["login"] for item in await everybody(operator)]
    assert len(seen) == len(set(seen)) > 40
    refused(await operator.get("/v1/staff", cursor="WyJcdTAwMDAiXQ"), 422, "invalid_input")


async def test_an_invitation_is_used_once_even_at_once(own_time: World, operator: Staff, second: Staff) -> None:
    invitation = await confirmed(second, await operator.invite("auditor"))
    answers = await asyncio.gather(*(enrol(own_time, invitation) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]
    refused(await enrol(own_time, invitation), 401, "enrolment_over")


async def test_an_invitation_lives_three_days(own_time: World, operator: Staff, second: Staff) -> None:
    invitation = await confirmed(second, await operator.invite("auditor"))
    own_time.clock.move(days=3)
    refused(await enrol(own_time, invitation), 401, "enrolment_over")


async def test_nobody_signs_in_before_they_have_enrolled(own_time: World, operator: Staff, second: Staff) -> None:
    login = (await confirmed(second, await operator.invite("auditor")))["login"]
    refused(await sign_in(own_time, login, PASSWORD, pyotp.random_base32()), 401, "wrong_credentials")


async def test_a_password_is_long_and_may_be_anything(own_time: World, operator: Staff, second: Staff) -> None:
    invitation = await confirmed(second, await operator.invite("auditor"))
    refused(await enrol(own_time, invitation, "Sh0rt!"), 422, "invalid_input")
    secret = given(await enrol(own_time, invitation, "тринадцать !!"), 201)
    assert secret["otpauth_uri"].startswith("otpauth://totp/Manzil:")
    given(await sign_in(own_time, invitation["login"], "тринадцать !!", secret["totp_secret"]), 201)


async def test_a_disabled_account_is_out_at_once(own_time: World, operator: Staff, manager: Staff) -> None:
    assert (await operator.post(f"/v1/staff/{manager.account_id}/disable")).status_code == 204
    refused(await manager.refresh(), 401, "session_ended")
    # Its token lives on for minutes, but makes nobody an account.
    answer = await manager.invite("clerk", point_id=own_time.point_id("exam-1"))
    refused(answer, 401, "not_signed_in")


async def test_a_lost_authenticator_is_an_invitation_anew(own_time: World, operator: Staff, manager: Staff) -> None:
    invitation = given(await operator.post(f"/v1/staff/{manager.account_id}/invitation"), 201)
    refused(await manager.refresh(), 401, "session_ended")
    again = await enrolled(own_time, invitation)
    assert again.account_id == manager.account_id
    given(await again.get("/v1/staff"))


async def test_the_last_operator_cannot_disable_themselves(own_time: World, operator: Staff, second: Staff) -> None:
    await confirmed(second, await operator.invite("region_operator"))  # has not enrolled
    for item in await everybody(operator):
        if item["role"] == "region_operator" and item["account_id"] != operator.account_id:
            await operator.post(f"/v1/staff/{item['account_id']}/disable")
    refused(await operator.post(f"/v1/staff/{operator.account_id}/disable"), 409, "last_operator")
    # Nor can they make or become another: nobody is there to confirm it.
    refused(await operator.invite("region_operator"), 409, "nobody_confirms")
    refused(await operator.invite("auditor"), 409, "nobody_confirms")
    for account_id in (operator.account_id, second.account_id):
        refused(await operator.post(f"/v1/staff/{account_id}/invitation"), 409, "nobody_confirms")
    given(await operator.get("/v1/staff"))
    other = await staff(own_time, Role.REGION_OPERATOR)
    answers = await asyncio.gather(*(one.post(f"/v1/staff/{one.account_id}/disable") for one in (operator, other)))
    assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_the_command_line_invites_an_operator_and_again_when_all_is_lost(own_time: World) -> None:
    login = f"{new_key()}@test"
    for _ in range(2):
        async with own_time.runtime.database.writing(own_time.region) as uow:
            made = await invite_operator(uow, login)
        assert not made.needs_second
        shown = {"account_id": str(made.account_id), "login": made.login, "token": made.token}
        given(await (await enrolled(own_time, shown)).get("/v1/organisations"))
