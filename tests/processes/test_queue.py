"""The live queue as several processes serve it: who calls, and what the hall and the phones are told meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.queue.line import Wish, add_walk_in
from tests.processes.copies import Copy
from tests.processes.rush import assert_whole
from tests.processes.wires import Desk, Event, Json, Wire, token_in, wire
from tests.services.crowd import first_region
from tests.services.halls import Hall, Visitor, open_hall
from tests.services.offices import client_of
from tests.support.sizes import sizes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

IN_LINE = 50
"""So many join at a time: two clerks of one hall seldom have more before them."""
PATIENCE = 30
_ENDED = {"finished", "missed", "left", "closed"}


@dataclass
class Seen:
    """What one who watches was told, event by event."""

    events: list[Event] = field(default_factory=list)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self, at: Wire, path: str, token: str = "", *, last_event_id: str = "") -> None:
        async for event in at.follow(path, token, last_event_id=last_event_id):
            self.events.append(event)
            self.moved.set()

    @property
    def last(self) -> Json:
        return self.events[-1].data

    async def until(self, version: int) -> Json:
        """What was told with that version of the queue, or a later one."""
        async with asyncio.timeout(PATIENCE):
            while not self.events or int(self.events[-1].id) < version:
                self.moved.clear()
                await self.moved.wait()
        return self.last


async def _visitors(hall: Hall, count: int) -> list[tuple[Visitor, str]]:
    """People in line who watch their own ticket: who, and its id."""
    found = []
    for _ in range(count):
        visitor = await hall.visitor()
        async with hall.runtime.database.writing(first_region(hall.runtime)) as uow:
            ticket = await add_walk_in(uow, hall.point_id, Wish("medical"), visitor.migrant_id)
        found.append((visitor, str(ticket.id)))
    return found


async def _join(hall: Hall, count: int) -> None:
    async with hall.runtime.database.writing(first_region(hall.runtime)) as uow:
        for _ in range(count):
            await add_walk_in(uow, hall.point_id, Wish("medical"))


@asynccontextmanager
async def _watching() -> AsyncIterator[list[asyncio.Task[None]]]:
    """Tasks that are ended with the test, if their streams have not."""
    tasks: list[asyncio.Task[None]] = []
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_two_clerks_who_call_at_the_same_moment_never_call_one_ticket_and_lose_none(made_copy: Copy) -> None:
    """With the figure of the acceptance: two API processes, one clerk at each, 10,000 calls, two at a time.

    The board at either process, and the phones, tell what the clerks were told. Whoever connects again is told how
    things stand, and streams end in good order with their process.
    """
    count = sizes().queue_calls
    async with made_copy.runtime() as runtime, AsyncExitStack() as stack, _watching() as watching:
        with made_copy.running(api_processes=2):
            hall = await open_hall(runtime, client_of(runtime))
            visitors = await _visitors(hall, 4)
            first = await stack.enter_async_context(wire(made_copy))
            second = await stack.enter_async_context(wire(made_copy, apart_from=first.process))
            desks = [Desk(made_copy, stack, each) for each in (first, second)]
            boards = [Seen(), Seen()]
            for board, desk in zip(boards, desks, strict=True):
                watching.append(await _follow(board, desk, f"/v1/points/{hall.point_id}/board/events"))
            phones = [Seen() for _ in visitors]
            for n, (visitor, ticket_id) in enumerate(visitors):
                token = token_in(await visitor.headers())
                watching.append(await _follow(phones[n], desks[n % 2], f"/v1/me/tickets/{ticket_id}/events", token))
            begun = time.perf_counter()
            called = await _call_all(hall, desks, boards, count)
            seconds = time.perf_counter() - begun

            numbers = [ticket["number"] for _, ticket in called]
            assert sorted(numbers) == list(range(1, count + 1)), "each is called once, and none is lost"
            assert {at for at, _ in called} == {0, 1}
            for board in boards:
                _told_what_happened(board, {ticket["number"]: str(at + 1) for at, ticket in called})
            for (_, ticket_id), phone in zip(visitors, phones, strict=True):
                (at,) = [at for at, ticket in called if ticket["id"] == ticket_id]
                await _told_its_owner(phone, str(at + 1))
            again, token = Seen(), token_in(await hall.clerk_headers())
            watching.append(await _follow(again, desks[0], "/v1/queue/events", token, last_event_id="1"))
            await again.until(int(boards[0].events[-1].id))
            assert len(again.events) == 1
            print(  # noqa: T201 — a figure of the acceptance
                f"\n{count} calls, two at a time, in {seconds:.1f} s; "
                f"events of the boards: {[len(board.events) for board in boards]}"
            )
            assert [task.done() for task in watching] == [False, False, *(True for _ in phones), False]
        assert await asyncio.gather(*watching) == [None] * len(watching), "no stream was cut off"
        await assert_whole(runtime)


async def _follow(seen: Seen, desk: Desk, path: str, token: str = "", *, last_event_id: str = "") -> asyncio.Task[None]:
    """Watches from now on, at the process of a desk."""
    line = await desk.stack.enter_async_context(wire(desk.copy, desk.wire.process))
    return asyncio.create_task(seen.follow(line, path, token, last_event_id=last_event_id))


async def _call_all(hall: Hall, desks: list[Desk], boards: list[Seen], count: int) -> list[tuple[int, Json]]:
    """Calls until nobody waits: which clerk called which ticket, in their order."""
    tokens = [token_in(await hall.clerk_headers(n)) for n in range(2)]
    called: list[tuple[int, Json]] = []
    joined = 4
    issued = time.monotonic()
    while len(called) < count:
        if time.monotonic() - issued > 300:
            issued = time.monotonic()
            tokens = [token_in(await hall.clerk_headers(n)) for n in range(2)]
        if len(called) == joined or joined == 4:
            more = min(IN_LINE, count - joined)
            await _join(hall, more)
            joined += more
        lines = [await desk.ready() for desk in desks]
        for n, line in enumerate(lines):
            line.send("POST", f"/v1/queue/counters/{hall.counters[n]}/call", tokens[n])
        answers = [await line.answer() for line in lines]
        assert [status for status, _ in answers] == [200, 200], answers
        at = [(n, answer["ticket"]) for n, (_, answer) in enumerate(answers) if answer["ticket"]]
        called += at
        if len(called) == joined:
            await _boards_agree(hall, desks, boards, {ticket["number"]: str(n + 1) for n, ticket in at})
        for n, ticket in at:
            lines[n].send(
                "POST", f"/v1/queue/tickets/{ticket['id']}/finish", tokens[n], {}, If_Match=f'"{ticket["version"]}"'
            )
        assert [(await lines[n].answer())[0] for n, _ in at] == [200] * len(at)
    return called


async def _boards_agree(hall: Hall, desks: list[Desk], boards: list[Seen], at: dict[int, str]) -> None:
    """Both boards come to tell what each process answers, and what the clerks were told last."""
    for desk, board in zip(desks, boards, strict=True):
        now = await (await desk.ready()).ask("GET", f"/v1/points/{hall.point_id}/board")
        assert {call["number"]: call["counter"] for call in now["calls"]} == at
        assert await board.until(now["version"]) == now


def _told_what_happened(board: Seen, counter_of: dict[int, str]) -> None:
    """Its versions only grow; every call it told of was made, at that counter; who was called waits no more."""
    versions = [int(event.id) for event in board.events]
    assert versions == sorted(set(versions))
    gone: set[int] = set()
    for event in board.events:
        for call in event.data["calls"]:
            assert counter_of[call["number"]] == call["counter"]
            gone.add(call["number"])
        assert not gone & set(event.data["waiting"])


async def _told_its_owner(phone: Seen, counter: str) -> None:
    """Nothing but: it waits, it is called to that counter, it is over."""
    async with asyncio.timeout(PATIENCE):
        while phone.last["status"] not in _ENDED:
            phone.moved.clear()
            await phone.moved.wait()
    assert phone.last["status"] == "finished"
    told: list[Any] = [(event.data["status"], event.data["counter"]) for event in phone.events]
    assert set(told) <= {("waiting", None), ("called", counter), ("finished", None)}
    assert ("called", counter) in told
    assert told == sorted(told, key=lambda each: ["waiting", "called", "finished"].index(each[0]))
