"""A phone for development: messages are printed and put in a file, as a gateway would put them in a pocket."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from app.adapters.durable import replace
from app.domain.reminders.delivery import Answer, Verdict
from app.ports import Attachment, PushNote

_KEPT = 200


class ConsoleSms:
    """Writes to the terminal and to `inbox`, one JSON object a line, readable by its owner alone."""

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox
        self._console = Console()

    async def send(self, phone: str, text: str, **_: str | None) -> None:
        self._console.print(f"[bold]SMS[/] to {phone}: {text}", highlight=False, soft_wrap=True)
        await asyncio.to_thread(self._keep, phone, text)

    def _keep(self, phone: str, text: str) -> None:
        _append(self._inbox, {"phone": phone, "text": text})


class ConsolePush:
    """Pushes as a phone's lock screen shows them."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._console = Console()

    async def send(self, note: PushNote, _now: datetime, /) -> Answer:
        shown = f"[bold]PUSH[/] to {note.address[:12]}: {note.title}: {note.body}"
        self._console.print(shown, highlight=False, soft_wrap=True)
        told = {"address": note.address, "title": note.title, "body": note.body, "data": dict(note.data)}
        await asyncio.to_thread(_append, self._kept, told | {"message_id": note.message_id})
        return Answer(Verdict.ACCEPTED, f"console/{note.message_id}")


class ConsoleEmail:
    """Letters as they would be delivered."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._console = Console()

    async def send(
        self,
        address: str,
        subject: str,
        text: str,
        *,
        key: str,
        language: str,
        attachments: Sequence[Attachment] = (),
    ) -> Answer:
        _ = language
        names = [file.name for file in attachments]
        shown = f"[bold]E-MAIL[/] to {address}: {subject}: {text} {' '.join(names)}"
        self._console.print(shown, highlight=False, soft_wrap=True)
        told = {"address": address, "subject": subject, "text": text} | ({"attachments": names} if names else {})
        await asyncio.to_thread(_append, self._kept, told)
        return Answer(Verdict.ACCEPTED, f"console/{key}")


def _append(kept: Path, message: dict[str, Any]) -> None:
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    lines = [*lines[-_KEPT:], json.dumps(message, ensure_ascii=False)]
    replace(kept, ("\n".join(lines) + "\n").encode())


def newest_message(inbox: Path, phone: str) -> str | None:
    """The last text sent to `phone`; None if there is none."""
    if not inbox.exists():
        return None
    texts = [m["text"] for m in map(json.loads, inbox.read_text().splitlines()) if m["phone"] == phone]
    return texts[-1] if texts else None
