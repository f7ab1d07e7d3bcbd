"""The ledgers can be added to. Nothing else: not by the application, and not by the owner's mistake either."""

import pytest

from services.audit.commands import record_change
from tests.db.ground import APPEND_ONLY, NO_PRIVILEGE, Ground, add_person, refusal, rows_of, run

LEDGERS = {"audit_entries": "action", "consent_events": "purpose", "chain_seals": "mac"}
CHANGES = [
    pytest.param(statement.format(ledger=ledger, column=column), id=f"{statement.split()[0]} {ledger}")
    for ledger, column in LEDGERS.items()
    for statement in ("UPDATE {ledger} SET {column} = {column}", "DELETE FROM {ledger}", "TRUNCATE {ledger}")
]


@pytest.mark.parametrize("statement", CHANGES)
async def test_the_application_may_not_change_a_ledger(ground: Ground, statement: str) -> None:
    assert (await refusal(ground.app, statement))[0] == NO_PRIVILEGE


@pytest.mark.parametrize("statement", CHANGES)
async def test_the_owner_is_stopped_by_the_triggers(ground: Ground, statement: str) -> None:
    assert (await refusal(ground.owner, statement))[0] == APPEND_ONLY


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO chain_heads (ledger, person_id, seq, digest) VALUES ('audit_entries', gen_random_uuid(), 1, '')",
        "DELETE FROM chain_heads",
        "TRUNCATE chain_heads",
        "UPDATE chain_heads SET digest = ''",
        "UPDATE chain_heads SET seq = 0",
        "UPDATE chain_heads SET person_id = gen_random_uuid()",
        "UPDATE chain_heads SET sealed_seq = 0, digest = ''",
    ],
)
async def test_the_application_may_not_touch_the_heads(ground: Ground, statement: str) -> None:
    assert (await refusal(ground.app, statement))[0] == NO_PRIVILEGE


async def test_the_application_may_say_how_far_a_head_is_sealed(ground: Ground) -> None:
    await run(ground.app, "UPDATE chain_heads SET sealed_seq = sealed_seq")


async def test_the_application_numbers_no_entry_itself(ground: Ground) -> None:
    person = await add_person(ground.app)
    await run(
        ground.app,
        """INSERT INTO audit_entries (person_id, at, action, actor_role, subject, seq, previous, digest)
           VALUES (:person, now(), 'forged', 'system', '{}', 77, 'forged', 'forged')""",
        person=person,
    )
    written = "SELECT seq, previous, octet_length(digest) FROM audit_entries WHERE person_id = :person"
    assert await rows_of(ground.app, written, person=person) == [(1, b"", 32)]
    assert await ground.faults() == []


async def test_a_temporary_table_does_not_pass_for_the_heads(ground: Ground) -> None:
    person = await add_person(ground.app)
    async with ground.runtime.database.writing(ground.region) as uow:
        connection = await uow.session.connection()
        await connection.exec_driver_sql("CREATE TEMP TABLE chain_heads (LIKE chain_heads) ON COMMIT DROP")
        await record_change(uow, person, "written_beside_a_decoy")
    heads = "SELECT seq FROM chain_heads WHERE person_id = :person"
    assert await rows_of(ground.app, heads, person=person) == [(1,)]
    assert await ground.faults() == []


async def test_the_application_may_not_hang_the_chains_trigger_on_a_table_of_its_own(ground: Ground) -> None:
    """It runs as the owner and writes the head that the table's *name* says: anybody's chain could be broken."""
    decoy = """
        DO $$ BEGIN
            CREATE TEMP TABLE audit_entries (LIKE {schema}.audit_entries) ON COMMIT DROP;
            CREATE TRIGGER chain BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION {schema}.chain_link();
        END $$
    """
    assert (await refusal(ground.app, decoy.format(schema=ground.schema)))[0] == NO_PRIVILEGE
