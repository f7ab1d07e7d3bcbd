"""A phone and a clerk's desk as HTTP clients: for the walkthrough, the benchmarks and whoever writes a real one."""

import base64
import hashlib
import time
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk, jwt

Json = dict[str, Any]


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


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


class _Client:
    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._token: str | None = None

    def get(self, path: str, **params: Any) -> Any:
        return self._answer(self._client.get(path, params=params, headers=self._headers()))

    def post(self, path: str, body: Json, **headers: str) -> Any:
        """Every POST bears a key of its own, so that it could be sent again without being done twice."""
        headers |= self._headers() | {"Idempotency-Key": str(uuid4())}
        return self._answer(self._client.post(path, json=body, headers=headers))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    @staticmethod
    def _answer(response: httpx.Response) -> Any:
        if response.is_error:
            raise Refused(response)
        return response.json()


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

    def point_code(self, point_id: str) -> str:
        points = {point["id"]: point["code"] for point in self.get("/v1/points")["items"]}
        code: str = points[point_id]
        return code

    def hold(self, step: str, service: str, point_id: str, starts_at: str) -> Json:
        place = {"step": step, "service": service, "point_id": point_id, "starts_at": starts_at}
        answer: Json = self.post("/v1/holds", place)
        return answer

    def confirm(self, hold_id: str) -> Json:
        answer: Json = self.post("/v1/bookings", {"hold_id": hold_id})
        return answer

    def data_uses(self) -> list[Json]:
        found: list[Json] = self.get("/v1/me/data-uses")["items"]
        return found


class Desk(_Client):
    """A clerk's desk."""

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

    def check_in(self, qr_pass: str) -> Json:
        answer: Json = self.post("/v1/visits/check-ins", {"qr_pass": qr_pass})
        return answer

    def finish(self, visit: Json, outcome: str) -> Json:
        """Says how a visit went, as it was last seen: had another clerk changed it since, it would be refused."""
        seen = {"If-Match": f'"{visit["version"]}"'}
        answer: Json = self.post(f"/v1/visits/{visit['booking_id']}/outcome", {"outcome": outcome}, **seen)
        return answer
