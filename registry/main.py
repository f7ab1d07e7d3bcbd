"""The registry's application: composition root of `manzil registry`. Its contract is `openapi/registry.yaml`."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from app.adapters.durable import write_once
from registry.access import Gate
from registry.errors import Refused, answer_refused
from registry.inbox import Inbox
from registry.keys import ContentKeys, SigningKeys, master_key
from registry.peers import Peers
from registry.reading import router as reading
from registry.sending import router as sending
from registry.settings import RegistrySettings
from registry.store import Store

_CARE_SECONDS = 5.0
_HOUR = timedelta(hours=1)
_log = structlog.get_logger()


def now_utc() -> datetime:
    return datetime.now(UTC)


def create_registry(settings: RegistrySettings | None = None, *, clock: Callable[[], datetime] = now_utc) -> FastAPI:
    """The application; it connects when it starts, and makes its tables and keys then."""
    chosen = settings or RegistrySettings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        gate = app.state.gate = await open_gate(chosen, clock)
        caring = asyncio.create_task(_care(gate.inbox))
        yield
        caring.cancel()
        with suppress(asyncio.CancelledError):
            await caring
        await gate.inbox.store.close()

    app = FastAPI(title="Regional registry", version="1", lifespan=lifespan, openapi_url=None)
    app.include_router(sending)
    app.include_router(reading)
    app.add_exception_handler(Refused, answer_refused)
    app.add_exception_handler(RequestValidationError, answer_refused)
    return app


async def open_gate(settings: RegistrySettings, clock: Callable[[], datetime] = now_utc) -> Gate:
    """ValueError where no database is named."""
    if settings.database_url is None:
        raise ValueError("no database: set MANZIL_REGISTRY_DATABASE_URL, or start everything with `manzil run`")
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = await Store.open(settings.database_url, settings.pool_size)
    signing = SigningKeys(store, master_key(settings.data_dir / "master.key"))
    await signing.load(clock())
    inbox = Inbox(store, ContentKeys(settings.data_dir / "keys"), signing, clock)
    await inbox.finish_erasures()
    return Gate(inbox, Peers(settings.peers), settings.readers or _own_reader(settings))


def _own_reader(settings: RegistrySettings) -> dict[str, str]:
    """One reader for who tries it out; the token lies in the registry's folder."""
    path = settings.data_dir / "reader.token"
    if not path.exists():
        write_once(path, token_urlsafe(32).encode())
    return {"region": path.read_text()}


async def _care(inbox: Inbox) -> None:
    """Carries on what a crash left, forgets nonces that have expired, turns the keys."""
    looked = inbox.clock()
    while True:
        await asyncio.sleep(_CARE_SECONDS)
        try:
            await inbox.finish_erasures()
            now = inbox.clock()
            if now - looked >= _HOUR:
                looked = now
                await inbox.store.forget_nonces(now - _HOUR)
                await inbox.store.forget_alarms(now)
                await inbox.signing.load(now)
        except Exception as error:  # noqa: BLE001 — whatever it is, it is tried again in a moment
            _log.warning("registry.care_failed", cause=type(error).__name__)
