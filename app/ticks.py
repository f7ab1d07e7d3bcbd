"""What a worker does again and again: each tick of a region with its name, every so many seconds, and how."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from app.db.engine import schema_of
from app.db.unit_of_work import Database, Writing
from app.domain.region.policy import RegionPolicy
from app.ports import Email
from app.rendering.files import file_of
from app.runtime import Runtime
from services.answers.commands import forget_old
from services.audit.commands import seal_heads
from services.bookings.upkeep import end_missed, end_unsaid, expire_holds
from services.consents.upkeep import expire as expire_consents
from services.deliveries.commands import forget_old_deliveries
from services.deliveries.sending import Sender
from services.documents.checking import Checks, check_next
from services.documents.upkeep import delete_doomed, give_up_old, sweep
from services.documents.upkeep import follow_merges as follow_merged_documents
from services.employers.companies import forget_refused
from services.employers.reckoning import reckon_moved
from services.employers.upkeep import end_requests
from services.employers.upkeep import follow_merges as follow_merged_work
from services.exchange.feeds.running import drop_old_files, run_next
from services.exchange.upkeep import forget_old_uses
from services.feedback.complaints import escalate_late
from services.feedback.ratings import close_months
from services.feedback.upkeep import follow_merges as follow_merged_feedback
from services.identity.keyring import rotate
from services.identity.sessions import delete_stale
from services.locations.commands import tell as tell_of_locations
from services.locations.upkeep import forget_old_locations
from services.numbers.commands import carry_out_due
from services.numbers.recovery import drop_old
from services.offers.behind import take_up_late
from services.offers.search import Search
from services.outbox.commands import Handler, relay
from services.points.commands import extend_calendars
from services.queue.upkeep import end_days, forget_persons
from services.region.releasing import tell_next
from services.registry.keys import MirrorKeys, turn_keys
from services.registry.mirroring import Mirror
from services.reminders.commands import forget_old_reminders
from services.reminders.leaving import follow_the_way
from services.reminders.planning import follow_the_law, plan_due
from services.reports.forecasts import make_next
from services.reports.making import make
from services.reports.playing import play_next
from services.reports.sending import ReportMail, plan_reports, send_next
from services.routing.itineraries_upkeep import follow_merges, keep_itineraries

TICK_SECONDS = 1
MINUTE_SECONDS = 60
HOUSEKEEPING_SECONDS = 3600
READERS_SECONDS = 3
T = TypeVar("T")
Tick = Callable[[], Awaitable[None]]


HOUSEKEEPING: dict[str, Callable[[Writing], Awaitable[object]]] = {
    "calendars": extend_calendars,
    "keys": rotate,
    "old answers": forget_old,
    "old sign-ins": delete_stale,
    "old recoveries": drop_old,
    "persons of tickets": forget_persons,
    "old reminders": forget_old_reminders,
    "closed months": close_months,
    "locations": forget_old_locations,
    "old uses": forget_old_uses,
    "refused companies": forget_refused,
}
"""Once an hour: calendars grow by a day when it comes, keys turn, and what is past its term goes. Each by itself: one
that fails keeps no other from being done.
"""


def region_ticks(
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
        (f"unsaid {region.code}", MINUTE_SECONDS, _task(database, region, end_unsaid)),
        (f"consents {region.code}", MINUTE_SECONDS, _to_the_end(lambda: _once(database, region, expire_consents))),
        (f"queues {region.code}", MINUTE_SECONDS, _task(database, region, end_days)),
        (f"merged itineraries {region.code}", MINUTE_SECONDS, _task(database, region, follow_merges)),
        (f"work {region.code}", MINUTE_SECONDS, _once_a_tick(lambda: reckon_moved(database, region))),
        (f"requests {region.code}", MINUTE_SECONDS, _task(database, region, end_requests)),
        (f"merged work {region.code}", MINUTE_SECONDS, _task(database, region, follow_merged_work)),
        (f"late complaints {region.code}", MINUTE_SECONDS, _to_the_end(lambda: _once(database, region, escalate_late))),
        (f"merged feedback {region.code}", MINUTE_SECONDS, _task(database, region, follow_merged_feedback)),
        (f"location news {region.code}", TICK_SECONDS, _to_the_end(lambda: _once(database, region, tell_of_locations))),
        (f"law {region.code}", HOUSEKEEPING_SECONDS, _to_the_end(lambda: _once(database, region, follow_the_law))),
        (f"figures {region.code}", HOUSEKEEPING_SECONDS, _to_the_end(lambda: tell_next(database, region))),
        (
            f"old deliveries {region.code}",
            HOUSEKEEPING_SECONDS,
            _to_the_end(lambda: _once(database, region, forget_old_deliveries)),
        ),
        *(
            (f"{name} {region.code}", HOUSEKEEPING_SECONDS, _task(database, region, what))
            for name, what in HOUSEKEEPING.items()
        ),
    ]


def document_ticks(database: Database, region: RegionPolicy, checks: Checks) -> list[tuple[str, int, Tick]]:
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


def exchange_ticks(database: Database, region: RegionPolicy) -> list[tuple[str, int, Tick]]:
    """The same of files for agencies, which are signed with the keys of the mirror."""
    keys = MirrorKeys(database, region)
    return [
        (f"feeds {region.code}", TICK_SECONDS, _once_a_tick(lambda: run_next(database, region, keys))),
        (f"old files {region.code}", MINUTE_SECONDS, _task(database, region, drop_old_files)),
        (f"exchange keys {region.code}", HOUSEKEEPING_SECONDS, _task(database, region, turn_keys)),
    ]


def report_ticks(database: Database, region: RegionPolicy, email: Email | None) -> list[tuple[str, int, Tick]]:
    """The same of reports, forecasts and questions to the simulator. Without e-mail no report is sent."""
    ticks: list[tuple[str, int, Tick]] = [
        (f"forecasts {region.code}", HOUSEKEEPING_SECONDS, _once_a_tick(lambda: make_next(database, region))),
        (f"what-ifs {region.code}", TICK_SECONDS, _to_the_end(lambda: play_next(database, region))),
    ]
    if email is not None:
        mail = ReportMail(email, make, file_of)
        ticks += [
            (f"due reports {region.code}", MINUTE_SECONDS, _to_the_end(lambda: plan_reports(database, region))),
            (f"reports {region.code}", TICK_SECONDS, _to_the_end(lambda: send_next(database, region, mail))),
        ]
    return ticks


def mirror_ticks(region: RegionPolicy, mirror: Mirror | None) -> list[tuple[str, int, Tick]]:
    """The same of the mirror, where a registry is named."""
    if mirror is None:
        return []
    return [
        (f"mirror {region.code}", MINUTE_SECONDS, mirror.look_after),
        (f"mirror readers {region.code}", READERS_SECONDS, mirror.hear),
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
