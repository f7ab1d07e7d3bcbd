"""The same passport twice is never two persons, and never tells one of the other."""

import asyncio
from typing import Any

import pytest

from app.doctor import examine
from app.domain.profiles.documents import GUESSES_A_DAY
from app.domain.profiles.merging import OPEN_CASES
from tests.api.helpers import booked, claims, fresh_passport, given, log, refused, stay_signed_in
from tests.support.people import Desk, Person, World


async def signed_in(world: World) -> Person:
    person = world.stranger()
    await person.sign_in()
    return person


async def give(person: Person, mrz: str) -> Any:
    return await person.post("/v1/me/passport", {"mrz": mrz})


async def claim(person: Person, mrz: str) -> dict[str, Any]:
    refused(await give(person, mrz), 409, "document_known")
    case: dict[str, Any] = given(await person.post("/v1/me/merges", {"mrz": mrz}), 201)
    return case


async def two_with_one_passport(world: World) -> tuple[Person, Person, str, dict[str, Any]]:
    """The holder, the claimant, the passport and the claimant's case."""
    holder, claimant, mrz = await signed_in(world), await signed_in(world), fresh_passport("UZB")
    given(await give(holder, mrz), 201)
    return holder, claimant, mrz, await claim(claimant, mrz)


async def accept(holder: Person, case: dict[str, Any], code: str | None = None) -> Any:
    return await holder.post(f"/v1/me/merges/{case['id']}/accept", {"code": code or case["code"]})


async def decide(desk: Desk, case: dict[str, Any], mrz: str, decision: str) -> Any:
    return await desk.post(f"/v1/merges/{case['code']}/decision", {"mrz": mrz, "decision": decision})


async def whole(world: World) -> None:
    found = [f for finding in await examine(world.runtime) for f in finding.faults if "event" not in f]
    assert found == []


def person_id(person: Person) -> str:
    return str(claims(person.tokens["access_token"])["person"])


async def test_a_claim_tells_neither_side_of_the_other(world: World) -> None:
    holder, claimant, mrz, case = await two_with_one_passport(world)
    assert (case["side"], case["status"]) == ("claimant", "pending")
    (theirs,) = given(await holder.get("/v1/me/merges"))["items"]
    assert (theirs["id"], theirs["side"], theirs["code"]) == (case["id"], "holder", None)
    shown = str(case) + str(given(await claimant.get("/v1/me/merges")))
    assert person_id(holder) not in shown
    assert person_id(claimant) not in str(theirs)
    assert "document_claimed" in [entry["action"] for entry in await log(holder)]
    assert given(await claimant.post("/v1/me/merges", {"mrz": mrz}), 201)["id"] == case["id"]


async def test_a_document_that_nobody_has_is_not_claimed(world: World) -> None:
    person, mrz = await signed_in(world), fresh_passport()
    refused(await person.post("/v1/me/merges", {"mrz": mrz}), 409, "document_free")
    given(await give(person, mrz), 201)
    refused(await person.post("/v1/me/merges", {"mrz": mrz}), 409, "document_free")


async def test_claims_do_not_tell_which_passports_are_registered_beyond_a_few_a_day(own_time: World) -> None:
    """Registered or not: each answer that tells is one of those that give a profile a passport too."""
    thief, known, case = await signed_in(own_time), [], ""
    for _ in range(OPEN_CASES + 1):
        known.append(fresh_passport())
        given(await give(await signed_in(own_time), known[-1]), 201)
    refused(await give(thief, known[0]), 409, "document_known")
    for mrz in known[:OPEN_CASES]:
        case = given(await thief.post("/v1/me/merges", {"mrz": mrz}), 201)["id"]
    refused(await thief.post("/v1/me/merges", {"mrz": known[-1]}), 409, "too_many_cases")
    for mrz in (known[-1], fresh_passport()):
        refused(await thief.post("/v1/me/merges", {"mrz": mrz}), 429, "too_many_guesses")
    # What they have asked for already tells nothing new.
    assert given(await thief.post("/v1/me/merges", {"mrz": known[OPEN_CASES - 1]}), 201)["id"] == case
    guesser = await signed_in(own_time)
    for _ in range(GUESSES_A_DAY):
        refused(await guesser.post("/v1/me/merges", {"mrz": fresh_passport()}), 409, "document_free")
    refused(await guesser.post("/v1/me/merges", {"mrz": fresh_passport()}), 429, "too_many_guesses")
    own_time.clock.move(days=1)
    await stay_signed_in(guesser)
    refused(await guesser.post("/v1/me/merges", {"mrz": fresh_passport()}), 409, "document_free")


