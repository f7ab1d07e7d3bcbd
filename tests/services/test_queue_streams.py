"""Streams of a queue: what comes, that a phone is not woken for others' moves, and that they end with the token."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from starlette.types import Message

from app.main import create_app
from app.runtime import Runtime
from routers.queue import streams
from services.queue.live import LiveQueues
from tests.services.halls import Hall, Json, given, refused
from tests.support.clock import MovableClock

PATIENCE = 10.0


class Stream:
    """A request whose answer is read as it comes; closed from the other side by `hang_up`."""

    def __init__(self, app: Any, path: str, headers: dict[str, str]) -> None:
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._asked = False
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("manzil.test", 80),
            "scheme": "http",
        }
        self.task = asyncio.create_task(app(scope, self._receive, self._sent.put))

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def message(self) -> Message:
        return await asyncio.wait_for(self._sent.get(), PATIENCE)

    async def event(self) -> Json | None:
        """The data of the next event, beats passed over; None at the end."""
        while True:
            message = await self.message()
            text = message.get("body", b"").decode()
            if "data: " in text:
                line = next(line for line in text.splitlines() if line.startswith("data: "))
                data: Json = json.loads(line.removeprefix("data: "))
                return data
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                return None

    async def hang_up(self) -> None:
        self._gone.set()
        await asyncio.wait_for(self.task, PATIENCE)


@pytest_asyncio.fixture
async def listening(runtime: Runtime) -> AsyncIterator[Runtime]:
    """The process with its streams on."""
    live = LiveQueues(runtime.database, runtime.regions)
    live.start()
    yield replace(runtime, live=live)
    await live.close()


def open_stream(runtime: Runtime, path: str, headers: dict[str, str]) -> Stream:
    app = create_app(runtime)
    app.state.runtime = runtime
    return Stream(app, path, headers)


async def test_the_phone_is_told_what_concerns_it_until_its_ticket_ends(hall: Hall, listening: Runtime) -> None:
    visitor = await hall.visitor()
    other = await hall.walk_in()
    ticket = await hall.walk_in(migrant_id=visitor.migrant_id)
    stream = open_stream(listening, f"/v1/me/tickets/{ticket['id']}/events", await visitor.headers())
    told = await stream.event()
    assert told == await visitor.ticket(ticket["id"])
    assert (told["status"], told["ahead"]) == ("waiting", 1)
    await hall.walk_in()  # behind it: the phone is not woken
    called = await hall.called(1)
    assert called["id"] == other["id"]
    assert ((await stream.event()) or {})["ahead"] == 0
    called = await hall.called()
    now = await stream.event() or {}
    assert (now["status"], now["counter"], now["calls"], now["ahead"]) == ("called", "1", 1, None)
    called = await hall.say(called, "recall")
    assert ((await stream.event()) or {})["calls"] == 2
    await hall.say(called, "finish", {})
    assert ((await stream.event()) or {})["status"] == "finished"
    assert await stream.event() is None
    await asyncio.wait_for(stream.task, PATIENCE)
    assert listening.live.watching == 0


async def test_a_stream_ends_with_the_token_and_beats_until_then(
    hall: Hall, listening: Runtime, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.05)
    stream = open_stream(listening, "/v1/queue/events", await hall.clerk_headers())
    assert await stream.event() is not None
    assert b"ping" in (await stream.message())["body"]
    clock.move(minutes=9, seconds=59)
    assert b"ping" in (await stream.message())["body"]
    clock.move(seconds=2)
    assert await stream.event() is None
    await asyncio.wait_for(stream.task, PATIENCE)


async def test_who_hangs_up_is_forgotten(hall: Hall, listening: Runtime) -> None:
    stream = open_stream(listening, f"/v1/points/{hall.point_id}/board/events", {})
    assert await stream.event() == await hall.board()
    assert listening.live.watching == 1
    await stream.hang_up()
    assert listening.live.watching == 0


async def test_a_process_that_does_not_listen_tells_how_things_stand_and_sends_on(hall: Hall) -> None:
    headers = await hall.clerk_headers()
    answer = await hall.client.get("/v1/queue/events", headers=headers)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    event, data, version, retry = answer.text.strip().splitlines()
    assert (event, version) == ("event: state", f"id: {(await hall.get())['version']}")
    assert json.loads(data.removeprefix("data: ")) == await hall.get()
    assert retry == "retry: 2000"


async def test_what_cannot_be_watched_is_refused_before_a_stream_begins(hall: Hall) -> None:
    nowhere = "/v1/points/00000000-0000-4000-8000-000000000000/board/events"
    refused(await hall.client.get(nowhere), 404, "not_found")
    refused(await hall.client.get("/v1/queue/events"), 401, "not_signed_in")
    visitor = await hall.visitor()
    refused(await visitor.get("/v1/queue/events"), 403, "not_allowed")
    assert given(await visitor.get("/v1/me/tickets")) == {"items": []}
