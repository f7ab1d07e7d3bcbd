"""The pathway as a phone sees it: deadlines by law, what it may tell itself, and an ETag to keep it by."""

from datetime import date, timedelta

import httpx
import pytest
import pytest_asyncio

from tests.api.helpers import Json, fresh_passport, given, log, place_at, refused, step
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    """A worker from Uzbekistan, three days in the country."""
    return await world.newcomer(citizenship="UZB")


async def _steps(person: Person) -> dict[str, Json]:
    """What is asked, offers left out."""
    return {found["code"]: found for found in given(await person.get("/v1/me/pathway"))["steps"] if not found["offer"]}


async def _declare(person: Person, code: str, on: date | None = None) -> httpx.Response:
    body = {"on": (on or person.world.today).isoformat()}
    return await person.post(f"/v1/me/pathway/steps/{code}/done", body)


async def test_a_worker_from_uzbekistan_needs_a_patent_and_has_fifteen_and_thirty_days(person: Person) -> None:
    steps, entered = await _steps(person), person.world.today - timedelta(days=3)
    days = {code: found["deadline"] for code, found in steps.items()}
    month = (entered + timedelta(days=30)).isoformat()
    assert days == {
        "registration": (entered + timedelta(days=15)).isoformat(),
        "medical": month,
        "fingerprints": month,
        "application": month,
        "exam": None,
        "insurance": None,
        "translation": None,
        "tax_advance": None,
        "collection": None,
    }
    # What the application waits for is needed as early as it.
    assert {steps[code]["needed_by"] for code in ("exam", "insurance", "translation")} == {month}
    assert steps["application"]["status"] == "blocked"


async def test_a_worker_from_the_eaeu_needs_no_patent_and_has_thirty_days(world: World) -> None:
    person = await world.newcomer(citizenship="KGZ")
    steps, entered = await _steps(person), world.today - timedelta(days=3)
    month = (entered + timedelta(days=30)).isoformat()
    days = {code: found["deadline"] for code, found in steps.items()}
    assert days == {"registration": month, "medical": month, "fingerprints": month, "contract": None}


async def test_a_new_entry_moves_the_deadlines(person: Person) -> None:
    today = person.world.today
    given(await person.post("/v1/me/entries", {"entered_on": today.isoformat(), "purpose": "work"}), 201)
    assert (await step(person, "registration"))["deadline"] == (today + timedelta(days=15)).isoformat()


async def test_without_passport_or_entry_there_is_no_pathway_yet(world: World) -> None:
    person = world.stranger()
    await person.sign_in()
    refused(await person.get("/v1/me/pathway"), 409, "profile_incomplete")
    refused(await _declare(person, "insurance"), 409, "profile_incomplete")
    given(await person.post("/v1/me/passport", {"mrz": fresh_passport()}), 201)
    refused(await person.get("/v1/me/pathway"), 409, "profile_incomplete")
    refused(await person.post("/v1/holds", await place_at(person)), 409, "profile_incomplete")


async def _asked(person: Person, **headers: str) -> httpx.Response:
    return await person.world.client.get("/v1/me/pathway", headers=person.headers | headers)


