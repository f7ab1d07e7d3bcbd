"""What `benchmarks.mirror` measures with: people who consent, events that are queued, an endpoint that does nothing.

`python -m benchmarks.mirror_load empty PORT` serves the endpoint; `… queue` reads a task from standard input, queues
its events one by one at its rate, and prints when each was committed.
"""

import asyncio
import json
import sys
import time
from typing import Any
from uuid import UUID, uuid4

import uvicorn
from sqlalchemy import text

from app.assembly import build_runtime
from app.domain.consents.consent import Standing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.identity.caller import Caller, Role
from app.domain.profiles.languages import Language
from app.runtime import Runtime
from app.settings import Settings
from benchmarks.world import id_of
from services.consents import commands
from services.consents.commands import Answer
from services.consents.wording import shown
from services.registry.grounds import ConsentGrounds
from services.registry.queueing import Item, put

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


async def queue(task: dict[str, Any]) -> dict[str, float]:
    """When each event was committed (seconds since 1970)."""
    runtime = build_runtime(Settings(**task["settings"]))
    region, committed = next(iter(runtime.regions.values())), {}
    begun = time.perf_counter()
    for number in range(task["count"]):
        if (early := begun + number / task["rate"] - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        async with runtime.database.writing(region) as uow:
            person = id_of("mirrored", number % PEOPLE)
            await put(uow, ConsentGrounds(), person, _item())
            newest = text("SELECT id FROM mirror_events WHERE person_id = :id ORDER BY seq DESC LIMIT 1")
            event_id = await uow.session.scalar(newest, {"id": person})
        committed[str(event_id)] = time.time()
    await runtime.close()
    return committed


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
