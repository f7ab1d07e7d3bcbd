"""What a decision changes, as rows for the one statement that carries it out (`commit_changes` in the database)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

Row = Mapping[str, Any]


@dataclass(slots=True)
class Changes:
    """All of it happens, or nothing.

    `people`: how long each person's log was when it was read: if one has grown, the decision is made again.
    `changed`: bookings as they are to be, at the `version` they were read at. `added`: new bookings. `ledger`: use
    of places, +1 or -1. `entries`: links of the log. `answer`: what a repeated request is to be told. Of tables that
    belong to features above: rows `inserted`, by table in the order in which they refer to each other, `decided`
    (`decide`), which had to stand as they were read, and `calls` of functions in the database, each with its argument.
    """

    people: dict[UUID, int]
    changed: list[Row] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)
    ledger: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    inserted: dict[str, list[Row]] = field(default_factory=dict)
    decided: list[Row] = field(default_factory=list)
    calls: list[tuple[str, Row]] = field(default_factory=list)
    answer: Row | None = None

    def decide(self, table: str, row_id: UUID, was: str, status: str, at: datetime) -> None:
        """Puts a row into another status, or makes the whole decision anew if it no longer stands in that one."""
        self.decided.append({"table": table, "id": row_id, "was": was, "status": status, "at": at})

    def as_json(self) -> str:
        return json.dumps(
            {
                "people": {str(person): seq for person, seq in self.people.items()},
                "changed": self.changed,
                "added": self.added,
                "ledger": self.ledger,
                # In the one order in which heads of logs are locked; of one person's, as they were left.
                "entries": sorted(self.entries, key=lambda entry: entry["person_id"]),
                "inserted": [{"table": table, "rows": rows} for table, rows in self.inserted.items()],
                "decided": self.decided,
                "calls": [{"function": function, "argument": argument} for function, argument in self.calls],
                "answer": self.answer or {},
            },
            default=_text,
        )


def _text(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(type(value).__name__)
