"""Reads what a decision needs in one statement, each feature giving its part of it.

A feature's repository states its part as SQL and knows how to read the answer; whoever decides joins the parts
it needs. One statement is one snapshot and one round trip.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")


@dataclass(frozen=True, slots=True, eq=False)
class Part(Generic[T_co]):
    """`sql`: a SELECT with `:named` parameters, which mean the same in every part joined with it.

    `read` is given the row as JSON shows it (a dict, or None when there is none), or with `many` the list of rows.
    """

    sql: str
    parameters: Mapping[str, Any]
    read: Callable[[Any], T_co]
    many: bool = False


def sets_of(rows: list[dict[str, Any]], key: str, value: str) -> dict[UUID, set[UUID]]:
    """For a part's `read`: which `value`s there are of each `key`, both identifiers."""
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for row in rows:
        found[UUID(row[key])].add(UUID(row[value]))
    return found


class Gathered:
    """What was found, by part."""

    def __init__(self, rows: dict[Part[Any], Any]) -> None:
        self._rows = rows

    def __getitem__(self, part: Part[T]) -> T:
        return part.read(self._rows[part])


class Asked(Protocol):
    """Whoever can be asked for one value: a driver's connection, or that of a unit of work."""

    async def value(self, statement: str, *arguments: Any) -> Any: ...


async def gather(driver: Asked, *parts: Part[Any]) -> Gathered:
    """Reads all parts in one statement."""
    statement, names = _joined(tuple((part.sql, part.many) for part in parts))
    parameters: dict[str, Any] = {}
    for part in parts:
        parameters.update(part.parameters)
    found = json.loads(await driver.value(statement, *(parameters[name] for name in names)))
    return Gathered(dict(zip(parts, found, strict=True)))


@lru_cache(maxsize=256)
def _joined(parts: tuple[tuple[str, bool], ...]) -> tuple[str, tuple[str, ...]]:
    """The statement, with the names of its parameters in their order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    columns = [
        f"(SELECT coalesce(json_agg(part), '[]') FROM ({sql}) AS part)"  # noqa: S608 — ours, all of it
        if many
        else f"(SELECT row_to_json(part) FROM ({sql}) AS part)"  # noqa: S608 — ours, all of it
        for sql, many in parts
    ]
    statement = _PARAMETER.sub(number, f"SELECT json_build_array({', '.join(columns)})::text")
    return statement, tuple(names)
