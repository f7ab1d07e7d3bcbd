"""The API: composition root of the `api` processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from app import handlers
from app.middleware import Surround
from app.openapi import describe
from app.runtime import Runtime, build_runtime
from app.settings import Settings
from routers.audit.endpoints import router as audit
from routers.bookings.endpoints import router as bookings
from routers.health.endpoints import router as health
from routers.identity.endpoints import router as identity
from routers.pathways.endpoints import router as pathways
from routers.points.endpoints import router as points
from routers.profiles.endpoints import router as profiles
from routers.visits.endpoints import router as visits

MAX_BODY_BYTES = 64 * 1024


def create_app(runtime: Runtime | None = None) -> FastAPI:
    """The application. Without a `runtime` it builds one from the settings when it starts, and closes it at the end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.runtime = runtime or build_runtime(Settings())
        yield
        if runtime is None:
            await app.state.runtime.close()

    # The page at /docs with its scripts beside it: the framework's own would load them from strangers.
    app = FastAPIOffline(
        title="Manzil",
        version="1",
        lifespan=lifespan,
        redoc_url=None,
        max_body_size=MAX_BODY_BYTES,
        separate_input_output_schemas=False,
    )
    for router in (health, identity, profiles, pathways, points, bookings, visits, audit):
        app.include_router(router)
    handlers.install(app)
    app.add_middleware(Surround)
    describe(app)
    return app
