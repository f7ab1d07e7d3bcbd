"""The main job, walked as a phone, a clerk's desk and a reader of the regional registry would: over HTTP only.

What a person would do with their eyes is done from this machine's data folder: reading the SMS, and the clerk's
authenticator. Everything else the server is asked.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console

from app.phone import Refused
from app.running import registry_address
from app.story import Result, Story


@dataclass(frozen=True, slots=True)
class Servers:
    """Their addresses."""

    api: str
    registry: str


def servers(api: str, registry: str | None, data_dir: Path) -> Servers:
    """`registry`: the regional one, if another is set than what a `manzil run` has started beside the API."""
    return Servers(api, registry or registry_address(data_dir))


def walk(where: Servers, data_dir: Path, *, as_json: bool, patience: float, consent: bool = True) -> bool:
    """Prints a line for each step with its milliseconds; False as soon as one does not happen.

    `patience`: how many seconds an SMS may take. Without `consent` every one that is asked for is refused.
    """
    console = Console()
    with (
        httpx.Client(base_url=where.api, timeout=20) as client,
        httpx.Client(base_url=where.registry, timeout=20) as registry,
    ):
        story = Story(client, registry, data_dir, patience)
        for name, step in _steps(story) if consent else _steps_refusing(story):
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
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


Steps = list[tuple[str, Callable[[], Result]]]


def _steps(story: Story) -> Steps:
    consents = story.consents
    return [
        *_arriving(story),
        *_visiting(story),
        ("push", story.push),
        *_done(story),
        ("complaint", story.complaints.complaint),
        ("report", story.reports.report),
        ("agency", story.agencies.look_up),
        ("consent", consents.consent),
        ("upload", consents.upload),
        ("location", consents.location),
        ("registry", consents.registry),
        ("withdraw", consents.withdraw),
        ("gone", consents.gone),
        *_working(story),
        ("data uses", story.data_uses),
    ]


def _working(story: Story) -> Steps:
    employers = story.employers
    return [
        ("work", employers.work),
        ("vacancy", employers.vacancy),
        ("card", employers.card),
        ("request", employers.request),
        ("yes", employers.yes),
        ("contact", employers.contact),
    ]


def _steps_refusing(story: Story) -> Steps:
    """All of the main job; of the push nothing is seen, since that was refused too."""
    return [
        *_arriving(story)[:3],
        ("refuse", story.refusals.refuse),
        *_arriving(story)[3:],
        *_visiting(story),
        *_done(story),
        ("offices", story.offices),
        ("kept quiet", story.kept_quiet),
    ]


def _arriving(story: Story) -> Steps:
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
    ]


def _visiting(story: Story) -> Steps:
    return [("clerk", story.clerk), ("check-in", story.check_in), ("queue", story.queue)]


def _done(story: Story) -> Steps:
    return [
        ("inbox", story.inbox),
        ("visit", story.visit),
        ("next step", story.next_step),
        ("reroute", story.reroute),
    ]
