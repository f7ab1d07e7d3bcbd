"""Strict reading of nested data: each key is known and has exactly its type; each mistake has its place."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class RulebookError(ValueError):
    """A mistake in a rule book's data: in `rule` (a rule's id, a step's code, or `book`), under `key`."""

    def __init__(self, rule: str, key: str, reason: str) -> None:
        super().__init__(f"{rule}: {key}: {reason}")
        self.rule = rule
        self.key = key


class Table:
    """One table. Each key is taken once; `close` refuses those that nobody took. Raises `RulebookError`."""

    def __init__(self, data: object, rule: str, path: str = "") -> None:
        self._rule = rule
        self._path = path
        if not isinstance(data, Mapping):
            raise RulebookError(rule, path, "expected a table")
        self._left = dict(data)

    def error(self, key: str, reason: str) -> RulebookError:
        return RulebookError(self._rule, self._place(key), reason)

    def maybe(self, key: str, kind: type[T]) -> T | None:
        """The value under `key`, or `None` when it is absent."""
        if key not in self._left:
            return None
        value = self._left.pop(key)
        # Not isinstance: a bool is an int, and a datetime is a date.
        if type(value) is not kind:
            raise self.error(key, f"expected {kind.__name__}")
        return value

    def need(self, key: str, kind: type[T]) -> T:
        """The value under `key`, which must be there and, if it is text, not be empty."""
        value = self.maybe(key, kind)
        if value is None or value == "":
            raise self.error(key, "missing")
        return value

    def count(self, key: str) -> int | None:
        """A whole number, 0 or more."""
        value = self.maybe(key, int)
        if value is not None and value < 0:
            raise self.error(key, "cannot be negative")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when absent."""
        values = self.maybe(key, list) or []
        if not all(isinstance(value, str) and value for value in values):
            raise self.error(key, "expected a list of names")
        return tuple(values)

    def member(self, key: str, kind: type[E], value: str) -> E:
        """`value`, found under `key`, as a member of `kind`."""
        try:
            return kind(value)
        except ValueError:
            raise self.error(key, f"must be one of {', '.join(kind)}") from None

    def table(self, key: str) -> "Table | None":
        """The table under `key`."""
        data = self.maybe(key, dict)
        return None if data is None else Table(data, self._rule, self._place(key))

    def tables(self, key: str) -> "list[Table]":
        """The tables in the list under `key`; empty when absent."""
        items = self.maybe(key, list) or []
        return [Table(item, self._rule, f"{self._place(key)}.{place}") for place, item in enumerate(items)]

    def left(self) -> tuple[str, ...]:
        """The keys not taken yet."""
        return tuple(self._left)

    def close(self) -> None:
        for key in self._left:
            raise self.error(key, "unknown key")

    def _place(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key
