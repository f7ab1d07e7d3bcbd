"""Uses are kept from a person on a named ground and for a time only; that is audited, and counted in the open."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db.bulk import gather_within
from app.domain.audit.hiding import LONGEST, HidingGround
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Role
from services.audit.commands import Transfer, record_transfers, record_use
from services.audit.parts import recent_part
from services.audit.queries import broken_chains
from tests.api.helpers import Json, claims, cursor, given, log, refused, stay_signed_in
from tests.api.test_staff_accounts import Staff, staff
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def operator(own_time: World) -> Staff:
    return await staff(own_time, Role.REGION_OPERATOR)


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    return await own_time.newcomer()


async def used(person: Person, purpose: Purpose = Purpose.IDENTITY_CHECK) -> None:
    world = person.world
    async with world.runtime.database.writing(world.region) as uow:
        await record_use(uow, person_of(person), purpose)


def person_of(person: Person) -> UUID:
    return UUID(claims(person.tokens["access_token"])["person"])


async def order(person: Person, **changed: Any) -> Json:
    now = person.world.clock.now()
    return {
        "migrant_id": given(await person.get("/v1/me"))["migrant_id"],
        "purpose": "identity_check",
        "ground": "operative_search",
        "since": (now - timedelta(hours=1)).isoformat(),
        "until": (now + timedelta(days=30)).isoformat(),
    } | changed


async def figure(world: World, ground: str = "operative_search") -> tuple[int, int]:
    items = given(await world.client.get("/v1/figures/hidden-uses"))["items"]
    assert [each["ground"] for each in items] == list(HidingGround)
    found = next(each for each in items if each["ground"] == ground)
    return found["ever"], found["now"]


async def test_what_an_order_hides_is_shown_once_it_is_over(operator: Staff, person: Person) -> None:
    world = person.world
    before, counted = await log(person), await figure(world)
    given(await operator.post("/v1/data-use-hidings", await order(person)), 201)
    await used(person)
    await used(person, Purpose.VISIT_OUTCOME)
    shown = await log(person)
    assert [entry["purpose"] for entry in shown[: len(shown) - len(before)]] == ["visit_outcome"]
    # No gap tells that something is not there.
    assert [entry["seq"] for entry in shown] == list(range(len(shown), 0, -1))
    assert await figure(world) == (counted[0] + 1, counted[1] + 1)
    world.clock.move(days=31)
    await person.sign_in()
    late = await log(person)
    hidden = [entry for entry in late if entry["action"] == "uses_hidden" or entry["purpose"] == "identity_check"]
    assert [(entry["action"], entry["actor_role"]) for entry in hidden] == [
        ("used", "system"),
        ("uses_hidden", "region_operator"),
    ]
    assert hidden[1]["ground"].startswith("144-FZ art. 12")
    assert await figure(world) == (counted[0] + 1, counted[1])


async def test_pages_and_files_leave_out_the_same(operator: Staff, person: Person) -> None:
    await used(person)
    given(await operator.post("/v1/data-use-hidings", await order(person)), 201)
    await used(person)
    everything = await log(person)
    assert not any(entry["purpose"] == "identity_check" for entry in everything)
    pages: list[Json] = []
    page: Json = {"next": None}
    while page["next"] is not None or not pages:
        page = given(
            await person.get("/v1/me/data-uses", limit=2, **({"cursor": page["next"]} if page["next"] else {}))
        )
        pages += page["items"]
    assert pages == everything
    assert given(await person.get("/v1/me/data-uses/export"))["items"] == everything
    table = await person.get("/v1/me/data-uses/export.csv")
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["action"] for row in rows] == [entry["action"] for entry in everything]


async def test_nobody_is_reminded_of_what_is_kept_from_them(operator: Staff, person: Person) -> None:
    world = person.world
    await used(person, Purpose.VISIT_OUTCOME)
    given(await operator.post("/v1/data-use-hidings", await order(person)), 201)
    await used(person)
    async with world.runtime.database.writing(world.region) as uow:
        await uow.session.execute(text("SELECT 1"))
        part = recent_part([person_of(person)], uow.now - timedelta(days=1), uow.now)
        found = (await gather_within(uow, part))[part]
    assert [use.purpose for use in found[person_of(person)].uses] == ["visit_outcome"]


async def test_one_receivers_uses_are_hidden_and_no_others(operator: Staff, person: Person) -> None:
    world = person.world
    given(
        await operator.post("/v1/data-use-hidings", await order(person, purpose="lawful_request", receiver="police")),
        201,
    )
    async with world.runtime.database.writing(world.region) as uow:
        told = person_of(person), "lawful_request", "152-FZ art. 6(1)(2)"
        await record_transfers(
            uow, [Transfer(*told, receiver=receiver, system="smev") for receiver in ("police", "tax")]
        )
    [shown] = [entry for entry in await log(person) if entry["action"] == "passed_on"]
    assert (shown["receiver"], shown["system"], shown["purpose"]) == ("tax", "smev", "lawful_request")


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (-1, LONGEST.days + 1, "until"),
        (-2, -1, "until"),
        (-60, 10, "since"),
        (20, 10, "since"),
    ],
)
async def test_no_order_is_for_good_or_reaches_far_back(
    operator: Staff, person: Person, since: int, until: int, field: str
) -> None:
    now = person.world.clock.now()
    term = {"since": (now + timedelta(days=since)).isoformat(), "until": (now + timedelta(days=until)).isoformat()}
    problem = refused(await operator.post("/v1/data-use-hidings", await order(person, **term)), 422, "invalid_input")
    assert problem["field"] == field


async def test_an_order_has_a_named_ground_and_a_person(operator: Staff, person: Person) -> None:
    for wrong in ({"ground": "because"}, {"purpose": "a purpose"}):
        refused(await operator.post("/v1/data-use-hidings", await order(person, **wrong)), 422, "invalid_input")
    nobody = await order(person, migrant_id="not-an-id-at-all")
    refused(await operator.post("/v1/data-use-hidings", nobody), 422, "invalid_input")


async def test_orders_are_overseen_by_an_auditor_who_is_not_told_about_whom(
    own_time: World, operator: Staff, person: Person
) -> None:
    auditor = await staff(own_time, Role.AUDITOR)
    for _ in range(2):
        made = given(await operator.post("/v1/data-use-hidings", await order(person)), 201)
        own_time.clock.move(seconds=1)
    page = given(await auditor.get("/v1/data-use-hidings", limit=1))
    [newest] = page["items"]
    assert (newest["id"], newest["ordered_by"]) == (made["id"], operator.account_id)
    assert str(person_of(person)) not in str(page)
    [older] = given(await auditor.get("/v1/data-use-hidings", limit=1, cursor=page["next"]))["items"]
    assert older["id"] != newest["id"]
    refused(await auditor.get("/v1/data-use-hidings", cursor=cursor("x")), 422, "invalid_input")


async def test_the_log_holds_and_no_order_is_taken_back(operator: Staff, person: Person) -> None:
    world = person.world
    given(await operator.post("/v1/data-use-hidings", await order(person)), 201)
    await used(person)
    async with world.runtime.database.reading(world.region) as reading:
        assert await broken_chains(reading) == []
    for statement in ("DELETE FROM use_hidings", "UPDATE use_hidings SET until = now()"):
        with pytest.raises(DBAPIError):
            async with world.runtime.database.writing(world.region) as uow:
                await uow.session.execute(text(statement))


async def test_every_entry_names_the_system(person: Person) -> None:
    await stay_signed_in(person)
    assert {entry["system"] for entry in await log(person)} == {"manzil"}
