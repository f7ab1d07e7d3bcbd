"""One newcomer, from the first SMS to a whole pathway of visits booked, the first of them done, another moved.

What a person would do with their eyes is done from this machine's data folder: reading the SMS, and the staff's
authenticators.
"""

import json
import secrets
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from app.adapters.console import newest_message
from app.agency_story import AgencyStory
from app.complaint_story import ComplaintStory
from app.consent_story import ConsentStory
from app.demo.pushes import seen_by
from app.demo.seed import ACCOUNTS
from app.demo.staff import sign_in_as
from app.domain.profiles.mrz import SPECIMEN_TD3, renew
from app.employer_story import EmployerStory
from app.phone import Desk, Json, Office, Phone, Refused, Staff, until
from app.refusal_story import RefusalStory
from app.report_story import ReportStory

SERVICE = STEP = "medical"
UZBEK = "uz-Latn"
HOME = {"lat": 55.79, "lon": 49.12}
Result = dict[str, Any]
_A_WORD = 4


class Story:
    """Each step does one thing and tells of it; LookupError when it did not happen as it should."""

    def __init__(self, client: httpx.Client, registry: httpx.Client, data_dir: Path, patience: float) -> None:
        self._heard: list[str] = []
        self._phone, self._desk = Phone(client), Desk(client, self._heard)
        self._office, self._auditor = Office(client, self._heard), Staff(client, self._heard)
        self.consents = ConsentStory(self._phone, registry, data_dir, patience)
        self.refusals = RefusalStory(self._phone, self._heard)
        self.employers = EmployerStory(self._phone, client, data_dir, patience)
        self.agencies = AgencyStory(client, self._phone, data_dir)
        self.reports = ReportStory(self._office)
        self.complaints = ComplaintStory(self._phone, self._office, patience)
        self._data_dir, self._patience = data_dir, patience
        self._number = f"+7900{secrets.randbelow(10**7):07}"  # of its own, so that it can be walked again
        self._before: list[str] = []
        self._found, self._booking, self._itinerary, self._ticket = Json(), Json(), Json(), Json()
        self._booked: list[Json] = []
        self._clerks: dict[str, Json] = {}
        self._codes: dict[str, str] = {}
        self._counter = ""
        self._address = secrets.token_urlsafe(24)  # as Firebase would give it to the app
        self._profile, self._push = Json(), Json()

    def sign_in(self) -> Result:
        self._phone.ask_code(self._number)
        self._phone.sign_in(self._number, self._code())
        self._phone.be_reached(self._address, UZBEK)
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
        self._profile = profile
        self.employers.whose(self._number, [profile["migrant_id"], "ERIKSSON", "ANNA", "UTO"])
        return {"migrant_id": profile["migrant_id"], "mrz": lines.split()[1], "entered_on": str(entered_on)}

    def pathway(self) -> Result:
        pathway = self._phone.pathway()
        self._before = pathway["next"]
        deadlines = {step["code"]: step["deadline"] for step in pathway["steps"] if step["deadline"]}
        return {"next": self._before, "deadlines": deadlines}

    def search(self) -> Result:
        found = self._phone.free_times(SERVICE, **HOME)
        # Where the demonstration has a clerk, whose part is played too.
        self._clerks = {one["point"]: one for one in json.loads((self._data_dir / ACCOUNTS).read_text())}
        self._codes = self._phone.point_codes()
        free = [place for place in found if place["starts_at"] and self._codes[place["point"]["id"]] in self._clerks]
        if not free:
            raise LookupError("no free time at any point of the demonstration")
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

    def plan(self) -> Result:
        """All that the pathway asks for, with the visit that is booked already."""
        itineraries = self._phone.plan(dict(HOME))
        if not itineraries:
            raise LookupError("no plan")
        self._itinerary = best = itineraries[0]
        return {
            "itineraries": [each["text"] for each in itineraries],
            "visits": [visit["step"] for outing in best["outings"] for visit in outing["visits"]],
            "completes_on": best["completes_on"],
            "days_out": best["days_out"],
            "missed": [each["step"] for each in best["missed"]],
        }

    def itinerary(self) -> Result:
        """All of its visits at once, or none."""
        self._booked = self._phone.book_itinerary(dict(HOME), self._itinerary)
        return {"booked": {each["step"]: each["starts_at"] for each in self._booked}}

    def clerk(self) -> Result:
        """Comes to work, and stands at a counter."""
        clerk = self._clerks[self._codes[self._booking["point"]["id"]]]
        self._desk.sign_in(clerk["login"], clerk["password"], clerk["totp"])
        self._counter = self._desk.open_counter(SERVICE)
        return {"login": clerk["login"], "gives": SERVICE}

    def check_in(self) -> Result:
        visit = self._desk.check_in(self._phone.qr_pass(self._booking["id"]))
        self._ticket = visit["ticket"]
        return {
            "status": visit["status"],
            "name": visit["name"],
            "migrant_id": visit["migrant_id"],
            "ticket": self._ticket["number"],
        }

    def queue(self) -> Result:
        """The phone watches its ticket until the clerk calls it."""
        seen: list[Json] = []

        def watch() -> None:
            for state in self._phone.watch_ticket(self._ticket["id"]):
                seen.append(state)
                if state["status"] != "waiting":
                    return

        phone = threading.Thread(target=watch, daemon=True)
        phone.start()
        until(lambda: seen, self._patience, "the phone is told nothing of its ticket")
        self._ticket = self._called(self._ticket["number"])
        phone.join(self._patience)
        if [seen[0]["status"], seen[-1]["status"]] != ["waiting", "called"]:
            raise LookupError(f"the phone saw {[state['status'] for state in seen]}")
        return {"ahead": seen[0]["ahead"], "called_to": seen[-1]["counter"], "number": self._ticket["number"]}

    def push(self) -> Result:
        """What came to the phone of the call, as the server saw it that stands where Firebase would."""
        if seen_by(self._data_dir, self._address) is None:
            return {"not looked at": "pushes of this copy do not go to the demonstration's server"}

        def of_the_call() -> list[Json]:
            seen = reversed(seen_by(self._data_dir, self._address) or [])
            return [push for push in seen if "called" in {item["kind"] for item in self._told(push)}]

        self._push = until(of_the_call, self._patience, "no push of the call reached the phone")[0]
        return {part: self._push[part] for part in ("notification", "data", "android", "apns")}

    def inbox(self) -> Result:
        """What the push did not say, in Uzbek. Its phone says that it has it, so that no SMS follows."""

        def told_of_it() -> list[Json]:
            told = self._told(self._push) if self._push else self._phone.inbox(UZBEK)
            return told if "called" in {item["kind"] for item in told} else []

        told = until(told_of_it, self._patience, "the call is not in the inbox")
        call = next(item for item in told if item["kind"] == "called")
        ways: list[Json] = []
        if self._push:
            self._nothing_told(self._push, told)
            self._phone.has_push(self._push["data"]["delivery_id"])
            ways = self._phone.message(self._push["data"]["message_id"], UZBEK)["deliveries"]
        sent = {way["channel"]: "received" if way["received_at"] else way["status"] for way in ways}
        return {
            "title": call["title"],
            "text": call["brief"],
            "more": call["more"],
            "opens": call["link"],
            "sent": sent,
        }

    def _told(self, push: Json) -> list[Json]:
        items: list[Json] = self._phone.message(push["data"]["message_id"], UZBEK)["items"]
        return items

    def _nothing_told(self, push: Json, told: list[Json]) -> None:
        """LookupError if what passed through others' hands names the person, what they do, where, or how it stands."""
        place = self._booking["point"]["name"]
        kept = [self._number, self._profile["migrant_id"], "ERIKSSON", STEP, *place.split()]
        kept += [text for item in told for text in (item["kind"], item["title"], *item["brief"].split(". "))]
        passed = json.dumps({part: push[part] for part in push if part != "token"}, ensure_ascii=False).casefold()
        if said := [text for text in kept if len(text) >= _A_WORD and text.casefold() in passed]:
            raise LookupError(f"the push says {said}")

    def _called(self, number: int) -> Json:
        """Calls until it is that number's turn; who was left waiting by an earlier walk stands aside."""
        while ticket := self._desk.call(self._counter):
            if ticket["number"] == number:
                return ticket
            self._desk.say(ticket, "skip")
        raise LookupError(f"nobody called number {number}")

    def visit(self) -> Result:
        done = self._desk.say(self._desk.say(self._ticket, "serve"), "finish", {"outcome": "done"})
        self._desk.close_counter(self._counter)
        return {"status": done["status"]}

    def next_step(self) -> Result:
        pathway = self._phone.pathway()
        steps = {step["code"]: step["status"] for step in pathway["steps"]}
        if steps[STEP] != "done" or STEP in pathway["next"] or not pathway["next"]:
            raise LookupError(f"the pathway did not move: {steps}")
        return {STEP: steps[STEP], "next": pathway["next"], "before": self._before}

    def reroute(self) -> Result:
        """A point of another day closes: other places are kept for us until we choose, and the visit moves at once."""
        booking = next(each for each in self._booked if each["step"] != STEP)
        sign_in_as(self._office, self._data_dir, "region_operator@demo")
        point_id, day = booking["point"]["id"], booking["starts_at"][:10]
        seen = self._office.plan_of(point_id)
        reason = {"ru": "Прорвало трубу", "en": "A pipe burst"}
        closed = {"first_day": day, "last_day": day, "hours": [], "reason": reason}
        stranded = self._office.change_plan(
            point_id, seen, seen["plan"] | {"exceptions": [*seen["plan"]["exceptions"], closed]}
        )

        def offered() -> list[Json]:
            found = self._phone.offers()
            return [each for each in found if each["booking"]["id"] == booking["id"] and each["choices"]]

        offer = until(offered, self._patience, "no other place was offered")[0]
        moved = self._phone.accept(offer, offer["choices"][0])
        self._office.change_plan(point_id, self._office.plan_of(point_id), seen["plan"])  # open again, for others
        return {
            "visit": booking["step"],
            "stranded": stranded,
            "choices": len(offer["choices"]),
            "from": f"{booking['point']['name']}, {booking['starts_at']}",
            "to": f"{moved['point']['name']}, {moved['starts_at']}",
        }

    def offices(self) -> Result:
        """Whoever oversees the region looks at what there is to see."""
        sign_in_as(self._auditor, self._data_dir, "auditor@demo")
        offices = {"region_operator": self._office, "auditor": self._auditor}
        return self.refusals.offices(offices, self._booking["point"]["id"])

    def data_uses(self) -> Result:
        uses = self._phone.data_uses()
        purposes = [use["purpose"] for use in uses if use["purpose"]]
        if "visit_check_in" not in purposes:
            raise LookupError("the clerk's look is not in the log")
        told = {"passed_on": self.consents.told(uses), "employers": self.employers.told(uses)}
        return {"entries": len(uses), "by_others": purposes} | told

    def kept_quiet(self) -> Result:
        """Nobody who works here was told of the refusals, nothing was passed on, and no push was sent."""
        if seen_by(self._data_dir, self._address):
            raise LookupError("a push was sent, which was refused")
        return self.refusals.kept_quiet() | {"passed_on": self.refusals.passed_on(self._phone.data_uses())}
