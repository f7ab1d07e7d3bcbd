"""`manzil registry`: the process."""

import gc
import signal
import sys

import uvicorn
from fastapi import FastAPI

from registry.main import create_registry
from registry.settings import RegistrySettings


def serve() -> None:
    """Until SIGTERM or SIGINT. SystemExit with the reason where no database is named."""
    settings = RegistrySettings()
    if settings.database_url is None:
        sys.exit("No database: set MANZIL_REGISTRY_DATABASE_URL, or start everything with `manzil run`.")
    # uvicorn raises the signal that ended it once more: by then all is closed, and the end is a good one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "registry.serve:application",
        factory=True,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )


def application() -> FastAPI:
    """What was loaded by now stays: to look through it again and again would hold up who waits."""
    made = create_registry()
    gc.freeze()
    return made
