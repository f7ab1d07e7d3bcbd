"""Workers are killed and the carrier fails: every phone gets every message, once wherever that can be known."""

import asyncio
import os
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.assembly import build_runtime
from app.demo.fcm import Faults, running
from app.runtime import Runtime
from app.settings import Settings
from services.deliveries.sending import MOST_TAKEN
from tests.processes.commands import free_port, manzil
from tests.processes.reckoning import Trial, reckon
from tests.processes.reminding import add_people, addresses_of, left, rows, untold, wait_until, working
from tests.support.server import fresh_region, urls
from tests.support.sizes import sizes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

WORKERS = 3
FAULTS = Faults(unavailable=0.10, quota=0.02, hang=0.01, retry_after=2)
CALIBRATION, PART = 2000, 0.6
"""So many are sent to see what the machine can do, of which this part is then asked for."""
TOO_BUSY = 0.1
SLACK = 3.0
"""Seconds that a message may be on its way where processors are shared."""


async def test_each_live_phone_gets_each_message_once_though_workers_die_and_the_carrier_fails(
    worker: str, tmp_path: Path
) -> None:
    """Case 19: and none comes late by more than a tick and its backoff, nor after its time (case 18)."""
    size, chance = sizes(), random.Random(sizes().reminders)
    region = f"k_{worker}"
    await asyncio.to_thread(fresh_region, region)
    app_url, _ = urls()
    settings = Settings(database_url=app_url, data_dir=tmp_path / "data", regions=[region])
    runtime = build_runtime(settings)
    with running(tmp_path, free_port(), FAULTS) as server:
        env = os.environ | {
            "MANZIL_REGIONS": f'["{region}"]',
            "MANZIL_DATABASE_URL": app_url,
            "MANZIL_DATA_DIR": str(settings.data_dir),
            "MANZIL_SMS": "console",
            "MANZIL_PUSH": "fcm",
            "MANZIL_FCM_KEY_FILE": str(server.account),
            "MANZIL_FCM_ENDPOINT": server.base,
        }
        with working(env, tmp_path / "workers.log", WORKERS) as workers:
            for each in runtime.regions.values():
                await runtime.keyring.ready(each)
            await add_people(runtime, 1, datetime.now(UTC), 0, dead=0)
            workers.start()
            await told_all(runtime, overdue=60)  # a worker is there
            seconds = size.reminder_seconds or size.reminders / (PART * await rate(runtime))
            print(f"\n{size.reminders} reminders in {seconds:.0f} s", flush=True)  # noqa: T201 — it may be long
            first = datetime.now(UTC) + timedelta(seconds=2 + size.reminders / 10_000)
            await add_people(runtime, size.reminders, first, seconds, dead=0.01)
            addresses = await addresses_of(runtime)
            kills = []
            for after in sorted(chance.uniform(0, seconds) for _ in range(size.worker_kills)):
                await asyncio.to_thread(wait_until, first + timedelta(seconds=after))
                await asyncio.to_thread(workers.kill_one, chance)
                kills.append(time.time())
            await asyncio.to_thread(wait_until, first + timedelta(seconds=seconds))
            await told_all(runtime, overdue=60)
        of_these = f"-{size.reminders}-"
        seen = [one for one in server.seen() if of_these in one.address]
        found = [row for row in await rows(runtime, addresses) if of_these in row.address]
        reckoning = reckon(found, seen, Trial(kills, FAULTS.retry_after, SLACK))
        print(f"{len(kills)} kills: {reckoning.told()}")  # noqa: T201 — a figure of the acceptance
        kinds = Counter(fault.partition(":")[0] for fault in reckoning.faults)
        assert not kinds, (kinds, reckoning.faults[:10])
        assert await untold(runtime) == []
        assert reckoning.lapsed > 0, "the short ones are there to be too late"
        if not size.reminder_seconds:  # nobody asks more of the machine than it can do
            assert reckoning.late <= size.reminders * TOO_BUSY, "a machine too busy to tell anything"
        assert reckoning.slow <= size.reminders * TOO_BUSY, "a machine too busy to tell anything"
        assert reckoning.repeated <= reckoning.hung + reckoning.slow + len(kills) * MOST_TAKEN
        kept = set((await addresses_of(runtime)).values())
        gone = {one.address for one in seen if one.answer == 404}
        lapsed = {row.address for row in found if row.status == "lapsed"}  # its worker died with the answer
        assert gone, "some are registered no more"
        assert not kept & gone - lapsed, "what is registered no more is forgotten as soon as it is heard"
        assert set(addresses.values()) - gone <= kept
        checked = await asyncio.to_thread(manzil, env, "doctor")
        assert checked.returncode == 0, checked.stdout
    await runtime.close()


async def rate(runtime: Runtime) -> float:
    """Messages a second that the workers manage, faults and all."""
    begun = datetime.now(UTC)
    await add_people(runtime, CALIBRATION, begun, 0, dead=0)
    asked = time.monotonic()
    while (await left(runtime))[0] > CALIBRATION / 5:  # what has failed waits for its time
        await asyncio.to_thread(time.sleep, 0.05)
    return CALIBRATION * 0.8 / (time.monotonic() - asked)


async def told_all(runtime: Runtime, *, overdue: float) -> None:
    """Until nothing is left. What has failed several times may be minutes away; what is due may not wait."""
    while True:
        count, seconds = await left(runtime)
        if not count:
            return
        assert seconds < overdue, f"{count} are still to be told, one for {seconds} s"
        await asyncio.to_thread(time.sleep, 0.2)
