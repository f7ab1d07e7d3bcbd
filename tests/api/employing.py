"""Companies and the people they look for, in tests of the API."""

import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID

import h3
from sqlalchemy import text

from app.domain.employers.companies import check_bin
from app.domain.identity.caller import Role
from app.domain.profiles.numbers import NumberError
from tests.api.helpers import Json, given
from tests.api.test_staff_accounts import Staff, staff
from tests.support.people import Person, World

_numbers = itertools.count(1_000_000)
KAZAN = (55.79, 49.12)
WELDER, PLUMBER = "7212", "7126"


def new_bin() -> str:
    """A business number that nobody has applied with."""
    while True:
        head = f"20014{next(_numbers) % 10**6:06}"
        for last in "0123456789":
            try:
                return check_bin(head + last)
            except NumberError:
                continue


def application(**other: Any) -> Json:
    contact = {"name": "Анна Кадрова", "email": "hr@works.test", "phone": "+79001112233"}
    body = {"number_kind": "bin", "number": new_bin(), "name_ru": "Завод", "name_en": "Works", "contact": contact}
    return body | other


async def company(world: World, operator: Staff | None = None, **other: Any) -> Staff:
    """Somebody of a company that was let in."""
    async with world.runtime.database.writing(world.region) as uow:
        # All tests apply from one address, more often than one may in a day.
        await uow.session.execute(text("DELETE FROM tallies"))
    operator = operator or await staff(world, Role.REGION_OPERATOR)
    made = given(await world.client.post("/v1/companies", json=application(**other)), 201)
    given(await operator.post(f"/v1/companies/{made['id']}/approve"))
    return await staff(world, Role.EMPLOYER, organisation_id=UUID(made["id"]))


def posting(world: World, **other: Any) -> Json:
    """A welder's work in Kazan, from a month on."""
    body: Json = {
        "title": "Сварщик на завод",
        "description": "Сварка металлоконструкций по чертежам, спецодежда и обучение за счёт завода.",
        "occupationalCategory": WELDER,
        "skills": ["arc_welding", "technical_drawings"],
        "jobLocation": {
            "geo": {"latitude": KAZAN[0], "longitude": KAZAN[1]},
            "address": {"addressLocality": "Казань"},
        },
        "workHours": ["day"],
        "baseSalary": {"currency": "RUB", "value": {"minValue": 80_000, "unitText": "MONTH"}},
        "validThrough": (world.today + timedelta(days=60)).isoformat(),
        "jobStartDate": (world.today + timedelta(days=30)).isoformat(),
        "totalJobOpenings": 2,
        "experienceRequirements": {"monthsOfExperience": 24},
    }
    return body | other


async def published(employer: Staff, **other: Any) -> str:
    """A vacancy's id."""
    made = given(await employer.post("/v1/employer/vacancies", posting(employer.world, **other)), 201)
    given(await employer.post(f"/v1/employer/vacancies/{made['id']}/publish"))
    return str(made["id"])


def work(**other: Any) -> Json:
    """What a welder says of their work."""
    body: Json = {
        "worked": [{"occupation": WELDER, "years": 6}],
        "skills": ["arc_welding", "crane"],
        "certificates": ["welder_certificate"],
        "place": h3.latlng_to_cell(*KAZAN, 6),
        "shifts": ["day", "night"],
        "wishes": [],
        "languages": [{"language": "tg", "level": "C2"}, {"language": "ru", "level": "B1"}],
        "permitted": [],
    }
    return body | other


async def found(person: Person, **other: Any) -> Person:
    """Says what they have worked, and agrees to be found."""
    given(await person.put("/v1/me/work-profile", work(**other)))
    await agree(person, "visible_to_employers")
    return person


async def welder(world: World, *, citizenship: str = "KGZ", **other: Any) -> Person:
    """Somebody of the EAEU, who may work at once, and may be found."""
    return await found(await world.newcomer(citizenship=citizenship), **other)


async def agree(person: Person, purpose: str, scope: str | None = None) -> Json:
    notice = await notice_of(person, purpose, scope)
    body = {name: notice[name] for name in ("purpose", "scope", "language", "sha256")}
    consent: Json = given(await person.post("/v1/me/consents", body), 201)
    await carry_out(person.world)
    return consent


async def notice_of(person: Person, purpose: str, scope: str | None = None) -> Json:
    items: list[Json] = given(await person.get("/v1/me/consents/notices"))["items"]
    return next(each for each in items if (each["purpose"], each["scope"]) == (purpose, scope))


async def withdraw(person: Person, consent_id: str) -> None:
    given(await person.post(f"/v1/me/consents/{consent_id}/withdraw"))


async def carry_out(world: World) -> None:
    """What the worker does of consents that have changed."""
    while await world.relay():
        pass


async def cards(employer: Staff, vacancy_id: str, limit: int = 50) -> list[Json]:
    path = f"/v1/employer/vacancies/{vacancy_id}/candidates"
    items: list[Json] = given(await employer.get(path, limit=limit))["items"]
    return items


async def say_yes(person: Person, request_id: str) -> Json:
    request = given(await person.get(f"/v1/me/employer-requests/{request_id}"))
    notice = await notice_of(person, "reveal_contacts", request["vacancy_id"])
    body = {"language": notice["language"], "sha256": notice["sha256"]}
    answer: Json = given(await person.post(f"/v1/me/employer-requests/{request_id}/accept", body), 201)
    await carry_out(person.world)
    return answer
