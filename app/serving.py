"""The API's processes, by uvicorn."""

import signal
import sys

import uvicorn


def serve(host: str, port: int, processes: int) -> None:
    """Until SIGTERM or SIGINT."""
    # uvicorn raises the signal that ended it once more: by then all is closed, and the end is a good one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=processes if processes > 1 else None,
        access_log=False,  # addresses and paths of people are nobody's business
        log_level="warning",
        timeout_graceful_shutdown=10,
        timeout_worker_healthcheck=60,  # who is long in starting, on a busy machine, is not begun anew for ever
        server_header=False,
    )
