"""What the database tells this process as it happens (LISTEN), on one connection beside the pool."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

_LOOK_SECONDS = 20.0
_AGAIN_SECONDS = 1.0
_log = structlog.get_logger()


async def listen(
    engine: AsyncEngine,
    channel: str,
    heard: Callable[[str], None],
    begun: Callable[[], None],
    lost: Callable[[], None],
) -> None:
    """Hands every payload on `channel` to `heard` until it is cancelled; a connection that is lost is made again.

    `begun` is called when it listens, `lost` when it does so no longer: what is said in between is missed, so whoever
    keeps something reads it anew then.
    """
    while True:
        try:
            async with engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                gone = asyncio.Event()
                driver.add_termination_listener(lambda _, gone=gone: gone.set())
                await driver.add_listener(channel, lambda *notice: heard(notice[-1]))
                begun()
                while not gone.is_set():
                    await _alive(driver, gone)
        except Exception as error:  # noqa: BLE001 — whatever it is, it is tried again
            _log.warning("listener.lost", channel=channel, cause=type(error).__name__)
        finally:
            lost()
        await asyncio.sleep(_AGAIN_SECONDS)


async def _alive(driver: Any, gone: asyncio.Event) -> None:
    """Waits a while, then asks: a network that went silent does not tell that it did."""
    try:
        await asyncio.wait_for(gone.wait(), _LOOK_SECONDS)
    except TimeoutError:
        await driver.fetchval("SELECT 1", timeout=_LOOK_SECONDS)
