"""The worker: composition root of the processes that carry out what is due. Any number may run.

Rows are the truth; a tick claims what is due and two workers never do the same work. A tick that fails is logged
and comes again: a database that restarts is no reason for a worker to die.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app.adapters.console import ConsoleSms
from app.assembly import build_runtime
from app.db.engine import schema_of
from app.db.unit_of_work import Database, Writing
from app.domain.region.policy import RegionPolicy
from app.ports import Sms
from app.runtime import Runtime
from app.settings import Settings
from services.answers.commands import forget_old
from services.audit.commands import seal_heads
from services.bookings.upkeep import end_missed, expire_holds
from services.identity.keyring import rotate
from services.identity.messages import message_handlers
from services.identity.sessions import delete_stale
from services.numbers.commands import carry_out_due
from services.numbers.notices import notice_handlers
from services.numbers.recovery import drop_old
from services.offers.behind import take_up_late
from services.offers.notices import offer_handlers
from services.offers.search import Search
from services.outbox.commands import LEASE, Handler, relay
from services.points.commands import extend_calendars
from services.queue.upkeep import end_days, forget_persons
from services.routing.itineraries_upkeep import follow_merges, keep_itineraries

TICK_SECONDS = 1
MINUTE_SECONDS = 60
HOUSEKEEPING_SECONDS = 3600
_TICK = "tick"
T = TypeVar("T")
_log = structlog.get_logger()


def outbox_handlers(settings: Settings) -> dict[str, Handler]:
    """Who consumes which topic. A test holds this against what is emitted."""
    sms = _sms(settings)
    return message_handlers(sms) | notice_handlers(sms) | offer_handlers()


def _sms(settings: Settings) -> Sms:
    """Codes on a terminal are for development: whoever wants them there has to say so."""
    if settings.sms != "console":
        raise ValueError("no SMS gateway: MANZIL_SMS=console prints messages here, as `manzil run` does")
    return ConsoleSms(settings.data_dir / "sms.jsonl")


async def housekeep(uow: Writing) -> None:
    """Once an hour: calendars grow by a day when it comes, keys turn, and what is past its term goes."""
    await extend_calendars(uow)
    await rotate(uow)
    await forget_old(uow)
    await delete_stale(uow)
    await drop_old(uow)
    await forget_persons(uow)


async def work(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT; a tick under way is finished first."""
    handlers = outbox_handlers(settings)
    runtime = build_runtime(settings)
    for region in runtime.regions.values():
        await runtime.keyring.ready(region)  # with another master key than the API's it must not seal anything
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    scheduler = AsyncIOScheduler(timezone=UTC)
    for region in runtime.regions.values():
        _schedule(scheduler, runtime, region, handlers)
    scheduler.start()
    await _wake_on_events(runtime, scheduler, stop)
    scheduler.pause()
    if ticks := [task for task in asyncio.all_tasks() if task.get_name() == _TICK]:
        await asyncio.wait(ticks, timeout=LEASE.total_seconds())
    scheduler.shutdown(wait=False)
    await runtime.close()


def _schedule(
    scheduler: AsyncIOScheduler, runtime: Runtime, region: RegionPolicy, handlers: Mapping[str, Handler]
) -> None:
    database = runtime.database
    search = Search(database, region)

    async def offers_tick() -> None:
        await search.tick()

    async def late_tick() -> None:
        await take_up_late(database, region)

    async def relay_tick() -> None:
        while await relay(database, region, handlers):
            pass

    async def numbers_tick() -> None:
        while await _once(database, region, carry_out_due):
            pass

    async def itineraries_tick() -> None:
        while await keep_itineraries(database, region, runtime.travel):
            pass

    ticks: list[tuple[str, int, Callable[[], Awaitable[None]]]] = [
        (f"relay {schema_of(region.code)}", TICK_SECONDS, relay_tick),
        (f"holds {region.code}", TICK_SECONDS, _task(database, region, expire_holds)),
        (f"offers {region.code}", TICK_SECONDS, offers_tick),
        (f"late {region.code}", MINUTE_SECONDS, late_tick),
        (f"seals {region.code}", MINUTE_SECONDS, _task(database, region, seal_heads)),
        (f"missed {region.code}", MINUTE_SECONDS, _task(database, region, end_missed)),
        (f"queues {region.code}", MINUTE_SECONDS, _task(database, region, end_days)),
        (f"numbers {region.code}", TICK_SECONDS, numbers_tick),
        (f"itineraries {region.code}", TICK_SECONDS, itineraries_tick),
        (f"merged itineraries {region.code}", MINUTE_SECONDS, _task(database, region, follow_merges)),
        (f"housekeeping {region.code}", HOUSEKEEPING_SECONDS, _task(database, region, housekeep)),
    ]
    for name, seconds, tick in ticks:
        scheduler.add_job(
            _never_dying(name, tick),
            "interval",
            seconds=seconds,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )


def _task(
    database: Database, region: RegionPolicy, command: Callable[[Writing], Awaitable[object]]
) -> Callable[[], Awaitable[None]]:
    """A command in a unit of work of its own."""

    async def run() -> None:
        await _once(database, region, command)

    return run


async def _once(database: Database, region: RegionPolicy, command: Callable[[Writing], Awaitable[T]]) -> T:
    async with database.writing(region) as uow:
        return await command(uow)


def _never_dying(name: str, tick: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        task = asyncio.current_task()
        if task is not None:
            task.set_name(_TICK)
        try:
            await tick()
        except Exception as error:  # noqa: BLE001 — whatever it is, the next tick is in a second
            _log.warning("tick.failed", tick=name, cause=type(error).__name__)

    return run


async def _wake_on_events(runtime: Runtime, scheduler: AsyncIOScheduler, stop: asyncio.Event) -> None:
    """Until `stop`: listens on a connection of its own, so that an event leaves at its commit, not at the next tick."""
    first = next(iter(runtime.regions))
    while not stop.is_set():
        # Set by the driver when the connection is lost, and by us when it is time to end.
        woken = asyncio.Event()
        ending = asyncio.create_task(_pass_on(stop, woken))
        try:
            async with runtime.database.engines.of(first).connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                driver.add_termination_listener(lambda _, woken=woken: woken.set())
                await driver.add_listener("manzil_outbox", lambda *event: _wake(scheduler, event[-1]))
                await woken.wait()
        except Exception as error:  # noqa: BLE001 — the ticks go on meanwhile
            _log.warning("listener.lost", cause=type(error).__name__)
            await asyncio.sleep(1)
        ending.cancel()


async def _pass_on(event: asyncio.Event, to: asyncio.Event) -> None:
    await event.wait()
    to.set()


def _wake(scheduler: AsyncIOScheduler, schema: str) -> None:
    job = scheduler.get_job(f"relay {schema}")
    if job is not None:
        scheduler.add_job(job.func, id=f"woken {schema}", replace_existing=True, misfire_grace_time=None)
