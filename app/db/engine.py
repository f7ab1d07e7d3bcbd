"""Connections: one small pool a region, each connection in its region's schema and under the application's role."""

import re
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

APP_ROLE = "manzil_app"
_REGION = re.compile(r"[a-z][a-z0-9_]{1,30}\Z")


def schema_of(region: str) -> str:
    """The PostgreSQL schema of a region code such as `ru_ta`; ValueError for anything that is not a plain code."""
    if not _REGION.match(region):
        raise ValueError(f"a region code is lower-case letters, digits and underscores: {region!r}")
    return f"region_{region}"


class Engines:
    """The pools of this process, opened when a region is first used.

    `role` and `search_path` travel in the start-up packet: no round trip a transaction, and no statement
    that could run before they are set. That role owns nothing. A login
    that is the owner, or a superuser, could step up again: in production the application has a login of its own.
    """

    def __init__(self, url: str, *, pool_size: int) -> None:
        self._url = url
        self._pool_size = pool_size
        self._engines: dict[str, AsyncEngine] = {}

    def of(self, region: str) -> AsyncEngine:
        if region not in self._engines:
            self._engines[region] = self._made(region, pool_size=self._pool_size, max_overflow=0, pool_timeout=30)
            event.listen(self._engines[region].sync_engine, "checkout", _refuse_closed)
        return self._engines[region]

    def alone(self, region: str) -> AsyncEngine:
        """Each connection is made when it is asked for, beside the pool, and closed when it is given back."""
        return self._made(region, poolclass=NullPool)

    def _made(self, region: str, **pool: Any) -> AsyncEngine:
        return create_async_engine(
            self._url,
            hide_parameters=True,  # an error's text goes to logs; a statement's values are people's data
            connect_args={
                "server_settings": {
                    "search_path": f"{schema_of(region)},public",
                    "role": APP_ROLE,
                    "application_name": "manzil",
                    "timezone": "UTC",
                    "statement_timeout": "15000",
                    "lock_timeout": "8000",
                    "idle_in_transaction_session_timeout": "30000",
                }
            },
            **pool,
        )

    async def dispose(self) -> None:
        for engine in self._engines.values():
            await engine.dispose()


def _refuse_closed(adapted: Any, *_: Any) -> None:
    """A connection that the server has closed is replaced. The socket tells: no round trip is spent on asking."""
    if adapted.driver_connection.is_closed():
        raise DisconnectionError
