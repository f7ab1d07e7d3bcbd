"""The `manzil` command as processes: how tests start, watch and end it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

READY_SECONDS = 90  # two cores, shared with the other workers of the run


def manzil(env: Mapping[str, str], *arguments: str, seconds: float = 90) -> "subprocess.CompletedProcess[str]":
    """Runs one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        check=False,
        env=dict(env),
        capture_output=True,
        text=True,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
    )


def start(env: Mapping[str, str], command: str, log: Path) -> "subprocess.Popen[bytes]":
    """Starts a command that stays; what it says is added to `log`."""
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", command],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )


def end(process: "subprocess.Popen[bytes]", how: signal.Signals, *, seconds: float) -> int:
    """Its exit code after the signal. TimeoutExpired, and it is killed with all it started, if it goes on."""
    process.send_signal(how)
    return ended(process, seconds=seconds)


def ended(process: "subprocess.Popen[bytes]", *, seconds: float) -> int:
    """Its exit code, once it has been told to end. TimeoutExpired as above."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def wait_ready(base_url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the server answers that it is ready; AssertionError with what it said if it does not."""
    limit = time.monotonic() + READY_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        if is_ready(base_url):
            return
        time.sleep(0.05)
    raise AssertionError(f"not ready; it ended with {process.poll()} and said: {log.read_text()[-3000:]}")


def is_ready(base_url: str) -> bool:
    """Asked on a bare connection: a client with all that HTTPS needs takes longer to make than the server to answer."""
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command_lines() -> dict[int, str]:
    """What every living process of the machine was started as. A zombie has no command line."""
    found: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if line:
            found[int(folder.name)] = line
    return found


def has_in_environment(pid: int, variable: str) -> bool:
    try:
        return variable.encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
