"""What a clerk does with a ticket that was called, and that the last of it can be taken back."""

import asyncio

import pytest

from tests.services.halls import Hall, Json, given, minutes, refused
from tests.support.clock import MovableClock


async def _numbers(hall: Hall, n: int = 0) -> list[int]:
    """Everybody who waits, in the order in which they are called."""
    numbers = []
    while (ticket := await hall.call(n)) is not None:
        numbers.append(ticket["number"])
        await hall.say(ticket, "finish", {}, clerk=n)
    return numbers


async def _waiting(hall: Hall, count: int) -> list[Json]:
    return [await hall.walk_in() for _ in range(count)]


async def test_a_ticket_is_called_again_served_and_finished_and_its_times_are_kept(
    hall: Hall, clock: MovableClock
) -> None:
    await hall.walk_in()
    clock.move(minutes=3)
    called = await hall.called()
    clock.move(minutes=1)
    again = await hall.say(called, "recall")
    assert (again["calls"], again["called_at"]) == (2, called["called_at"])
    clock.move(minutes=1)
    serving = await hall.say(again, "serve")
    clock.move(minutes=7)
    finished = await hall.say(serving, "finish", {})
    assert (finished["status"], finished["version"]) == ("finished", 5)
    (shown,) = (await hall.get())["tickets"]
    assert [shown[name][14:16] for name in ("joined_at", "called_at", "serving_at")] == ["00", "03", "05"]
    assert shown["undo_until"][14:16] == "22"


async def test_who_did_not_come_waits_aside_and_stands_behind_the_next_three_when_they_turn_up(
    hall: Hall, clock: MovableClock
) -> None:
    for _ in range(6):
        await hall.walk_in()
        clock.move(seconds=1)
    skipped = await hall.say(await hall.called(), "skip")
    assert (await hall.called())["number"] == 2, "the counter is free at once"
    assert (await hall.board())["waiting"] == [3, 4, 5, 6]
    back = await hall.say(skipped, "back")
    assert (back["status"], back["counter_id"], back["calls"]) == ("waiting", None, 1)
    assert await _numbers(hall, 1) == [3, 4, 5, 1, 6]


@pytest.mark.parametrize("to", ["service", "counter"])
async def test_a_transfer_keeps_the_turn(hall: Hall, to: str) -> None:
    tickets = await _waiting(hall, 4)
    first = await hall.called()
    body = {"service": "exam"} if to == "service" else {"counter_id": hall.counters[1]}
    moved = await hall.say(first, "transfer", body)
    assert (moved["number"], moved["status"], moved["calls"]) == (1, "waiting", 0)
    if to == "counter":
        assert (await hall.called(0))["number"] == 2, "only the other counter may call it"
    assert (await hall.called(1))["number"] == 1
    assert tickets[0]["number"] == 1


async def test_a_transfer_goes_where_it_can_be_served_only(hall: Hall) -> None:
    ticket = await hall.walk_in(language="tg")
    refused(await hall.try_say(ticket, "transfer", {"service": "collection"}), 409, "not_given_here")
    refused(await hall.try_say(ticket, "transfer", {}), 422, "invalid_input")
    nowhere = {"counter_id": "00000000-0000-4000-8000-000000000000"}
    refused(await hall.try_say(ticket, "transfer", nowhere), 404, "not_found")
    only_russian = given(await hall.put_counter("3", {"services": ["medical"], "languages": ["ru"]}))
    moved = await hall.say(ticket, "transfer", {"counter_id": only_russian["id"]})
    assert moved["language"] is None, "a language that is not spoken there keeps nobody from being called"


async def test_a_ticket_bound_to_a_counter_that_closes_is_called_by_the_others(hall: Hall) -> None:
    ticket = await hall.walk_in()
    await hall.say(ticket, "transfer", {"counter_id": hall.counters[1]})
    assert await hall.call(0) is None
    given(await hall.post(f"/counters/{hall.counters[1]}/close", clerk=1))
    assert (await hall.called(0))["number"] == ticket["number"]


async def test_a_visitor_is_absent_after_three_calls(hall: Hall) -> None:
    await hall.walk_in()
    called = await hall.called()
    for _ in range(2):
        assert refused(await hall.try_say(called, "no-show"), 409, "not_called_enough")["calls"] == 3
        called = await hall.say(called, "recall")
    assert (await hall.say(called, "no-show"))["status"] == "missed"
    assert await hall.call() is None


