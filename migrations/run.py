"""Brings every region's schema to the newest revision. Safe to call from several processes at once."""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.db.engine import APP_ROLE, schema_of

# Any number, as long as every copy of the program uses the same: migrations take turns on it.
_TURN = 0x4D_41_4E_5A


def config(connection: Connection) -> Config:
    """Alembic's configuration for one open connection."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.attributes["connection"] = connection
    return made


def enter_region(connection: Connection, region: str) -> None:
    """Makes the region's schema if need be, and works inside it from here on.

    `pg_temp` stands last, so that no temporary table can pass for one of ours in a definer's function.
    """
    schema = schema_of(region)
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
    connection.execute(text(f"SET search_path TO {schema}, public, pg_temp"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {APP_ROLE}"))
    # With the schema as the default one, reflection sees its tables without a name in front, as the models have.
    connection.dialect.default_schema_name = schema


def _prepare_database(connection: Connection) -> None:
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public"))
    # Roles belong to the whole cluster: another database may have made this one, or be making it now.
    connection.execute(
        text(f"""DO $$ BEGIN
            CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$""")
    )
    # Whoever logs in with the one URL that was given must be able to step down to that role.
    connection.execute(
        text(f"""DO $$ BEGIN
            IF NOT pg_has_role(current_user, '{APP_ROLE}', 'MEMBER') THEN
                EXECUTE format('GRANT {APP_ROLE} TO %I', current_user);
            END IF; END $$""")
    )


def _upgrade(connection: Connection, region: str) -> None:
    enter_region(connection, region)
    command.upgrade(config(connection), "head")


async def upgrade(owner_url: str, regions: Sequence[str]) -> None:
    """Migrates `regions`. Fails fast, rather than queue behind a long transaction and stop everybody else."""
    engine = create_async_engine(owner_url, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text(f"SELECT pg_advisory_lock({_TURN})"))
        await connection.execute(text("SET lock_timeout = '5s'"))
        await connection.run_sync(_prepare_database)
        await connection.commit()
        for region in regions:
            await connection.run_sync(_upgrade, region)
            await connection.commit()
    await engine.dispose()
