"""Who read at the registry stands in the log of whom it is of: who, when, what for, on what ground; never the data."""

import random
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from app.domain.identity.caller import Role
from app.domain.registry.mirror import source_of
from services.registry.hearing import Listener, write_uses
from tests.services.test_mirror_operated import headers
from tests.support.mirroring import Mirror
from tests.support.registry import CELL, READER


async def read(mirror: Mirror, person: UUID, purpose: str, **asked: str) -> None:
    params = {"source": source_of(mirror.region.code), "purpose": purpose} | asked
    by = {"Authorization": f"Bearer {READER['ministry']}"}
    answer = await mirror.registry.client.get(f"/v1/people/{await mirror.subject(person)}", params=params, headers=by)
    assert answer.status_code == 200, answer.text


def listener(mirror: Mirror) -> Listener:
    return Listener(mirror.runtime.database, mirror.region, mirror.batching)


async def seen(mirror: Mirror, client: httpx.AsyncClient, person: UUID) -> list[dict[str, Any]]:
    """What the person's list tells of others who used their data elsewhere."""
    answer = await client.get("/v1/me/data-uses", headers=await headers(mirror, Role.MIGRANT, person))
    return [use for use in answer.json()["items"] if use["actor_role"] == "elsewhere"]


async def test_a_read_at_the_registry_stands_in_the_persons_list_once(
    mirror: Mirror, client: httpx.AsyncClient
) -> None:
    (person, _), (other, _) = await mirror.mirrored(), await mirror.mirrored()
    await listener(mirror).hear()  # of what other tests read
    await read(mirror, person, "border_control", kind="location")
    first = mirror.clock.now()
    mirror.clock.move(minutes=5)
    await read(mirror, person, "emergency")
    await read(mirror, other, "labour_supervision")
    assert await listener(mirror).hear() == 3
    assert await listener(mirror).hear() == 0, "the registry knows that we know"
    last, before = await seen(mirror, client, person)
    named = ("action", "purpose", "receiver", "system", "until")
    assert [last[name] for name in named] == ["used", "emergency", "ministry", "regional_registry", None]
    assert (before["purpose"], before["ground"][:6]) == ("border_control", "114-FZ")
    assert before["at"] == first.isoformat().replace("+00:00", "Z"), "when it was read, not when it was heard"
    assert [use["purpose"] for use in await seen(mirror, client, other)] == ["labour_supervision"]
    assert CELL not in str([last, before])


async def test_uses_told_again_in_any_order_and_of_nobody_known_change_nothing_more(mirror: Mirror) -> None:
    """Two workers ask, one dies before it can say that it knows, and the registry tells of all of them again."""
    person, _ = await mirror.mirrored()
    for purpose in ("emergency", "border_control", "migration_registration"):
        await read(mirror, person, purpose)
    told = await mirror.batching.uses([])
    strange = replace(told[0], id=uuid4(), subject=uuid4())
    async with mirror.runtime.database.writing(mirror.region) as uow:
        assert await write_uses(uow, random.Random(3).sample(told, 2)) == 2
    async with mirror.runtime.database.writing(mirror.region) as uow:
        assert await write_uses(uow, [strange, *reversed(told), told[0]]) == 1
    assert await listener(mirror).hear() == 0
    async with mirror.runtime.database.reading(mirror.region) as uow:
        query = text("SELECT subject ->> 'use' FROM audit_entries WHERE person_id = :id AND actor_role = 'elsewhere'")
        written = list(await uow.session.scalars(query, {"id": person}))
    assert sorted(written) == sorted(str(one.id) for one in told)