@pytest.mark.parametrize(
    ("moves", "status"),
    [
        ([], "waiting"),
        (["serve"], "called"),
        (["recall"], "waiting"),
        (["skip"], "called"),
        (["serve", "finish"], "serving"),
        (["skip", "back"], "skipped"),
        (["recall", "recall", "no-show"], "called"),
        (["leave"], "called"),
        (["serve", "transfer"], "serving"),
    ],
)
async def test_the_last_move_can_be_taken_back(hall: Hall, moves: list[str], status: str) -> None:
    """A call that was repeated is taken back whole."""
    waiting = await _waiting(hall, 2)
    ticket = await hall.called()
    before = ticket
    for move in moves:
        before = ticket if move != "recall" else before
        bodies: dict[str, Json] = {"finish": {}, "transfer": {"service": "exam"}}
        ticket = await hall.say(ticket, move, bodies.get(move))
    undone = await hall.say(ticket, "undo", clerk=1)
    assert undone["status"] == status
    same = ("service", "counter_id", "calls", "called_at", "serving_at")
    expected = waiting[0] if status == "waiting" else before
    assert {name: undone[name] for name in same} == {name: expected[name] for name in same}
    refused(await hall.try_say(undone, "undo"), 409, "nothing_to_undo")
    assert (await hall.get())["tickets"][0]["undo_until"] is None


async def test_a_move_can_be_taken_back_for_ten_minutes(hall: Hall, clock: MovableClock) -> None:
    await hall.walk_in()
    called = await hall.called()
    clock.move(minutes=10, seconds=-1)
    called = await hall.say(await hall.say(called, "undo"), "leave")
    clock.move(minutes=10)
    assert refused(await hall.try_say(called, "undo"), 409, "undo_too_late")["minutes"] == 10


async def test_a_counter_where_another_is_now_is_not_given_back(hall: Hall) -> None:
    await _waiting(hall, 2)
    finished = await hall.finished()
    second = await hall.called()
    assert refused(await hall.try_say(finished, "undo"), 409, "counter_busy")["number"] == second["number"]
    await hall.say(second, "finish", {})
    assert (await hall.say(finished, "undo"))["status"] == "serving"


async def test_a_move_names_the_version_that_was_seen(hall: Hall) -> None:
    await hall.walk_in()
    called = await hall.called()
    path = f"/tickets/{called['id']}/serve"
    refused(await hall.post(path), 428, "version_needed")
    refused(await hall.post(path, version=called["version"] - 1), 412, "ticket_changed")
    answers = await asyncio.gather(*(hall.try_say(called, what) for what in ("serve", "skip", "recall")))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    present = next(answer for answer in answers if answer.status_code == 412).json()["present"]
    assert present["version"] == called["version"] + 1


async def test_a_move_that_is_not_possible_is_told_as_such(hall: Hall) -> None:
    ticket = await hall.walk_in()
    for move in ("recall", "serve", "skip", "back", "no-show"):
        answer = await hall.try_say(ticket, move)
        if move == "no-show":
            refused(answer, 409, "not_called_enough")
        else:
            assert refused(answer, 409, "move_not_possible")["ticket_status"] == "waiting"
    refused(await hall.post("/tickets/00000000-0000-4000-8000-000000000000/serve", version=1), 404, "not_found")


async def test_priority_can_be_declared_until_one_is_called(hall: Hall) -> None:
    first, second = await _waiting(hall, 2)
    asked = await hall.say(second, "priority", {"priority": True})
    assert (await hall.called())["number"] == second["number"]
    back = await hall.say((await hall.get(f"/tickets/{asked['id']}")), "back")
    refused(await hall.try_say(back, "priority", {"priority": False}), 409, "move_not_possible")
    await hall.say(first, "priority", {"priority": True})


async def test_priority_is_not_lost_by_taking_back_a_move_before_it(hall: Hall) -> None:
    (ticket,) = await _waiting(hall, 1)
    moved = await hall.say(ticket, "transfer", {"counter_id": str(hall.counters[0])})
    asked = await hall.say(moved, "priority", {"priority": True})
    refused(await hall.try_say(asked, "undo"), 409, "nothing_to_undo")


async def test_a_retried_call_is_done_once(hall: Hall) -> None:
    """A clerk whose answer was lost sends it again with its key, and is shown the same visitor."""
    await _waiting(hall, 2)
    headers = await hall.clerk_headers() | {"Idempotency-Key": "the-first-call"}
    path = f"/v1/queue/counters/{hall.counters[0]}/call"
    answers = [given(await hall.client.post(path, headers=headers)) for _ in range(2)]
    assert answers[0] == answers[1]
    assert [t["status"] for t in (await hall.get())["tickets"]] == ["called", "waiting"]


async def test_what_ended_is_shown_to_clerks_while_it_can_be_undone(hall: Hall, clock: MovableClock) -> None:
    await hall.walk_in()
    await hall.finished()
    clock.at += minutes(9)
    assert [t["status"] for t in (await hall.get())["tickets"]] == ["finished"]
    clock.at += minutes(2)
    assert (await hall.get())["tickets"] == []
