"""One person with two numbers and two phones: nothing of theirs is lost, left open or unreadable."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.locks import lock_person
from app.errors import NotSignedIn, TryAgain
from tests.api.helpers import claims, fresh_passport, given, hire, log, place_at, refresh, refused, stay_signed_in
from tests.api.test_family import acting, register
from tests.api.test_hosts import confirm, host_of, invited, own
from tests.api.test_merges import accept, claim, decide, give, person_id, signed_in, two_with_one_passport
from tests.api.test_numbers import sign_in_on, waiting_change
from tests.api.test_recovery import begin, finish
from tests.api.test_staff import _enter
from tests.support.people import Desk, Person, World


async def joined(world: World) -> tuple[Person, Person, str]:
    """Two phones on two numbers, and the passport of the one person they are."""
    holder, claimant, mrz, case = await two_with_one_passport(world)
    given(await accept(holder, case))
    await stay_signed_in(claimant)
    return holder, claimant, mrz


async def clerk_of(world: World) -> Desk:
    world.clock.move(seconds=30)
    return Desk(world, given(await _enter(world, await hire(world)), 201)["access_token"])


async def papers_of(person: Person) -> dict[str, Any]:
    profile = given(await person.get("/v1/me"))
    issuer, number = profile["passport"]["issuer"], profile["passport"]["number"]
    return {"migrant_id": profile["migrant_id"], "document_issuer": issuer, "document_number": number}


async def migrant_id(person: Person) -> str:
    return str(given(await person.get("/v1/me"))["migrant_id"])


async def test_a_stolen_sim_gives_no_profile_away(own_time: World) -> None:
    """The thief signs in as the holder, and accepts what they asked for from an account of their own."""
    holder, claimant, _mrz, case = await two_with_one_passport(own_time)
    thief = await sign_in_on(own_time, holder.number)
    assert "allowed_from" in refused(await accept(thief, case), 409, "device_too_new")
    word = given(await thief.get("/v1/me/deletion"))["confirmation"]
    refused(await thief.post("/v1/me/deletion", {"confirmation": word}), 409, "device_too_new")
    await stay_signed_in(claimant)
    assert person_id(claimant) != person_id(holder)
    given(await accept(holder, case))


async def test_a_recovery_takes_every_number_of_the_person(own_time: World) -> None:
    holder, claimant, _mrz = await joined(own_time)
    papers, clerk, numbers = await papers_of(holder), await clerk_of(own_time), own_time.stranger()
    own_time.clock.move(minutes=2)
    await waiting_change(claimant)
    paper = given(await begin(clerk, papers), 201)["code"]
    for phone in (holder, claimant):
        refused(await refresh(phone), 401, "session_ended")
    await own_time.relay()
    assert {holder.number, claimant.number} <= {number for number, _ in own_time.sms.sent}
    given(await finish(numbers, paper), 201)
    assert person_id(numbers) == person_id(holder)
    assert given(await numbers.get("/v1/me/number"))["ends_with"] == numbers.number[-4:]
    for number in (holder.number, claimant.number):
        assert person_id(await sign_in_on(own_time, number)) != person_id(holder)
    assert await count(own_time, "SELECT count(*) FROM number_changes") == 0


async def test_the_recovered_account_is_the_oldest(own_time: World) -> None:
    first = await signed_in(own_time)
    own_time.clock.move(minutes=1)
    second, mrz = await signed_in(own_time), fresh_passport()
    given(await give(second, mrz), 201)
    given(await accept(second, await claim(first, mrz)))
    paper = given(await begin(await clerk_of(own_time), await papers_of(second)), 201)["code"]
    phone = own_time.stranger()
    given(await finish(phone, paper), 201)
    assert claims(phone.tokens["access_token"])["sub"] == claims(first.tokens["access_token"])["sub"]


async def count(world: World, query: str) -> int:
    async with world.runtime.database.reading(world.region) as uow:
        return int(await uow.session.scalar(text(query)) or 0)


async def test_sign_ins_are_the_persons_by_whichever_number(own_time: World) -> None:
    holder, claimant, _mrz = await joined(own_time)
    for phone in (holder, claimant):
        items = given(await phone.get("/v1/me/devices"))["items"]
        assert sorted(item["this"] for item in items) == [False, True]
    other = next(item for item in given(await holder.get("/v1/me/devices"))["items"] if not item["this"])
    own_time.clock.move(days=1)
    await stay_signed_in(holder)
    await stay_signed_in(claimant)
    assert (await holder.delete(f"/v1/me/devices/{other['id']}")).status_code == 204
    refused(await refresh(claimant), 401, "session_ended")
    again = await sign_in_on(own_time, claimant.number)
    await stay_signed_in(holder)
    assert (await holder.post("/v1/me/devices/sign-out", {"this_too": True})).status_code == 204
    for phone in (holder, again):
        refused(await refresh(phone), 401, "session_ended")


@pytest.mark.parametrize("by_clerk", [False, True])
async def test_names_of_phones_and_waiting_numbers_do_not_break_what_is_shown(own_time: World, by_clerk: bool) -> None:
    people = [own_time.stranger(), own_time.stranger()]
    for name, person in zip(("First", "Second"), people, strict=True):
        await person.sign_in(device_name=name)
    (holder, claimant), mrz = people, fresh_passport("UZB")
    given(await give(holder, mrz), 201)
    own_time.clock.move(minutes=2)
    await waiting_change(claimant)
    if by_clerk:
        await waiting_change(holder)
    case = await claim(claimant, mrz)
    if by_clerk:
        given(await decide(await clerk_of(own_time), case, mrz, "same_person"))
        cut_off = await sign_in_on(own_time, holder.number)
        assert given(await cut_off.get("/v1/me/number"))["change"] is None
        given(await cut_off.get("/v1/me/devices"))
    else:
        given(await accept(holder, case))
    await stay_signed_in(claimant)
    names = {item["name"] for item in given(await claimant.get("/v1/me/devices"))["items"]}
    assert names == ({"Second"} if by_clerk else {"First", "Second"})
    assert given(await claimant.get("/v1/me/number")) == {"ends_with": claimant.number[-4:], "change": None}


async def test_invitations_move_and_open_ones_are_withdrawn(world: World) -> None:
    holder, claimant = await world.newcomer(citizenship="UZB"), await world.newcomer(citizenship="UZB")
    mrz, host = fresh_passport("UZB"), await host_of(world)
    given(await give(holder, mrz), 201)
    answered = await invited(claimant)
    given(await confirm(host, answered["code"], number="116/2026-7"), 201)
    given(await claimant.post("/v1/me/pathway/steps/registration/take-back"), 201)
    waiting, kept = await invited(claimant), await invited(holder)
    given(await accept(holder, await claim(claimant, mrz)))
    refused(await confirm(host, waiting["code"]), 404, "invitation_gone")
    found = {item["id"]: (item["status"], item["number"]) for item in await own(holder)}
    assert found == {
        answered["id"]: ("answered", "116/2026-7"),
        waiting["id"]: ("withdrawn", None),
        kept["id"]: ("open", None),
    }


async def test_an_old_migrant_id_leads_to_the_person_through_two_merges(own_time: World) -> None:
    first, second, third = [await own_time.newcomer() for _ in range(3)]
    ids = [await migrant_id(person) for person in (first, second, third)]
    for holder, claimant in ((second, first), (third, second)):
        mrz = fresh_passport()
        given(await give(holder, mrz), 201)
        await a_day_later(own_time, first, second, third)
        case = await claim(claimant, mrz)
        given(await accept(holder, case))
        await stay_signed_in(claimant)
    papers, clerk = await papers_of(third), await clerk_of(own_time)
    for old in ids:
        given(await begin(clerk, papers | {"migrant_id": old}), 201)


async def a_day_later(world: World, *people: Person) -> None:
    """When no phone is new any more, and all are signed in still."""
    world.clock.move(days=1)
    for person in people:
        await stay_signed_in(person)


async def test_whoever_names_a_person_that_was_merged_meanwhile_is_told_to_try_again(world: World) -> None:
    """Their own sign-in stands: only the merged person signs in anew."""
    holder, claimant, _mrz, case = await two_with_one_passport(world)
    old = UUID(person_id(claimant))
    verify, now = world.runtime.keyring.verify, world.clock.now()
    callers = [await verify(world.region, person.tokens["access_token"], now) for person in (claimant, holder)]
    given(await accept(holder, case))
    for caller, error in zip(callers, (NotSignedIn, TryAgain), strict=True):
        with pytest.raises(error):
            async with world.runtime.database.writing(world.region, caller) as uow:
                await lock_person(uow, old)


async def test_a_wards_document_is_refused_counted_and_in_their_log(own_time: World) -> None:
    guardian, clerk = await own_time.newcomer(citizenship="UZB"), await clerk_of(own_time)
    mrz = fresh_passport("UZB")
    ward = await register(guardian, mrz=mrz)
    papers = {"migrant_id": ward["migrant_id"], "document_issuer": "UZB", "document_number": mrz.split("\n")[1][:9]}
    for _ in range(10):
        refused(await begin(clerk, papers), 422, "recovery_refused")
    refused(await begin(clerk, papers), 429, "too_many_recoveries")
    assert (await log(await acting(guardian, ward)))[0]["action"] == "guardian_signed_in"
    assert "recovery_refused" in [entry["action"] for entry in await log(await acting(guardian, ward))]


async def test_a_refugees_travel_document_is_found_as_a_passport_is(own_time: World) -> None:
    person, clerk, mrz = await signed_in(own_time), await clerk_of(own_time), fresh_passport("UZB")
    given(await person.post("/v1/me/documents", {"kind": "travel_document", "mrz": mrz}), 201)
    papers = await papers_of(person)
    refused(await begin(clerk, papers), 422, "recovery_refused")
    given(await begin(clerk, papers, document_kind="travel_document"), 201)


async def test_two_who_ask_for_one_document_of_a_third_are_joined(world: World) -> None:
    third, first, second = [await signed_in(world) for _ in range(3)]
    asked, mrz = fresh_passport(), fresh_passport("UZB")
    given(await give(third, asked), 201)
    stands, _ = await claim(first, asked), await claim(second, asked)
    given(await give(first, mrz), 201)
    given(await accept(first, await claim(second, mrz)))
    waiting = [case["id"] for case in given(await first.get("/v1/me/merges"))["items"] if case["status"] == "pending"]
    assert waiting == [stands["id"]]
    given(await accept(third, stands))


async def test_a_decision_locks_the_logs_of_the_two_in_one_order(world: World) -> None:
    """A merge the other way round at the same time would wait for this one, and this one for it."""
    orders: set[bool] = set()
    while len(orders) < 2:
        holder, claimant, mrz, case = await two_with_one_passport(world)
        both = sorted([UUID(person_id(holder)), UUID(person_id(claimant))])
        orders.add(person_id(holder) == str(both[0]))
        desk = await world.desk("exam-1")
        given(await decide(desk, case, mrz, "other_person"))
        written = text("SELECT person_id FROM audit_entries WHERE person_id = ANY(:both) AND at = :now ORDER BY ctid")
        async with world.runtime.database.reading(world.region) as uow:
            rows = await uow.session.scalars(written, {"both": both, "now": world.clock.now()})
            assert list(dict.fromkeys(rows)) == both


async def test_a_token_from_before_books_nothing_for_who_was_joined(world: World) -> None:
    """Help needs no pathway, so nothing else would be in the way."""
    holder, claimant, _, case = await two_with_one_passport(world)
    given(await accept(holder, case))
    refused(await claimant.post("/v1/bookings", await place_at(claimant, "legal_help", days=1)), 401, "not_signed_in")
    await stay_signed_in(claimant)
    given(await claimant.post("/v1/bookings", await place_at(claimant, "legal_help", days=1)), 201)
