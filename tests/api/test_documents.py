"""Several documents, each with its versions; what page and zone say differently is flagged and never refused."""

from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from app.domain.profiles.mrz import SPECIMEN_TD3
from tests.api.helpers import booked, claims, fresh_passport, given, log, refused, roomy_point, stay_signed_in, step
from tests.support.people import Person, World

TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
PATENT = {"kind": "patent", "issuer": "RUS", "series": "16", "issued_on": "2026-09-01"}


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    person = world.stranger()
    await person.sign_in()
    return person


async def give(person: Person, **document: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = given(await person.post("/v1/me/documents", document), 201)["items"]
    return items


async def versions(person: Person, status: str) -> int:
    query = text("SELECT count(*) FROM identity_documents WHERE person_id = :person AND status = :status")
    owner = claims(person.tokens["access_token"])["person"]
    async with person.world.runtime.database.reading(person.world.region) as uow:
        return int(await uow.session.scalar(query, {"person": owner, "status": status}) or 0)


async def test_an_identity_card_is_a_current_document_as_a_passport_is(person: Person) -> None:
    (card,) = await give(person, kind="identity_card", mrz=TD1)
    assert (card["current"], card["zone"]["format"], card["zone"]["document_code"]) == (True, "TD1", "I")
    assert given(await person.get("/v1/me"))["passport"]["format"] == "TD1"
    given(await person.post("/v1/me/passport", {"mrz": fresh_passport()}), 201)
    items = given(await person.get("/v1/me/documents"))["items"]
    assert [(d["kind"], d["current"]) for d in items] == [("passport", True), ("identity_card", False)]


async def test_a_patent_is_no_identity_and_two_persons_may_tell_its_number(person: Person) -> None:
    other, number = person.world.stranger(), fresh_passport()[-44:-35]
    await other.sign_in()
    for somebody in (person, other):
        (patent,) = await give(somebody, **PATENT, number=number)
        assert (patent["current"], patent["number"], patent["flags"]) == (False, number, [])


async def test_a_refugee_certificate_without_a_zone_is_an_identity(person: Person) -> None:
    number = fresh_passport()[-44:-35]
    document = {"issuer": "RUS", "number": number, "nationality": "XXB", "expires_on": "2029-01-01"}
    (held,) = await give(person, kind="refugee_certificate", **document)
    assert (held["current"], held["zone"], held["nationality"]) == (True, None, "XXB")
    other = person.world.stranger()
    await other.sign_in()
    answer = await other.post("/v1/me/documents", {"kind": "refugee_certificate"} | document)
    refused(answer, 409, "document_known")


@pytest.mark.parametrize(
    ("document", "missing"),
    [
        ({"kind": "passport"}, ["mrz"]),
        ({"kind": "passport", "number": "AA1"}, ["mrz"]),
        ({"kind": "patent", "number": "1"}, ["issued_on", "issuer"]),
        ({"kind": "residence_permit", "issuer": "RUS"}, ["expires_on", "number"]),
        ({"kind": "translation"}, ["issued_on"]),
    ],
)
async def test_what_is_missing_is_named(person: Person, document: dict[str, Any], missing: list[str]) -> None:
    answer = await person.post("/v1/me/documents", document)
    assert refused(answer, 422, "document_incomplete")["missing"] == missing


async def test_a_zone_of_another_kind_is_refused_by_its_field(person: Person) -> None:
    for kind, mrz in (("passport", TD1), ("identity_card", SPECIMEN_TD3)):
        problem = refused(await person.post("/v1/me/documents", {"kind": kind, "mrz": mrz}), 422, "invalid_mrz")
        assert (problem["field"], problem["line"], problem["position"]) == ("document_type", 1, 1)
    refused(await person.post("/v1/me/documents", PATENT | {"number": "1", "mrz": TD1}), 422, "invalid_input")


async def test_the_printed_page_that_differs_is_flagged_and_an_earlier_version_kept(person: Person) -> None:
    mrz = fresh_passport("UZB")
    (first,) = await give(person, kind="passport", mrz=mrz)
    assert first["flags"] == ["expired"]
    page = {"birth": {"year": 1974, "month": 8, "day": 13}, "nationality": "TJK"}
    (again,) = await give(person, kind="passport", mrz=mrz, **page)
    assert again["id"] == first["id"]
    assert again["flags"] == ["expired", "birth_differs", "citizenship_differs"]
    assert await versions(person, "replaced") == 1
    # The zone alone, read again, takes nothing away.
    profile = given(await person.post("/v1/me/passport", {"mrz": mrz}), 201)
    assert profile["flags"] == again["flags"]
    assert await versions(person, "replaced") == 1


async def test_a_document_that_ended_is_current_no_more_and_still_nobody_elses(person: Person) -> None:
    mrz = fresh_passport()
    (held,) = await give(person, kind="passport", mrz=mrz)
    for _ in range(2):
        (ended,) = given(await person.post(f"/v1/me/documents/{held['id']}/end", {"reason": "lost"}))["items"]
        assert (ended["status"], ended["current"]) == ("ended", False)
    assert given(await person.get("/v1/me"))["passport"] is None
    assert [entry["action"] for entry in await log(person)].count("document_ended") == 1
    other = person.world.stranger()
    await other.sign_in()
    refused(await other.post("/v1/me/passport", {"mrz": mrz}), 409, "document_known")
    refused(await other.post(f"/v1/me/documents/{held['id']}/end", {"reason": "lost"}), 404, "not_found")
    given(await person.post("/v1/me/passport", {"mrz": mrz}), 201)
    assert given(await person.get("/v1/me/documents"))["items"][0]["status"] == "valid"


async def test_each_name_stands_beside_the_others_with_its_source(person: Person) -> None:
    (passport,) = await give(person, kind="passport", mrz=fresh_passport())
    translation = (await give(person, kind="translation", issued_on="2026-09-01"))[-1]
    given(await person.put("/v1/me/names/printed", {"surname": "Eriksson", "given_names": "Anna-Maria"}))
    cyrillic = {"surname": "Эрикссон", "given_names": "Анна Мария", "document_id": translation["id"]}
    names = given(await person.put("/v1/me/names/cyrillic", cyrillic))["items"]
    assert [(n["source"], n["surname"], n["given_names"], n["document_id"]) for n in names] == [
        ("zone", "ERIKSSON", "ANNA MARIA", passport["id"]),
        ("printed", "Eriksson", "Anna-Maria", None),
        ("cyrillic", "Эрикссон", "Анна Мария", translation["id"]),
    ]
    given(await person.post("/v1/me/passport", {"mrz": fresh_passport()}), 201)
    assert [n["surname"] for n in given(await person.get("/v1/me/names"))["items"]][1:] == ["Eriksson", "Эрикссон"]


@pytest.mark.parametrize(
    ("source", "name", "status", "code"),
    [
        ("printed", {"surname": "Юлдошев"}, 422, "name_refused"),
        ("cyrillic", {"surname": "Yuldoshev"}, 422, "name_refused"),
        ("printed", {}, 422, "name_refused"),
        ("printed", {"surname": "-"}, 422, "name_refused"),
        ("zone", {"surname": "YULDOSHEV"}, 422, "invalid_input"),
        ("printed", {"surname": "A", "document_id": "00000000-0000-4000-8000-000000000000"}, 404, "not_found"),
    ],
)
async def test_a_name_that_its_source_cannot_write(
    person: Person, source: str, name: dict[str, str], status: int, code: str
) -> None:
    refused(await person.put(f"/v1/me/names/{source}", name), status, code)


async def test_one_name_is_enough(person: Person) -> None:
    (name,) = given(await person.put("/v1/me/names/cyrillic", {"given_names": "Сухарто"}))["items"]
    assert (name["surname"], name["given_names"], name["patronymic"]) == (None, "Сухарто", None)


async def test_the_clerk_sees_the_zones_name_and_the_cyrillic_one(world: World) -> None:
    visitor = await world.newcomer()
    given(await visitor.put("/v1/me/names/cyrillic", {"surname": "Эрикссон", "given_names": "Анна"}))
    point = await roomy_point(world)
    booking = await booked(visitor, point=point)
    desk = await world.desk(point)
    shown = given(await desk.post("/v1/visits/check-ins", {"qr_pass": visitor.qr_pass(booking["id"])}), 201)
    assert (shown["name"], shown["cyrillic_name"]) == ("ANNA MARIA ERIKSSON", "Анна Эрикссон")


async def test_numbers_are_checked_and_one_that_another_has_is_flagged(person: Person) -> None:
    """By a number that is in no other test."""
    refused(await person.put("/v1/me/numbers/snils", {"number": "112-233-445 96"}), 422, "number_refused")
    refused(await person.put("/v1/me/numbers/passport", {"number": "112-233-445 95"}), 422, "invalid_input")
    other = person.world.stranger()
    await other.sign_in()
    for somebody in (person, other):
        given(await somebody.put("/v1/me/numbers/inn", {"number": "7707 0838 9324"}))
    (number,) = given(await person.get("/v1/me/numbers"))["items"]
    assert number == {"kind": "inn", "number": "770708389324", "flags": ["number_elsewhere"]}
    given(await other.put("/v1/me/numbers/inn", {"number": "000000000000"}))
    assert given(await person.get("/v1/me/numbers"))["items"][0]["flags"] == []


async def test_contacts_and_languages(person: Person) -> None:
    contacts = {"address": "Казань, ул. Баумана, 1", "email": "a@b.uz", "emergency_phone": "+998 90 123-45-67"}
    told = given(await person.put("/v1/me/contacts", contacts))
    assert told["emergency_phone"] == "+998901234567"
    assert given(await person.get("/v1/me/contacts")) == told
    refused(await person.put("/v1/me/contacts", {"emergency_phone": "12"}), 422, "invalid_phone")
    refused(await person.put("/v1/me/contacts", {"email": "nobody"}), 422, "invalid_input")
    languages = {"languages": ["tg", "ru", "tg"]}
    assert given(await person.put("/v1/me/languages", languages))["languages"] == ["tg", "ru"]
    refused(await person.put("/v1/me/languages", {"languages": ["klingon"]}), 422, "invalid_input")
    refused(await person.put("/v1/me/languages", {"languages": []}), 422, "invalid_input")


async def test_the_birth_date_takes_a_century_and_age_limits_bind(world: World) -> None:
    visitor = await world.newcomer(citizenship="UZB")
    assert await step(visitor, "application")
    given(await visitor.put("/v1/me/birth-date", {"year": 1974, "month": 8, "day": 12}))
    assert "birth_differs" not in given(await visitor.get("/v1/me"))["flags"]
    profile = given(await visitor.put("/v1/me/birth-date", {"year": world.today.year - 10}))
    assert "birth_differs" in profile["flags"]
    assert profile["birth"] == {"year": world.today.year - 10, "month": None, "day": None}
    steps = [s["code"] for s in given(await visitor.get("/v1/me/pathway"))["steps"]]
    assert "application" not in steps


@pytest.mark.parametrize("birth", [{}, {"year": 2090}, {"year": 1850}, {"year": 1975, "month": 2, "day": 29}])
async def test_no_such_birth_date(person: Person, birth: dict[str, int]) -> None:
    refused(await person.put("/v1/me/birth-date", birth), 422, "birth_not_plausible")


async def test_a_rule_of_age_binds_when_a_visit_is_booked(world: World) -> None:
    """The hot path reads the same facts as the pathway does."""
    visitor = await world.newcomer(citizenship="UZB")
    given(await visitor.put("/v1/me/birth-date", {"year": world.today.year - 3}))
    codes = [s["code"] for s in given(await visitor.get("/v1/me/pathway"))["steps"]]
    assert "fingerprints" not in codes
    place = await visitor.place("fingerprints")
    refused(await visitor.post("/v1/bookings", place), 404, "step_unknown")


async def test_an_account_finds_out_five_numbers_of_others_a_day(own_time: World) -> None:
    """The next is refused whatever it is; the person's own documents stay theirs to give."""
    owner, prober = own_time.stranger(), own_time.stranger()
    for somebody in (owner, prober):
        await somebody.sign_in()
    others, mine = [fresh_passport() for _ in range(6)], fresh_passport()
    for mrz in others:
        given(await owner.post("/v1/me/passport", {"mrz": mrz}), 201)
    given(await prober.post("/v1/me/passport", {"mrz": mine}), 201)
    for mrz in others[:3]:
        refused(await prober.post("/v1/me/passport", {"mrz": mrz}), 409, "document_known")
    refused(await prober.post("/v1/me/documents", {"kind": "passport", "mrz": others[3]}), 409, "document_known")
    child = {"year": own_time.today.year - 9, "mrz": others[4]}
    refused(await prober.post("/v1/me/wards", child), 409, "document_known")
    assert given(await prober.get("/v1/me/family"))["items"] == []
    for mrz in (others[5], fresh_passport()):
        answer = await prober.post("/v1/me/passport", {"mrz": mrz})
        refused(answer, 429, "too_many_guesses")
        assert 0 < int(answer.headers["retry-after"]) <= 86_400
    given(await prober.post("/v1/me/passport", {"mrz": mine}), 201)
    own_time.clock.move(days=1)
    await stay_signed_in(prober)
    given(await prober.post("/v1/me/passport", {"mrz": fresh_passport()}), 201)


async def test_a_refused_document_leaves_nothing_of_the_person_behind(person: Person) -> None:
    other, mrz = person.world.stranger(), fresh_passport()
    await other.sign_in()
    given(await other.post("/v1/me/passport", {"mrz": mrz}), 201)
    refused(await person.post("/v1/me/passport", {"mrz": mrz}), 409, "document_known")
    assert given(await person.get("/v1/me"))["migrant_id"] is None


async def test_ten_documents_say_who_one_person_is(person: Person) -> None:
    first = fresh_passport()
    for mrz in [first, *(fresh_passport() for _ in range(9))]:
        given(await person.post("/v1/me/passport", {"mrz": mrz}), 201)
    answer = await person.post("/v1/me/passport", {"mrz": fresh_passport()})
    assert refused(answer, 409, "too_many_documents")["limit"] == 10
    given(await person.post("/v1/me/passport", {"mrz": first}), 201)


async def test_a_number_without_a_letter_or_digit_is_missing(person: Person) -> None:
    document = {"kind": "identity_card", "issuer": "UZB", "number": "_", "nationality": "UZB"}
    answer = await person.post("/v1/me/documents", document)
    assert refused(answer, 422, "document_incomplete")["missing"] == ["number"]


@pytest.mark.parametrize("odd", [{"month": "8"}, {"day": True}, {"year": 1974.5}])
async def test_a_part_of_a_birth_date_is_a_whole_number(world: World, odd: dict[str, object]) -> None:
    person = await world.newcomer()
    refused(await person.put("/v1/me/birth-date", {"year": 1974} | odd), 422, "invalid_input")
    assert given(await person.get("/v1/me"))["birth"] is None
