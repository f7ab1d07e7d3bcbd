"""Employers over HTTP: who is let in, what may be published, who is found and how little of them is shown."""

from uuid import UUID, uuid4

import pytest

from app.domain.identity.caller import Role
from services.employers.repository import waiting
from services.staff.commands import put_organisation
from tests.api.employing import (
    PLUMBER,
    application,
    cards,
    carry_out,
    company,
    found,
    posting,
    published,
    say_yes,
    welder,
    withdraw,
    work,
)
from tests.api.helpers import Json, given, log, refused
from tests.api.test_staff_accounts import Staff, staff
from tests.support.people import World


async def test_a_company_applies_and_the_operator_decides(world: World) -> None:
    operator = await staff(world, Role.REGION_OPERATOR)
    body = application()
    made = given(await world.client.post("/v1/companies", json=body), 201)
    refused(await world.client.post("/v1/companies", json=body), 409, "company_known")
    [waiting] = [
        c for c in given(await operator.get("/v1/companies", status="applied"))["items"] if c["id"] == made["id"]
    ]
    assert (waiting["number"], waiting["contact"]["email"]) == (body["number"], "hr@works.test")
    no = given(await operator.post(f"/v1/companies/{made['id']}/refuse", {"reason": "Не найдена в реестре"}))
    assert no["status"] == "refused"
    refused(await operator.post(f"/v1/companies/{made['id']}/approve"), 409, "company_decided")
    again = given(await world.client.post("/v1/companies", json=body), 201)
    given(await operator.post(f"/v1/companies/{again['id']}/approve"))
    invitation = {"role": "employer", "login": f"{again['id']}@works", "organisation_id": again["id"]}
    given(await operator.post("/v1/staff", invitation), 201)
    refused(await operator.post(f"/v1/companies/{uuid4()}/approve"), 404, "not_found")


@pytest.mark.parametrize(
    ("kind", "number"),
    [("inn", "7707083894"), ("inn", "770708389"), ("bin", "200140000010"), ("bin", "201340000015"), ("inn", "x" * 10)],
)
async def test_a_number_that_is_none_is_refused(world: World, kind: str, number: str) -> None:
    answer = await world.client.post("/v1/companies", json=application(number_kind=kind, number=number))
    refused(answer, 422, "invalid_input")


async def test_an_inn_is_taken(world: World) -> None:
    given(await world.client.post("/v1/companies", json=application(number_kind="inn", number="7707083893")), 201)


async def test_a_suspended_company_sees_nobody_and_one_that_nobody_checked_neither(world: World) -> None:
    operator = await staff(world, Role.REGION_OPERATOR)
    employer = await company(world, operator)
    own = given(await employer.get("/v1/employer/company"))
    vacancy = await published(employer)
    given(await operator.post(f"/v1/companies/{own['id']}/refuse", {"reason": "Жалобы на задержку зарплаты"}))
    refused(await employer.get(f"/v1/employer/vacancies/{vacancy}/candidates"), 403, "company_not_approved")
    person = await welder(world)
    assert vacancy not in {v["id"] for v in given(await person.get("/v1/me/matched-vacancies"))["items"]}
    given(await operator.post(f"/v1/companies/{own['id']}/approve"))
    given(await employer.get(f"/v1/employer/vacancies/{vacancy}/candidates"))
    async with world.runtime.database.writing(world.region) as uow:
        await put_organisation(uow, unchecked := uuid4(), "employer", {"ru": "x", "en": "x"})
    other = await staff(world, Role.EMPLOYER, organisation_id=unchecked)
    refused(await other.post("/v1/employer/vacancies", posting(world)), 403, "company_not_approved")