async def test_the_holder_accepts_with_the_code_and_both_phones_serve_one_person(world: World) -> None:
    holder, claimant, _mrz, case = await two_with_one_passport(world)
    given(await accept(holder, case))
    await stay_signed_in(claimant)
    assert person_id(claimant) == person_id(holder)
    assert given(await claimant.get("/v1/me")) == given(await holder.get("/v1/me"))
    assert given(await holder.get("/v1/me/merges"))["items"][0]["status"] == "joined"
    world.clock.move(seconds=60)
    assert (await claimant.sign_in()).status_code == 201
    assert person_id(claimant) == person_id(holder)
    await whole(world)


async def test_accepting_without_the_code_joins_nobody_and_five_tries_are_all(world: World) -> None:
    """Somebody else's phone asks: a tap of the holder's alone must not give their profile away."""
    holder, claimant, _, case = await two_with_one_passport(world)
    for _ in range(5):
        refused(await accept(holder, case, "0000-0000"), 409, "wrong_case_code")
    refused(await accept(holder, case), 409, "wrong_case_code")
    await stay_signed_in(claimant)
    assert person_id(claimant) != person_id(holder)


async def test_nobody_else_accepts_rejects_or_sees_a_case(world: World) -> None:
    _, claimant, _, case = await two_with_one_passport(world)
    stranger = await signed_in(world)
    for person in (stranger, claimant):
        refused(await accept(person, case), 404, "not_found")
        refused(await person.post(f"/v1/me/merges/{case['id']}/reject"), 404, "not_found")
    assert given(await stranger.get("/v1/me/merges"))["items"] == []


async def test_a_rejected_claim_stays_in_both_logs_and_is_not_made_anew(world: World) -> None:
    holder, claimant, mrz, case = await two_with_one_passport(world)
    given(await holder.post(f"/v1/me/merges/{case['id']}/reject"))
    refused(await accept(holder, case), 409, "case_closed")
    for person in (holder, claimant):
        assert "merge_rejected" in [entry["action"] for entry in await log(person)]
    again = given(await claimant.post("/v1/me/merges", {"mrz": mrz}), 201)
    assert (again["id"], again["status"]) == (case["id"], "rejected")


async def test_all_that_the_second_gave_becomes_the_first_ones(world: World) -> None:
    holder, claimant, mrz = await signed_in(world), await world.newcomer(citizenship="KGZ"), fresh_passport("UZB")
    given(await give(holder, mrz), 201)
    given(await claimant.put("/v1/me/numbers/snils", {"number": "112-233-445 95"}))
    given(await claimant.put("/v1/me/birth-date", {"year": 1974, "month": 8}))
    booking = await booked(claimant)
    given(await accept(holder, await claim(claimant, mrz)))
    await stay_signed_in(holder)
    profile = given(await holder.get("/v1/me"))
    assert profile["passport"]["nationality"] == "UZB"
    assert profile["birth"] == {"year": 1974, "month": 8, "day": None}
    assert profile["entry"]["purpose"] == "work"
    assert given(await holder.get(f"/v1/bookings/{booking['id']}"))["status"] == "confirmed"
    assert [d["current"] for d in given(await holder.get("/v1/me/documents"))["items"]] == [True, False]
    assert given(await holder.get("/v1/me/numbers"))["items"][0]["number"] == "11223344595"
    given(await holder.post(f"/v1/bookings/{booking['id']}/cancel"))
    await whole(world)


