"""The worker: composition root of the processes that carry out what is due. Any number may run.

Rows are the truth; a tick claims what is due and two workers never do the same work. A tick that fails is logged
and comes again: a database that restarts is no reason for a worker to die.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app.assembly import build_carriers, build_checks, build_mirrors, build_runtime, sms_gateway
from app.db.engine import schema_of
from app.db.unit_of_work import Database, Writing
from app.domain.region.policy import RegionPolicy
from app.ports import Sms
from app.runtime import Runtime
from app.settings import Settings
from services.answers.commands import forget_old
from services.audit.commands import seal_heads
from services.bookings.upkeep import end_missed, expire_holds
from services.consents.upkeep import expire as expire_consents
from services.deliveries.commands import forget_old_deliveries
from services.deliveries.sending import Sender
from services.documents.checking import Checks, check_next
from services.documents.upkeep import delete_doomed, document_handlers, give_up_old, sweep
from services.documents.upkeep import follow_merges as follow_merged_documents
from services.employers.reckoning import reckon_moved
from services.employers.upkeep import employer_handlers, end_requests
from services.employers.upkeep import follow_merges as follow_merged_work
from services.exchange.feeds.running import drop_old_files, run_next
from services.feedback.complaints import escalate_late
from services.feedback.ratings import close_months
from services.feedback.upkeep import follow_merges as follow_merged_feedback
from services.identity.keyring import rotate
from services.identity.messages import message_handlers
from services.identity.sessions import delete_stale
from services.locations.commands import tell as tell_of_locations
from services.locations.upkeep import forget_old_locations, location_handlers
from services.numbers.commands import carry_out_due
from services.numbers.notices import notice_handlers
from services.numbers.recovery import drop_old
from services.offers.behind import take_up_late
from services.offers.search import Search
from services.outbox.commands import LEASE, Handler, relay, together
from services.points.commands import extend_calendars
from services.queue.upkeep import end_days, forget_persons
from services.registry.grounds import ConsentGrounds
from services.registry.handling import mirror_handlers
from services.registry.keys import MirrorKeys, turn_keys
from services.registry.mirroring import Mirror
from services.reminders.commands import forget_old_reminders
from services.reminders.leaving import follow_the_way
from services.reminders.news import news_handlers
from services.reminders.planning import follow_the_law, plan_due
from services.rights.commands import rights_handlers
from services.routing.itineraries_upkeep import follow_merges, keep_itineraries

TICK_SECONDS = 1
MINUTE_SECONDS = 60
HOUSEKEEPING_SECONDS = 3600
_TICK = "tick"
T = TypeVar("T")
Tick = Callable[[], Awaitable[None]]
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


async def housekeep(uow: Writing) -> None:
    """Once an hour: calendars grow by a day when it comes, keys turn, and what is past its term goes."""
    await extend_calendars(uow)
    await rotate(uow)
    await forget_old(uow)
    await delete_stale(uow)
    await drop_old(uow)
    await forget_persons(uow)
    await forget_old_reminders(uow)
    await forget_old_deliveries(uow)
    await close_months(uow)


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
        ticks = _ticks(runtime, region, handlers, sender) + _document_ticks(runtime.database, region, checks)
        _schedule(scheduler, ticks + _exchange_ticks(runtime.database, region) + _mirror_ticks(region, mirror))
    for mirror in mirrors.values():
        mirror.start()
    scheduler.start()
    await _wake_on_events(runtime, scheduler, stop, mirrors)
    scheduler.pause()
    for sender in senders:
        sender.stop()
    if ticking := [task for task in asyncio.all_tasks() if task.get_name() == _TICK]:
        await asyncio.wait(ticking, timeout=LEASE.total_seconds())
    await asyncio.gather(*(sender.finish() for sender in senders), *(mirror.finish() for mirror in mirrors.values()))
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


def _ticks(
    runtime: Runtime, region: RegionPolicy, handlers: Mapping[str, Handler], sender: Sender
) -> list[tuple[str, int, Tick]]:
    """What is done for a region: its name, every so many seconds, how."""
    database = runtime.database
    search = Search(database, region)
    return [
        (f"relay {schema_of(region.code)}", TICK_SECONDS, _to_the_end(lambda: relay(database, region, handlers))),
        (f"holds {region.code}", TICK_SECONDS, _task(database, region, expire_holds)),
        (f"offers {region.code}", TICK_SECONDS, _once_a_tick(search.tick)),
        (f"numbers {region.code}", TICK_SECONDS, _to_the_end(lambda: _once(database, region, carry_out_due))),
        (
            f"itineraries {region.code}",
            TICK_SECONDS,
            _to_the_end(lambda: keep_itineraries(database, region, runtime.travel, everything=False)),
        ),
        (
            f"all itineraries {region.code}",
            MINUTE_SECONDS,
            _to_the_end(lambda: keep_itineraries(database, region, runtime.travel, everything=True)),
        ),
        (f"reminders {region.code}", TICK_SECONDS, _to_the_end(lambda: plan_due(database, region))),
        (f"deliveries {region.code}", TICK_SECONDS, sender.tick),
        (
            f"leaving {region.code}",
            MINUTE_SECONDS,
            _once_a_tick(lambda: follow_the_way(database, region, runtime.travel)),
        ),
        (f"late {region.code}", MINUTE_SECONDS, _once_a_tick(lambda: take_up_late(database, region))),
        (f"seals {region.code}", MINUTE_SECONDS, _task(database, region, seal_heads)),
        (f"missed {region.code}", MINUTE_SECONDS, _task(database, region, end_missed)),
        (f"consents {region.code}", MINUTE_SECONDS, _to_the_end(lambda: _once(database, region, expire_consents))),
        (f"queues {region.code}", MINUTE_SECONDS, _task(database, region, end_days)),
        (f"merged itineraries {region.code}", MINUTE_SECONDS, _task(database, region, follow_merges)),
        (f"work {region.code}", MINUTE_SECONDS, _once_a_tick(lambda: reckon_moved(database, region))),
        (f"requests {region.code}", MINUTE_SECONDS, _task(database, region, end_requests)),
        (f"merged work {region.code}", MINUTE_SECONDS, _task(database, region, follow_merged_work)),
        (f"late complaints {region.code}", MINUTE_SECONDS, _to_the_end(lambda: _once(database, region, escalate_late))),
        (f"merged feedback {region.code}", MINUTE_SECONDS, _task(database, region, follow_merged_feedback)),
        (f"location news {region.code}", TICK_SECONDS, _to_the_end(lambda: _once(database, region, tell_of_locations))),
        (f"locations {region.code}", HOUSEKEEPING_SECONDS, _task(database, region, forget_old_locations)),
        (f"law {region.code}", HOUSEKEEPING_SECONDS, _to_the_end(lambda: _once(database, region, follow_the_law))),
        (f"housekeeping {region.code}", HOUSEKEEPING_SECONDS, _task(database, region, housekeep)),
    ]


def _document_ticks(database: Database, region: RegionPolicy, checks: Checks) -> list[tuple[str, int, Tick]]:
    """The same of copies of papers."""
    objects = checks.objects
    deleting = _to_the_end(lambda: _once(database, region, lambda uow: delete_doomed(uow, objects)))
    return [
        (f"documents {region.code}", TICK_SECONDS, _to_the_end(lambda: check_next(database, region, checks))),
        (f"doomed documents {region.code}", TICK_SECONDS, deleting),
        (f"given up documents {region.code}", MINUTE_SECONDS, _task(database, region, give_up_old)),
        (f"merged documents {region.code}", MINUTE_SECONDS, _task(database, region, follow_merged_documents)),
        (f"lost documents {region.code}", HOUSEKEEPING_SECONDS, _once_a_tick(lambda: sweep(database, region, objects))),
    ]


def _exchange_ticks(database: Database, region: RegionPolicy) -> list[tuple[str, int, Tick]]:
    """The same of files for agencies, which are signed with the keys of the mirror."""
    keys = MirrorKeys(database, region)
    return [
        (f"feeds {region.code}", TICK_SECONDS, _to_the_end(lambda: run_next(database, region, keys))),
        (f"old files {region.code}", MINUTE_SECONDS, _task(database, region, drop_old_files)),
        (f"exchange keys {region.code}", HOUSEKEEPING_SECONDS, _task(database, region, turn_keys)),
    ]


def _mirror_ticks(region: RegionPolicy, mirror: Mirror | None) -> list[tuple[str, int, Tick]]:
    """The same of the mirror, where a registry is named."""
    if mirror is None:
        return []
    return [
        (f"mirror {region.code}", MINUTE_SECONDS, mirror.look_after),
        (f"mirror keys {region.code}", HOUSEKEEPING_SECONDS, mirror.turn_keys),
    ]


def _once_a_tick(what: Callable[[], Awaitable[object]]) -> Tick:
    async def run() -> None:
        await what()

    return run


def _to_the_end(what: Callable[[], Awaitable[object]]) -> Tick:
    """Again and again, as long as there was something to do."""

    async def run() -> None:
        while await what():
            pass

    return run


def _task(database: Database, region: RegionPolicy, command: Callable[[Writing], Awaitable[object]]) -> Tick:
    """A command in a unit of work of its own."""
    return _once_a_tick(lambda: _once(database, region, command))


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


async def _wake_on_events(
    runtime: Runtime, scheduler: AsyncIOScheduler, stop: asyncio.Event, mirrors: Mapping[str, Mirror]
) -> None:
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
                await driver.add_listener("manzil_mirror", lambda *event: _wake_mirror(mirrors, event[-1]))
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


def _wake_mirror(mirrors: Mapping[str, Mirror], schema: str) -> None:
    for code, mirror in mirrors.items():
        if schema_of(code) == schema:
            mirror.wake()
