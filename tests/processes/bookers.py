"""People who book, move and cancel while things die, each remembering what they were told.

An answer that did not come is asked for again with the same key, as a phone does; only what was answered counts.
"""

import asyncio
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from app.runtime import Runtime
from services.points.queries import day_of
from tests.services.crowd import first_region, newcomers, place_body, token_of

# What a refused booking may be told besides: somebody else was faster, or it is one's own limit.
REFUSED = {"place_taken", "too_many_changes", "step_booked", "elsewhere_then"}
GONE_SECONDS = 90
ASKED_AGAIN_AFTER = 0.2


@dataclass
class Booker:
    """`told`: for each booking the status, point and beginning (UTC) last answered."""

    person: UUID
    token: str
    places: list[dict[str, str]]
    chance: random.Random
    told: dict[str, tuple[str, str, datetime]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    answers: int = 0
    unanswered: int = 0

    async def go_on(self, base_url: str, until: asyncio.Event) -> None:
        async with httpx.AsyncClient(base_url=base_url, timeout=20) as client:
            while not until.is_set() and not self.wrong:
                await self._do_something(client)

    async def _do_something(self, client: httpx.AsyncClient) -> None:
        mine = next((key for key, (status, *_) in self.told.items() if status == "confirmed"), None)
        place = self.chance.choice(self.places)
        if mine is None:
            await self._ask(client, "/v1/bookings", place)
        elif self.chance.random() < 0.5:
            where = {name: place[name] for name in ("point_id", "starts_at")}
            await self._ask(client, f"/v1/bookings/{mine}/reschedule", where)
        else:
            await self._ask(client, f"/v1/bookings/{mine}/cancel", {})

    async def _ask(self, client: httpx.AsyncClient, path: str, body: dict[str, str]) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid4())}
        limit = asyncio.get_running_loop().time() + GONE_SECONDS
        while asyncio.get_running_loop().time() < limit:
            try:
                answer = await client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                self.unanswered += 1
            else:
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    self._remember(answer)
                    return
                self.unanswered += 1
                if answer.json()["code"] != "try_again":
                    self.wrong.append(answer.text)
            await asyncio.sleep(ASKED_AGAIN_AFTER)
        self.wrong.append(f"no answer in {GONE_SECONDS} s")

    def _remember(self, answer: httpx.Response) -> None:
        self.answers += 1
        try:
            said: dict[str, Any] = answer.json()
        except json.JSONDecodeError:
            said = {}
        if answer.is_success:
            starts_at = datetime.fromisoformat(said["starts_at"]).astimezone(UTC)
            self.told[said["id"]] = (said["status"], said["point"]["id"], starts_at)
        elif said.get("code") not in REFUSED:
            self.wrong.append(f"{answer.status_code} {answer.text}")


async def bookers(runtime: Runtime, count: int, points: list[UUID], *, seed: int = 1) -> list[Booker]:
    """People who want the same few places of tomorrow and the days after."""
    region = first_region(runtime)
    places: list[dict[str, str]] = []
    async with runtime.database.reading(region) as uow:
        for ahead in range(2, 9):
            for point_id in points:
                starts = await day_of(uow, point_id, "medical", region.day_of(uow.now) + timedelta(days=ahead))
                places += [place_body("medical", point_id, start.starts_at) for start in starts[:3]]
    people = await newcomers(runtime, count)
    return [
        Booker(person, await token_of(runtime, person), places, random.Random(seed + n))
        for n, person in enumerate(people)
    ]
