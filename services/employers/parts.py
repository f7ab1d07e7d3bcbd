"""What a look at a list reads of employers, as parts that one statement reads together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.db.gather import Part
from app.domain.employers.requests import CardStatus

OLDEST = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
"""The oldest transaction that is still open: what earlier ones wrote can be seen."""


class Stored(NamedTuple):
    """A work profile as it is stored."""

    person_id: UUID
    sealed: bytes
    visible: bool
    allowed_from: date | None
    allowed_until: date | None
    sure: int
    names_work: bool
    changed_in: int


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody's card for a vacancy; `id` is None until they are shown for it. `stamp`: the profile's `changed_in`."""

    id: UUID | None
    stamp: int
    status: CardStatus
    expires_at: datetime | None


def posted_part(today: date) -> Part[str]:
    """Another whenever `published` may have another answer."""
    statement = """
        SELECT concat_ws('/', :day::text, count(*), max(changed_at), (SELECT max(decided_at) FROM companies)) AS state
        FROM vacancies WHERE valid_through >= :day::text::date
    """
    return Part(statement, {"day": today.isoformat()}, lambda row: str(row["state"]))


def changed_part(since: int) -> Part[tuple[dict[UUID, int], int]]:
    """Whose work profiles changed in transactions from `since` on, and in which; and from where to look next time. A
    number that is still to come is another cluster's, whose backup this is.
    """
    statement = f"""
        SELECT {OLDEST} AS oldest, coalesce((
            SELECT json_object_agg(person_id, changed_in) FROM work_profiles
            WHERE changed_in >= :watermark::bigint
                AND changed_in <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        ), '{{}}') AS changed
    """  # noqa: S608 — ours, all of it

    def read(row: Any) -> tuple[dict[UUID, int], int]:
        return {UUID(person): stamp for person, stamp in row["changed"].items()}, row["oldest"]

    return Part(statement, {"watermark": since}, read)


def cards_part(vacancy_id: UUID, people: Sequence[UUID]) -> Part[dict[UUID, Card]]:
    """Those of the people whose work profile may be found as it stands, with their cards for the vacancy."""
    statement = """
        SELECT w.person_id, w.changed_in, c.id, c.status, c.asked_at, c.expires_at
        FROM work_profiles w LEFT JOIN vacancy_cards c ON c.person_id = w.person_id AND c.vacancy_id = :vacancy::uuid
        WHERE w.visible AND w.person_id = ANY (:listed::uuid[])
    """
    return Part(statement, {"vacancy": vacancy_id, "listed": list(people)}, _cards, many=True)


def _cards(rows: list[dict[str, Any]]) -> dict[UUID, Card]:
    return {
        UUID(row["person_id"]): Card(
            row["id"] and UUID(row["id"]),
            row["changed_in"],
            CardStatus(row["status"] or CardStatus.SHOWN),
            row["expires_at"] and datetime.fromisoformat(row["expires_at"]),
        )
        for row in rows
    }
