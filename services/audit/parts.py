"""What the ledgers tell of many people at once, as parts that one statement reads together."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.gather import Part


@dataclass(frozen=True, slots=True)
class UseEntry:
    """One use of somebody's data by others: its number in their log, when, what for, and by whom."""

    number: int
    at: datetime
    purpose: str
    reader: str


def heads_part(people: Collection[UUID]) -> Part[list[tuple[str, UUID, int]]]:
    """The newest link (ledger, person, number) of each of these people's chains."""
    statement = "SELECT ledger, person_id, seq FROM chain_heads WHERE person_id = ANY (:people::uuid[])"
    statement += " AND ledger IN ('audit_entries', 'consent_events')"
    return Part(
        statement,
        {"people": list(people)},
        lambda rows: [(row["ledger"], UUID(row["person_id"]), row["seq"]) for row in rows],
        many=True,
    )


def uses_part(people: Collection[UUID], since: datetime, now: datetime) -> Part[dict[UUID, list[UseEntry]]]:
    """Who read these people's data since an instant, oldest first. Of each log no more than its newest links are
    looked at: who is looked up more often than that in a day is told of the newest. Not what is kept from them.
    """
    statement = """
        SELECT e.person_id, e.seq, e.at, e.purpose, coalesce(e.receiver, e.actor_role) AS reader
        FROM chain_heads h JOIN audit_entries e ON e.person_id = h.person_id AND e.seq > h.seq - 30
        WHERE h.ledger = 'audit_entries' AND h.person_id = ANY (:people::uuid[])
            AND e.action = 'used' AND e.at > :since::timestamptz AND NOT use_is_hidden(e, :at_moment::timestamptz)
        ORDER BY e.seq
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, list[UseEntry]]:
        found: defaultdict[UUID, list[UseEntry]] = defaultdict(list)
        for row in rows:
            at = datetime.fromisoformat(row["at"])
            found[UUID(row["person_id"])].append(UseEntry(row["seq"], at, row["purpose"], row["reader"]))
        return found

    return Part(statement, {"people": list(people), "since": since, "at_moment": now}, read, many=True)
