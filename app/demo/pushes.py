"""Pushes of the demonstration go the real way: by firebase-admin over HTTP, to a server of ours that speaks FCM.

Its service account is made anew at each start, and lies with the data of this copy; what a phone's lock screen would
show appears in the terminal. Whoever is on this machine can ask the server what it saw: `seen_by`.
"""

import json
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from app.demo import fcm
from app.supervisor import end_with_parent

FOLDER = "firebase"


def settings(data_dir: Path) -> dict[str, str]:
    """Makes a service account for a server on a free port, and gives the settings of whoever is to send there."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with socket.socket() as probe:
        probe.bind((fcm.HOST, 0))
        base = f"http://{fcm.HOST}:{probe.getsockname()[1]}"
    account, _ = fcm.make_account(folder, base)
    return {"MANZIL_PUSH": "fcm", "MANZIL_FCM_KEY_FILE": str(account.absolute()), "MANZIL_FCM_ENDPOINT": base}


def serve_pushes(data_dir: Path) -> None:
    """Until it is told to end. FileNotFoundError unless `settings` were made for that folder."""
    end_with_parent()
    # uvicorn raises the signal that ended it once more: by then all is closed, and the end is a good one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    key = (data_dir / FOLDER / fcm.PUBLIC).read_text(encoding="utf-8")
    fcm.serve(fcm.Server(key, fcm.Faults(), _show), int(_base(data_dir).rpartition(":")[2]))


def seen_by(data_dir: Path, token: str) -> list[dict[str, Any]] | None:
    """The messages to a phone as the server saw them, oldest first; None where there is no such server."""
    try:
        answer = httpx.get(f"{_base(data_dir)}/seen", timeout=10)
    except (OSError, httpx.TransportError):
        return None
    return [one["message"] for one in answer.json() if one["address"] == token]


def _base(data_dir: Path) -> str:
    account = json.loads((data_dir / FOLDER / fcm.ACCOUNT).read_text(encoding="utf-8"))
    token_uri: str = account["token_uri"]
    return token_uri.removesuffix("/token")


def _show(message: dict[str, Any]) -> None:
    shown = message["notification"]
    address = message.get("token") or message.get("fid", "")
    line = f"[bold]PUSH[/] to {address[:12]}: {shown['title']}: {shown['body']}"
    Console().print(line, highlight=False, soft_wrap=True)
