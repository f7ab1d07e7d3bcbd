"""A phone and a clerk's desk as HTTP clients: for the walkthrough, the benchmarks and whoever writes a real one."""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk, jwt

Json = dict[str, Any]
Found = TypeVar("Found")


class Refused(Exception):
    """The server answered with a problem; `code` is its stable name."""

    def __init__(self, response: httpx.Response) -> None:
        is_problem = response.headers.get("content-type", "").startswith("application/problem+json")
        problem = response.json() if is_problem else {}
        self.code: str = problem.get("code", "")
        super().__init__(f"{response.request.method} {response.request.url.path} → {response.status_code} {problem}")


class PhoneKey:
    """The key that a phone makes for itself (EC P-256) and never gives away. `now` is in seconds since 1970."""

    def __init__(self) -> None:
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.private = jwk.construct(pem.decode(), "ES256")

    @property
    def public(self) -> dict[str, str]:
        """The half that the server is told (JWK)."""
        members = self.private.public_key().to_dict()
        return {name: members[name] for name in ("kty", "crv", "x", "y")}

    def sign(self, claims: Json) -> str:
        token: str = jwt.encode(claims, self.private, "ES256")
        return token

    def refresh_proof(self, refresh_token: str, now: float) -> str:
        """Shows that a refresh comes from this phone."""
        return self.sign({"iat": int(now), "rth": _digest(refresh_token)})

    def number_proof(self, number: str, now: float) -> str:
        """Shows that this phone wants the account to have another number (E.164)."""
        return self.sign({"iat": int(now), "num": _digest(number)})

    def qr_pass(self, device_id: str, booking_id: str, now: float) -> str:
        """The text of the QR code; made without a net, good for a minute."""
        return self.sign({"dev": device_id, "bid": booking_id, "iat": int(now), "exp": int(now) + 60})


def until(look: Callable[[], Found | None], seconds: float, otherwise: str) -> Found:
    """What `look` finds as soon as it finds anything; LookupError, `otherwise`, after so many seconds."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if found := look():
            return found
        time.sleep(0.1)
    raise LookupError(otherwise)


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


class _Client:
    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._token: str | None = None

    def get(self, path: str, **params: Any) -> Any:
        return self._answer(self._client.get(path, params=params, headers=self._headers()))

    def get_in(self, language: str, path: str) -> Any:
        return self._answer(self._client.get(path, headers=self._headers() | {"Accept-Language": language}))

    def post(self, path: str, body: Json | None = None, **headers: str) -> Any:
        """Every POST bears a key of its own, so that it could be sent again without being done twice."""
        headers |= self._headers() | {"Idempotency-Key": str(uuid4())}
        return self._answer(self._client.post(path, json=body, headers=headers))

    def put(self, path: str, body: Json) -> Any:
        return self._answer(self._client.put(path, json=body, headers=self._headers()))

    def events(self, path: str) -> Iterator[Json]:
        """The states that a stream tells of (server-sent events), until it ends."""
        with self._client.stream("GET", path, headers=self._headers()) as stream:
            if stream.is_error:
                stream.read()
                raise Refused(stream)
            for line in stream.iter_lines():
                if line.startswith("data:"):
                    yield json.loads(line.removeprefix("data:"))

    def send(self, method: str, path: str, headers: Json, content: bytes | None = None) -> httpx.Response:
        """What is no JSON: files, and the steps of their way here."""
        response = self._client.request(method, path, content=content, headers=self._headers() | headers)
        self._refuse(response)
        return response

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def _answer(self, response: httpx.Response) -> Any:
        self._refuse(response)
        return response.json() if response.content else None

    @staticmethod
    def _refuse(response: httpx.Response) -> None:
        if response.is_error:
            raise Refused(response)


class Phone(_Client):
    """A newcomer's phone. It makes a key of its own, and signs QR passes with it."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__(client)
        self._key = PhoneKey()
        self.device_id = ""
        self.refresh_token = ""

    def ask_code(self, number: str) -> None:
        self.post("/v1/auth/codes", {"phone": number})

    def sign_in(self, number: str, code: str) -> None:
        body = {"phone": number, "code": code, "device_key": self._key.public}
        self._keep(self.post("/v1/auth/sessions", body))

    def refresh(self) -> None:
        proof = self._key.refresh_proof(self.refresh_token, time.time())
        self._keep(self.post("/v1/auth/refresh", {"refresh_token": self.refresh_token, "proof": proof}))

    def _keep(self, tokens: Json) -> None:
        self._token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
        self.device_id = tokens["device_id"]

    def qr_pass(self, booking_id: str) -> str:
        return self._key.qr_pass(self.device_id, booking_id, time.time())

    def give_passport(self, mrz: str) -> Json:
        answer: Json = self.post("/v1/me/passport", {"mrz": mrz})
        return answer

    def give_entry(self, entered_on: date, purpose: str) -> Json:
        body = {"entered_on": entered_on.isoformat(), "purpose": purpose, "visa": False}
        answer: Json = self.post("/v1/me/entries", body)
        return answer

    def pathway(self) -> Json:
        answer: Json = self.get("/v1/me/pathway")
        return answer

    def free_times(self, service: str, **near: float) -> list[Json]:
        found: list[Json] = self.get("/v1/free-times", service=service, **near)["items"]
        return found

    def point_codes(self) -> dict[str, str]:
        """The code of each point, by its id."""
        return {point["id"]: point["code"] for point in self.get("/v1/points")["items"]}

    def hold(self, step: str, service: str, point_id: str, starts_at: str) -> Json:
        place = {"step": step, "service": service, "point_id": point_id, "starts_at": starts_at}
        answer: Json = self.post("/v1/holds", place)
        return answer

    def confirm(self, hold_id: str) -> Json:
        answer: Json = self.post("/v1/bookings", {"hold_id": hold_id})
        return answer

    def plan(self, asked: Json) -> list[Json]:
        """The whole pathway's itineraries, the best first. `asked`: from where, and on what terms."""
        found: list[Json] = self.post("/v1/itineraries/plan", asked)["itineraries"]
        return found

    def book_itinerary(self, asked: Json, itinerary: Json) -> list[Json]:
        """All of its visits, or none."""
        booked: list[Json] = self.post("/v1/itineraries", asked | {"visits": itinerary["book"]})["visits"]
        return [visit["booking"] for visit in booked]

    def watch_ticket(self, ticket_id: str) -> Iterator[Json]:
        """How one's ticket stands, each time that it moves."""
        return self.events(f"/v1/me/tickets/{ticket_id}/events")

    def be_reached(self, token: str, language: str) -> None:
        """Says where Firebase reaches this phone, on which the person has signed in."""
        body = {"token": token, "language": language}
        self.put(f"/v1/me/devices/{self.get('/v1/me/devices')['items'][0]['id']}/push-address", body)

    def message(self, message_id: str, language: str) -> Json:
        """What a push was about, and what was sent of it."""
        answer: Json = self.get_in(language, f"/v1/me/inbox/{message_id}")
        return answer

    def has_push(self, delivery_id: str) -> None:
        self.post(f"/v1/me/deliveries/{delivery_id}/received")

    def inbox(self, language: str) -> list[Json]:
        found: list[Json] = self.get_in(language, "/v1/me/inbox")["items"]
        return found

    def offers(self) -> list[Json]:
        found: list[Json] = self.get("/v1/me/offers")["items"]
        return found

    def accept(self, offer: Json, choice: Json) -> Json:
        answer: Json = self.post(f"/v1/me/offers/{offer['id']}/accept", {"choice_id": choice["id"]})
        return answer

    def data_uses(self) -> list[Json]:
        found: list[Json] = self.get("/v1/me/data-uses", limit=100)["items"]
        return found


