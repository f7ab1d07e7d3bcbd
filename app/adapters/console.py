"""A phone for development: messages are printed and put in a file, as a gateway would put them in a pocket."""

import asyncio
import json
from pathlib import Path

from rich.console import Console

from app.adapters.durable import replace

_KEPT = 200


class ConsoleSms:
    """Writes to the terminal and to `inbox`, one JSON object a line, readable by its owner alone."""

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox
        self._console = Console()

    async def send(self, phone: str, text: str) -> None:
        self._console.print(f"[bold]SMS[/] to {phone}: {text}", highlight=False, soft_wrap=True)
        await asyncio.to_thread(self._keep, phone, text)

    def _keep(self, phone: str, text: str) -> None:
        lines = self._inbox.read_text(encoding="utf-8").splitlines() if self._inbox.exists() else []
        lines = [*lines[-_KEPT:], json.dumps({"phone": phone, "text": text}, ensure_ascii=False)]
        replace(self._inbox, ("\n".join(lines) + "\n").encode())


def newest_message(inbox: Path, phone: str) -> str | None:
    """The last text sent to `phone`; None if there is none."""
    if not inbox.exists():
        return None
    texts = [m["text"] for m in map(json.loads, inbox.read_text().splitlines()) if m["phone"] == phone]
    return texts[-1] if texts else None
