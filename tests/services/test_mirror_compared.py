"""Both sides are compared by digests, and what differs is mended."""

from uuid import UUID

import pytest
from sqlalchemy import text

from services.registry.acknowledging import send_again_what_is_silent
from services.registry.comparing import compare
from services.registry.standings.repository import is_settled
from tests.support.mirroring import DOCUMENT, Mirror


async def compared(mirror: Mirror, person: UUID) -> int:
    """Looks at that person alone."""
    async with mirror.runtime.database.writing(mirror.region) as uow:
        await uow.session.execute(text("UPDATE mirror_people SET compared_at = 'infinity'"))
        first = text("UPDATE mirror_people SET compared_at = NULL WHERE person_id = :id")
        await uow.session.execute(first, {"id": person})
    found = await compare(mirror.runtime.database, mirror.region, mirror.port, limit=1)
    assert found.compared == 1
    return found.differed


async def mirrored(mirror: Mirror) -> UUID:
    """Somebody with a location that was replaced, two documents and one that is gone."""
    person = await mirror.person()
    await mirror.consent(person)
    await mirror.consent(person, DOCUMENT, "passport")
    for key in ("p1", "p2"):
        await mirror.put(person, key=key, document="passport")
    await mirror.put(person, cell="881f1d4813fffff")
    await mirror.deliver()
    await mirror.put(person)
    await mirror.deliver()
    tries = 0
    while not await settled(mirror, person):  # on a machine that is busy a message may take too long, and comes again
        tries += 1
        assert tries < 100, await mirror.told(person)
        mirror.clock.move(minutes=5)
        async with mirror.runtime.database.writing(mirror.region) as uow:
            await send_again_what_is_silent(uow)
        await mirror.deliver()
    assert await compared(mirror, person) == 0, "they agree"
    return person


async def settled(mirror: Mirror, person: UUID) -> bool:
    """Whether the registry has said what came of all of it, and nobody is still to write it."""
    async with mirror.runtime.database.reading(mirror.region) as uow:
        due = await uow.session.scalar(text("SELECT due_at FROM mirror_people WHERE person_id = :id"), {"id": person})
        return due is None and await is_settled(uow, person)


async def keys_held(mirror: Mirror, person: UUID) -> list[str]:
    return [record["key"] for record in await mirror.held(person)]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM records WHERE subject = $1 AND key = 'p1'",
        "UPDATE records SET digest = sha256('x') WHERE subject = $1 AND key = 'p1'",
        "UPDATE records SET key = 'stranger' WHERE subject = $1 AND key = 'p1'",
    ],
)
async def test_what_differs_at_the_registry_is_put_right(mirror: Mirror, damage: str) -> None:
    person = await mirrored(mirror)
    await mirror.registry.sql(damage, await mirror.subject(person))
    assert await compared(mirror, person) == 1
    await mirror.deliver()
    assert await keys_held(mirror, person) == ["p1", "p2", "latest"]
    assert await compared(mirror, person) == 0


@pytest.mark.parametrize("applied", [0, 2])
async def test_a_registry_that_came_back_from_a_backup_is_told_again_from_the_last_applied(
    mirror: Mirror, applied: int
) -> None:
    """Under the same ids, what is kept; a tombstone for what was replaced meanwhile."""
    person = await mirrored(mirror)
    before = [event.id for event in await mirror.events(person)]
    subject = await mirror.subject(person)
    for statement in (
        "DELETE FROM records WHERE subject = $1 AND seq > $2",
        "DELETE FROM events WHERE subject = $1 AND seq > $2",
        "UPDATE subjects SET applied = $2 WHERE subject = $1",
    ):
        await mirror.registry.sql(statement, subject, applied)
    assert await compared(mirror, person) == 1
    await mirror.deliver()
    assert await compared(mirror, person) == 0
    assert await keys_held(mirror, person) == ["p1", "p2", "latest"]
    after = [event.id for event in await mirror.events(person)]
    assert [number for number, (old, new) in enumerate(zip(before, after, strict=True), 1) if old != new] == [3]


async def test_a_replay_after_an_erasure_brings_nothing_back(mirror: Mirror) -> None:
    person, consent = await mirror.mirrored()
    await mirror.withdraw(person, consent)
    await mirror.deliver()
    subject = await mirror.subject(person)
    await mirror.registry.sql("DELETE FROM events WHERE subject = $1", subject)
    await mirror.registry.sql("DELETE FROM erasures WHERE subject = $1", subject)
    await mirror.registry.sql("UPDATE subjects SET applied = 0 WHERE subject = $1", subject)
    assert await compared(mirror, person) == 1
    await mirror.deliver()
    assert await mirror.told(person) == [("tombstone", "applied"), ("erase", "applied")]
    assert await mirror.held(person) == []
    assert await compared(mirror, person) == 0
