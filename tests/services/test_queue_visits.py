"""A booked visit and its ticket change together, whichever of them a clerk speaks of; and whose a ticket is."""

import asyncio
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from app.domain.region.policy import RegionPolicy
from app.models.identity import Person
from app.models.queue import Counter, Ticket
from app.runtime import Runtime
from services.identity.wards import mark_merged
from services.queue.upkeep import end_days, forget_persons
from tests.services.halls import Hall, Json, Visitor, given, minutes, refused
from tests.support.clock import MovableClock


@pytest_asyncio.fixture
async def visitor(hall: Hall, clock: MovableClock) -> Visitor:
    """With a visit in half an hour."""
    return await hall.booked(clock.at + minutes(30))


async def _visit_says(hall: Hall, visitor: Visitor, version: int, what: str, body: Json | None = None) -> Json:
    headers = await hall.clerk_headers() | {"If-Match": f'"{version}"'}
    return given(await hall.client.post(f"/v1/visits/{visitor.booking_id}/{what}", json=body, headers=headers))


async def _step(visitor: Visitor) -> str:
    steps = given(await visitor.get("/v1/me/pathway"))["steps"]
    status: str = next(step["status"] for step in steps if step["code"] == "medical")
    return status


async def test_a_visitor_who_checks_in_is_in_line_and_sees_it_on_the_phone(hall: Hall, visitor: Visitor) -> None:
    await hall.walk_in()
    arrived = await visitor.arrive(language="tg")
    ticket = await visitor.ticket(arrived["ticket"]["id"])
    assert (ticket["number"], ticket["status"], ticket["language"]) == (2, "waiting", "tg")
    assert (ticket["booked_for"], ticket["ahead"], ticket["counter"]) == (arrived["starts_at"], 1, None)
    assert given(await visitor.get("/v1/me/tickets"))["items"] == [ticket]
    stranger = await hall.visitor()
    refused(await stranger.get(f"/v1/me/tickets/{ticket['id']}"), 404, "not_found")
    refused(await stranger.get(f"/v1/me/tickets/{ticket['id']}/events"), 404, "not_found")
    assert given(await stranger.get("/v1/me/tickets"))["items"] == []


async def test_a_finished_ticket_says_how_the_visit_went_and_the_pathway_moves(hall: Hall, visitor: Visitor) -> None:
    await visitor.arrive()
    serving = await hall.say(await hall.called(), "serve")
    assert [o["outcome"] for o in serving["allowed"]] == ["done", "incomplete", "come_again"]
    refused(await hall.try_say(serving, "finish", {}), 422, "outcome_needed")
    await hall.say(serving, "finish", {"outcome": "done"})
    assert (await visitor.visit(), await _step(visitor)) == ("completed", "done")


async def test_an_outcome_of_the_visit_finishes_its_ticket_and_can_be_taken_back_with_it(
    hall: Hall, visitor: Visitor
) -> None:
    arrived = await visitor.arrive()
    serving = await hall.say(await hall.called(), "serve")
    done = await _visit_says(hall, visitor, arrived["version"], "outcome", {"outcome": "done"})
    assert (await visitor.ticket(serving["id"]))["status"] == "finished"
    refused(await hall.try_say(serving, "finish", {"outcome": "done"}), 412, "ticket_changed")
    await _visit_says(hall, visitor, done["version"], "undo")
    ticket = await hall.get(f"/tickets/{serving['id']}")
    assert (ticket["status"], ticket["counter_id"]) == ("serving", hall.counters[0])
    assert await visitor.visit() == "arrived"


async def test_a_visit_opened_again_whose_counter_is_taken_waits_aside(hall: Hall, visitor: Visitor) -> None:
    arrived = await visitor.arrive()
    ticket = await hall.called()
    done = await _visit_says(hall, visitor, arrived["version"], "outcome", {"outcome": "come_again"})
    await hall.walk_in()
    await hall.called()
    await _visit_says(hall, visitor, done["version"], "undo")
    assert (await hall.get(f"/tickets/{ticket['id']}"))["status"] == "skipped"