class Staff(_Client):
    """Anybody who works in the region, with a password and an authenticator. `heard`: all that they were answered."""

    def __init__(self, client: httpx.Client, heard: list[str] | None = None) -> None:
        super().__init__(client)
        self.heard = [] if heard is None else heard

    def _answer(self, response: httpx.Response) -> Any:
        self.heard.append(response.text)
        return super()._answer(response)

    def sign_in(self, login: str, password: str, totp_secret: str) -> None:
        """A one-time password works once. If this half minute's is spent, gives the next one's, which is taken for
        that of a clock ahead of the server's; if that is spent too, waits until there is another.
        """
        generator = pyotp.TOTP(totp_secret)
        for ahead, last in ((0, False), (generator.interval, False), (generator.interval, True)):
            if last:
                time.sleep(generator.interval - time.time() % generator.interval + 0.5)
            body = {"login": login, "password": password, "totp": generator.at(int(time.time()) + ahead)}
            try:
                self._token = self.post("/v1/auth/staff/sessions", body)["access_token"]
            except Refused as refused:
                if last or refused.code != "wrong_credentials":
                    raise
            else:
                return


class Desk(Staff):
    """A clerk's desk."""

    def check_in(self, qr_pass: str) -> Json:
        """The visit, with the ticket that its visitor waits with."""
        answer: Json = self.post("/v1/visits/check-ins", {"qr_pass": qr_pass})
        return answer

    def open_counter(self, service: str) -> str:
        """Stands at a counter that gives the service, the one where the clerk stands already if it does; its id."""
        counters = [each for each in self.get("/v1/queue")["counters"] if service in each["services"]]
        own = [each for each in counters if each["own"]]
        free = [each for each in counters if each["opened_at"] is None]
        counter_id: str = (own or free)[0]["id"]
        if not own:
            self.post(f"/v1/queue/counters/{counter_id}/open")
        return counter_id

    def close_counter(self, counter_id: str) -> None:
        self.post(f"/v1/queue/counters/{counter_id}/close")

    def call(self, counter_id: str) -> Json | None:
        """Whose turn it is; None if nobody may be called now."""
        ticket: Json | None = self.post(f"/v1/queue/counters/{counter_id}/call")["ticket"]
        return ticket

    def say(self, ticket: Json, what: str, body: Json | None = None) -> Json:
        """A word about a ticket, as it was last seen: had another clerk moved it since, it would be refused."""
        seen = {"If-Match": f'"{ticket["version"]}"'}
        answer: Json = self.post(f"/v1/queue/tickets/{ticket['id']}/{what}", body, **seen)
        return answer


class Office(Staff):
    """The desk of the region's operator."""

    def plan_of(self, point_id: str) -> Json:
        answer: Json = self.get(f"/v1/points/{point_id}/plan")
        return answer

    def change_plan(self, point_id: str, seen: Json, plan: Json) -> int:
        """Puts `plan` in the place of the one seen, and answers for the visits that it strands: how many."""
        change = {"version": seen["version"], "plan": plan}
        asked = self.put(f"/v1/points/{point_id}/plan", change | {"preview": True})
        self.put(f"/v1/points/{point_id}/plan", change | {"confirmation": asked["confirmation"]})
        return len(asked["affected"])
