"""Many rows at once, on the driver's own connection and in the transaction of a unit of work.

A statement of the session must have come before: it is what opens the transaction.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.db.gather import Gathered, Part, gather
from app.db.unit_of_work import Writing


class _Within:
    """Asks in the transaction of a unit of work."""

    def __init__(self, uow: Writing) -> None:
        self._uow = uow

    async def value(self, statement: str, *arguments: Any) -> Any:
        return await (await _driver(self._uow)).fetchval(statement, *arguments)


async def _driver(uow: Writing) -> Any:
    return (await (await uow.session.connection()).get_raw_connection()).driver_connection


async def gather_within(uow: Writing, *parts: Part[Any]) -> Gathered:
    """Reads the parts in one statement of the transaction."""
    return await gather(_Within(uow), *parts)


async def copy_rows(uow: Writing, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Adds rows by COPY. Columns that are not named get their defaults."""
    await (await _driver(uow)).copy_records_to_table(table, records=rows, columns=columns)


async def execute(uow: Writing, statement: str, *arguments: Any) -> None:
    """A statement with `$1` parameters, arrays among them, that the driver takes as they are."""
    await (await _driver(uow)).execute(statement, *arguments)


async def fetch(uow: Writing, statement: str, *arguments: Any) -> list[Any]:
    """The same, for its rows."""
    return list(await (await _driver(uow)).fetch(statement, *arguments))
