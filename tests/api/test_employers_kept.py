"""What becomes of work profiles and requests: told in one's language, over in time, taken along, deleted, joined."""

import gc
import io
import json
import zipfile
from datetime import date
from uuid import UUID

from sqlalchemy import text
from structlog.testing import capture_logs

from app.domain.consents.consent import Reason
from app.domain.identity.caller import Role
from app.domain.pathways.events import EventKind, Source, StepEvent
from app.main import read_all_ahead
from services.consents.upkeep import end_all
from services.employers.companies import companies, forget_refused
from services.employers.pool import pool_here, read_whole
from services.employers.reckoning import reckon_moved
from services.employers.upkeep import end_requests, faults, follow_merges
from services.identity.wards import mark_merged
from services.pathways.commands import record_event
from tests.api.employing import application, cards, carry_out, company, found, published, work
from tests.api.helpers import Json, claims, given, refused, stay_signed_in
from tests.api.test_reminders import inbox, tick
from tests.api.test_staff_accounts import Staff, staff
from tests.services.reminding import Pocket
from tests.support.people import Person, World


def whose(person: Person) -> UUID:
    return UUID(claims(person.tokens["access_token"])["person"])


async def asked(employer: Staff, vacancy: str, skills: list[str]) -> Json:
    [card] = [card for card in await cards(employer, vacancy) if card["skills"] == skills]
    request: Json = given(await employer.post(f"/v1/employer/cards/{card['id']}/request"), 201)
    return request


async def test_a_request_is_told_in_ones_language_and_is_over_in_two_weeks(own_time: World) -> None:
    world = own_time
    employer = await company(world)
    vacancy = await published(employer, title="Сварщик на верфь")
    person = await found(await world.newcomer(citizenship="KGZ"), skills=["baking"])
    request = await asked(employer, vacancy, ["baking"])
    world.clock.move(minutes=2)
    await tick(world, Pocket())
    [told] = [item for item in (await inbox(person, "tg"))["items"] if item["kind"] == "employer_request"]
    assert told["brief"] == "Завод: Сварщик на верфь."
    assert told["link"] == f"/employer-requests/{request['card_id']}"
    world.clock.move(days=14)
    async with world.runtime.database.writing(world.region) as uow:
        assert await end_requests(uow) >= 1  # those of other tests may be over too
        assert await end_requests(uow) == 0
    await stay_signed_in(person)
    refused(await person.post(f"/v1/me/employer-requests/{request['card_id']}/decline"), 409, "request_over")
    statuses = {c["purpose"]: c["status"] for c in given(await person.get("/v1/me/consents"))["items"]}
    assert statuses["reveal_contacts"] == "invalidated"


async def test_what_happens_on_the_pathway_changes_from_when_one_may_work(world: World) -> None:
    person = await found(await world.newcomer(citizenship="TJK", days_ago=40), skills=["gardening"])
    assert given(await person.get("/v1/me/work-profile"))["allowed"]["now"] is False
    today: date = world.today
    async with world.runtime.database.writing(world.region) as uow:
        for step in ("medical", "fingerprints", "application", "collection", "tax_advance"):
            await record_event(uow, whose(person), StepEvent(step, EventKind.DONE, today, Source.DOCUMENT))
    assert await reckon_moved(world.runtime.database, world.region) > 0
    allowed = given(await person.get("/v1/me/work-profile"))["allowed"]
    assert (allowed["now"], allowed["sure"]) == (True, 100)
    assert await reckon_moved(world.runtime.database, world.region) == 0


async def test_all_of_it_is_taken_along_and_all_of_it_is_deleted(world: World) -> None:
    employer = await company(world)
    vacancy = await published(employer)
    person = await found(await world.newcomer(citizenship="KGZ"), skills=["roofing"])
    request = await asked(employer, vacancy, ["roofing"])
    export = zipfile.ZipFile(io.BytesIO((await person.get("/v1/me/export")).content))
    kept = json.loads(export.read("employers.json"))
    assert kept["work_profiles"][0]["profile"]["skills"] == ["roofing"]
    assert [(card["id"], card["status"]) for card in kept["vacancy_cards"]] == [(request["card_id"], "asked")]
    word = given(await person.get("/v1/me/deletion"))["confirmation"]
    given(await person.post("/v1/me/deletion", {"confirmation": word}))
    assert [card for card in await cards(employer, vacancy) if card["skills"] == ["roofing"]] == []
    refused(await employer.get(f"/v1/employer/cards/{request['card_id']}/contact"), 404, "not_found")
    await carry_out(world)


async def test_the_work_profile_of_who_was_joined_with_another_goes_with_them(world: World) -> None:
    employer = await company(world)
    vacancy = await published(employer)
    second = await found(await world.newcomer(citizenship="KGZ"), skills=["tiling"])
    await asked(employer, vacancy, ["tiling"])
    first = await world.newcomer(citizenship="KGZ")
    async with world.runtime.database.writing(world.region) as uow:
        await end_all(uow, whose(second), Reason.MERGED)
        await mark_merged(uow, whose(second), whose(first))
    async with world.runtime.database.writing(world.region) as uow:
        assert await follow_merges(uow) == 1
        assert await follow_merges(uow) == 0
    told = given(await first.get("/v1/me/work-profile"))
    assert (told["profile"]["skills"], told["visible"]) == (["tiling"], False)
    assert given(await first.get("/v1/me/employer-requests"))["items"] == []
    assert [card for card in await cards(employer, vacancy) if card["skills"] == ["tiling"]] == []


