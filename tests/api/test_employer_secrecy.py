"""No answer to an employer names anybody before their yes, and after it the contacts stand in one place alone.

Every operation that an employer may call is taken from the document and called; every value that people have given of
themselves is looked for in every answer.
"""

import json
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest_asyncio

from tests.api.employing import cards, carry_out, company, found, published, say_yes, withdraw
from tests.api.helpers import Json, given
from tests.api.test_staff_accounts import Staff
from tests.structure.sources import ROOT
from tests.support.people import Person, World

_SAID = {"number", "surname", "given_names", "patronymic", "authority", "series", "migrant_id", "address", "email"} | {
    "messenger",
    "emergency_name",
    "emergency_phone",
    "nationality",
    "citizenship",
    "issuer",
    "year",
    "sex",
}
_SHORT = 4


async def somebody(world: World, number: int) -> Person:
    """A newcomer who has told everything of themselves that can be told."""
    person = await world.newcomer(citizenship="KGZ")
    letter = "абвгдежз"[number]
    name = {"surname": f"Осмонова{letter}", "given_names": f"Айгерим{letter}", "patronymic": f"Бакытовна{letter}"}
    given(await person.put("/v1/me/names/cyrillic", name))
    latin = {"surname": f"Osmonova{number}x".replace(str(number), "qwertyui"[number]), "given_names": "Aigerim"}
    given(await person.put("/v1/me/names/printed", latin))
    given(await person.put("/v1/me/birth-date", {"year": 1991, "month": 4, "day": 9}))
    given(await person.put("/v1/me/numbers/inn", {"number": "500100732259"}))
    contacts = {"address": f"Казань, улица Тихая, {number + 100}", "email": f"aigerim{number}@mail.test"}
    contacts |= {
        "messenger": f"@aigerim{number}",
        "emergency_name": "Нурлан Осмонов",
        "emergency_phone": "+996555123456",
    }
    given(await person.put("/v1/me/contacts", contacts))
    return await found(person, skills=["arc_welding", "technical_drawings", "leading_a_crew"])


async def told_by(person: Person) -> set[str]:
    """All that they have told, and their number."""
    values: set[str] = {person.number, person.number[1:]}

    def take(value: Any, key: str = "") -> None:
        if isinstance(value, dict):
            for name, each in value.items():
                take(each, name)
        elif isinstance(value, list):
            for each in value:
                take(each, key)
        elif value is not None and key in _SAID:
            values.add(str(value))

    for path in ("/v1/me", "/v1/me/documents", "/v1/me/names", "/v1/me/numbers", "/v1/me/contacts"):
        take(given(await person.get(path)))
    return values


def holds(answer: str, value: str) -> bool:
    """Short ones count only as they stand for themselves: `KGZ`, `F`, 1991."""
    if len(value) >= _SHORT and not value.isdigit():
        return value.casefold() in answer.casefold()
    return re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w.-])", answer) is not None


class Heard:
    """Every answer to the employer, by what was asked."""

    def __init__(self, world: World) -> None:
        self.answers: list[tuple[str, str]] = []
        self._world = world

    async def keep(self, answer: httpx.Response) -> None:
        await answer.aread()
        self.answers.append((f"{answer.request.method} {answer.request.url.path}", answer.text))

    def telling(self, values: set[str]) -> set[tuple[str, str]]:
        return {(asked, value) for asked, said in self.answers for value in values if holds(said, value)}


def reads_of_employers() -> list[str]:
    """Paths that an employer may read: the document is what the program generates."""
    document: dict[str, Any] = json.loads((ROOT / "openapi" / "manzil.json").read_text(encoding="utf-8"))
    found = []
    for path, operations in document["paths"].items():
        callers = operations.get("get", {}).get("x-callers", [])
        if "employer" in callers:
            found.append(path)
    assert len(found) > 5
    return found


async def look_everywhere(employer: Staff, vacancy_id: str, card_ids: list[str]) -> None:
    for path in reads_of_employers():
        for card_id in card_ids if "{card_id}" in path else card_ids[:1]:
            filled = path.replace("{vacancy_id}", vacancy_id).replace("{card_id}", card_id)
            await employer.get(re.sub(r"\{\w+\}", str(uuid4()), filled))


@pytest_asyncio.fixture
async def people(world: World) -> list[Person]:
    return [await somebody(world, number) for number in range(3)]


async def test_every_answer_to_an_employer_names_nobody_before_their_yes(world: World, people: list[Person]) -> None:
    """And after the yes of one, contacts stand in the one answer that is for them, and nowhere else."""
    employer, heard = await company(world), Heard(world)
    values = {person.number: await told_by(person) for person in people}
    assert all(len(told) > 15 for told in values.values())
    world.client.event_hooks["response"].append(heard.keep)
    try:
        skills = ["arc_welding", "technical_drawings", "leading_a_crew"]
        vacancy, other = await published(employer, skills=skills), await published(employer, skills=skills)
        shown = [card for card in await cards(employer, vacancy) if "leading_a_crew" in card["skills"]]
        assert len(shown) == len(people)
        for card in shown:
            given(await employer.post(f"/v1/employer/cards/{card['id']}/request"), 201)
        await look_everywhere(employer, vacancy, [card["id"] for card in shown])
        everything = set[str]().union(*values.values())
        assert len(heard.answers) > 12
        assert heard.telling(everything) == set()
    finally:
        world.client.event_hooks["response"].remove(heard.keep)

    agreed = people[0]
    [request] = given(await agreed.get("/v1/me/employer-requests"))["items"]
    consent = (await say_yes(agreed, request["id"]))["consent_id"]
    after = await _heard_after(world, employer, [vacancy, other], shown)
    told = after.telling(everything)
    assert {asked for asked, _ in told} == {f"GET /v1/employer/cards/{request['id']}/contact"}
    contacts = {agreed.number, agreed.number[1:], "aigerim0@mail.test", "Осмоноваа", "Айгерима", "Бакытовнаа"}
    printed: Json = given(await agreed.get("/v1/me/names"))
    latin = {value for each in printed["items"] for value in (each["surname"], each["given_names"]) if value}
    assert {value for _, value in told} <= contacts | latin
    assert {agreed.number, "aigerim0@mail.test"} <= {value for _, value in told}

    await withdraw(agreed, consent)
    await carry_out(world)
    assert (await _heard_after(world, employer, [vacancy, other], shown)).telling(everything) == set()


async def _heard_after(world: World, employer: Staff, vacancies: list[str], shown: list[Json]) -> Heard:
    heard = Heard(world)
    world.client.event_hooks["response"].append(heard.keep)
    try:
        for vacancy in vacancies:
            await look_everywhere(employer, vacancy, [card["id"] for card in shown])
    finally:
        world.client.event_hooks["response"].remove(heard.keep)
    return heard


def test_the_search_finds_what_stands_there() -> None:
    assert holds('{"name":"ОСМОНОВА"}', "Осмонова")
    assert holds('{"citizenship":"KGZ"}', "KGZ")
    assert not holds('{"version":"19910","id":"KGZTAN"}', "1991")
