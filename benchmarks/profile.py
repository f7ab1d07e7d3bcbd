"""Where the time of a benchmark goes: `python -m benchmarks.profile booking` (or `search`, `locations`).

The API runs in this process under the benchmark's load. Told are: processor time and round trips to the database
a request; each SQL statement, how often and how long (waiting for a turn of this process included); what the
database's sessions were doing; and, from samples of this process's own stack, which packages and functions it was in.
"""

import asyncio
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import asyncpg
import asyncpg.connect_utils
import uvicorn
import uvloop
from greenlet import getcurrent  # type: ignore[import-untyped]
from rich.console import Console
from sqlalchemy import Engine, event

from app.assembly import build_runtime
from app.db.engine import APP_ROLE
from app.main import create_app
from benchmarks import locations
from benchmarks.booking import Supply
from benchmarks.copy import Copy, own_copy
from benchmarks.figures import BenchSettings
from benchmarks.load import HOST, Job, Load, put_load, request
from benchmarks.search import SEARCH, prepare

_EACH_SECONDS = 0.002
# Of processor time; the kernel may make it longer: only the samples' shares are used.
_SHOWN = 110


class Stacks:
    """Samples of the main thread's stack: `inside` counts every function on it, `own` the package of the innermost."""

    def __init__(self) -> None:
        self.inside: Counter[str] = Counter()
        self.own: Counter[str] = Counter()
        self.taken = 0

    def start(self) -> None:
        signal.signal(signal.SIGPROF, self._sample)
        signal.setitimer(signal.ITIMER_PROF, _EACH_SECONDS, _EACH_SECONDS)

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _sample(self, _signal: int, frame: FrameType | None) -> None:
        self.taken += 1
        if frame is not None:
            self.own[_package(frame)] += 1
        seen: set[str] = set()
        current = getcurrent()
        while frame is not None:
            code = frame.f_code
            seen.add(f"{_package(frame)}: {code.co_qualname} ({Path(code.co_filename).name})")
            frame = frame.f_back
            if frame is None and current.parent is not None:  # SQLAlchemy works in a greenlet beside the coroutine
                current = current.parent
                frame = current.gr_frame
        self.inside.update(seen)


def _package(frame: FrameType) -> str:
    name = str(frame.f_globals.get("__name__", "?"))
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] in {"app", "services", "routers", "sqlalchemy"} else parts[0]


class Statements:
    """What SQLAlchemy sends: text → how often, and seconds in all, of which waiting for our own turn is a part."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self.round_trips = 0
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)
        statements = self

        class Counted(asyncpg.protocol.Protocol):  # type: ignore[misc]
            def data_received(self, data: bytes) -> None:
                statements.round_trips += 1
                super().data_received(data)

        asyncpg.connect_utils.protocol.Protocol = Counted

    def forget(self) -> None:
        self.count.clear()
        self.seconds.clear()
        self.round_trips = 0

    def _before(self, connection: Any, *_rest: Any) -> None:
        connection.info["begun"] = time.perf_counter()

    def _after(self, connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        name = " ".join(statement.split())
        self.count[name] += 1
        self.seconds[name] += time.perf_counter() - connection.info["begun"]


def watch_sessions(url: str, found: Counter[str], ended: threading.Event) -> None:
    """Counts what the application's sessions do, 50 times a second. For a thread of its own."""
    asked = (
        "SELECT state || coalesce(': ' || CASE state WHEN 'active' THEN coalesce(wait_event, 'running') END, '')"
        " FROM pg_stat_activity WHERE application_name = 'manzil' AND usename IS NOT NULL"
    )

    async def watch() -> None:
        connection = await asyncpg.connect(
            url.replace("+asyncpg", ""), server_settings={"application_name": "watch", "role": APP_ROLE}
        )
        while not ended.is_set():
            found.update(row[0] or "?" for row in await connection.fetch(asked))
            await asyncio.sleep(0.02)
        await connection.close()

    asyncio.run(watch())


async def serve(
    copy: Copy, jobs: list[Job], stacks: Stacks, statements: Statements, sessions: Counter[str]
) -> tuple[Load, float]:
    """Runs the API here and puts the jobs on it; only the last one is watched. Its load and processor seconds."""
    runtime = build_runtime(copy.settings)
    app = create_app(runtime)
    app.state.runtime = runtime
    server = uvicorn.Server(uvicorn.Config(app, host=HOST, port=jobs[0].ports[0], access_log=False, log_level="error"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 — uvicorn tells in no other way
        await asyncio.sleep(0.05)
    for job in jobs[:-1]:
        await asyncio.to_thread(put_load, job)
    statements.forget()
    ended = threading.Event()
    watcher = threading.Thread(target=watch_sessions, args=(copy.settings.database_url, sessions, ended))
    watcher.start()
    stacks.start()
    begun = time.process_time()
    load = await asyncio.to_thread(put_load, jobs[-1])
    seconds = time.process_time() - begun
    stacks.stop()
    ended.set()
    watcher.join()
    server.should_exit = True
    await serving
    await runtime.close()
    return load, seconds


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "booking"
    options, out = BenchSettings(), Console(highlight=False, width=150)
    stacks, statements, sessions = Stacks(), Statements(), Counter[str]()
    with own_copy(out.print, processes=1) as copy:
        jobs = []
        if name == "search":
            prepare(copy)
        else:
            supply = locations.prepare(copy) if name == "locations" else Supply(copy)
        port = copy.ports[0] + 1
        for seconds in (2.0, options.seconds):
            again, status = name == "search", 201 if name == "booking" else 200
            requests = [request("GET", SEARCH)] if again else supply.take(round(400 * seconds))
            jobs.append(Job([port], options.clients, seconds, status, requests, again))
        load, seconds = uvloop.run(serve(copy, jobs, stacks, statements, sessions))
    _tell(out, load, seconds, stacks, statements, sessions)


def _tell(
    out: Console, load: Load, seconds: float, stacks: Stacks, statements: Statements, sessions: Counter[str]
) -> None:
    each = 1000 * seconds / load.count
    out.print(
        f"{load.count} requests, {load.rate:.0f}/s, p50 {load.p50_ms} ms; Python's processor time {each:.2f} ms each"
    )
    out.print(f"SQL statements a request: {statements.count.total() / load.count:.1f}", end="; ")
    out.print(f"round trips: {statements.round_trips / load.count:.1f}")
    for text, spent in statements.seconds.most_common(25):
        count = statements.count[text]
        out.print(f"  {count / load.count:5.2f} × {1000 * spent / count:6.2f} ms  {text[:110]}")
    for state, count in sessions.most_common(8):
        out.print(f"  sessions {100 * count / sessions.total():5.1f} %  {state}")
    for package, count in stacks.own.most_common(25):
        out.print(f"  own      {100 * count / stacks.taken:5.1f} %  {package}")
    for function, count in stacks.inside.most_common(_SHOWN):
        share = count / stacks.taken
        out.print(f"  inside   {100 * share:5.1f} %  {each * share:6.2f} ms  {function}")


if __name__ == "__main__":
    main()
