"""The main job, walked as a phone and a clerk's desk would walk it: over HTTP only, on a running server.

What a person would do with their eyes is done from this machine's data folder: reading the SMS, and the clerk's
authenticator. Everything else the server is asked.
"""

import json
import secrets
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from app.adapters.console import newest_message
from app.domain.profiles.mrz import SPECIMEN_TD3, renew
from app.phone import Desk, Phone, Refused

SERVICE = STEP = "medical"
Result = dict[str, Any]


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
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)


def _steps(client: httpx.Client, data_dir: Path, patience: float) -> list[tuple[str, Callable[[], Result]]]:
    phone, desk = Phone(client), Desk(client)
    story = _Story(phone, desk, data_dir, patience)
    return [
        ("sign-in", story.sign_in),
        ("refresh", story.refresh),
        ("profile", story.profile),
        ("pathway", story.pathway),
        ("search", story.search),
        ("hold", story.hold),
        ("confirm", story.confirm),
        ("clerk", story.clerk),
        ("check-in", story.check_in),
        ("visit", story.visit),
        ("next step", story.next_step),
        ("data uses", story.data_uses),
    ]


class _Story:
    """One newcomer, from the first SMS to the first step done."""

    def __init__(self, phone: Phone, desk: Desk, data_dir: Path, patience: float) -> None:
        self._phone, self._desk, self._data_dir, self._patience = phone, desk, data_dir, patience
        # A number of its own each time, so that the walk can be walked again.
        self._number = f"+7900{secrets.randbelow(10**7):07}"
        self._before: list[str] = []
        self._found: Result = {}
        self._booking: Result = {}
        self._visit: Result = {}

    def sign_in(self) -> Result:
        self._phone.ask_code(self._number)
        self._phone.sign_in(self._number, self._code())
        return {"phone": self._number, "device": self._phone.device_id}

    def refresh(self) -> Result:
        before = self._phone.refresh_token
        self._phone.refresh()
        return {"rotated": self._phone.refresh_token != before}

    def _code(self) -> str:
        inbox, limit = self._data_dir / "sms.jsonl", time.monotonic() + self._patience
        while time.monotonic() < limit:
            text = newest_message(inbox, self._number)
            if text is not None:
                return next(word for word in text.split() if word.isdigit() and len(word) == len("000000"))
            time.sleep(0.02)
        raise LookupError(
            f"no SMS came to {inbox}: is a worker running, and are MANZIL_PORT and MANZIL_DATA_DIR the server's?"
        )

    def profile(self) -> Result:
        lines = SPECIMEN_TD3
        try:
            profile = self._phone.give_passport(lines)
        except Refused as refused:
            if refused.code != "document_known":
                raise
            # Walked before: that passport has a person. The same specimen with another number, digits renewed.
            lines = renew(SPECIMEN_TD3, f"X{secrets.randbelow(10**8):08}")
            profile = self._phone.give_passport(lines)
        entered_on = (datetime.now(UTC) - timedelta(days=3)).date()
        profile = self._phone.give_entry(entered_on, "work")
        return {"migrant_id": profile["migrant_id"], "mrz": lines.split()[1], "entered_on": str(entered_on)}

    def pathway(self) -> Result:
        pathway = self._phone.pathway()
        self._before = pathway["next"]
        deadlines = {step["code"]: step["deadline"] for step in pathway["steps"] if step["deadline"]}
        return {"next": self._before, "deadlines": deadlines}

    def search(self) -> Result:
        found = self._phone.free_times(SERVICE, lat=55.79, lon=49.12)
        free = [place for place in found if place["starts_at"]]
        if not free:
            raise LookupError("no free time at any point")
        self._found = free[0]
        return {
            "points": len(found),
            "with_places": len(free),
            "first": self._found["starts_at"],
            "at": self._found["point"]["name"],
        }

    def hold(self) -> Result:
        held = self._phone.hold(STEP, SERVICE, self._found["point"]["id"], self._found["starts_at"])
        self._booking = held
        return {"status": held["status"], "until": held["held_until"]}

    def confirm(self) -> Result:
        self._booking = self._phone.confirm(self._booking["id"])
        return {"status": self._booking["status"], "starts_at": self._booking["starts_at"]}

    def clerk(self) -> Result:
        point = self._phone.point_code(self._booking["point"]["id"])
        clerks = json.loads((self._data_dir / "demo-accounts.json").read_text())
        clerk = next(one for one in clerks if one["point"] == point)
        self._desk.sign_in(clerk["login"], clerk["password"], clerk["totp"])
        return {"login": clerk["login"]}

    def check_in(self) -> Result:
        visit = self._visit = self._desk.check_in(self._phone.qr_pass(self._booking["id"]))
        return {"status": visit["status"], "name": visit["name"], "migrant_id": visit["migrant_id"]}

    def visit(self) -> Result:
        visit = self._desk.finish(self._visit, "done")
        return {"status": visit["status"]}

    def next_step(self) -> Result:
        pathway = self._phone.pathway()
        steps = {step["code"]: step["status"] for step in pathway["steps"]}
        if steps[STEP] != "done" or STEP in pathway["next"] or not pathway["next"]:
            raise LookupError(f"the pathway did not move: {steps}")
        return {STEP: steps[STEP], "next": pathway["next"], "before": self._before}

    def data_uses(self) -> Result:
        uses = self._phone.data_uses()
        purposes = [use["purpose"] for use in uses if use["purpose"]]
        if "visit_check_in" not in purposes:
            raise LookupError("the clerk's look is not in the log")
        return {"entries": len(uses), "by_others": purposes}
