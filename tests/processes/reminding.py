"""Many people whose reminders fall due within seconds, and the workers that are to send them."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text

from app.db.bulk import copy_rows
from app.demo import fcm
from app.runtime import Runtime
from services.deliveries.texts import ADDRESS_FIELD
from tests.processes.commands import end, start
from tests.processes.reckoning import Row
from tests.services.crowd import first_region


@dataclass
class Workers:
    """So many processes of the `worker` command, each started anew when it is killed."""

    env: dict[str, str]
    log: Path
    count: int
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self) -> None:
        while len(self.running) < self.count:
            self.running.append(start(self.env, "worker", self.log))

    def kill_one(self, chance: random.Random) -> None:
        """As `kill -9` does."""
        victim = self.running.pop(chance.randrange(len(self.running)))
        assert victim.poll() is None, self.log.read_text()[-2000:]
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait()
        self.start()

    def stop(self) -> None:
        for process in self.running:
            end(process, signal.SIGTERM, seconds=30)


@contextmanager
def working(env: dict[str, str], log: Path, count: int) -> Iterator[Workers]:
    workers = Workers(env, log, count)
    try:
        yield workers
    finally:
        workers.stop()


async def add_people(runtime: Runtime, count: int, first: datetime, seconds: float, dead: float) -> None:
    """People with a phone each, whose one reminder falls due evenly within so many seconds; one in ten is of no use
    two seconds later. A part of the phones is `dead`.
    """
    chance = random.Random(count)
    now = datetime.now(UTC)
    vault = runtime.database.vault
    people, accounts, devices, plans, addresses, reminders = ([] for _ in range(6))
    for number in range(count):
        person, account, device = uuid4(), uuid4(), uuid4()
        address = f"{fcm.DEAD if chance.random() < dead else 'phone-'}{count}-{number:08}"
        due_at = first + timedelta(seconds=seconds * number / count)
        expires_at = due_at + timedelta(seconds=2) if number % 10 == 7 else due_at + timedelta(hours=1)
        people.append((person, now))
        accounts.append((account, "migrant", now, person, vault.blind_index("phone", str(account))))
        devices.append((device, account, "{}", now, now, now))
        plans.append((person, now + timedelta(days=30)))
        sealed = vault.seal_system(ADDRESS_FIELD, address.encode())
        addresses.append((device, person, "token", vault.blind_index("push", address), sealed, "ru", now))
        about = now + timedelta(days=7)
        step = (person, "step", "medical", "deadline_near", about, 7, due_at, expires_at, "medical", False, True)
        reminders.append(step)
    async with runtime.database.writing(first_region(runtime)) as uow:
        await uow.session.execute(text("SET LOCAL statement_timeout = 0"))
        await copy_rows(uow, "persons", ("id", "created_at"), people)
        await copy_rows(uow, "accounts", ("id", "role", "created_at", "person_id", "phone_index"), accounts)
        phone = "id account_id public_jwk created_at certified_until seen_at"
        await copy_rows(uow, "devices", phone.split(), devices)
        await copy_rows(uow, "reminder_plans", ("person_id", "replan_at"), plans)
        address_of = "device_id person_id kind value_index value_sealed language changed_at"
        await copy_rows(uow, "push_addresses", address_of.split(), addresses)
        told = "person_id subject subject_id kind about days due_at expires_at matter urgent planned"
        await copy_rows(uow, "reminders", told.split(), reminders)
    async with runtime.database.writing(first_region(runtime)) as uow:
        await uow.session.execute(text("ANALYZE reminders, reminder_plans, push_addresses, deliveries"))


async def left(runtime: Runtime) -> tuple[int, float]:
    """How much still waits or is under way, and for how many seconds the oldest of it has been due."""
    async with runtime.database.reading(first_region(runtime)) as uow:
        query = """SELECT count(*), coalesce(extract(epoch FROM now() - min(at)), 0)::float FROM (
            SELECT due_at FROM reminders WHERE status = 'waiting'
            UNION ALL SELECT available_at FROM deliveries WHERE status IN ('waiting', 'sending')) AS due (at)"""
        count, overdue = (await uow.session.execute(text(query))).one()
        return count, overdue


async def rows(runtime: Runtime, addresses: dict[UUID, str]) -> list[Row]:
    async with runtime.database.reading(first_region(runtime)) as uow:
        found = await uow.session.execute(
            text("""SELECT d.target_id, d.message_id, r.due_at, r.expires_at, d.status, d.attempts, d.unknown
                FROM deliveries d JOIN reminders r ON r.person_id = d.person_id AND r.message_id = d.message_id""")
        )
        return [Row(addresses[device], str(message), *rest) for device, message, *rest in found]


async def untold(runtime: Runtime) -> list[str]:
    """Reminders of which nothing went out although there was time to."""
    query = """
        SELECT id || ' ' || status FROM reminders r
        WHERE NOT (status = 'lapsed' AND expires_at - due_at < interval '1 minute')
            AND NOT EXISTS (SELECT FROM deliveries d WHERE d.person_id = r.person_id AND d.message_id = r.message_id)
    """
    async with runtime.database.reading(first_region(runtime)) as uow:
        return list(await uow.session.scalars(text(query)))


async def addresses_of(runtime: Runtime) -> dict[UUID, str]:
    """Where each device is reached now."""
    async with runtime.database.reading(first_region(runtime)) as uow:
        found = await uow.session.execute(text("SELECT device_id, value_sealed FROM push_addresses"))
        return {device: uow.vault.open_system(ADDRESS_FIELD, sealed).decode() for device, sealed in found}


def wait_until(instant: datetime) -> None:
    time.sleep(max((instant - datetime.now(UTC)).total_seconds(), 0))