async def test_a_vacancy_goes_from_draft_to_published_to_closed(world: World) -> None:
    employer, other = await company(world), await company(world)
    made = given(await employer.post("/v1/employer/vacancies", posting(world)), 201)
    path = f"/v1/employer/vacancies/{made['id']}"
    assert (made["status"], made["date_posted"], made["posting"]["skills"]) == (
        "draft",
        None,
        ["arc_welding", "technical_drawings"],
    )
    refused(await employer.get(f"{path}/candidates"), 409, "vacancy_closed")
    changed = given(
        await employer.world.client.put(
            path, json={"version": 1, "posting": posting(world, totalJobOpenings=3)}, headers=employer.headers
        )
    )
    assert (changed["version"], changed["posting"]["totalJobOpenings"]) == (2, 3)
    stale = {"version": 1, "posting": posting(world)}
    refused(await world.client.put(path, json=stale, headers=employer.headers), 409, "vacancy_changed")
    assert given(await employer.post(f"{path}/publish"))["status"] == "published"
    for each in (other.get(path), other.post(f"{path}/close"), other.get(f"{path}/candidates")):
        refused(await each, 404, "not_found")
    assert given(await employer.post(f"{path}/close"))["status"] == "closed"
    refused(await employer.post(f"{path}/publish"), 409, "vacancy_closed")
    assert [v["id"] for v in given(await employer.get("/v1/employer/vacancies"))["items"]] == [made["id"]]


async def test_a_text_that_leaves_people_out_is_refused_and_so_is_a_language_nobody_says_the_need_of(
    world: World,
) -> None:
    employer = await company(world)
    asked = [{"language": "ru", "level": "B1"}]
    made = given(await employer.post("/v1/employer/vacancies", posting(world, languageRequirements=asked)), 201)
    problem = refused(await employer.post(f"/v1/employer/vacancies/{made['id']}/publish"), 422, "vacancy_refused")
    assert [(r["where"], r["kind"], r["words"]) for r in problem["reasons"]] == [
        ("languageRequirements", "language", "ru")
    ]
    assert set(problem["reasons"][0]["reason"]) == {"ru", "en"}
    worse = {"version": 1, "posting": posting(world, description="Требуются мужчины до 35 лет, славянская внешность.")}
    path = f"/v1/employer/vacancies/{made['id']}"
    given(await world.client.put(path, json=worse, headers=employer.headers))
    faults = refused(await employer.post(f"{path}/publish"), 422, "vacancy_refused")["reasons"]
    assert {"sex", "age"} <= {each["kind"] for each in faults if each["where"] == "description"}
    asked[0]["reason"] = "Инструктаж по технике безопасности проводится на русском."
    body = {"version": 2, "posting": posting(world, languageRequirements=asked)}
    given(await world.client.put(path, json=body, headers=employer.headers))
    given(await employer.post(f"{path}/publish"))
    refused(await world.client.put(path, json=worse | {"version": 3}, headers=employer.headers), 422, "vacancy_refused")


@pytest.mark.parametrize(
    "wrong",
    [
        {"occupationalCategory": "9999"},
        {"skills": ["+79001234567"]},
        {"workHours": []},
        {"validThrough": "2020-01-01"},
        {"unknown": 1},
    ],
)
async def test_terms_that_make_no_sense_are_refused(world: World, wrong: dict[str, object]) -> None:
    employer = await company(world)
    refused(await employer.post("/v1/employer/vacancies", posting(world, **wrong)), 422, "invalid_input")


@pytest.mark.parametrize(
    "wrong",
    [
        {"skills": ["Ali Valiev"]},
        {"place": "8a2a1072b59ffff"},
        {"place": "x"},
        {"worked": [{"occupation": "9999"}]},
        {"wish": "anything"},
    ],
)
async def test_a_work_profile_holds_no_free_text_and_no_exact_place(world: World, wrong: dict[str, object]) -> None:
    person = await world.newcomer()
    refused(await person.put("/v1/me/work-profile", work(**wrong)), 422, "invalid_input")


async def test_a_work_profile_is_the_persons_to_change_and_to_delete(world: World) -> None:
    person = await world.newcomer(citizenship="KGZ")
    refused(await person.get("/v1/me/work-profile"), 404, "not_found")
    told = given(await person.put("/v1/me/work-profile", work()))
    assert (told["profile"], told["visible"], told["allowed"]["now"], told["allowed"]["sure"]) == (
        work(),
        False,
        True,
        100,
    )
    assert given(await person.get("/v1/me/work-profile")) == told
    assert (await person.delete("/v1/me/work-profile")).status_code == 204
    refused(await person.delete("/v1/me/work-profile"), 404, "not_found")


