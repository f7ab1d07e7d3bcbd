"""A counter calls by the policy, one clerk at a time, and nobody is called twice."""

import asyncio

import httpx
import pytest_asyncio

from app.domain.queue.status import TicketStatus
from app.runtime import Runtime
from tests.services.halls import Hall, Json, given, minutes, open_hall, refused
from tests.services.offices import client_of
from tests.support.clock import MovableClock


@pytest_asyncio.fixture
async def two(runtime: Runtime, second: Runtime, hall: Hall) -> list[Hall]:
    """The hall as two processes serve it."""
    other = Hall(second, client_of(second), hall.point_id, hall.clerks, hall.counters)
    return [hall, other]


async def test_two_clerks_who_call_at_once_in_two_processes_never_call_the_same_ticket(two: list[Hall]) -> None:
    tickets = [await two[0].walk_in() for _ in range(30)]

    async def call_all(n: int) -> list[int]:
        numbers = []
        while (ticket := await two[n].call(n)) is not None:
            numbers.append(ticket["number"])
            await two[n].say(ticket, "skip", clerk=n)
        return numbers

    called = await asyncio.gather(call_all(0), call_all(1))
    assert sorted(called[0] + called[1]) == [ticket["number"] for ticket in tickets]
    assert all(numbers == sorted(numbers) for numbers in called)


async def test_of_two_calls_from_one_counter_at_once_one_is_refused(two: list[Hall]) -> None:
    for _ in range(2):
        await two[0].walk_in()
    path = f"/counters/{two[0].counters[0]}/call"
    answers = await asyncio.gather(*(each.post(path) for each in two))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert refused(lost, 409, "counter_busy")["number"] == 1
    assert [t["status"] for t in (await two[0].get())["tickets"]] == ["called", "waiting"]


async def test_a_call_and_a_visitor_who_leaves_at_the_same_moment_are_not_both_right(two: list[Hall]) -> None:
    for _ in range(10):
        ticket = await two[0].walk_in()
        called, left = await asyncio.gather(two[0].call(), two[1].try_say(ticket, "leave", clerk=1))
        if left.status_code == 200:
            assert called is None
        else:
            refused(left, 412, "ticket_changed")
            assert called is not None
            await two[0].say(called, "finish", {})


async def test_booked_visitors_are_called_in_their_window_and_walk_ins_fill_the_gaps(
    hall: Hall, clock: MovableClock
) -> None:
    half_past = clock.at + minutes(30)
    booked = await hall.booked(half_past)
    arrived = (await booked.arrive())["ticket"]["number"]
    walk_in = await hall.walk_in()
    assert (arrived, walk_in["number"]) == (1, 2)
    clock.at = half_past - minutes(12)  # the walk-in has waited 18 minutes; the visit's window opens in two
    assert (await hall.called(0))["number"] == arrived, "the early one is called rather than delayed"
    assert (await hall.called(1))["number"] == walk_in["number"]


async def test_a_counter_is_kept_free_for_a_visitor_about_to_come(hall: Hall, clock: MovableClock) -> None:
    """A medical takes half an hour, and one counter is open."""
    given(await hall.post(f"/counters/{hall.counters[1]}/close", clerk=1))
    await hall.booked(clock.at + minutes(30))
    clock.move(minutes=15)
    await hall.walk_in()
    assert await hall.call() is None
    given(await hall.post(f"/counters/{hall.counters[1]}/open", clerk=1))
    assert await hall.call() is not None


async def test_a_counter_calls_those_whose_service_and_language_it_gives(hall: Hall) -> None:
    await hall.post(f"/counters/{hall.counters[1]}/close", clerk=1)
    body = {"services": ["exam"], "languages": ["ru"]}
    given(await hall.put_counter("2", body))
    given(await hall.post(f"/counters/{hall.counters[1]}/open", clerk=1))
    await hall.walk_in("medical")
    await hall.walk_in("exam", language="tg")
    exam = await hall.walk_in("exam")
    assert (await hall.called(1))["number"] == exam["number"]
    assert [(await hall.finished(0))["number"] for _ in range(2)] == [1, 2]
    refused(await hall.post("/tickets", {"service": "exam", "language": "ky"}), 409, "not_given_here")
    refused(await hall.post("/tickets", {"service": "collection"}), 409, "not_given_here")


