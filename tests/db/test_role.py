"""The application's role can use the tables and change nothing about them."""

import pytest
from sqlalchemy import text

from app.db.engine import APP_ROLE
from tests.db.ground import NO_PRIVILEGE, Ground, refusal, rows_of, run


async def test_the_application_works_under_its_own_role(ground: Ground) -> None:
    assert await rows_of(ground.app, "SELECT CAST(current_user AS text)") == [(APP_ROLE,)]


async def test_the_role_is_no_superuser_and_may_make_neither_roles_nor_databases(ground: Ground) -> None:
    powers = await rows_of(
        ground.app,
        """SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls
           FROM pg_roles WHERE rolname = current_user""",
    )
    assert powers == [(False, False, False, False, False)]


async def test_the_role_owns_no_relation_function_or_schema(ground: Ground) -> None:
    owned = await rows_of(
        ground.app,
        """SELECT 'relation ' || relname FROM pg_class WHERE relowner = CAST(current_user AS regrole)
           UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE proowner = CAST(current_user AS regrole)
           UNION ALL SELECT 'schema ' || nspname FROM pg_namespace
               WHERE nspowner = CAST(current_user AS regrole) AND nspname NOT LIKE 'pg\\_%'
           UNION ALL SELECT 'database ' || datname FROM pg_database WHERE datdba = CAST(current_user AS regrole)""",
    )
    assert owned == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE {schema}.mine (id integer)",
        "CREATE TABLE public.mine (id integer)",
        "CREATE FUNCTION {schema}.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        """CREATE OR REPLACE FUNCTION {schema}.capacity_holds(capacity smallint[], used smallint[]) RETURNS boolean
           LANGUAGE sql AS 'SELECT true'""",
        "CREATE SCHEMA mine",
        "ALTER TABLE audit_entries DISABLE TRIGGER chain",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "DROP TRIGGER append_only ON audit_entries",
        "CREATE TRIGGER mine BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "ALTER TABLE bookings DROP CONSTRAINT ex_bookings_one_place",
        "ALTER TABLE bookings ADD COLUMN mine integer",
        "DROP INDEX uq_bookings_live_step",
        "DROP TABLE bookings",
        "TRUNCATE bookings",
        "SET session_replication_role = replica",
        "INSERT INTO alembic_version VALUES ('mine')",
    ],
)
async def test_the_role_may_not(ground: Ground, statement: str) -> None:
    assert (await refusal(ground.app, statement.format(schema=ground.schema)))[0] == NO_PRIVILEGE


async def test_the_role_may_write_rows(ground: Ground) -> None:
    await run(ground.app, "INSERT INTO persons (id, created_at) VALUES (gen_random_uuid(), now())")


async def test_a_reading_unit_of_work_writes_nothing(ground: Ground) -> None:
    read_only = "25006"
    engine = ground.app.execution_options(postgresql_readonly=True)
    statement = "INSERT INTO persons (id, created_at) VALUES (gen_random_uuid(), now())"
    assert (await refusal(engine, statement))[0] == read_only
    async with ground.runtime.database.reading(ground.region) as uow:
        assert await uow.session.scalar(text("SHOW transaction_read_only")) == "on"
