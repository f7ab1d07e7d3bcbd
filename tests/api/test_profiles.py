"""Passport and entry: checked, told back to their owner, and nobody else's."""

from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from app.domain.profiles.migrant_id import check_migrant_id
from tests.api.helpers import fresh_passport, given, log, refused
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    """Signed in, and nothing given yet."""
    person = world.stranger()
    await person.sign_in()
    return person


async def _passport(person: Person, mrz: str) -> httpx.Response:
    return await person.post("/v1/me/passport", {"mrz": mrz})


async def _entry(person: Person, days_ago: int, purpose: str = "work") -> httpx.Response:
    entered_on = person.world.today - timedelta(days=days_ago)
    return await person.post("/v1/me/entries", {"entered_on": entered_on.isoformat(), "purpose": purpose})


async def test_nothing_is_there_at_first(person: Person) -> None:
    nothing = dict.fromkeys(("migrant_id", "passport", "entry", "birth", "days_left_without_visa"))
    assert given(await person.get("/v1/me")) == nothing | {"languages": [], "flags": []}


async def test_a_passport_makes_a_migrant_id_that_verifies(person: Person) -> None:
    mrz = fresh_passport("UZB")
    profile = given(await _passport(person, mrz), 201)
    assert check_migrant_id(profile["migrant_id"]) == profile["migrant_id"]
    assert profile["passport"] == {
        "format": "TD3",
        "document_code": "P",
        "name_maybe_cut": False,
        "issuer": "UZB",
        "nationality": "UZB",
        "surname": "ERIKSSON",
        "given_names": "ANNA MARIA",
        "number": mrz.split("\n")[1][:9],
        "birth": {"year2": 74, "month": 8, "day": 12},
        "sex": "F",
        "expires": {"year2": 12, "month": 4, "day": 15},
        "expired": True,
    }
    assert given(await person.get("/v1/me")) == profile


async def test_an_entry_alone_makes_the_migrant_id_too(person: Person) -> None:
    profile = given(await _entry(person, 1), 201)
    assert check_migrant_id(profile["migrant_id"])
    assert profile["passport"] is None


async def test_the_same_passport_again_changes_nothing(person: Person) -> None:
    mrz = fresh_passport()
    first = given(await _passport(person, mrz), 201)
    again = given(await _passport(person, mrz.replace("\n", "").lower()), 201)
    assert again == first


async def test_a_new_passport_replaces_the_old_and_keeps_the_migrant_id(person: Person) -> None:
    old, new = fresh_passport(), fresh_passport("KGZ")
    first = given(await _passport(person, old), 201)
    second = given(await _passport(person, new), 201)
    assert second["migrant_id"] == first["migrant_id"]
    assert second["passport"]["number"] == new.split("\n")[1][:9]
    assert second["passport"]["nationality"] == "KGZ"
    assert given(await _passport(person, old), 201) == first


async def test_the_passport_of_another_person_is_refused_and_told_nothing_of(person: Person) -> None:
    other, mrz = person.world.stranger(), fresh_passport()
    await other.sign_in()
    theirs = given(await _passport(other, mrz), 201)
    answer = await _passport(person, mrz)
    refused(answer, 409, "document_known")
    assert theirs["migrant_id"] not in answer.text
    assert given(await person.get("/v1/me"))["passport"] is None
    assert "passport_given" not in [entry["action"] for entry in await log(person)]


async def test_a_passport_that_another_once_had_is_still_theirs(person: Person) -> None:
    other, mrz = person.world.stranger(), fresh_passport()
    await other.sign_in()
    given(await _passport(other, mrz), 201)
    given(await _passport(other, fresh_passport()), 201)
    refused(await _passport(person, mrz), 409, "document_known")


@pytest.mark.parametrize(
    ("at", "field"),
    [(9, "number"), (19, "birth_date"), (27, "expiry_date"), (42, "personal_number"), (43, "composite")],
)
async def test_a_wrong_check_digit_is_told_by_its_field_and_without_its_value(
    person: Person, at: int, field: str
) -> None:
    upper, lower = fresh_passport().split("\n")
    wrong = lower[:at] + str((int(lower[at]) + 1) % 10) + lower[at + 1 :]
    answer = await _passport(person, f"{upper}\n{wrong}")
    problem = refused(answer, 422, "invalid_mrz")
    begins = {"number": 1, "birth_date": 14, "expiry_date": 22, "personal_number": 29, "composite": 44}
    assert (problem["field"], problem["line"], problem["position"]) == (field, 2, begins[field])
    for value in ("ERIKSSON", lower[:9], "740812", "120415", "ZE184226B"):
        assert value not in answer.text
    assert given(await person.get("/v1/me"))["migrant_id"] is None


async def test_lines_of_a_wrong_length_are_refused(person: Person) -> None:
    assert refused(await _passport(person, "P<UTO"), 422, "invalid_mrz")["field"] == "length"


@pytest.mark.parametrize("days_ago", [-2, -400, 3654, 40_000])
async def test_an_entry_that_is_not_plausible_is_refused(person: Person, days_ago: int) -> None:
    refused(await _entry(person, days_ago), 422, "entry_not_plausible")


@pytest.mark.parametrize("days_ago", [-1, 0, 3653])
async def test_an_entry_from_ten_years_ago_up_to_tomorrow_is_taken(person: Person, days_ago: int) -> None:
    given(await _entry(person, days_ago), 201)


async def test_an_unknown_purpose_is_refused(person: Person) -> None:
    refused(await _entry(person, 1, "tourism"), 422, "invalid_input")


async def test_the_entry_given_last_counts_so_that_a_wrong_date_can_be_corrected(person: Person) -> None:
    given(await _entry(person, 2), 201)
    entry = given(await _entry(person, 22, "study"), 201)["entry"]
    assert entry["entered_on"] == (person.world.today - timedelta(days=22)).isoformat()
    assert entry["purpose"] == "study"
    assert given(await _entry(person, 5), 201)["entry"]["purpose"] == "work"
