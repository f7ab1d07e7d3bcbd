"""Whoever gets round the triggers is found out by the doctor."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models.consents import ConsentEvent
from services.audit.commands import record_change, seal_heads
from tests.db.ground import Ground, add_person
from tests.db.test_chains import consent, keep_notice

Forgery = Callable[[AsyncConnection], Awaitable[None]]

_TABLES = ("audit_entries", "consent_events", "chain_heads", "chain_seals")


@asynccontextmanager
async def forged(ground: Ground, forge: Forgery) -> AsyncIterator[None]:
    """What `forge` does as the owner with the triggers off; everything is put back at the end."""

    async def each(connection: AsyncConnection, *statements: str) -> None:
        for table in _TABLES:
            for statement in statements:
                await connection.execute(text(statement.format(table)))

    off, on = "ALTER TABLE {} DISABLE TRIGGER USER", "ALTER TABLE {} ENABLE TRIGGER USER"
    async with ground.owner.connect() as connection:
        await each(connection, "CREATE TEMP TABLE saved_{0} AS TABLE {0}", off)
        await forge(connection)
        await each(connection, on)
        await connection.commit()
        try:
            yield
        finally:
            await each(connection, off, "TRUNCATE {0}", "INSERT INTO {0} TABLE saved_{0}", on)
            await connection.commit()


@pytest_asyncio.fixture(scope="module")
async def person(ground: Ground) -> UUID:
    """A person with four audit entries and two consents, sealed after the second and after the fourth."""
    person = await add_person(ground.app)
    await keep_notice(ground.app)
    for number in range(4):
        async with ground.runtime.database.writing(ground.region) as uow:
            await record_change(uow, person, f"change_{number}", step="medical")
            if number % 2:
                connection = await uow.session.connection()
                asked = consent(person) | {"scope": f"paper {number}"}
                await connection.execute(insert(ConsentEvent).inline().values(asked))
        if number % 2:
            async with ground.runtime.database.writing(ground.region) as uow:
                assert await seal_heads(uow) == 2
    assert await ground.faults() == []
    return person


FORGERIES = [
    ("UPDATE {audit} SET digest = set_byte(digest, 5, get_byte(digest, 5) # 1) AND_SEQ 2", "link 2: changed"),
    ("UPDATE {audit} SET previous = set_byte(previous, 0, get_byte(previous, 0) # 1) AND_SEQ 2", "link 2: changed"),
    ("UPDATE {audit} SET action = 'changed_2' AND_SEQ 2", "link 2: changed"),
    ("UPDATE {audit} SET at = at + interval '1 microsecond' AND_SEQ 3", "link 3: changed"),
    ("UPDATE {audit} SET subject = '{{}}' AND_SEQ 1", "link 1: changed"),
    ("UPDATE {audit} SET actor_id = gen_random_uuid() AND_SEQ 4", "link 4: changed"),
    ("UPDATE {consent} SET status = 'refused' AND_SEQ 1", "consent_events: person {person}, link 1: changed"),
    ("UPDATE {consent} SET recipients = '{{}}' AND_SEQ 2", "link 2: changed"),
    ("DELETE FROM {audit} AND_SEQ 1", "link 2: not linked"),
    ("DELETE FROM {audit} AND_SEQ 3", "link 4: not linked"),
    ("DELETE FROM {audit} AND_SEQ 4", "link 4: head differs"),
    ("DELETE FROM {consent} AND_SEQ 2", "consent_events: person {person}, link 2: head differs"),
    ("DELETE FROM {audit} WHERE person_id = '{person}'", "link 4: head differs"),
    ("DELETE FROM chain_heads WHERE person_id = '{person}'", "link 4: head differs"),
    ("UPDATE chain_heads SET seq = 5 WHERE person_id = '{person}'", "link 5: head differs"),
    ("UPDATE chain_seals SET mac = set_byte(mac, 0, get_byte(mac, 0) # 1) WHERE number = 1", "seal 1 does not verify"),
    ("UPDATE chain_seals SET heads = '[]' WHERE number = 2", "seal 2 does not verify"),
    ("DELETE FROM chain_seals WHERE number = 1", "seal 2 does not verify"),
]


@pytest.mark.parametrize(("statement", "fault"), FORGERIES, ids=[statement for statement, _ in FORGERIES])
async def test_the_doctor_finds_a_forgery(ground: Ground, person: UUID, statement: str, fault: str) -> None:
    where = f"WHERE person_id = '{person}' AND seq ="
    forgery = statement.replace("AND_SEQ", where).format(audit="audit_entries", consent="consent_events", person=person)

    async def forge(connection: AsyncConnection) -> None:
        assert (await connection.execute(text(forgery))).rowcount > 0

    async with forged(ground, forge):
        found = await ground.faults()
    assert any(fault.format(person=person) in line for line in found), found
    assert await ground.faults() == []


async def test_a_chain_rewritten_whole_after_its_seal_is_found_by_the_seal_alone(ground: Ground, person: UUID) -> None:
    async def rewrite(connection: AsyncConnection) -> None:
        for setting in ("timezone = 'UTC'", "bytea_output = 'hex'"):
            await connection.execute(text(f"SET LOCAL {setting}"))
        whose = {"person": person}
        await connection.execute(
            text("UPDATE audit_entries SET action = 'never_was' WHERE person_id = :person AND seq = 3"), whose
        )
        before = b""
        for seq in range(1, 5):
            link = whose | {"seq": seq}
            at = "FROM audit_entries WHERE person_id = :person AND seq = :seq"
            await connection.execute(
                text("UPDATE audit_entries SET previous = :before WHERE person_id = :person AND seq = :seq"),
                link | {"before": before},
            )
            before = await connection.scalar(text(f"SELECT chain_digest(to_jsonb(audit_entries)) {at}"), link)
            await connection.execute(
                text("UPDATE audit_entries SET digest = :digest WHERE person_id = :person AND seq = :seq"),
                link | {"digest": before},
            )
        await connection.execute(
            text("UPDATE chain_heads SET digest = :digest WHERE ledger = 'audit_entries' AND person_id = :person"),
            whose | {"digest": before},
        )

    async with forged(ground, rewrite):
        found = await ground.faults()
    assert found == [f"audit_entries: person {person}, link 4 is not what seal 2 sealed"]
    assert await ground.faults() == []


async def test_a_chain_deleted_whole_with_its_head_is_found_by_its_seals(ground: Ground, person: UUID) -> None:
    async def delete(connection: AsyncConnection) -> None:
        for table in ("audit_entries", "consent_events", "chain_heads"):
            await connection.execute(
                text(f"DELETE FROM {table} WHERE person_id = :person"),  # noqa: S608 — names of tables
                {"person": person},
            )

    async with forged(ground, delete):
        found = await ground.faults()
    sealed = [fault for fault in found if "is not what seal" in fault]
    states = [fault for fault in found if "stands in no ledger" in fault]
    assert (len(sealed), len(states), len(found)) == (4, 2, 6)
    assert await ground.faults() == []


async def test_the_newest_seal_taken_away_is_noticed(ground: Ground, person: UUID) -> None:
    """The heads say how far they are sealed: a seal must say so too."""

    async def delete(connection: AsyncConnection) -> None:
        await connection.execute(text("DELETE FROM chain_seals WHERE number = 2"))

    async with forged(ground, delete):
        found = await ground.faults()
    assert found != []
    assert await ground.faults() == []
