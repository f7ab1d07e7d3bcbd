"""What dies under load comes back by itself, and nothing that was answered is lost."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from sqlalchemy import text

from app.adapters.embedded import EmbeddedPostgres
from app.assembly import build_runtime
from app.demo.seed import point_id_of
from app.runtime import Runtime
from app.settings import Settings
from tests.processes.bookers import Booker, bookers
from tests.processes.commands import is_ready, manzil
from tests.processes.homes import Home, eventually
from tests.services.crowd import first_region
from tests.support.sizes import sizes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

VICTIMS = ("app.cli api", "postgres -D")
POINTS = ("medical-2", "medical-5")


@asynccontextmanager
async def runtime_of(home: Home) -> AsyncIterator[Runtime]:
    """The home's own database and keys, while its `manzil run` goes on."""
    url = await asyncio.to_thread(lambda: EmbeddedPostgres(home.data_dir).attach().app)
    runtime = build_runtime(Settings(database_url=url, data_dir=home.data_dir))
    try:
        yield runtime
    finally:
        await runtime.close()


async def kill_and_wait(home: Home, victim: str) -> None:
    """As `kill -9` does. Nobody helps it up."""
    pid = await asyncio.to_thread(home.only, victim)
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(eventually, lambda: set(home.processes(victim)) not in ({pid}, set()))
    await asyncio.to_thread(eventually, lambda: is_ready(home.base_url))


async def stored(runtime: Runtime, people: list[Booker]) -> dict[str, tuple[str, str, object]]:
    async with runtime.database.reading(first_region(runtime)) as uow:
        rows = await uow.session.execute(
            text("SELECT id, status, point_id, lower(during) FROM bookings WHERE person_id = ANY (:people)"),
            {"people": [booker.person for booker in people]},
        )
        return {str(key): (status, str(point), starts_at) for key, status, point, starts_at in rows}


def _complaints(home: Home) -> str:
    """What the server said of requests that it could not answer, without what is different each time."""
    said = {line[20:].split(" request_id=")[0] for line in home.said().splitlines() if "request." in line}
    return "\n".join(sorted(said))


async def test_what_is_killed_under_load_comes_back_and_every_answered_booking_is_there(home: Home) -> None:
    chance = random.Random(sizes().kills)
    run = home.started()
    async with runtime_of(home) as runtime:
        points: list[UUID] = [point_id_of(first_region(runtime).code, code) for code in POINTS]
        crowd: list[Booker] = []
        for kill in range(sizes().kills):
            # New people each time: nobody's limit of changes ends the load.
            now = await bookers(runtime, sizes().bookers, points, seed=100 * kill)
            crowd += now
            until = asyncio.Event()
            load = [asyncio.create_task(booker.go_on(home.base_url, until)) for booker in now]
            await asyncio.sleep(chance.uniform(0.3, 1.5))
            await kill_and_wait(home, VICTIMS[kill % len(VICTIMS)])
            await asyncio.sleep(1)
            until.set()
            await asyncio.gather(*load)
        assert [wrong for booker in crowd for wrong in booker.wrong] == [], _complaints(home)
        told = {key: said for booker in crowd for key, said in booker.told.items()}
        assert await stored(runtime, crowd) == told
    print(  # noqa: T201 — a figure of the acceptance
        f"\n{sizes().kills} kills, {sum(b.answers for b in crowd)} answers, {len(told)} bookings,"
        f" {sum(b.unanswered for b in crowd)} times no answer at first"
    )
    doctor = manzil(home.env, "doctor", "--json")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert run.poll() is None