async def test_an_unchanged_pathway_is_answered_304(person: Person) -> None:
    first = await _asked(person)
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = await _asked(person, **{"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await _asked(person, **{"If-None-Match": '"other"'})).json() == first.json()
    given(await _declare(person, "insurance"), 201)
    changed = await _asked(person, **{"If-None-Match": tag})
    assert (changed.status_code, changed.headers["etag"] != tag) == (200, True)


async def test_each_language_has_a_tag_of_its_own(person: Person) -> None:
    english, russian = await _asked(person), await _asked(person, **{"Accept-Language": "ru"})
    assert english.headers["etag"] != russian.headers["etag"]
    assert "Accept-Language" in english.headers["vary"]
    titles = [answer.json()["steps"][0]["title"] for answer in (english, russian)]
    assert titles == ["Migration registration", "Постановка на миграционный учёт"]


async def test_ones_own_word_is_enough_for_insurance_and_only_once(person: Person) -> None:
    assert "insurance" in given(await person.get("/v1/me/pathway"))["next"]
    on = person.world.today - timedelta(days=1)
    pathway = given(await _declare(person, "insurance", on), 201)
    assert pathway == given(await person.get("/v1/me/pathway"))
    done = await step(person, "insurance")
    assert (done["status"], done["done_on"]) == ("done", on.isoformat())
    assert "insurance" not in pathway["next"]
    refused(await _declare(person, "insurance"), 409, "step_done")


@pytest.mark.parametrize("code", ["medical", "fingerprints", "exam"])
async def test_ones_own_word_is_not_enough_for_a_visit(person: Person, code: str) -> None:
    refused(await _declare(person, code), 409, "step_needs_proof")
    assert (await step(person, code))["done_on"] is None


async def test_what_will_be_done_tomorrow_is_not_done(person: Person) -> None:
    answer = await _declare(person, "insurance", person.world.today + timedelta(days=1))
    assert refused(answer, 422, "invalid_input")["field"] == "on"
    assert (await step(person, "insurance"))["status"] != "done"


@pytest.mark.parametrize("code", ["contract", "nothing", "ENTRY", "x" * 300])
async def test_a_step_that_the_law_does_not_ask_for_is_unknown(person: Person, code: str) -> None:
    refused(await _declare(person, code), 404, "step_unknown")


async def test_a_blocked_step_can_be_neither_declared_nor_booked(person: Person) -> None:
    problem = refused(await _declare(person, "tax_advance"), 409, "step_blocked")
    assert problem["blocked_by"] == ["application"]
    place = await place_at(person, "application", days=20)
    for path in ("/v1/holds", "/v1/bookings"):
        problem = refused(await person.post(path, place), 409, "step_blocked")
        assert set(problem["blocked_by"]) == {"registration", "medical", "exam", "insurance", "translation"}
    assert given(await person.get("/v1/me/bookings"))["items"] == []


async def test_what_one_person_declares_moves_nobody_elses_pathway(person: Person) -> None:
    other = await person.world.newcomer(citizenship="UZB")
    before = await _steps(other)
    given(await _declare(person, "insurance"), 201)
    assert await _steps(other) == before


async def test_a_mistaken_word_is_taken_back_and_the_right_one_given(person: Person) -> None:
    today, take_back = person.world.today, "/v1/me/pathway/steps/insurance/take-back"
    given(await _declare(person, "insurance", today), 201)
    given(await person.post(take_back), 201)
    assert (await step(person, "insurance"))["done_on"] is None
    right = today - timedelta(days=2)
    given(await _declare(person, "insurance", right), 201)
    done = await step(person, "insurance")
    assert (done["done_on"], done["source"]) == (right.isoformat(), "self_declared")


async def test_a_contract_says_itself_how_long_it_lasts(world: World) -> None:
    person = await world.newcomer(citizenship="KGZ")
    path, today = "/v1/me/pathway/steps/contract/done", world.today
    wrong = {"on": today.isoformat(), "expires_on": (today - timedelta(days=1)).isoformat()}
    assert refused(await person.post(path, wrong), 422, "invalid_input")["field"] == "expires_on"
    until = (today + timedelta(days=200)).isoformat()
    pathway = given(await person.post(path, {"on": today.isoformat(), "expires_on": until}), 201)
    contract = next(found for found in pathway["steps"] if found["code"] == "contract")
    assert (contract["status"], contract["valid_until"]) == ("done", until)
    assert pathway["stay"]["until"] == until


async def test_a_step_declared_done_before_the_entry_is_refused_and_not_logged(world: World) -> None:
    person = await world.newcomer(days_ago=3)
    before = await log(person)
    body = {"on": (world.today - timedelta(days=400)).isoformat()}
    refused(await person.post("/v1/me/pathway/steps/registration/done", body), 422, "day_does_not_count")
    assert await log(person) == before


async def test_what_is_not_needed_is_told_apart_with_its_reason(world: World) -> None:
    person = await world.newcomer(citizenship="BLR")
    pathway = given(await person.get("/v1/me/pathway"))
    assert [(found["code"], found["status"]) for found in pathway["not_needed"]] == [
        ("fingerprints", "not_needed"),
        ("application", "not_needed"),
    ]
    assert all(found["reason"] and found["reference"] for found in pathway["not_needed"])
    assert "fingerprints" not in await _steps(person)


async def test_citizens_of_the_country_get_an_answer_and_no_steps(world: World) -> None:
    person = await world.newcomer(citizenship="RUS")
    pathway = given(await person.get("/v1/me/pathway"))
    assert (pathway["code"], pathway["steps"], pathway["next"], pathway["stay"]) == ("national", [], [], None)
    assert pathway["title"] == "You are a citizen of Russia"
    refused(await _declare(person, "insurance"), 404, "step_unknown")


async def test_who_seeks_asylum_finds_help_first_and_no_deadline(world: World) -> None:
    person = await world.newcomer(citizenship="XXA", purpose="asylum", days_ago=300)
    pathway = given(await person.get("/v1/me/pathway"))
    assert (pathway["code"], pathway["mirror"], pathway["next"][0]) == ("asylum", "never_by_default", "legal_help")
    assert {(found["deadline"], found["late"], found["offer"]) for found in pathway["steps"]} == {(None, False, True)}
    place = await place_at(person, "legal_help")
    assert given(await person.post("/v1/bookings", place), 201)["status"] == "confirmed"