async def test_a_token_from_before_the_merge_changes_nothing(world: World) -> None:
    holder, claimant, _, case = await two_with_one_passport(world)
    given(await accept(holder, case))
    refused(await give(claimant, fresh_passport()), 401, "not_signed_in")
    refused(await claimant.put("/v1/me/languages", {"languages": ["tg"]}), 401, "not_signed_in")


async def test_two_visits_that_clash_are_cleared_first_and_nothing_is_half_done(world: World) -> None:
    holder, claimant = await world.newcomer(), await world.newcomer()
    mrz = fresh_passport()
    given(await give(holder, mrz), 201)
    mine, _ = await booked(claimant), await booked(holder)
    case = await claim(claimant, mrz)
    refused(await accept(holder, case), 409, "visits_clash")
    assert given(await claimant.get(f"/v1/bookings/{mine['id']}"))["status"] == "confirmed"
    given(await claimant.post(f"/v1/bookings/{mine['id']}/cancel"))
    given(await accept(holder, case))
    await whole(world)


async def test_a_clerk_takes_a_passport_from_whoever_gave_it_first(world: World) -> None:
    """A thief who was first locks nobody out, even after rejecting the claim."""
    thief, owner, mrz, case = await two_with_one_passport(world)
    given(await thief.post(f"/v1/me/merges/{case['id']}/reject"))
    desk = await world.desk("exam-1")
    refused(await decide(desk, case, fresh_passport(), "other_person"), 409, "other_document")
    given(await decide(desk, case, mrz, "other_person"))
    assert given(await owner.get("/v1/me"))["passport"]["number"] == mrz.split("\n")[1][:9]
    assert given(await thief.get("/v1/me"))["passport"] is None
    assert given(await thief.get("/v1/me/documents"))["items"] == []
    refused(await give(thief, mrz), 409, "document_known")
    refused(await decide(desk, case, mrz, "other_person"), 409, "case_closed")
    assert [e["purpose"] for e in await log(owner) if e["purpose"]] == ["identity_check"]
    await whole(world)


async def test_a_clerk_gives_a_profile_back_to_whoever_lost_their_phone(world: World) -> None:
    lost, found, mrz, case = await two_with_one_passport(world)
    before = given(await lost.get("/v1/me"))
    desk = await world.desk("exam-1")
    given(await decide(desk, case, mrz, "same_person"))
    await stay_signed_in(found)
    assert given(await found.get("/v1/me")) == before
    # The old number is somebody else's now: it opens another profile, empty.
    world.clock.move(seconds=60)
    assert (await lost.sign_in()).status_code == 201
    assert given(await lost.get("/v1/me"))["migrant_id"] is None
    assert person_id(lost) != person_id(found)
    await whole(world)


async def test_a_case_runs_out(own_time: World) -> None:
    holder, claimant, mrz, case = await two_with_one_passport(own_time)
    own_time.clock.move(days=31)
    await stay_signed_in(holder)
    await stay_signed_in(claimant)
    refused(await accept(holder, case), 409, "case_closed")
    again = given(await claimant.post("/v1/me/merges", {"mrz": mrz}), 201)
    assert again["code"] != case["code"]
    given(await accept(holder, again))


@pytest.mark.parametrize("round_", range(3))
async def test_two_who_give_one_passport_at_once_are_one_owner_and_one_conflict(world: World, round_: int) -> None:
    people, mrz = [await signed_in(world) for _ in range(6)], fresh_passport()
    answers = await asyncio.gather(*(give(person, mrz) for person in people))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, 409, 409, 409, 409, 409]
    owner = next(person for person, answer in zip(people, answers, strict=True) if answer.status_code == 201)
    others = [person for person in people if person is not owner]
    cases = await asyncio.gather(*(person.post("/v1/me/merges", {"mrz": mrz}) for person in others))
    assert {case.status_code for case in cases} == {201}
    done = await asyncio.gather(*(accept(owner, case.json()) for case in cases))
    assert {answer.status_code for answer in done} == {200}
    await whole(world)