async def test_who_still_goes_through_the_pathway_is_expected_on_a_day(world: World) -> None:
    person = await world.newcomer(citizenship="TJK")
    told = given(await person.put("/v1/me/work-profile", work()))
    assert told["allowed"]["now"] is False
    assert told["allowed"]["since"] > world.today.isoformat()
    assert 80 <= told["allowed"]["sure"] < 100
    visitor = await world.newcomer(citizenship="TJK", purpose="visit")
    assert given(await visitor.put("/v1/me/work-profile", work()))["allowed"] is None


async def test_a_card_explains_itself_and_is_another_in_another_vacancy(world: World) -> None:
    employer = await company(world)
    first, second = await published(employer), await published(employer)
    await welder(world, worked=[{"occupation": "7212", "years": 40}], skills=["arc_welding", "tractor"])
    mine = await _own(first, employer)
    assert mine["match"]["score"] == sum(part["points"] for part in mine["match"]["parts"])
    assert {part["about"]: part["why"] for part in mine["match"]["parts"]}["skills"] == "some"
    assert mine["worked"] == [{"occupation": "7212", "years": 10}]
    assert mine["allowed"] == {"now": True, "since": None, "sure": 100}
    assert {card["id"] for card in await cards(employer, first)}.isdisjoint(
        c["id"] for c in await cards(employer, second)
    )
    # Whom the assignment suggests may be worked out beside the answer.
    assert await _own(first, employer) | {"suggested": mine["suggested"]} == mine


async def _own(vacancy: str, employer: Staff) -> Json:
    """Who has worked for forty years is told from the others by their skills alone."""
    return next(card for card in await cards(employer, vacancy) if card["skills"] == ["arc_welding", "tractor"])


async def test_nobody_is_found_who_did_not_agree_or_may_not_work_by_the_start(world: World) -> None:
    employer = await company(world)
    vacancy = await published(employer, occupationalCategory=PLUMBER)
    told = {"worked": [{"occupation": PLUMBER, "years": 3}], "skills": ["plumbing"]}
    hidden = await world.newcomer(citizenship="KGZ")
    given(await hidden.put("/v1/me/work-profile", work(**told)))
    await found(await world.newcomer(citizenship="TJK", purpose="visit"), **told)
    assert [c for c in await cards(employer, vacancy) if c["skills"] == ["plumbing"]] == []
    await found(hidden, **told)
    assert len([c for c in await cards(employer, vacancy) if c["skills"] == ["plumbing"]]) == 1


async def test_each_look_is_told_of_and_a_withdrawn_consent_hides_at_once(world: World) -> None:
    """Before any worker has carried anything out."""
    employer = await company(world)
    vacancy = await published(employer, occupationalCategory="9412")
    person = await found(await world.newcomer(citizenship="KGZ"), skills=["cooking"])
    [card] = [c for c in await cards(employer, vacancy) if c["skills"] == ["cooking"]]
    await cards(employer, vacancy)
    own = given(await employer.get("/v1/employer/company"))["id"]
    looks = [use for use in await log(person) if use["purpose"] == "employer_card"]
    assert [(use["receiver"], use["actor_role"]) for use in looks] == [(f"organisation:{own}", "employer")]
    [consent] = given(await person.get("/v1/me/consents"))["items"]
    await withdraw(person, consent["id"])
    assert [c for c in await cards(employer, vacancy) if c["skills"] == ["cooking"]] == []
    refused(await employer.post(f"/v1/employer/cards/{card['id']}/request"), 404, "not_found")
    await carry_out(world)
    assert given(await person.get("/v1/me/work-profile"))["visible"] is False


