"""One operator alone is never two: not by whom they invite, whom they invite again, by a chain, nor by a deputy."""

import asyncio

import pytest_asyncio

from app.domain.identity.caller import Role
from tests.api.helpers import Json, given, refused
from tests.api.test_staff_accounts import PASSWORD, Staff, confirmed, enrol, enrolled, everybody, sign_in, staff
from tests.support.people import World


@pytest_asyncio.fixture
async def two(own_time: World) -> tuple[Staff, Staff]:
    return await staff(own_time, Role.REGION_OPERATOR), await staff(own_time, Role.REGION_OPERATOR)


async def confirm(by: Staff, invitation: Json) -> Json:
    answer = await by.post(f"/v1/staff/{invitation['account_id']}/invitation/confirm")
    half: Json = given(answer, 201)
    return half


async def noted(by: Staff, of: Staff) -> list[Json]:
    """What the log tells of an account, over all its pages."""
    found: list[Json] = []
    page: Json = {"next": ""}
    while page["next"] is not None:
        page = given(await by.get("/v1/staff-log", limit=50, **({"cursor": page["next"]} if page["next"] else {})))
        found += page["items"]
    assert len({each["id"] for each in found}) == len(found)
    return [each for each in found if each["account_id"] == of.account_id]


async def test_who_invites_an_operator_has_half_of_what_lets_them_in(own_time: World, two: tuple[Staff, Staff]) -> None:
    """So has who confirms it: neither of them alone is two, nor can make somebody who confirms the next."""
    one, other = two
    invitation = given(await one.invite("region_operator"), 201)
    path = f"/v1/staff/{invitation['account_id']}/invitation/confirm"
    refused(await enrol(own_time, invitation), 401, "enrolment_over")
    refused(await one.post(path), 403, "second_person_needed")
    waiting = {each["account_id"]: each for each in await everybody(other)}
    shown = waiting[invitation["account_id"]]
    assert (shown["to_confirm"], shown["invited_by"]) == (True, one.account_id)
    half = await confirm(other, invitation)
    refused(await other.post(path), 404, "not_found")
    for alone in (invitation, half, invitation | {"second_token": invitation["token"]}):
        refused(await enrol(own_time, alone), 401, "enrolment_over")
    third = await enrolled(own_time, invitation | {"second_token": half["token"]})
    # Whoever it is has both of their own; what comes of them is asked of two again.
    refused(await third.post(path), 404, "not_found")
    told = {("invited", one.account_id), ("confirmed", other.account_id), ("enrolled", None)}
    assert {(each["action"], each["by"]) for each in await noted(third, third)} == told


async def test_a_standing_operator_is_not_taken_over(own_time: World, two: tuple[Staff, Staff]) -> None:
    """Their old password is void at once, their new one needs somebody else; the same holds of an auditor."""
    one, other = two
    third, auditor = await staff(own_time, Role.REGION_OPERATOR), await staff(own_time, Role.AUDITOR)
    for taken in (other, auditor):
        again = given(await one.post(f"/v1/staff/{taken.account_id}/invitation"), 201)
        refused(await taken.refresh(), 401, "session_ended")
        refused(await enrol(own_time, again), 401, "enrolment_over")
        refused(await one.post(f"/v1/staff/{taken.account_id}/invitation/confirm"), 403, "second_person_needed")
        half = await confirm(third, again)
        # Another invitation in between makes nothing whole of halves of two.
        anew = given(await one.post(f"/v1/staff/{taken.account_id}/invitation"), 201)
        refused(await enrol(own_time, anew | {"second_token": half["token"]}), 401, "enrolment_over")
        half = await confirm(third, anew)
        back = await enrolled(own_time, anew | {"second_token": half["token"]})
        assert back.account_id == taken.account_id


async def test_a_deputy_is_no_second_and_neither_ends_it(own_time: World, two: tuple[Staff, Staff]) -> None:
    one, other = two
    third, client = await staff(own_time, Role.REGION_OPERATOR), own_time.client
    path = f"/v1/staff/{one.account_id}/deputies/{other.account_id}"
    assert (await client.put(path, headers=one.headers)).status_code == 204
    invitation = given(await one.invite("auditor"), 201)
    confirming = f"/v1/staff/{invitation['account_id']}/invitation/confirm"
    refused(await other.post(confirming), 403, "second_person_needed")
    for either in two:
        refused(await client.delete(path, headers=either.headers), 403, "second_person_needed")
    assert (await client.delete(path, headers=third.headers)).status_code == 204
    refused(await other.post(confirming), 403, "second_person_needed")
    halves = await asyncio.gather(*(third.post(confirming) for _ in range(2)))
    assert sorted(each.status_code for each in halves) == [201, 404]
    told = {("deputy_named", one.account_id), ("deputy_ended", third.account_id)}
    assert {(each["action"], each["by"]) for each in await noted(third, other)} == told


async def test_a_clerks_invitation_is_whole(own_time: World, two: tuple[Staff, Staff]) -> None:
    one, other = two
    made = await confirmed(other, await one.invite("clerk", point_id=own_time.point_id("exam-1")))
    assert not made["needs_second"]
    refused(await other.post(f"/v1/staff/{made['account_id']}/invitation/confirm"), 404, "not_found")
    secret = given(await enrol(own_time, made), 201)["totp_secret"]
    given(await sign_in(own_time, made["login"], PASSWORD, secret), 201)
