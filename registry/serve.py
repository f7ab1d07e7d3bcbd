"""`manzil registry`: the process."""

import signal
import sys

import uvicorn

from registry.settings import RegistrySettings


def serve() -> None:
    """Until SIGTERM or SIGINT. SystemExit with the reason where no database is named."""
    settings = RegistrySettings()
    if settings.database_url is None:
        sys.exit("No database: set MANZIL_REGISTRY_DATABASE_URL, or start everything with `manzil run`.")
    # uvicorn raises the signal that ended it once more: by then all is closed, and the end is a good one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "registry.main:create_registry",
        factory=True,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
