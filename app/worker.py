"""The worker: composition root of the processes that carry out what is due. Any number may run.

Rows are the truth; a tick claims what is due and two workers never do the same work. A tick that fails is logged
and comes again: a database that restarts is no reason for a worker to die.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import structlog
import uvloop
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app.assembly import build_carriers, build_checks, build_mirrors, build_runtime, sms_gateway
from app.db.engine import schema_of
from app.db.hands import end_within
from app.db.notices import listen
from app.db.unit_of_work import Database
from app.domain.region.policy import RegionPolicy
from app.ports import Sms
from app.runtime import Runtime
from app.settings import Settings
from app.ticks import Tick, document_ticks, exchange_ticks, mirror_ticks, region_ticks, report_ticks
from services.deliveries.sending import Sender
from services.documents.upkeep import document_handlers
from services.employers.upkeep import employer_handlers
from services.identity.messages import message_handlers
from services.locations.upkeep import location_handlers
from services.numbers.notices import notice_handlers
from services.outbox.commands import LEASE, Handler, together
from services.registry.grounds import ConsentGrounds
from services.registry.handling import mirror_handlers
from services.registry.mirroring import Mirror
from services.reminders.news import news_handlers
from services.rights.commands import rights_handlers

_TICK = "tick"
_log = structlog.get_logger()


def outbox_handlers(sms: Sms, database: Database, region: RegionPolicy) -> dict[str, Handler]:
    """Who consumes which topic of a region. A test holds this against what is emitted."""
    return together(
        message_handlers(sms),
        notice_handlers(sms),
        news_handlers(database, region),
        document_handlers(),
        location_handlers(database, region),
        employer_handlers(database, region),
        rights_handlers(database.vault),
    )


def run(settings: Settings) -> None:
    """The process: `work` in a loop as quick as the API's."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work(settings))


async def work(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT; a tick under way is finished first."""
    carriers, checks = build_carriers(settings), build_checks(settings)
    runtime = build_runtime(settings)
    for region in runtime.regions.values():
        await runtime.keyring.ready(region)  # with another master key than the API's it must not seal anything
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    scheduler = AsyncIOScheduler(timezone=UTC)
    # A tick that has much to do is left to it: the next one is skipped, and need not be told of each second.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    senders = [Sender(runtime.database, region, carriers) for region in runtime.regions.values()]
    mirrors = build_mirrors(settings, runtime)
    for region, sender in zip(runtime.regions.values(), senders, strict=True):
        mirror = mirrors.get(region.code)
        handlers = outbox_handlers(sms_gateway(settings), runtime.database, region)
        if mirror is not None:
            handlers = together(handlers, mirror_handlers(runtime.database, region, ConsentGrounds()))
        ticks = region_ticks(runtime, region, handlers, sender) + document_ticks(runtime.database, region, checks)
        ticks += report_ticks(runtime.database, region, carriers.email)
        _schedule(scheduler, ticks + exchange_ticks(runtime.database, region) + mirror_ticks(region, mirror))
    for mirror in mirrors.values():
        mirror.start()
    scheduler.start()
    await _wake_on_events(runtime, scheduler, stop, mirrors)
    scheduler.pause()
    for sender in senders:
        sender.stop()
    if ticking := [task for task in asyncio.all_tasks() if task.get_name() == _TICK]:
        await asyncio.wait(ticking, timeout=LEASE.total_seconds())
    ends = [sender.finish() for sender in senders] + [mirror.finish() for mirror in mirrors.values()]
    if not await end_within(LEASE, *ends):
        # The database is away. What was sent and not written is somebody else's by now.
        _log.warning("worker.unwritten")
    scheduler.shutdown(wait=False)
    await runtime.close()


def _schedule(scheduler: AsyncIOScheduler, ticks: Sequence[tuple[str, int, Tick]]) -> None:
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


async def _wake_on_events(
    runtime: Runtime, scheduler: AsyncIOScheduler, stop: asyncio.Event, mirrors: Mapping[str, Mirror]
) -> None:
    """Until `stop`: listens beside the pool, so that an event leaves at its commit, not at the next tick."""
    engine = runtime.database.engines.alone(next(iter(runtime.regions)))

    def relay_all() -> None:
        for code in runtime.regions:
            _wake(scheduler, schema_of(code))

    def mirror_all() -> None:
        for mirror in mirrors.values():
            mirror.wake()

    channels = {
        "manzil_outbox": (partial(_wake, scheduler), relay_all),
        "manzil_mirror": (partial(_wake_mirror, mirrors), mirror_all),
    }
    listeners = [
        asyncio.create_task(listen(engine, channel, heard, begun, _ticks_go_on))
        for channel, (heard, begun) in channels.items()
    ]
    await stop.wait()
    for listener in listeners:
        listener.cancel()
    await asyncio.wait(listeners)


def _ticks_go_on() -> None:
    """A listener is lost: whatever it would have heard of is due at the next tick."""


def _wake(scheduler: AsyncIOScheduler, schema: str) -> None:
    job = scheduler.get_job(f"relay {schema}")
    if job is not None:
        scheduler.add_job(job.func, id=f"woken {schema}", replace_existing=True, misfire_grace_time=None)


def _wake_mirror(mirrors: Mapping[str, Mirror], schema: str) -> None:
    for code, mirror in mirrors.items():
        if schema_of(code) == schema:
            mirror.wake()
