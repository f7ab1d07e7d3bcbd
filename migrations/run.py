"""Brings every region's schema to the newest revision. Safe to call from several processes at once."""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, make_url, text
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


def _prepare_database(connection: Connection, app_login: str | None) -> None:
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public"))
    # Roles belong to the whole cluster: another database may have made this one, or be making it now.
    connection.execute(
        text(f"""DO $$ BEGIN
            CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$""")
    )
    _let_in(connection, str(connection.scalar(text("SELECT current_user"))))
    if app_login is not None:
        _let_in(connection, app_login)


def _let_in(connection: Connection, login: str) -> None:
    """Lets a login step down to the application's role. From PostgreSQL 16 on, having made a role is not enough."""
    able = "SET" if (connection.dialect.server_version_info or (0,)) >= (16,) else "MEMBER"
    standing = text("SELECT pg_has_role(:login, :role, :able)")
    if not connection.scalar(standing, {"login": login, "role": APP_ROLE, "able": able}):
        connection.execute(text(f"GRANT {APP_ROLE} TO {connection.dialect.identifier_preparer.quote(login)}"))


def _upgrade(connection: Connection, region: str) -> None:
    enter_region(connection, region)
    command.upgrade(config(connection), "head")


async def upgrade(owner_url: str, regions: Sequence[str], *, app_url: str | None = None) -> None:
    """Migrates `regions` as their owner, and lets the login of `app_url` into the application's role.

    Fails fast, rather than queue behind a long transaction and stop everybody else.
    """
    engine = create_async_engine(owner_url, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text(f"SELECT pg_advisory_lock({_TURN})"))
        await connection.execute(text("SET lock_timeout = '5s'"))
        await connection.run_sync(_prepare_database, make_url(app_url).username if app_url else None)
        await connection.commit()
        for region in regions:
            await connection.run_sync(_upgrade, region)
            await connection.commit()
    await engine.dispose()
