"""`mirror`: what is queued goes to the regional registry and is acknowledged, beside bare posts of the same bodies.

`mirror.rate`: events a second from queued to *applied* and written, by one worker's `Mirror` against `manzil registry`
in a process of its own: signed, verified, stored, applied, acknowledged. Its ceiling: an httpx client that posts the
same bodies to an endpoint that does nothing.

`mirror.lag`: from the commit of an event to the commit of its *applied*, 99 %, while a process of its own queues them
one by one; its ceiling is how long the bare client's posts take, 99 %, at the same rate. That rate is half of the
smaller of both rates above: what both sides can bear with as much again to spare. At half of ours, where that is the
greater, the bare client would fall behind, and its 99 % would be that of its own queue. Rounds of both go in turn.
"""

import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import httpx

from app.adapters.registry_http import HttpRegistry
from app.adapters.registry_posts import HttpPosts
from app.assembly import build_runtime
from app.domain.registry.mirror import source_of
from app.ports import Acknowledged
from app.runtime import Runtime
from app.supervisor import SUPERVISED
from benchmarks.copy import Copy, Say, free_port
from benchmarks.figures import BenchSettings, Figure, rounded
from benchmarks.load import BenchError
from benchmarks.mirror_load import PEOPLE, queue_many, settle
from benchmarks.world import in_a_loop
from services.registry.grounds import ConsentGrounds
from services.registry.keys import MirrorKeys, published_keys
from services.registry.mirroring import Mirror
from services.registry.relaying import Taken
from services.registry.rows import body_of_line
from services.registry.standings.repository import after_number

RATE_GOAL, LAG_GOAL = 0.3, 5.0
_A_SECOND = 250
"""Events for each second of a round."""
_CLIENTS = 4
_START_SECONDS = 60.0


def measure_mirror(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    count = max(int(_A_SECOND * options.seconds), 100)
    with TemporaryDirectory() as folder, registry(copy, Path(folder)) as url, empty_endpoint() as nowhere:
        say("mirror.rate: people and their consents …")
        copy.inside(settle)
        _mirror(copy, url, PEOPLE)
        ours: list[float] = []
        bare: list[float] = []
        bodies: list[bytes] = []
        for number in range(options.rounds):
            rate, bodies = _mirror(copy, url, count)
            ours.append(rate)
            bare.append(_post(nowhere, bodies, None)[0])
            say(f"  round {number + 1} of {options.rounds}: {ours[-1]:.0f}/s, bare {bare[-1]:.0f}/s")
        half = min(statistics.median(ours), statistics.median(bare)) / 2
        posted = list(islice(cycle(bodies), _count(half, options.seconds)))
        lags, bare_lags, medians = [], [], []
        for number in range(options.rounds):
            found = _lag(copy, url, half, options.seconds)
            lags.append(_p99(found))
            medians.append(statistics.median(found) * 1000)
            bare_lags.append(_p99(_post(nowhere, posted, half)[1]))
            say(f"  lag {number + 1} of {options.rounds}: {lags[-1]:.1f} ms, bare {bare_lags[-1]:.1f} ms")
    shared = {"events": count, "people": PEOPLE, "rounds": rounded(ours), "ceiling_rounds": rounded(bare)}
    late = {"rate": round(half, 1), "p50_ms": round(statistics.median(medians), 2), "rounds": rounded(lags)}
    return [
        Figure("mirror.rate", statistics.median(ours), "events/s", statistics.median(bare), RATE_GOAL, shared),
        Figure(
            "mirror.lag",
            statistics.median(lags),
            "ms (99 %; less is better)",
            statistics.median(bare_lags),
            LAG_GOAL,
            late | {"ceiling_rounds": rounded(bare_lags)},
        ),
    ]


def _count(rate: float, seconds: float) -> int:
    """Events of a round: enough of them for the last hundredth to be several."""
    return max(int(rate * seconds), 200)


def _p99(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)] * 1000


@contextmanager
def registry(copy: Copy, folder: Path) -> Iterator[str]:
    """`manzil registry` on a schema of its own, which knows the copy's mirror."""
    schema, port = f"registry_{token_hex(4)}", free_port()
    copy.as_owner(f"CREATE SCHEMA {schema}")
    code = copy.settings.regions[0]
    keys = copy.inside(lambda runtime: published_keys(runtime.database, runtime.regions[code]))
    peers = folder / "manzil.json"
    peers.write_text(json.dumps(keys))
    owner = copy.owner_url
    env = os.environ | {
        "MANZIL_REGISTRY_DATABASE_URL": f"{owner}{'&' if '?' in owner else '?'}search_path={schema}",
        "MANZIL_REGISTRY_DATA_DIR": str(folder / "registry"),
        "MANZIL_REGISTRY_PORT": str(port),
        "MANZIL_REGISTRY_PEERS": json.dumps({source_of(code): str(peers)}),
        SUPERVISED: "1",
    }
    with _process([sys.executable, "-m", "app.cli", "registry"], env, f"http://127.0.0.1:{port}/health/ready"):
        yield f"http://127.0.0.1:{port}"
    copy.as_owner(f"DROP SCHEMA {schema} CASCADE")