async def test_an_arrival_that_is_taken_back_takes_the_ticket_with_it(hall: Hall, visitor: Visitor) -> None:
    arrived = await visitor.arrive()
    undone = await _visit_says(hall, visitor, arrived["version"], "undo")
    assert (undone["status"], await hall.call()) == ("confirmed", None)
    again = await visitor.arrive()
    assert again["ticket"]["number"] == 2
    assert (await hall.called())["number"] == 2


async def test_taking_back_a_finish_opens_the_visit_again(hall: Hall, visitor: Visitor) -> None:
    await visitor.arrive()
    finished = await hall.say(await hall.called(), "finish", {"outcome": "done"})
    undone = await hall.say(finished, "undo")
    assert (undone["status"], await visitor.visit(), await _step(visitor)) == ("called", "arrived", "available")


@pytest.mark.parametrize("how", ["no-show", "leave", "own leave"])
async def test_who_is_gone_can_book_the_step_again_until_it_is_taken_back(
    hall: Hall, visitor: Visitor, clock: MovableClock, how: str
) -> None:
    await visitor.arrive()
    ticket = await hall.called()
    for _ in range(2):
        ticket = await hall.say(ticket, "recall")
    if how == "own leave":
        path = f"/v1/me/tickets/{ticket['id']}/leave"
        gone = given(await visitor.post(path, version=ticket["version"]))
    else:
        gone = await hall.say(ticket, how)
    assert gone["status"] == {"no-show": "missed"}.get(how, "left")
    assert await visitor.visit() == "missed"
    assert (await hall.say(gone, "undo"))["status"] == "called"
    assert await visitor.visit() == "arrived"
    later = {"service": "medical", "step": "medical", "point_id": str(hall.point_id)}
    starts_at = (clock.at + timedelta(days=1)).isoformat()
    refused(await visitor.post("/v1/bookings", later | {"starts_at": starts_at}), 409, "step_booked")


async def test_two_words_about_one_visit_at_once_are_not_both_right(hall: Hall, visitor: Visitor) -> None:
    """One of the ticket, one of the visit, and a call of the ticket at the same moment: no circle of waiting either."""
    arrived = await visitor.arrive()
    ticket = await hall.called()
    headers = await hall.clerk_headers(1) | {"If-Match": f'"{arrived["version"]}"'}
    path = f"/v1/visits/{visitor.booking_id}/outcome"
    answers = await asyncio.gather(
        hall.try_say(ticket, "finish", {"outcome": "done"}),
        hall.client.post(path, json={"outcome": "incomplete"}, headers=headers),
        hall.try_say(ticket, "skip", clerk=1),
    )
    assert sum(answer.status_code == 200 for answer in answers) in {1, 2}, [a.text for a in answers]
    assert {answer.status_code for answer in answers} <= {200, 409, 412}


async def test_a_late_visitor_is_in_line_as_a_walk_in(hall: Hall, visitor: Visitor, clock: MovableClock) -> None:
    clock.move(minutes=61)
    walk_ins = [await hall.walk_in() for _ in range(2)]
    late = await visitor.arrive()
    assert [(await hall.called(n))["number"] for n in range(2)] == [ticket["number"] for ticket in walk_ins]
    assert (await visitor.ticket(late["ticket"]["id"]))["ahead"] == 0


async def _take(hall: Hall, visitor: Visitor | None, **body: object) -> httpx.Response:
    headers = await visitor.headers() if visitor else {}
    return await hall.client.post(f"/v1/points/{hall.point_id}/tickets", json=body, headers=headers)


async def test_who_reads_the_screen_in_the_hall_takes_a_ticket(hall: Hall, clock: MovableClock) -> None:
    code = (await hall.get("/hall-code"))["code"]
    visitor = await hall.visitor()
    mine = given(await _take(hall, visitor, service="exam", hall_code=code.lower(), priority=True), 201)
    assert (await visitor.ticket(mine["id"]))["priority"] is True
    refused(await _take(hall, visitor, service="exam", hall_code=code), 409, "already_in_line")
    nameless = given(await _take(hall, visitor, service="exam", hall_code=code, named=False), 201)
    refused(await visitor.get(f"/v1/me/tickets/{nameless['id']}"), 404, "not_found")
    given(await _take(hall, None, service="medical", hall_code=code), 201)
    refused(await _take(hall, None, service="medical", hall_code="AAAAAAAA"), 422, "hall_code_wrong")
    clock.move(minutes=15)
    given(await _take(hall, None, service="medical", hall_code=code), 201)
    clock.move(minutes=15)
    refused(await _take(hall, None, service="medical", hall_code=code), 422, "hall_code_wrong")


