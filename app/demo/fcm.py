"""A server that speaks FCM's HTTP v1 and Google's OAuth for service accounts, in a process of its own, on loopback.

It stands where Firebase would: for the demonstration (`app.demo.pushes`), for tests and for benchmarks, which start it
by `python -m app.demo.fcm PORT KEY_FILE FAULTS`. It is strict: an assertion that is not signed by the account, a token
that it did not give, or a message that is none is refused as Google refuses it. Faults are chosen by what is sent, so
a run can be repeated: `FAULTS` says in JSON which part of the requests is answered how (`Faults`).
"""

import asyncio
import json
import os
import random
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jose import jwt

HOST, PROJECT, EMAIL = "127.0.0.1", "manzil-test", "sender@manzil-test.example"
ACCOUNT, PUBLIC = "service-account.json", "public.pem"
_FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
_AUDIENCE = "https://oauth2.googleapis.com/token"
"""Whom Google's library addresses its assertions to, wherever it sends them."""
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_NEEDED = {"notification", "data", "android", "apns"}
DEAD, UNAVAILABLE, QUOTA, HANG = "dead-", "unavailable-", "quota-", "hang-"
"""Addresses that begin so are registered no more, or always answered in that way."""


@dataclass(frozen=True)
class Faults:
    """Parts of all requests, 0 to 1. `retry_after`: what 429, and every second 503, ask for, in seconds."""

    unavailable: float = 0.0
    quota: float = 0.0
    hang: float = 0.0
    retry_after: int = 1
    seed: int = 1


@dataclass(frozen=True)
class Seen:
    """One message as it came: to whom, which, when (seconds since 1970), how it was answered, and what it was.

    `answer` is the status; 0 for one that was taken and never answered.
    """

    address: str
    message_id: str
    at: float
    answer: int
    message: dict[str, Any]


class Server:
    """The ASGI application."""

    def __init__(self, public_key: str, faults: Faults, show: Callable[[dict[str, Any]], None] | None = None) -> None:
        self._key, self._faults, self._show = public_key, faults, show
        self._chance = random.Random(faults.seed)  # noqa: S311 — the same in every run
        self._tokens: dict[str, float] = {}
        self._seen: list[Seen] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = bytearray()
        while True:
            part = await receive()
            if part["type"] == "http.disconnect":
                return  # a client that was ended
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        status, answer, headers = await self._answer(scope, bytes(body))
        raw = json.dumps(answer).encode()
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(raw)).encode()), *headers]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": raw})

    async def _answer(self, scope: Any, body: bytes) -> tuple[int, Any, list[tuple[bytes, bytes]]]:
        match scope["path"]:
            case "/token":
                return *self._grant(body), []
            case path if path == f"/v1/projects/{PROJECT}/messages:send":
                return await self._take(dict(scope["headers"]), body)
            case "/seen":
                return 200, [asdict(one) for one in self._seen], []
            case "/count":
                return 200, len(self._seen), []
            case "/forget":
                self._seen.clear()
                return 200, {}, []
            case "/give":
                token = secrets.token_urlsafe(24)
                self._tokens[token] = time.time() + 3600
                return 200, {"access_token": token}, []
            case "/revoke":
                self._tokens.clear()
                return 200, {}, []
        return 404, _error(404, "NOT_FOUND"), []

    def _grant(self, body: bytes) -> tuple[int, Any]:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        try:
            claims = jwt.decode(form["assertion"], self._key, algorithms=["RS256"], audience=_AUDIENCE)
        except Exception as error:  # noqa: BLE001 — whatever is wrong with it
            return 401, {"error": "invalid_grant", "error_description": type(error).__name__}
        if form["grant_type"] != _GRANT or claims["iss"] != EMAIL or _SCOPE not in claims["scope"].split():
            return 401, {"error": "invalid_grant"}
        token = secrets.token_urlsafe(24)
        self._tokens[token] = time.time() + 3600
        return 200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}

    async def _take(self, headers: dict[bytes, bytes], body: bytes) -> tuple[int, Any, list[tuple[bytes, bytes]]]:
        bearer = headers.get(b"authorization", b"").decode().removeprefix("Bearer ")
        if self._tokens.get(bearer, 0) < time.time():
            return 401, _error(401, "UNAUTHENTICATED"), []
        message = json.loads(body).get("message", {})
        if wrong := faults_of(message):
            return (
                400,
                _error(400, "INVALID_ARGUMENT", detail="type.googleapis.com/google.rpc.BadRequest"),
                [(b"x-fault", wrong.encode())],
            )
        address = message.get("token") or message["fid"]
        chance, faults = self._chance.random(), self._faults
        retry = [(b"retry-after", str(faults.retry_after).encode())]
        status, answer, more = 200, {"name": f"projects/{PROJECT}/messages/{len(self._seen)}"}, []
        if address.startswith(DEAD):
            status, answer = 404, _error(404, "NOT_FOUND", fcm="UNREGISTERED")
        elif chance < faults.unavailable or address.startswith(UNAVAILABLE):
            status, answer = 503, _error(503, "UNAVAILABLE", fcm="UNAVAILABLE")
            more = retry if len(self._seen) % 2 else []
        elif chance < faults.unavailable + faults.quota or address.startswith(QUOTA):
            status, answer, more = 429, _error(429, "RESOURCE_EXHAUSTED", fcm="QUOTA_EXCEEDED"), retry
        elif chance < faults.unavailable + faults.quota + faults.hang or address.startswith(HANG):
            status = 0
        self._seen.append(Seen(address, message["data"]["message_id"], time.time(), status, message))
        if self._show:
            self._show(message)
        if status == 0:
            await asyncio.sleep(60)
        return status or 200, answer, more