async def test_a_yes_shows_contacts_for_that_vacancy_and_as_long_as_it_stands(world: World) -> None:
    employer = await company(world)
    vacancy, another = await published(employer), await published(employer)
    person = await found(await world.newcomer(citizenship="KGZ"), skills=["sewing"])
    [card] = [c for c in await cards(employer, vacancy) if c["skills"] == ["sewing"]]
    [other] = [c for c in await cards(employer, another) if c["skills"] == ["sewing"]]
    contact = f"/v1/employer/cards/{card['id']}/contact"
    refused(await employer.get(contact), 409, "contact_not_shown")
    asked = given(await employer.post(f"/v1/employer/cards/{card['id']}/request"), 201)
    assert asked["state"] == "waiting"
    refused(await employer.post(f"/v1/employer/cards/{card['id']}/request"), 409, "asked_already")
    refused(await employer.get(contact), 409, "contact_not_shown")
    [request] = given(await person.get("/v1/me/employer-requests"))["items"]
    assert (request["id"], request["open"], request["company"]["ru"]) == (card["id"], True, "Завод")
    consent = (await say_yes(person, request["id"]))["consent_id"]
    given(await person.get(f"/v1/me/consents/{consent}/receipt"))
    shown = given(await employer.get(contact))
    assert (shown["phone"], "ERIKSSON" in shown["name"]) == (person.number, True)
    refused(await employer.get(f"/v1/employer/cards/{other['id']}/contact"), 409, "contact_not_shown")
    refused(await (await company(world)).get(contact), 404, "not_found")
    [seen] = given(await employer.get("/v1/employer/requests"))["items"]
    assert seen["state"] == "agreed"
    assert "employer_contact" in {use["purpose"] for use in await log(person)}
    await withdraw(person, consent)
    refused(await employer.get(contact), 409, "contact_not_shown")
    [seen] = given(await employer.get("/v1/employer/requests"))["items"]
    assert seen["state"] == "not_available"


async def test_a_no_looks_like_no_answer(world: World) -> None:
    employer = await company(world)
    vacancy = await published(employer)
    people = [await found(await world.newcomer(citizenship="KGZ"), skills=["laundry", "milking"]) for _ in range(2)]
    both = [c for c in await cards(employer, vacancy) if c["skills"] == ["laundry", "milking"]]
    for card in both:
        given(await employer.post(f"/v1/employer/cards/{card['id']}/request"), 201)
    [request] = given(await people[0].get("/v1/me/employer-requests"))["items"]
    path = f"/v1/me/employer-requests/{request['id']}"
    assert (await people[0].post(f"{path}/decline")).status_code == 204
    await carry_out(world)
    refused(await people[0].post(f"{path}/decline"), 409, "request_over")
    refused(await people[1].post(f"{path}/decline"), 404, "not_found")
    seen = given(await employer.get("/v1/employer/requests"))["items"]
    shown = [{k: v for k, v in one.items() if k not in {"card_id", "asked_at", "expires_at"}} for one in seen]
    assert shown == [shown[0]] * 2
    async with world.runtime.database.reading(world.region) as uow:
        assert await waiting(uow, UUID(vacancy)) == 2, "no room is made for another, which would tell of it"
    assert {c["request"] for c in await cards(employer, vacancy) if c["id"] in {b["id"] for b in both}} == {"waiting"}


async def test_a_person_sees_vacancies_that_fit_and_nobody_learns_of_it(world: World) -> None:
    employer = await company(world)
    vacancy = await published(employer, occupationalCategory="8122", title="Оператор линии")
    person = await world.newcomer(citizenship="KGZ")
    assert given(await person.get("/v1/me/matched-vacancies"))["items"] == []
    given(await person.put("/v1/me/work-profile", work(worked=[{"occupation": "8122", "years": 5}])))
    best = given(await person.get("/v1/me/matched-vacancies"))["items"][0]
    assert (best["id"], best["posting"]["title"]) == (vacancy, "Оператор линии")
    assert best["match"]["score"] == sum(part["points"] for part in best["match"]["parts"])
    assert [use for use in await log(person) if use["purpose"]] == []


async def test_terms_of_work_are_open_to_everybody(world: World) -> None:
    terms = given(await world.client.get("/v1/work-terms"))
    assert len(terms["occupations"]) > 400
    assert {"code": "arc_welding", "name": {"ru": "Дуговая сварка", "en": "Arc welding"}} in terms["skills"]
