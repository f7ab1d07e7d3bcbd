"""The main job, walked as a phone and a clerk's desk would walk it: over HTTP only, on a running server.

What a person would do with their eyes is done from this machine's data folder: reading the SMS, and the clerk's
authenticator. Everything else the server is asked.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from rich.console import Console

from app.phone import Refused
from app.story import Result, Story


def walk(base_url: str, data_dir: Path, *, as_json: bool, patience: float) -> bool:
    """Prints a line for each step with its milliseconds; False as soon as one does not happen.

    `patience`: how many seconds an SMS may take.
    """
    console = Console()
    with httpx.Client(base_url=base_url, timeout=20) as client:
        for name, step in _steps(client, data_dir, patience):
            begun = time.perf_counter()
            try:
                result = step()
            except (Refused, httpx.HTTPError, OSError, LookupError) as error:
                result = {"error": str(error) or type(error).__name__}
            line = {
                "step": name,
                "ok": "error" not in result,
                "ms": round((time.perf_counter() - begun) * 1000, 1),
            }
            if as_json:
                print(json.dumps(line | result, ensure_ascii=False), flush=True)
            else:
                mark = "[green]✓" if line["ok"] else "[red]✗"
                told = "  ".join(f"{key}: {_plain(value)}" for key, value in result.items())
                console.print(
                    f"{mark}[/] {name:<12} [dim]{line['ms']:>8} ms[/]  {told}", highlight=False, soft_wrap=True
                )
            if not line["ok"]:
                print("The walkthrough stopped here.", file=sys.stderr)
                return False
    return True


def _plain(value: object) -> str:
    """Lists and mappings as one would write them on paper."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)


def _steps(client: httpx.Client, data_dir: Path, patience: float) -> list[tuple[str, Callable[[], Result]]]:
    story = Story(client, data_dir, patience)
    return [
        ("sign-in", story.sign_in),
        ("refresh", story.refresh),
        ("profile", story.profile),
        ("pathway", story.pathway),
        ("search", story.search),
        ("hold", story.hold),
        ("confirm", story.confirm),
        ("plan", story.plan),
        ("itinerary", story.itinerary),
        ("clerk", story.clerk),
        ("check-in", story.check_in),
        ("queue", story.queue),
        ("push", story.push),
        ("inbox", story.inbox),
        ("visit", story.visit),
        ("next step", story.next_step),
        ("reroute", story.reroute),
        ("data uses", story.data_uses),
    ]