async def test_the_operator_is_told_rates_of_groups_of_ten_or_more(world: World) -> None:
    person = await world.newcomer(citizenship="ARM")
    given(await person.put("/v1/me/work-profile", work()))
    operator = await staff(world, Role.REGION_OPERATOR)
    rates = given(await operator.get("/v1/companies/fairness"))
    for told in (*rates["shown"].values(), *rates["asked"].values()):
        assert all(group["people"] >= 10 and group["people"] % 10 == 0 for group in told["groups"])
        assert "ARM" not in {group["group"] for group in told["groups"]}


async def test_a_work_profile_that_was_changed_or_deleted_is_so_at_the_next_look(own_time: World) -> None:
    employer = await company(own_time)
    vacancy = await published(employer, occupationalCategory="5120")
    person, told = await own_time.newcomer(citizenship="KGZ"), {"worked": [{"occupation": "5120", "years": 4}]}
    await found(person, skills=["milking"], **told)

    async def scores(skill: str) -> list[int]:
        return [card["match"]["score"] for card in await cards(employer, vacancy) if card["skills"] == [skill]]

    [before] = await scores("milking")
    given(await person.put("/v1/me/work-profile", work(skills=["painting"], **told | {"worked": []})))
    assert await scores("milking") == []
    [after] = await scores("painting")
    assert after < before
    assert (await person.delete("/v1/me/work-profile")).status_code == 204
    assert await scores("painting") == []


async def test_one_profile_that_cannot_be_read_keeps_nobody_else_from_being_found(world: World) -> None:
    """Damaged bytes, and bytes that say nothing: both are left out, logged without whose they are, and the doctor names
    them.
    """
    employer, database = await company(world), world.runtime.database
    vacancy = await published(employer)
    [_, damaged, senseless] = [
        await found(await world.newcomer(citizenship="KGZ"), skills=["milking", "tiling"]) for _ in range(3)
    ]
    sealed, kept = {}, {whose(person): await stored(world, person) for person in (damaged, senseless)}
    sealed[whose(damaged)] = kept[whose(damaged)][:-1] + bytes([kept[whose(damaged)][-1] ^ 1])
    sealed[whose(senseless)] = await database.vault.seal(whose(senseless), "work_profiles", b"{}")
    assert await who_milk_and_tile(employer, vacancy) == 3
    try:
        await store(world, sealed)
        with capture_logs() as logs:
            assert await who_milk_and_tile(employer, vacancy) == 1
            async with database.reading(world.region) as uow:
                await read_whole(uow)
                told = await faults(uow)
            assert len(told) == 2
            assert all(any(str(person) in fault for fault in told) for person in sealed)
            assert await who_milk_and_tile(employer, vacancy) == 1
        assert [log["event"] for log in logs if log["event"] == "employers.unread_profiles"]
        assert not any(str(person) in str(logs) for person in sealed)
    finally:
        await store(world, kept)
    assert await who_milk_and_tile(employer, vacancy) == 3


async def who_milk_and_tile(employer: Staff, vacancy: str) -> int:
    return sum(card["skills"] == ["milking", "tiling"] for card in await cards(employer, vacancy))


async def stored(world: World, person: Person) -> bytes:
    async with world.runtime.database.reading(world.region) as uow:
        query = text("SELECT sealed FROM work_profiles WHERE person_id = :person")
        return bytes(await uow.session.scalar(query, {"person": whose(person)}) or b"")


async def store(world: World, sealed: dict[UUID, bytes]) -> None:
    async with world.runtime.database.writing(world.region) as uow:
        change = text("UPDATE work_profiles SET sealed = :sealed, changed_at = now() WHERE person_id = :person")
        for person, each in sealed.items():
            await uow.session.execute(change, {"person": person, "sealed": each})


async def test_a_refused_application_goes_by_its_term_with_whom_it_named(own_time: World) -> None:
    world, operator = own_time, await staff(own_time, Role.REGION_OPERATOR)
    refused_one, standing = [given(await world.client.post("/v1/companies", json=application()), 201) for _ in range(2)]
    given(await operator.post(f"/v1/companies/{refused_one['id']}/refuse", {"reason": "Нет такой организации"}))
    given(await operator.post(f"/v1/companies/{standing['id']}/approve"))

    async def known() -> set[str]:
        async with world.runtime.database.writing(world.region) as uow:
            await forget_refused(uow)
            return {str(one.company.id) for one in await companies(uow, None, None, 1000)}

    assert {refused_one["id"], standing["id"]} <= await known()
    world.clock.move(seconds=world.region.retention.refused_companies.total_seconds())
    assert {refused_one["id"], standing["id"]} & await known() == {standing["id"]}


async def test_a_process_that_begins_reads_who_may_be_found_before_anybody_asks(
    world: World, other_process: World
) -> None:
    person = await found(await world.newcomer(citizenship="KGZ"))
    async with other_process.runtime.database.reading(other_process.region) as uow:
        assert pool_here(uow) is None
        await read_all_ahead(other_process.runtime)
        pool = pool_here(uow)
    assert pool is not None
    assert whose(person) in pool.workers
    assert gc.isenabled()
