"""What many people's profiles say, as parts that one statement reads together with others."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.pathways.pathway import Facts
from app.domain.pathways.rules import EntryPurpose
from services.audit.access import account_for


@dataclass(frozen=True, slots=True)
class DocumentInForce:
    """`digest`: of what it says, sealed: another one means that it says something else."""

    id: UUID
    kind: str
    digest: str


async def facts_of_many(uow: Reading, people: Collection[UUID], purpose: Purpose) -> Part[dict[UUID, Facts]]:
    """What pathways are planned from, of those of these people who have told it."""
    for person_id in people:
        await account_for(uow, person_id, purpose)
    statement = """
        SELECT p.person_id, p.citizenship, p.birth_year, p.birth_month, p.birth_day,
            e.entered_on, e.purpose, e.visa, e.stay_days
        FROM profiles p JOIN LATERAL (
            SELECT * FROM entries WHERE person_id = p.person_id AND replaced_at IS NULL ORDER BY number DESC LIMIT 1
        ) e ON true
        WHERE p.person_id = ANY (:people::uuid[]) AND p.citizenship IS NOT NULL
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, Facts]:
        found = {}
        for row in rows:
            person_id = UUID(row.pop("person_id"))
            told = {"purpose": EntryPurpose(row["purpose"]), "entered_on": date.fromisoformat(row["entered_on"])}
            found[person_id] = Facts(**row | told)
        return found

    return Part(statement, {"people": list(people)}, read, many=True)


def groups_part(people: Collection[UUID]) -> Part[dict[UUID, tuple[str | None, bytes | None]]]:
    """Citizenship, and the current document as it is sealed, to be counted: nothing is told of one person."""
    statement = """
        SELECT p.person_id, p.citizenship, encode(d.fields_sealed, 'hex') AS sealed FROM profiles p
        LEFT JOIN identity_documents d ON d.person_id = p.person_id AND d.current
        WHERE p.person_id = ANY (:people::uuid[])
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, tuple[str | None, bytes | None]]:
        return {
            UUID(row["person_id"]): (row["citizenship"], bytes.fromhex(row["sealed"]) if row["sealed"] else None)
            for row in rows
        }

    return Part(statement, {"people": list(people)}, read, many=True)


async def homes_of(uow: Reading, people: Collection[UUID], purpose: Purpose) -> Part[set[UUID]]:
    """Who of these people said where they set out from."""
    for person_id in people:
        await account_for(uow, person_id, purpose)
    statement = """
        SELECT person_id FROM details WHERE person_id = ANY (:people::uuid[]) AND kind = 'home' AND replaced_at IS NULL
    """
    return Part(statement, {"people": list(people)}, lambda rows: {UUID(row["person_id"]) for row in rows}, many=True)


async def documents_in_force(
    uow: Reading, people: Collection[UUID], purpose: Purpose
) -> Part[dict[UUID, list[DocumentInForce]]]:
    """The valid documents of these people, still sealed."""
    for person_id in people:
        await account_for(uow, person_id, purpose)
    statement = """
        SELECT person_id, id, kind, md5(fields_sealed) AS digest FROM identity_documents
        WHERE person_id = ANY (:people::uuid[]) AND status = 'valid'
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, list[DocumentInForce]]:
        found: defaultdict[UUID, list[DocumentInForce]] = defaultdict(list)
        for row in rows:
            found[UUID(row["person_id"])].append(DocumentInForce(UUID(row["id"]), row["kind"], row["digest"]))
        return found

    return Part(statement, {"people": list(people)}, read, many=True)
