"""Persons and their phones, many at once, as parts that one statement reads together with others."""

from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from app.db.gather import Part, sets_of
from app.db.unit_of_work import Reading


def merged_part(people: Collection[UUID]) -> Part[dict[UUID, UUID]]:
    """Who of these people turned out to be another, and whom."""
    statement = "SELECT id, merged_into FROM persons WHERE id = ANY (:people::uuid[]) AND merged_into IS NOT NULL"

    def read(rows: list[dict[str, Any]]) -> dict[UUID, UUID]:
        return {UUID(row["id"]): UUID(row["merged_into"]) for row in rows}

    return Part(statement, {"people": list(people)}, read, many=True)


def accounts_part(people: Collection[UUID]) -> Part[dict[UUID, set[UUID]]]:
    """These people's own accounts."""
    statement = "SELECT person_id, id FROM accounts WHERE person_id = ANY (:people::uuid[])"
    accounts = partial(sets_of, key="person_id", value="id")
    return Part(statement, {"people": list(people)}, accounts, many=True)


def signed_in_part(uow: Reading, people: Collection[UUID]) -> Part[dict[UUID, set[UUID]]]:
    """The devices on which these people are signed in."""
    statement = """
        SELECT a.person_id, s.device_id FROM accounts a JOIN sessions s ON s.account_id = a.id
        WHERE a.person_id = ANY (:people::uuid[])
            AND s.device_id IS NOT NULL AND s.revoked_at IS NULL AND s.ends_at > :now::timestamptz
    """
    devices = partial(sets_of, key="person_id", value="device_id")
    return Part(statement, {"people": list(people), "now": uow.now}, devices, many=True)
