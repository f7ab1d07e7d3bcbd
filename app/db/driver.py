"""The driver's own connection, for statements whose price counts: a tenth of what a session asks for one.

Each statement is a transaction of its own, unless `begin` opened one. Texts are prepared once a connection.
"""

from collections.abc import Awaitable, Callable
from typing import Any, cast

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection

CHANGED = "MZ001"
"""The SQLSTATE by which the database says: what you decided on is no longer so (`migrations/sql`)."""


# Deadlock, serialisation failure, lock timeout, idle too long in a transaction, cancelled statement, too many
# connections, shutting down or starting up.
PASSING = {"40P01", "40001", "55P03", "25P03", "57014", "53300", "57P01", "57P02", "57P03"}
UNSTORABLE = {"22021", "22P05"}
"""NUL, which JSON may hold and text in the database may not."""
DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What the driver raises by itself: SQLAlchemy does not translate what goes wrong while it connects. The last comes
of a connection that was told the server's end while it was idle, and is not closed yet.
"""


def is_passing(error: BaseException) -> bool:
    """Whether an error of the driver says that the database is busy, restarting or gone."""
    gone = isinstance(error, asyncpg.PostgresConnectionError | asyncpg.InterfaceError | asyncpg.InternalClientError)
    return gone or getattr(error, "sqlstate", None) in PASSING


class Passing(Exception):
    """The database is busy, restarting or gone: trying again later may help."""


class Changed(Exception):
    """Somebody else was faster: read again, decide again. Nothing was written."""


class Refused(Exception):
    """A constraint of the database refused the statement; `constraint` is its name."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class Driver:
    """A connection of `engine`'s pool for each statement, or for all of a transaction.

    Nobody holds one while asking for another: in a rush that would be a circle of waiting.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: PoolProxiedConnection | None = None

    async def value(self, statement: str, *arguments: Any) -> Any:
        """The first column of the first row. `Changed`, `Refused` or `Passing`; else the driver's own error."""
        return await self._ask(lambda driver: driver.fetchval(statement, *arguments))

    async def rows(self, statement: str, *arguments: Any) -> list[Any]:
        """All rows. The same errors."""
        found: list[Any] = await self._ask(lambda driver: driver.fetch(statement, *arguments))
        return found

    async def script(self, statements: str) -> None:
        """Several statements without parameters in one round trip. The same errors."""
        await self._ask(lambda driver: driver.execute(statements))

    async def _ask(self, ask: Callable[[asyncpg.Connection], Awaitable[Any]]) -> Any:
        if self._connection is None:
            self._connection = await self._engine.raw_connection()
        try:
            return await ask(self._driver(self._connection))
        except asyncpg.IntegrityConstraintViolationError as error:
            raise Refused(error.constraint_name or "") from error
        except asyncpg.PostgresError as error:
            if error.sqlstate == CHANGED:
                raise Changed from None
            if is_passing(error):
                raise Passing from error
            raise
        except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            raise Passing from error
        finally:
            if not self.transacting:
                await self.release()

    @property
    def transacting(self) -> bool:
        """Whether a transaction was opened and has not ended."""
        return self._connection is not None and self._driver(self._connection).is_in_transaction()

    @staticmethod
    def _driver(connection: PoolProxiedConnection) -> asyncpg.Connection:
        return cast("asyncpg.Connection", connection.driver_connection)

    async def release(self) -> None:
        """Gives back what a failed statement or an open transaction still holds; the transaction is rolled back."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        driver = self._driver(connection)
        try:
            if driver.is_in_transaction():
                await driver.execute("ROLLBACK")
        except (*DRIVER_ERRORS, OSError):
            driver.terminate()  # the pool replaces a connection that is closed
        except BaseException:
            driver.terminate()
            raise
        finally:
            connection.close()