def faults_of(message: dict[str, Any]) -> str:
    """What is wrong with a message; empty when nothing is."""
    if sum(name in message for name in ("token", "fid", "topic", "condition")) != 1:
        return "not one target"
    if missing := _NEEDED - message.keys():
        return f"without {sorted(missing)}"
    android, apns = message["android"], message["apns"]
    texts = [*message["data"].values(), *apns["headers"].values(), *message["notification"].values()]
    texts += [android["collapse_key"], android["notification"]["tag"], android["ttl"]]
    if not all(isinstance(text, str) for text in texts):
        return "a text that is none"
    if not android["ttl"].endswith("s") or not 0 < float(android["ttl"][:-1]) <= 2_419_200:  # noqa: PLR2004
        return "ttl"
    if android["priority"] not in {"high", "normal"} or apns["headers"]["apns-priority"] not in {"10", "5"}:
        return "priority"
    return "" if message["data"].get("message_id") else "without message_id"


def _error(code: int, status: str, *, fcm: str | None = None, detail: str | None = None) -> dict[str, Any]:
    details = [{"@type": _FCM_ERROR, "errorCode": fcm}] if fcm else [{"@type": detail}] if detail else []
    return {"error": {"code": code, "message": "as told", "status": status, "details": details}}


def make_account(folder: Path, base: str) -> tuple[Path, Path]:
    """A service account's key file as Google gives it, and the public half for the server."""
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    account = {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": "1",
        "private_key": private,
        "client_email": EMAIL,
        "client_id": "1",
        "token_uri": f"{base}/token",
    }
    account_file, public_file = folder / ACCOUNT, folder / PUBLIC
    account_file.write_text(json.dumps(account))
    public_file.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return account_file, public_file


@dataclass(frozen=True)
class Running:
    """The server while it runs: where it is, and the account that may send there."""

    base: str
    account: Path

    def seen(self) -> list[Seen]:
        return [Seen(**one) for one in httpx.get(f"{self.base}/seen", timeout=60).json()]

    def count(self) -> int:
        counted: int = httpx.get(f"{self.base}/count").json()
        return counted

    def token(self) -> str:
        """A token for who does not ask for one as Google's library does."""
        given: str = httpx.get(f"{self.base}/give").json()["access_token"]
        return given

    def forget(self) -> None:
        httpx.get(f"{self.base}/forget")

    def revoke(self) -> None:
        """Every token that was given is worth nothing any more."""
        httpx.get(f"{self.base}/revoke")


@contextmanager
def running(folder: Path, port: int, faults: Faults | None = None) -> Iterator[Running]:
    """The server in a process of its own, ended with the block."""
    base = f"http://{HOST}:{port}"
    account, public = make_account(folder, base)
    command = [sys.executable, "-m", "app.demo.fcm", str(port), str(public), json.dumps(asdict(faults or Faults()))]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=os.environ.copy())
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until and process.poll() is None:
            try:
                httpx.get(f"{base}/")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield Running(base, account)
    finally:
        process.kill()
        process.wait()


def main() -> None:
    port, key, faults = int(sys.argv[1]), Path(sys.argv[2]).read_text(), Faults(**json.loads(sys.argv[3]))
    serve(Server(key, faults), port)


def serve(server: Server, port: int) -> None:
    uvicorn.run(server, host=HOST, port=port, access_log=False, log_level="error", lifespan="off")


if __name__ == "__main__":
    main()
