"""What the ledgers tell of many people at once, as parts that one statement reads together."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.gather import Part


@dataclass(frozen=True, slots=True)
class UseEntry:
    """One use of somebody's data by others: when, what for, and by whom."""

    at: datetime
    purpose: str
    reader: str


@dataclass(frozen=True, slots=True)
class MoveEntry:
    """A visit was moved: which, when, and by whose account; None is the service itself."""

    booking_id: UUID
    at: datetime
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class Recent:
    """What others have done of late, or may have."""

    uses: list[UseEntry] = field(default_factory=list)
    moves: list[MoveEntry] = field(default_factory=list)


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


def recent_part(people: Collection[UUID], since: datetime, now: datetime) -> Part[dict[UUID, Recent]]:
    """Who read these people's data since an instant, and which of their visits were moved, if not by whoever acts for
    them; oldest first. Of each log no more than its newest links are looked at: who is looked up more often than that
    in a day is told of the newest. Not of what is kept from them.
    """
    statement = """
        SELECT e.person_id, e.at, e.purpose, coalesce(e.receiver, e.actor_role) AS reader, e.actor_id,
            e.subject ->> 'booking' AS booking
        FROM chain_heads h JOIN audit_entries e ON e.person_id = h.person_id AND e.seq > h.seq - 30
        WHERE h.ledger = 'audit_entries' AND h.person_id = ANY (:people::uuid[])
            AND (e.action = 'used' OR e.action = 'booking_moved' AND e.actor_role <> 'guardian')
            AND e.at > :since::timestamptz AND NOT use_is_hidden(e, :at_moment::timestamptz)
        ORDER BY e.seq
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, Recent]:
        found: defaultdict[UUID, Recent] = defaultdict(Recent)
        for row in rows:
            at, recent = datetime.fromisoformat(row["at"]), found[UUID(row["person_id"])]
            if row["purpose"] is not None:
                recent.uses.append(UseEntry(at, row["purpose"], row["reader"]))
            else:
                account = UUID(row["actor_id"]) if row["actor_id"] else None
                recent.moves.append(MoveEntry(UUID(row["booking"]), at, account))
        return found

    return Part(statement, {"people": list(people), "since": since, "at_moment": now}, read, many=True)
