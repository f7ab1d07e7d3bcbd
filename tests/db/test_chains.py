"""Each person's entries are numbered and chained, whoever writes them and however many at once."""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.models.consents import ConsentEvent
from services.audit.commands import record_change
from tests.db.ground import Ground, add_person, rows_of, run

_SEQS = "SELECT seq FROM audit_entries WHERE person_id = :person ORDER BY seq"
_INSERT = """
    INSERT INTO audit_entries (person_id, at, action, actor_role, subject)
    SELECT :person, now(), 'entry_' || n, 'system', '{}'
    FROM generate_series(1, :count) n
"""


async def test_twenty_transactions_at_once_number_one_persons_entries_without_a_gap(ground: Ground) -> None:
    person = await add_person(ground.app)
    together = asyncio.Barrier(20)

    async def write(number: int) -> None:
        async with ground.runtime.database.writing(ground.region) as uow:
            await uow.session.execute(text("SELECT 1"))
            await together.wait()
            await record_change(uow, person, f"change_{number}")
            await asyncio.sleep(0.005)

    await asyncio.gather(*(write(number) for number in range(20)))
    assert await rows_of(ground.app, _SEQS, person=person) == [(seq,) for seq in range(1, 21)]
    assert await ground.faults() == []


async def test_two_persons_chains_do_not_wait_for_each_other(ground: Ground) -> None:
    first, second = await add_person(ground.app), await add_person(ground.app)
    async with ground.runtime.database.writing(ground.region) as slow:
        await record_change(slow, first, "slow")
        async with asyncio.timeout(3), ground.runtime.database.writing(ground.region) as quick:
            await record_change(quick, second, "quick")
    assert await ground.faults() == []


async def test_a_transaction_that_is_rolled_back_leaves_no_gap(ground: Ground) -> None:
    person = await add_person(ground.app)
    await run(ground.app, _INSERT, person=person, count=1)
    async with ground.app.connect() as connection:
        await connection.execute(text(_INSERT), {"person": person, "count": 3})
        await connection.rollback()
    await run(ground.app, _INSERT, person=person, count=1)
    assert await rows_of(ground.app, _SEQS, person=person) == [(1,), (2,)]
    assert await ground.faults() == []


async def test_entries_of_one_statement_are_chained_one_by_one(ground: Ground) -> None:
    person = await add_person(ground.app)
    await run(ground.app, _INSERT, person=person, count=5)
    assert await rows_of(ground.app, _SEQS, person=person) == [(seq,) for seq in range(1, 6)]
    assert await ground.faults() == []


async def test_an_insert_that_is_left_out_for_a_conflict_leaves_the_chain_whole(ground: Ground) -> None:
    """`ON CONFLICT DO NOTHING` runs the row trigger all the same: the head must not move for a row that never was."""
    person = await add_person(ground.app)
    await run(ground.app, _INSERT, person=person, count=1)
    taken = """INSERT INTO audit_entries (person_id, seq, at, action, actor_role, subject)
               VALUES (:person, 1, now(), 'again', 'system', '{}') ON CONFLICT DO NOTHING"""
    await run(ground.app, taken, person=person)
    assert await rows_of(ground.app, _SEQS, person=person) == [(1,), (2,)]
    assert await ground.faults() == []


@pytest.mark.parametrize(
    "setting",
    ["timezone = 'Asia/Tashkent'", "bytea_output = 'escape'", "datestyle = 'German, DMY'"],
)
async def test_a_connections_settings_change_no_digest(ground: Ground, setting: str) -> None:
    person = await add_person(ground.app)
    async with ground.app.begin() as connection:
        await connection.execute(text(f"SET LOCAL {setting}"))
        await connection.execute(text(_INSERT), {"person": person, "count": 2})
        links = "SELECT * FROM broken_links('audit_entries')"
        assert (await connection.execute(text(links))).all() == []
    assert await ground.faults() == []


SHOWN = "May we?"


async def keep_notice(engine: AsyncEngine) -> None:
    """The text that the consents below speak of."""
    row = "INSERT INTO consent_notices VALUES (sha256(convert_to(:shown, 'UTF8')), 'en', :shown, now())"
    await run(engine, f"{row} ON CONFLICT DO NOTHING", shown=SHOWN)


def consent(person: UUID) -> dict[str, Any]:
    """Every column that the application fills; the chain's own three are the database's."""
    at = datetime(2026, 9, 1, 7, 0, 0, 123456, tzinfo=UTC)
    return {
        "consent_id": uuid4(),
        "person_id": person,
        "at": at,
        "status": "requested",
        "schema_version": "ISO-27560:2023",
        "controller": "Мигрант мәркәзе",
        "controller_contact": "dpo@example.org",
        "recipients": ["registry", 'clinic, "quoted" {braced}'],
        "purpose": "mirror",
        "data_categories": ["identity", "entries"],
        "operations": ["store", "send"],
        "legal_basis": "152-FZ art. 6(1)(1)",
        "notice_id": "mirror",
        "notice_version": "1",
        "notice_language": "uz",
        "notice_sha256": sha256(SHOWN.encode()).digest(),
        "jurisdiction": "ru",
        "channel": "app",
        "expression": "guardian",
        "delegate_id": uuid4(),
        "witness_id": uuid4(),
        "reason": "taken_back",
        "scope": "passport",
        "expires_at": at.replace(year=2027),
        "retention": "P5Y",
    }


async def test_a_consent_with_every_column_filled_is_chained(ground: Ground) -> None:
    person = await add_person(ground.app)
    requested = consent(person)
    assert set(requested) | {"seq", "previous", "digest"} == {c.key for c in ConsentEvent.__table__.columns}
    invalidated = requested | {"status": "invalidated", "expression": "tap", "delegate_id": None, "witness_id": None}
    await keep_notice(ground.app)
    for event in (requested, invalidated):
        async with ground.app.begin() as connection:
            await connection.execute(insert(ConsentEvent).inline().values(event))
    links = await rows_of(
        ground.app,
        "SELECT seq, previous, digest FROM consent_events WHERE person_id = :person ORDER BY seq",
        person=person,
    )
    (first, root, digest), (second, previous, _) = links
    assert (first, root, second, previous) == (1, b"", 2, digest)
    assert await ground.faults() == []