async def test_priority_goes_first_and_is_not_shown_to_the_hall(hall: Hall) -> None:
    await hall.walk_in()
    await hall.walk_in(priority=True)
    assert "priority" not in str(await hall.board())
    assert (await hall.called())["number"] == 2


async def test_a_name_is_shown_once_the_visitor_is_called_and_their_log_tells_of_it(hall: Hall) -> None:
    visitor = await hall.visitor()
    ticket = await hall.walk_in(migrant_id=visitor.migrant_id)
    anonymous = await hall.walk_in()
    shown = str(await hall.get()) + str(await hall.get(f"/tickets/{ticket['id']}")) + str(await hall.board())
    assert "ERIKSSON" not in shown
    assert visitor.migrant_id not in shown
    assert [e["action"] for e in await visitor.log()][:1] == ["ticket_taken"]
    called = await hall.called()
    assert (called["name"], called["migrant_id"]) == ("ANNA MARIA ERIKSSON", visitor.migrant_id)
    for _ in range(3):
        assert (await hall.get(f"/tickets/{ticket['id']}"))["name"] == called["name"]
    entries = [e for e in await visitor.log() if e["purpose"] == "queue_call"]
    assert len(entries) == 1, "looks again within an hour are told once"
    assert "ERIKSSON" not in str(await hall.get())
    await hall.say(called, "finish", {})
    assert (await hall.get(f"/tickets/{ticket['id']}"))["name"] is None
    assert (await hall.called(1))["name"] is None
    assert anonymous["number"] == 2


async def test_a_counter_is_its_clerks_alone(hall: Hall, runtime: Runtime, client: httpx.AsyncClient) -> None:
    first, other = hall.counters
    await hall.walk_in()
    refused(await hall.post(f"/counters/{first}/call", clerk=1), 409, "counter_closed")
    refused(await hall.post(f"/counters/{first}/open", clerk=1), 409, "counter_taken")
    given(await hall.post(f"/counters/{first}/open"))
    given(await hall.post(f"/counters/{other}/close", clerk=1))
    refused(await hall.post(f"/counters/{other}/open"), 409, "stands_elsewhere")
    await hall.called()
    refused(await hall.post(f"/counters/{first}/close"), 409, "counter_busy")
    elsewhere = await open_hall(runtime, client)
    refused(await elsewhere.post(f"/counters/{first}/call"), 404, "not_found")
    refused(await elsewhere.post(f"/counters/{first}/close"), 404, "not_found")


async def test_a_manager_says_which_counters_there_are(hall: Hall) -> None:
    made = given(await hall.put_counter("7", {"services": ["medical"], "languages": ["ru"], "name": {"en": "Room 7"}}))
    assert (made["code"], made["open"], made["name"]) == ("7", False, {"en": "Room 7"})
    again = given(await hall.put_counter("7", {"services": ["exam"], "retired": True}))
    assert (again["id"], again["services"], again["retired"]) == (made["id"], ["exam"], True)
    assert {c["code"] for c in (await hall.get())["counters"]} == {"1", "2"}
    refused(await hall.post(f"/counters/{made['id']}/open"), 404, "not_found")
    refused(await hall.put_counter("1", {"services": ["medical"], "retired": True}), 409, "counter_busy")
    refused(await hall.put_counter("8", {"services": ["collection"]}), 422, "invalid_input")
    refused(await hall.put_counter("8", {"services": ["exam"]}, clerk=True), 403, "not_allowed")


async def test_the_board_tells_numbers_and_counters_and_nothing_else(hall: Hall) -> None:
    for _ in range(3):
        await hall.walk_in()
    await hall.called(1)
    board: Json = await hall.board()
    assert board == {
        "version": board["version"],
        "calls": [{"number": 1, "counter": "2", "status": TicketStatus.CALLED}],
        "waiting": [2, 3],
        "counters": [{"code": code, "name": None, "open": True} for code in ("1", "2")],
    }
    refused(await hall.client.get("/v1/points/00000000-0000-4000-8000-000000000000/board"), 404, "not_found")