@contextmanager
def empty_endpoint() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.mirror_load", "empty", str(port)]
    with _process(command, dict(os.environ), f"http://127.0.0.1:{port}/"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _process(command: list[str], env: dict[str, str], ready: str) -> Iterator[None]:
    child = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, start_new_session=True)
    try:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                if httpx.get(ready).is_success:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
            if time.monotonic() > until or child.poll() is not None:
                raise BenchError(f"{command[-1]} does not start")
        yield
    finally:
        child.terminate()
        child.wait(20)
        if child.stdin is not None:
            child.stdin.close()


def _mirror(copy: Copy, url: str, count: int) -> tuple[float, list[bytes]]:
    """Events a second, and their bodies as they were sent."""

    async def run() -> tuple[float, list[bytes]]:
        runtime = build_runtime(copy.settings)
        region = next(iter(runtime.regions.values()))
        database = runtime.database
        ids = await queue_many(runtime, count)
        port = HttpRegistry(HttpPosts(url), MirrorKeys(database, region).signing, database.clock)
        mirror = Mirror(database, region, port, ConsentGrounds())
        begun = time.perf_counter()
        applied = _noted(mirror)
        mirror.start()
        while len(applied) < count:  # noqa: ASYNC110 — the collector does not tell
            await asyncio.sleep(0.01)
        seconds = time.perf_counter() - begun
        await mirror.finish()
        async with database.reading(region) as uow:
            lines = [line for person in {person for person, _ in ids} for line in await after_number(uow, person, 0)]
        wanted = {event_id for _, event_id in ids}
        bodies = [await body_of_line(database.vault, region.code, line) for line in lines if line.id in wanted]
        await runtime.close()
        return count / seconds, bodies

    return in_a_loop(run)


def _noted(mirror: Mirror) -> dict[UUID, float]:
    """Event → when its *applied* was committed (seconds since 1970), while the mirror runs: told by the way, or asked
    for.
    """
    applied: dict[UUID, float] = {}
    relay, collector = mirror._relay, mirror._collector  # noqa: SLF001 — when its call is back, what it took is written
    write, ask = relay._write_down, mirror._registry.collect  # noqa: SLF001
    asked: list[Acknowledged] = []
    collect = collector.collect

    async def written(taken: Taken) -> Taken | None:
        following = await write(taken)
        applied.update(dict.fromkeys((one.event_id for one in taken.acknowledged if one.applied), time.time()))
        return following

    async def asking(done: Sequence[int], *, wait: float) -> list[Acknowledged]:
        found = await ask(done, wait=wait)
        asked[:] = found
        return found

    async def collected(*, wait: float = 5.0) -> int:
        count = await collect(wait=wait)
        applied.update(dict.fromkeys((one.event_id for one in asked if one.applied), time.time()))
        return count

    relay._write_down = written  # type: ignore[method-assign] # noqa: SLF001
    mirror._registry.collect = asking  # type: ignore[method-assign] # noqa: SLF001
    collector.collect = collected  # type: ignore[method-assign]
    return applied


def _post(url: str, bodies: Sequence[bytes], rate: float | None) -> tuple[float, list[float]]:
    """Posts a second and how long each took, by a client that does nothing else; at that rate, or as fast as it can."""

    async def run() -> tuple[float, list[float]]:
        left, took = iter(enumerate(bodies)), []
        limits = httpx.Limits(max_connections=_CLIENTS, max_keepalive_connections=_CLIENTS)
        async with httpx.AsyncClient(base_url=url, limits=limits) as client:
            begun = time.perf_counter()

            async def post() -> None:
                for number, body in left:
                    due = begun + number / rate if rate else 0.0
                    if (early := due - time.perf_counter()) > 0:
                        await asyncio.sleep(early)
                    started = due or time.perf_counter()
                    (await client.post("/", content=body)).raise_for_status()
                    took.append(time.perf_counter() - started)

            await asyncio.gather(*(post() for _ in range(_CLIENTS)))
            return len(bodies) / (time.perf_counter() - begun), took

    return in_a_loop(run)


def _lag(copy: Copy, url: str, rate: float, seconds: float) -> list[float]:
    """Seconds from commit to *applied* of each event that another process queued at that rate."""
    count = _count(rate, seconds)
    task = {"settings": copy.settings.model_dump(mode="json"), "rate": rate, "count": count}

    async def run() -> list[float]:
        runtime = build_runtime(copy.settings)
        region, database = next(iter(runtime.regions.values())), runtime.database
        port = HttpRegistry(HttpPosts(url), MirrorKeys(database, region).signing, database.clock)
        mirror = Mirror(database, region, port, ConsentGrounds())
        applied = _noted(mirror)
        mirror.start()
        gc.freeze()  # as the worker does
        listening = asyncio.create_task(_wake(runtime, mirror))
        queueing = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.mirror_load", "queue"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await queueing.communicate(json.dumps(task).encode())
        committed = {UUID(event_id): at for event_id, at in json.loads(out).items()}
        until = time.monotonic() + _START_SECONDS
        while not set(committed) <= set(applied):
            if time.monotonic() > until:
                raise BenchError("not everything that was queued was applied")
            await asyncio.sleep(0.05)
        await mirror.finish()
        listening.cancel()
        await runtime.close()
        return [applied[event_id] - at for event_id, at in committed.items()]

    return in_a_loop(run)


async def _wake(runtime: Runtime, mirror: Mirror) -> None:
    """As the worker's listener does."""
    engine = runtime.database.engines.of(next(iter(runtime.regions)))
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.add_listener("manzil_mirror", lambda *_: mirror.wake())
        await asyncio.Event().wait()
