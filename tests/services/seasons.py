"""A region of its own with a season of simulated people, under a clock of its own, and its operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from sqlalchemy import make_url

from app.db.engine import schema_of
from app.domain.identity.caller import Caller, Role
from app.runtime import Runtime
from benchmarks import season
from services.region.releasing import tell_next
from tests.services.crowd import first_region
from tests.support.clock import MovableClock
from tests.support.server import urls

Json = dict[str, Any]
DASHBOARDS = ("funnel", "finish-times", "deadlines", "load", "places", "bottlenecks", "labour-supply", "flows", "kpis")
WEEKS = 18


@dataclass
class Region:
    runtime: Runtime
    client: httpx.AsyncClient
    clock: MovableClock

    async def headers(self, role: Role = Role.REGION_OPERATOR) -> Mapping[str, str]:
        caller = Caller(uuid4(), role, uuid4())
        token = await self.runtime.keyring.issue(first_region(self.runtime), caller, self.clock.now())
        return {"Authorization": f"Bearer {token}"}

    async def get(self, name: str, **params: Any) -> list[Json]:
        answer = await self.client.get(f"/v1/region/{name}", params=params, headers=await self.headers())
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert (body["least"], body["rounded_to"]) == (10, 5)
        items: list[Json] = body["items"]
        return items

    async def tell(self) -> int:
        """All that is due; how many periods that was."""
        count = 0
        while await tell_next(self.runtime.database, first_region(self.runtime)):
            count += 1
        return count

    async def next_week(self) -> None:
        self.clock.at += timedelta(days=7)
        await self.tell()

    async def driver(self) -> Any:
        """A connection of the owner's."""
        url = make_url(urls()[1]).set(drivername="postgresql").render_as_string(hide_password=False)
        schema = schema_of(first_region(self.runtime).code)
        return await asyncpg.connect(url, server_settings={"search_path": f"{schema},public"})

    async def fill(self, *, days: int, people: int) -> None:
        driver = await self.driver()
        region = first_region(self.runtime)
        today = region.day_of(self.clock.now())
        await season.put(driver, season.play(days), today, people, weeks=WEEKS, zone=region.zone.key)
        await driver.execute("ANALYZE")
        await driver.close()
