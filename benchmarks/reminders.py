"""`reminders`: sending what is due, and planning a month (`benchmarks.planning`), each against the same without Manzil
around it.

`reminders.send`: pushes a second by one worker's `Sender` with the real firebase-admin client, from rows that are due
to rows with their answers, against an httpx client that posts the same bodies to the same server bare. The server
(`app.demo.fcm`) checks and answers each at once.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from app.adapters.fcm import FcmPush
from app.assembly import build_runtime
from app.db.bulk import copy_rows
from app.demo import fcm
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from benchmarks.copy import Copy, Say, free_port
from benchmarks.figures import BenchSettings, Figure, rounded
from benchmarks.load import BenchError
from benchmarks.planning import measure_planning
from benchmarks.world import NUMBERS, fill, id_of, in_a_loop
from services.deliveries.sending import SLOTS, Carriers, Sender
from services.deliveries.texts import ADDRESS_FIELD

SEND_GOAL = 0.7
_A_SECOND = 700
"""Messages for each second of a round: about what one core sends."""


def measure_reminders(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    return [measure_sending(copy, options, say), measure_planning(copy, options, say)]


def measure_sending(copy: Copy, options: BenchSettings, say: Say) -> Figure:
    count = max(int(_A_SECOND * options.seconds), 200)
    with TemporaryDirectory() as folder, fcm.running(Path(folder), free_port()) as server:
        say("reminders.send: warming up …")
        _send(copy, server, _due(copy, 0, 200))
        bodies = [json.dumps({"message": one.message}).encode() for one in server.seen()]
        ours: list[float] = []
        bare: list[float] = []
        for number in range(options.rounds):
            people = _due(copy, number + 1, count)
            turns: list[tuple[list[float], Callable[[], float]]] = [
                (ours, lambda people=people: _send(copy, server, people)),  # type: ignore[misc]
                (bare, lambda: _post(server, bodies, count)),
            ]
            for rates, run in turns if number % 2 else reversed(turns):
                server.forget()
                rates.append(run())
                if (came := server.count()) != count:
                    raise BenchError(f"{came} messages came instead of {count}")
            say(f"  round {number + 1} of {options.rounds}: {ours[-1]:.0f}/s, bare {bare[-1]:.0f}/s")
    return Figure(
        name="reminders.send",
        value=statistics.median(ours),
        unit="messages/s",
        ceiling=statistics.median(bare),
        goal=SEND_GOAL,
        extra={"messages": count, "slots": SLOTS, "rounds": rounded(ours), "ceiling_rounds": rounded(bare)},
    )


_PEOPLE = {
    "persons (id, created_at)": "md5('told:' || n)::uuid, now()",
    "accounts (id, role, created_at, person_id, phone_index)": (
        "md5('told-account:' || n)::uuid, 'migrant', now(), md5('told:' || n)::uuid, sha256(('told:' || n)::bytea)"
    ),
    "devices (id, account_id, public_jwk, created_at, certified_until, seen_at)": (
        "md5('told-device:' || n)::uuid, md5('told-account:' || n)::uuid, '{}', now(), now(), now()"
    ),
    "reminder_plans (person_id, replan_at)": "md5('told:' || n)::uuid, now() + interval '1 year'",
    "reminders (person_id, subject, subject_id, kind, about, days, due_at, expires_at, matter, urgent, planned)": (
        "md5('told:' || n)::uuid, 'step', 'medical', 'deadline_near', now() + interval '7 days', 7,"
        " now() - interval '1 minute', now() + interval '4 days', 'medical', false, true"
    ),
}


def _due(copy: Copy, batch: int, count: int) -> int:
    """People with a phone each, who are to be told one thing now; returns how many."""

    async def make(runtime: Runtime) -> int:
        region = next(iter(runtime.regions.values()))
        async with runtime.database.writing(region) as uow:
            first = batch * 1_000_000
            await fill(uow, _PEOPLE, NUMBERS, first=first, last=first + count - 1)
            rows = [_address(runtime, first + n) for n in range(count)]
            columns = ("device_id", "person_id", "kind", "value_index", "value_sealed", "language", "changed_at")
            await copy_rows(uow, "push_addresses", columns, rows)
        return count

    made = copy.inside(make)
    copy.as_owner("VACUUM (ANALYZE) reminders, deliveries, reminder_plans, push_addresses")
    return made


def _address(runtime: Runtime, number: int) -> tuple[Any, ...]:
    vault, value = runtime.database.vault, f"phone-{number:012}-" + "x" * 140  # as long as tokens are
    sealed = vault.seal_system(ADDRESS_FIELD, value.encode())
    now = runtime.database.clock.now()
    ids = id_of("told-device", number), id_of("told", number)
    return *ids, "token", vault.blind_index("push", value), sealed, "ru", now


def _send(copy: Copy, server: fcm.Running, count: int) -> float:
    """Messages a second, until the last answer is written."""

    async def run() -> float:
        runtime = build_runtime(copy.settings)
        push = FcmPush(server.account, endpoint=server.base)
        region: RegionPolicy = next(iter(runtime.regions.values()))
        sender = Sender(runtime.database, region, Carriers(push=push))
        begun = time.perf_counter()
        await sender.tick()
        await sender.finish()
        rate = count / (time.perf_counter() - begun)
        await push.close()
        await runtime.close()
        return rate

    return in_a_loop(run)


def _post(server: fcm.Running, bodies: list[bytes], count: int) -> float:
    """The same for a client that does nothing else."""

    async def run() -> float:
        url = f"{server.base}/v1/projects/{fcm.PROJECT}/messages:send"
        left = iter(range(count))
        headers = {"Authorization": f"Bearer {server.token()}", "Content-Type": "application/json"}
        limits = httpx.Limits(max_connections=_CLIENTS, max_keepalive_connections=_CLIENTS)
        async with httpx.AsyncClient(headers=headers, limits=limits) as client:

            async def post() -> None:
                for number in left:
                    answer = await client.post(url, content=bodies[number % len(bodies)])
                    answer.raise_for_status()

            begun = time.perf_counter()
            await asyncio.gather(*(post() for _ in range(_CLIENTS)))
            return count / (time.perf_counter() - begun)

    return in_a_loop(run)


_CLIENTS = 4
"""With more, its pool of connections takes longer for each: fewer are faster."""
