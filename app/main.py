"""The API: composition root of the `api` processes."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from app import handlers, pages
from app.assembly import build_runtime
from app.domain.documents.limits import MOST_BYTES
from app.domain.documents.tus import PATH as UPLOADS
from app.memory import keep_what_is_loaded
from app.middleware import Surround
from app.openapi import describe
from app.runtime import Runtime
from app.settings import Settings
from routers.audit.endpoints import router as audit
from routers.bookings.endpoints import router as bookings
from routers.bookings.families import router as families
from routers.consents.endpoints import router as consents
from routers.documents.endpoints import router as documents
from routers.documents.shown import router as shown_documents
from routers.documents.uploads import router as uploads
from routers.employers.companies import router as companies
from routers.employers.own import router as own_work
from routers.employers.vacancies import router as vacancies
from routers.exchange.agreements import router as agreements
from routers.exchange.requests import router as lawful_requests
from routers.exchange.workstation import router as workstation
from routers.family.endpoints import router as family
from routers.feedback.endpoints import router as feedback
from routers.feedback.office import router as feedback_office
from routers.health.endpoints import router as health
from routers.identity.devices import router as devices
from routers.identity.endpoints import router as identity
from routers.languages.endpoints import router as languages
from routers.locations.endpoints import router as locations
from routers.merges.endpoints import router as merges
from routers.numbers.endpoints import router as numbers
from routers.offers.advice import router as advice
from routers.offers.endpoints import router as offers
from routers.offers.waitlist import router as waitlist
from routers.pathways.endpoints import router as pathways
from routers.pathways.hosts import router as hosts
from routers.points.closures import router as closures
from routers.points.endpoints import router as points
from routers.points.plans import router as plans
from routers.profiles.endpoints import router as profiles
from routers.profiles.papers import router as papers
from routers.profiles.recovery import router as recovery
from routers.queue.desk import router as queue
from routers.queue.hall import router as hall
from routers.queue.moves import router as moves
from routers.queue.own import router as own_tickets
from routers.queue.waits import router as waits
from routers.region.endpoints import router as region_figures
from routers.registry.endpoints import router as registry
from routers.reminders.endpoints import router as reminders
from routers.reports.endpoints import router as reports
from routers.reports.subscriptions import router as subscriptions
from routers.reports.what_ifs import router as what_ifs
from routers.rights.endpoints import router as rights
from routers.routing.itineraries import router as itineraries
from routers.staff.endpoints import router as staff
from routers.visits.endpoints import router as visits
from services.employers.pool import read_ahead

MAX_BODY_BYTES = 64 * 1024
_log = structlog.get_logger()
DESCRIPTION = """The backend of a virtual migration centre.

Every POST honours `Idempotency-Key`: sent again with the same key and body, it is done once and answered the same.
Errors are problem details (RFC 9457) with a stable `code` and a `title` in the language of `Accept-Language`
(`GET /v1/languages`), which `Content-Language` names. `RateLimit` and `RateLimit-Policy` say how many requests are
left; beyond them 429 bears `Retry-After`. `x-callers` names the roles that a route serves.
Days are the region's or the point's local days; instants are RFC 3339 with an offset, and come back in the local
time of the point."""


def at_the_end(act: Callable[[], None]) -> None:
    """Has `act` done as soon as this process is told to end. The server waits for its streams, which would go on."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        server = signal.getsignal(name)

        def told(number: int, frame: FrameType | None, server: Any = server) -> None:
            loop.call_soon_threadsafe(act)
            if callable(server):
                server(number, frame)

        signal.signal(name, told)


async def read_all_ahead(runtime: Runtime) -> None:
    """Whoever may be found by employers takes seconds to be read, which the first of them shall not wait for."""
    for region in runtime.regions.values():
        try:
            await read_ahead(runtime.database, region)
        except Exception as error:  # noqa: BLE001 — whatever it is, who asks for it later reads it then
            _log.warning("employers.not_read_ahead", cause=type(error).__name__)


def create_app(runtime: Runtime | None = None) -> FastAPI:
    """The application. Without a `runtime` it builds one from the settings when it starts, and closes it at the end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.runtime = runtime or build_runtime(Settings())
        for region in app.state.runtime.regions.values():
            await app.state.runtime.keyring.ready(region)
        if runtime is None:
            app.state.runtime.live.start()
            at_the_end(app.state.runtime.live.end)
            keep_what_is_loaded()
            ahead = asyncio.create_task(read_all_ahead(app.state.runtime))
        yield
        if runtime is None:
            ahead.cancel()
            await app.state.runtime.close()

    # The page at /docs with its scripts beside it: the framework's own would load them from strangers.
    app = FastAPIOffline(
        title="Manzil",
        version="1",
        lifespan=lifespan,
        redoc_url=None,
        redirect_slashes=False,
        description=DESCRIPTION,
        generate_unique_id_function=lambda route: route.name,
        separate_input_output_schemas=False,
    )
    # Routes are tried in this order: what phones ask most stands first.
    for router in (
        bookings,
        locations,
        families,
        points,
        uploads,
        plans,
        closures,
        pathways,
        itineraries,
        hosts,
        visits,
        offers,
        waitlist,
        advice,
        queue,
        moves,
        hall,
        own_tickets,
        waits,
        profiles,
        papers,
        documents,
        shown_documents,
        family,
        consents,
        merges,
        reminders,
        registry,
        vacancies,
        own_work,
        companies,
        workstation,
        agreements,
        lawful_requests,
        region_figures,
        identity,
        devices,
        numbers,
        recovery,
        staff,
        subscriptions,
        what_ifs,
        reports,
        audit,
        rights,
        feedback,
        feedback_office,
        languages,
        health,
    ):
        app.include_router(router)
    pages.install(app)
    handlers.install(app)
    app.add_middleware(Surround, max_body_bytes=MAX_BODY_BYTES, larger={f"{UPLOADS}/": MOST_BYTES})
    describe(app)
    return app
