"""Questions to the simulator, over HTTP and by the worker."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from app.models.reports import WhatIf
from services.reports.playing import LEASE, play_apart, play_next
from tests.api.helpers import given, refused
from tests.api.operators import YEARS_ON, Operator, operator_of
from tests.support.figures import told
from tests.support.people import World

Say = Callable[[int], Awaitable[None]]
ANSWER = {
    "people": 100,
    "days": 7,
    "seeds": 1,
    "figures": [{"name": "days_to_permission", "now": 30.0, "then": 29.0, "effect": -1.0, "low": -1.0, "high": -1.0}],
}


@pytest_asyncio.fixture
async def operator(own_time: World) -> Operator:
    own_time.clock.at += YEARS_ON
    return await operator_of(own_time)


async def test_a_question_is_put_down_played_once_and_answered(operator: Operator) -> None:
    world = operator.world
    point = world.point_id("exam-1")
    other = world.clock.at
    world.clock.at += YEARS_ON  # years of which nothing was told
    early = await operator_of(world)
    refused(await early.post("/v1/what-ifs", {"point_id": point, "counters": 1}), 409, "not_playable")
    world.clock.at = other
    await told(world)
    for body in ({"counters": 0}, {"counters": 1, "weekday": 6}, {"weekday": 6}, {"weekday": 6, "opens": "09:00"}):
        refused(await operator.post("/v1/what-ifs", {"point_id": point, **body}), 422, "invalid_input")
    unknown = {"point_id": "00000000-0000-0000-0000-000000000000", "counters": 1}
    refused(await operator.post("/v1/what-ifs", unknown), 404, "not_found")
    refused(await operator.post("/v1/what-ifs", {"point_id": point, "counters": -20}), 409, "not_playable")
    asked = given(await operator.post("/v1/what-ifs", {"point_id": point, "counters": 2}), 202)["id"]
    refused(await operator.post("/v1/what-ifs", {"point_id": point, "counters": 3}), 409, "too_many_questions")
    played: list[dict[str, Any]] = []

    async def play(world_of: dict[str, Any], say: Say) -> dict[str, Any]:
        played.append(world_of)
        await say(40)
        shown = given(await operator.get(f"/v1/what-ifs/{asked}"))
        assert (shown["status"], shown["progress"]) == ("running", 40)
        return ANSWER

    await asyncio.gather(*(play_next(world.runtime.database, world.region, play) for _ in range(3)))
    assert len(played) == 1
    shown = given(await operator.get(f"/v1/what-ifs/{asked}"))
    assert (shown["status"], shown["progress"], shown["answer"]) == ("done", 100, ANSWER)
    assert given(await operator.get("/v1/what-ifs"))["items"][0]["id"] == asked
    # What it is played with names nobody: plans of points, and a figure that was told, in tens.
    assert set(played[0]) == {"places", "a_week", "start", "zone", "calendar", "change"}
    assert played[0]["a_week"] % 10 == 0


async def test_a_question_that_fails_twice_is_over_and_a_dead_worker_loses_none(operator: Operator) -> None:
    world = operator.world
    await told(world)
    body = {"point_id": world.point_id("exam-1"), "weekday": 6, "opens": "10:00", "closes": "14:00"}
    asked = given(await operator.post("/v1/what-ifs", body), 202)["id"]

    async def fail(_: dict[str, Any], __: Say) -> dict[str, Any]:
        raise RuntimeError

    async with world.runtime.database.writing(world.region) as uow:
        found = await uow.session.scalar(select(WhatIf).where(WhatIf.status == "waiting"))
        assert found is not None
        found.status, found.leased_until, found.attempts = "running", uow.now + LEASE, 1
    assert await play_next(world.runtime.database, world.region, fail) == 0  # another has it
    world.clock.move(seconds=LEASE.total_seconds() + 1)
    await play_next(world.runtime.database, world.region, fail)
    shown = given(await operator.get(f"/v1/what-ifs/{asked}"))
    assert (shown["status"], shown["answer"]) == ("failed", None)


async def test_a_process_of_its_own_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    """And ends without an answer for what it cannot read."""

    async def say(_: int) -> None: ...

    with pytest.raises(RuntimeError):
        await play_apart(json.loads('{"places": []}'), say)
