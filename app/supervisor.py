"""`manzil run`: everything a copy needs, in one terminal. Starts it, keeps it going, ends it cleanly.

A child that dies is started again; so is the embedded database. Nothing here is for production, where an
init system does the same.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FrameType

from rich.console import Console

from app.adapters.embedded import EmbeddedPostgres

SUPERVISED = "MANZIL_SUPERVISED"
_LOOK_SECONDS = 1.0
_PATIENCE_SECONDS = 15.0


def end_with_parent() -> None:
    """For a child: ends in good order when whoever started it is gone, even by `kill -9`.

    The supervisor holds the other end of our standard input; when it dies the kernel closes it.
    """
    if os.environ.get(SUPERVISED) != "1":
        return

    def watch() -> None:
        # Not through sys.stdin: its lock would still be held when the interpreter ends.
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def is_free(host: str, port: int) -> bool:
    """Asked of the system by binding, as the API will: a port may be taken by one who does not answer."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@dataclass(slots=True)
class Supervisor:
    """Runs `manzil <command>` for each of `commands` in the environment `env`, and `database` beside them."""

    commands: list[str]
    env: Mapping[str, str]
    database: EmbeddedPostgres | None
    console: Console
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Returns after SIGINT or SIGTERM, with every child and the database ended."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        try:
            while not self._stopping.is_set():
                self._revive()
                self._stopping.wait(_LOOK_SECONDS)
        finally:
            self._end_children()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _revive(self) -> None:
        if self.database is not None and not self.database.is_alive():
            self.console.print("[yellow]The database stopped; starting it again.")
            self.database.start()
        for command in self.commands:
            child = self._children.get(command)
            if child is not None and child.poll() is None:
                continue
            if child is not None:
                self.console.print(f"[yellow]{command} ended with {child.returncode}; starting it again.")
            self._children[command] = subprocess.Popen(
                [sys.executable, "-m", "app.cli", command],
                env={**self.env, SUPERVISED: "1"},
                stdin=subprocess.PIPE,
                # Ctrl-C reaches a terminal's whole group; the children are to be ended in order, by us.
                start_new_session=True,
            )

    def _end_children(self) -> None:
        for child in self._children.values():
            child.terminate()
        limit = time.monotonic() + _PATIENCE_SECONDS
        for command, child in self._children.items():
            try:
                child.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.console.print(f"[red]{command} did not end in time and was killed.")
                child.kill()
                child.wait()
            if child.stdin is not None:
                child.stdin.close()
