"""The ledger of consents cannot leave its state machine, and its states are what it comes to, whoever writes it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.consents.status import ConsentStatus, may_follow
from app.models.consents import ConsentEvent
from tests.db.ground import CHECK, NO_PRIVILEGE, Ground, add_person, refusal, rows_of, run
from tests.db.test_chains import consent, keep_notice

Link = dict[str, Any]


async def add(ground: Ground, *links: Link) -> str | None:
    """The name of the rule that refused one of them, None if all are in the ledger."""
    await keep_notice(ground.app)
    try:
        async with ground.app.begin() as connection:
            for link in links:
                await connection.execute(insert(ConsentEvent).inline().values(link))
    except DBAPIError as error:
        cause = getattr(error.orig, "__cause__", None)
        assert getattr(cause, "sqlstate", None) == CHECK
        return str(getattr(cause, "constraint_name", ""))
    return None


def after(link: Link, status: str, **changed: Any) -> Link:
    later = link | {"status": status, "at": link["at"] + timedelta(minutes=1)} | changed
    if status == "expired":
        later["at"] = later["expires_at"]
    if status == "renewed":
        later["expires_at"] = link["expires_at"] + timedelta(days=30)
    return later


def way_to(link: Link, status: ConsentStatus) -> list[Link]:
    """The links by which a record comes to a status."""
    if status is ConsentStatus.REQUESTED:
        return [link]
    early = status in {ConsentStatus.GIVEN, ConsentStatus.REFUSED, ConsentStatus.INVALIDATED}
    before = way_to(link, ConsentStatus.REQUESTED if early else ConsentStatus.GIVEN)
    return [*before, after(before[-1], status.value)]


@pytest.mark.parametrize("before", ConsentStatus)
async def test_the_database_lets_through_what_the_domain_does(ground: Ground, before: ConsentStatus) -> None:
    for status in ConsentStatus:
        way = way_to(consent(await add_person(ground.app)), before)
        assert await add(ground, *way) is None
        refused = await add(ground, after(way[-1], status.value))
        assert (refused is None) == may_follow(before, status), (before, status)
    assert await ground.faults() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"recipients": ["everybody"]},
        {"data_categories": ["identity", "health"]},
        {"operations": []},
        {"legal_basis": "none"},
        {"controller": "somebody"},
        {"retention": "P50Y"},
        {"notice_id": "other"},
        {"notice_version": "2"},
        {"jurisdiction": "kz"},
    ],
)
async def test_terms_never_change_after_given(ground: Ground, changed: Link) -> None:
    way = way_to(consent(await add_person(ground.app)), ConsentStatus.GIVEN)
    assert await add(ground, *way) is None
    for status in ("renewed", "withdrawn"):
        assert await add(ground, after(way[-1], status, **changed)) == "consent_terms"


async def test_an_end_is_not_moved_but_by_renewing(ground: Ground) -> None:
    way = way_to(consent(await add_person(ground.app)), ConsentStatus.GIVEN)
    later = way[-1]["expires_at"] + timedelta(days=900)
    assert await add(ground, *way, after(way[-1], "withdrawn", expires_at=later)) == "consent_terms"
    assert await add(ground, *way) is None
    too_soon = after(way[-1], "expired") | {"at": way[-1]["at"] + timedelta(days=1)}
    assert await add(ground, too_soon) == "consent_follows"
    too_late = after(way[-1], "renewed") | {"at": way[-1]["expires_at"]}
    assert await add(ground, too_late) == "consent_follows"


async def test_one_purpose_and_scope_has_one_open_consent(ground: Ground) -> None:
    first = consent(await add_person(ground.app))
    other = {"consent_id": uuid4()}
    assert await add(ground, *way_to(first, ConsentStatus.GIVEN)) is None
    assert await add(ground, first | other) == "consent_follows"
    assert await add(ground, first | other | {"scope": "patent"}) is None
    assert await add(ground, first | {"scope": "visa"}) == "consent_follows"
    withdrawn = after(way_to(first, ConsentStatus.GIVEN)[-1], "withdrawn")
    assert await add(ground, withdrawn, withdrawn | {"consent_id": uuid4(), "status": "requested"}) is None
    assert await ground.faults() == []


async def test_a_guardian_and_a_witness_are_named(ground: Ground) -> None:
    link = consent(await add_person(ground.app))
    assert await add(ground, link | {"delegate_id": None}) == "ck_consent_events_delegate"
    nobody = {"expression": "witnessed", "witness_id": None}
    assert await add(ground, link | nobody) == "ck_consent_events_witness"
    assert await add(ground, link | {"expression": "nod"}) == "ck_consent_events_expression"
    assert await add(ground, link | {"expires_at": None}) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_states SET status = 'given'",
        "DELETE FROM consent_states",
        "INSERT INTO consent_states VALUES (gen_random_uuid(), 'x', '', gen_random_uuid(), 1, 'given', now(), now())",
        "UPDATE consent_notices SET shown = 'x'",
        "DELETE FROM consent_notices",
        "SELECT * FROM consent_states FOR SHARE",
    ],
)
async def test_the_application_cannot_write_states_or_change_texts(ground: Ground, statement: str) -> None:
    assert (await refusal(ground.app, statement))[0] == NO_PRIVILEGE


async def test_a_text_is_what_its_hash_says(ground: Ground) -> None:
    other = "INSERT INTO consent_notices VALUES (sha256('x'), 'en', 'y', now())"
    assert await refusal(ground.app, other) == (CHECK, "ck_consent_notices_hash")


Forge = Callable[[AsyncConnection, UUID], Awaitable[None]]
FORGERIES = [
    ("UPDATE consent_states SET status = 'renewed' WHERE person_id = :person", "differs from the ledger"),
    ("UPDATE consent_states SET consent_id = gen_random_uuid() WHERE person_id = :person", "differs from the ledger"),
    ("UPDATE consent_states SET expires_at = expires_at + interval '1 s' WHERE person_id = :person", "differs"),
    ("DELETE FROM consent_states WHERE person_id = :person", "is missing"),
    ("UPDATE consent_states SET scope = 'visa' WHERE person_id = :person", "stands in no ledger"),
]


@pytest.mark.parametrize(("statement", "fault"), FORGERIES)
async def test_the_doctor_finds_a_state_that_is_not_the_ledgers(ground: Ground, statement: str, fault: str) -> None:
    person = await add_person(ground.app)
    assert await add(ground, *way_to(consent(person), ConsentStatus.GIVEN)) is None
    saved = await rows_of(
        ground.owner, "SELECT row_to_json(s)::text FROM consent_states s WHERE person_id = :p", p=person
    )
    await run(ground.owner, statement, person=person)
    found = await ground.faults()
    await run(ground.owner, "DELETE FROM consent_states WHERE person_id = :person", person=person)
    back = "INSERT INTO consent_states SELECT * FROM json_populate_record(NULL::consent_states, CAST(:row AS json))"
    await run(ground.owner, back, row=saved[0][0])
    assert any(fault in line and str(person) in line for line in found), found
    assert await ground.faults() == []


@pytest.mark.parametrize("bit", [0, 77, 255])
async def test_a_flipped_bit_of_a_consent_is_found(ground: Ground, bit: int) -> None:
    person = await add_person(ground.app)
    assert await add(ground, *way_to(consent(person), ConsentStatus.WITHDRAWN)) is None
    flipped = f"set_bit(notice_sha256, {bit}, 1 - get_bit(notice_sha256, {bit}))"
    flip = f"UPDATE consent_events SET notice_sha256 = {flipped}"  # noqa: S608 — ours
    async with ground.owner.begin() as connection:
        await connection.execute(text("ALTER TABLE consent_events DISABLE TRIGGER USER"))
        await connection.execute(text(f"{flip} WHERE person_id = :person AND seq = 2"), {"person": person})
        await connection.execute(text("ALTER TABLE consent_events ENABLE TRIGGER USER"))
    found = await ground.faults()
    async with ground.owner.begin() as connection:
        await connection.execute(text("ALTER TABLE consent_events DISABLE TRIGGER USER"))
        await connection.execute(text(f"{flip} WHERE person_id = :person AND seq = 2"), {"person": person})
        await connection.execute(text("ALTER TABLE consent_events ENABLE TRIGGER USER"))
    assert any(f"person {person}, link 2: changed" in line for line in found), found
    assert await ground.faults() == []