async def test_a_migrant_id_that_is_nobodys_makes_no_ticket(hall: Hall) -> None:
    body = {"service": "medical", "migrant_id": "7Q2M-K4TV-0XWE"}
    refused(await hall.post("/tickets", body), 422, "invalid_input")
    assert (await hall.get())["tickets"] == []


async def test_the_phone_tells_priority_and_how_many_are_before(hall: Hall) -> None:
    await hall.walk_in("exam")
    visitor = await hall.visitor()
    ticket = await hall.walk_in(migrant_id=visitor.migrant_id)
    assert (await visitor.ticket(ticket["id"]))["ahead"] == 1
    path = f"/v1/me/tickets/{ticket['id']}/priority"
    moved = given(await visitor.post(path, {"priority": True}, version=ticket["version"]))
    assert (moved["priority"], (await visitor.ticket(ticket["id"]))["ahead"]) == (True, 0)
    refused(await visitor.post(path, {"priority": True}, version=ticket["version"]), 412, "ticket_changed")


async def test_a_ticket_follows_who_the_person_became(
    hall: Hall, visitor: Visitor, runtime: Runtime, region: RegionPolicy
) -> None:
    """As after a merge, which moves the visit and marks the person."""
    other = await hall.visitor()
    ticket = await hall.walk_in(migrant_id=visitor.migrant_id)
    async with runtime.database.writing(region) as uow:
        await mark_merged(uow, visitor.person, other.person)
        assert await uow.session.scalar(select(Person.merged_into).where(Person.id == visitor.person))
    assert (await other.ticket(ticket["id"]))["number"] == ticket["number"]
    called = await hall.called()
    assert called["migrant_id"] == other.migrant_id
    assert [entry["purpose"] for entry in await other.log()][:1] == ["queue_call"]
    await hall.say(called, "finish", {})


async def _row(runtime: Runtime, region: RegionPolicy, ticket_id: str) -> Ticket:
    async with runtime.database.reading(region) as uow:
        return (await uow.session.execute(select(Ticket).where(Ticket.id == ticket_id))).scalar_one()


async def test_the_worker_ends_the_day_two_hours_after_midnight(
    hall: Hall, visitor: Visitor, runtime: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    arrived = (await visitor.arrive(priority=True))["ticket"]
    served = await hall.walk_in(priority=True)
    for n in range(2):
        called = await hall.called(n)
        if called["number"] == served["number"]:
            await hall.say(called, "finish", {}, clerk=n)
    clock.at = clock.at.replace(hour=22, minute=59)  # 01:59 in Kazan, the day after
    async with runtime.database.writing(region) as uow:
        await end_days(uow)
    assert (await visitor.ticket(arrived["id"]))["status"] == "called"
    clock.move(minutes=1)
    for _ in range(2):
        async with runtime.database.writing(region) as uow:
            await end_days(uow)
    rows = [await _row(runtime, region, ticket["id"]) for ticket in (arrived, served)]
    assert [(row.status, row.priority) for row in rows] == [("closed", False), ("finished", False)]
    assert await visitor.visit() == "arrived", "how the visit went, its clerk still has to say"
    async with runtime.database.reading(region) as uow:
        open_now = select(Counter.code).where(Counter.point_id == hall.point_id, Counter.opened_at.is_not(None))
        assert (await uow.session.scalars(open_now)).all() == []


async def test_after_a_week_a_ticket_no_longer_tells_whose_it_was(
    hall: Hall, visitor: Visitor, runtime: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    ticket = (await visitor.arrive())["ticket"]
    await hall.say(await hall.say(await hall.called(), "serve"), "finish", {"outcome": "done"})
    came = clock.at
    for days, kept in ((7, True), (7.1, False)):
        clock.at = came + timedelta(days=days)
        async with runtime.database.writing(region) as uow:
            await forget_persons(uow)
        row = await _row(runtime, region, ticket["id"])
        assert (row.person_id is not None, row.booking_id is not None) == (kept, kept)
        assert None not in (row.joined_at, row.called_at, row.serving_at, row.finished_at, row.booked_for)
