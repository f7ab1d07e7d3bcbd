"""What `benchmarks.mirror` measures with: people who consent, events that are queued, an endpoint that does nothing.

`python -m benchmarks.mirror_load empty PORT` serves the endpoint; `… queue` reads a task from standard input, queues
its events one by one at its rate, and prints when each was committed.
"""

import asyncio
import json
import sys
import time
from secrets import token_urlsafe
from typing import Any
from uuid import UUID, uuid4

import uvicorn
from sqlalchemy import text

from app.assembly import build_runtime
from app.db.driver import Driver
from app.domain.consents.consent import Standing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.identity.caller import Caller, Role
from app.domain.profiles.languages import Language
from app.runtime import Runtime
from app.settings import Settings
from app.wire.bodies import Act
from benchmarks.world import id_of
from services.consents import commands
from services.consents.commands import Answer
from services.consents.wording import shown
from services.registry.grounds import ConsentGrounds
from services.registry.queueing import Item, put
from services.registry.repository import lock
from services.registry.rows import CONTENT_FIELD, Line

PEOPLE = 200
_KIND, _SCOPE = ConsentPurpose.MIRROR_DOCUMENT, "passport"


async def settle(runtime: Runtime) -> None:
    """People, each of whom consents to one thing."""
    region = next(iter(runtime.regions.values()))
    for number in range(PEOPLE):
        person = id_of("mirrored", number)
        async with runtime.database.writing(region) as uow:
            statement = text("INSERT INTO persons (id, created_at) VALUES (:id, :now)")
            await uow.session.execute(statement, {"id": person, "now": uow.now})
            caller = Caller(uuid4(), Role.MIGRANT, uuid4(), person_id=person)
            sha256 = shown(_KIND, _SCOPE, Language.RUSSIAN).notice.sha256
            await commands.give(uow, caller, Answer(_KIND, _SCOPE, Language.RUSSIAN, sha256), Standing(mirrors=True))


def _item() -> Item:
    content = {"type": "passport", "number": "AB1234567", "issuer": "UTO", "valid_until": "2030-01-01"}
    return Item("document", str(uuid4()), _KIND.value, _SCOPE, content)


async def queue_many(runtime: Runtime, count: int) -> list[tuple[UUID, UUID]]:
    """Queues so many, spread evenly; person and event of each."""
    region = next(iter(runtime.regions.values()))
    begun = runtime.database.clock.now()
    for part in range(0, count, 100):
        async with runtime.database.writing(region) as uow:
            for number in range(part, min(part + 100, count)):
                await put(uow, ConsentGrounds(), id_of("mirrored", number % PEOPLE), _item())
    async with runtime.database.reading(region) as uow:
        query = text("SELECT person_id, id FROM mirror_events WHERE created_at >= :begun")
        return [(row.person_id, row.id) for row in await uow.session.execute(query, {"begun": begun})]


_QUEUE = """
    WITH moved AS (UPDATE mirror_people SET last_seq = $2, due_at = least(due_at, now()) WHERE person_id = $1)
    INSERT INTO mirror_events (person_id, seq, id, act, created_at, kind, key, purpose, scope, ground, consent_id,
        content_sealed, digest, available_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now())
"""


async def queue(task: dict[str, Any]) -> dict[str, float]:
    """When each event was committed (seconds since 1970). All but its last statement is done beforehand, so that who
    queues takes as little of the processor as may be from who is measured.
    """
    runtime = build_runtime(Settings(**task["settings"]))
    region, committed = next(iter(runtime.regions.values())), {}
    rows = await _ready(runtime, task["count"])
    driver = Driver(runtime.database.engines.of(region.code))
    begun = time.perf_counter()
    for number, row in enumerate(rows):
        if (early := begun + number / task["rate"] - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        await driver.value(_QUEUE, *row)
        committed[str(row[2])] = time.time()
    await runtime.close()
    return committed


async def _ready(runtime: Runtime, count: int) -> list[tuple[Any, ...]]:
    """Events that are sealed and digested, of everybody in turn."""
    region, now, rows = next(iter(runtime.regions.values())), runtime.database.clock.now(), []
    sequences: dict[UUID, list[Any]] = {}
    for number in range(count):
        person, item, salt = id_of("mirrored", number % PEOPLE), _item(), token_urlsafe(16)
        if person not in sequences:
            async with runtime.database.writing(region) as uow:
                ground: Any = await ConsentGrounds().hold(uow, person, item.purpose, item.scope)
                sequence: Any = await lock(uow, person)
            sequences[person] = [ground, sequence.subject, sequence.last_seq]
        ground, subject, _ = sequences[person]
        sequences[person][2] += 1
        plain = json.dumps({"content": item.content, "salt": salt}).encode()
        line = Line(
            person_id=person,
            subject=subject,
            seq=sequences[person][2],
            id=uuid4(),
            act=Act.PUT,
            created_at=now,
            kind=item.kind,
            key=item.key,
            purpose=item.purpose,
            scope=item.scope,
            ground=ground.citation,
            consent_id=ground.consent_id,
            content_sealed=await runtime.database.vault.seal(person, CONTENT_FIELD, plain),
        ).digested(region.code, item.content, salt)
        named = line.person_id, line.seq, line.id, line.act.value, line.created_at, line.kind, line.key, line.purpose
        rows.append((*named, line.scope, line.ground, line.consent_id, line.content_sealed, line.digest))
    return rows


async def empty(scope: Any, receive: Any, send: Any) -> None:
    """Reads what is posted and says 202."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 202, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    if sys.argv[1] == "empty":
        uvicorn.run(
            empty, host="127.0.0.1", port=int(sys.argv[2]), access_log=False, log_level="warning", lifespan="off"
        )
    else:
        sys.stdout.write(json.dumps(asyncio.run(queue(json.load(sys.stdin)))))
