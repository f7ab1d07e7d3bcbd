"""Push by Firebase Cloud Messaging: firebase-admin over HTTP v1, https://firebase.google.com/docs/cloud-messaging.

The library makes and checks messages, and says what an answer means. Its way over the wire (7.7) is replaced, since

- it tries 500 and 503 up to four times more by itself, at once and then after 1, 2 and 4 s, whatever `Retry-After`
  asks for. Here it is tried once: whoever calls decides when again, and any worker can;
- it fetches its OAuth token with blocking I/O inside the event loop, and makes a new `requests` session for every
  message. Here one token is fetched in a thread, before it runs out;
- where it sends to cannot be set. `endpoint` is where: tests and the benchmark have a server of their own.

None of these has a public switch: `FcmPush` sets them, and tests against the server notice when that changes.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import firebase_admin
import httpx
from firebase_admin import _http_client, credentials, exceptions, messaging
from google.auth import exceptions as auth_exceptions
from google.auth.transport.requests import Request

from app.adapters.retry_after import NEVER_LEFT, retry_after
from app.domain.reminders.delivery import PATIENCE, Answer, Verdict
from app.ports import PushNote

ENDPOINT = "https://fcm.googleapis.com"
_FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
_RENEW = timedelta(minutes=5)
"""A token is renewed so long before its end."""
_AT_ONCE = 2
_LONGEST_TTL = timedelta(weeks=4)


class FcmPush:
    """The `Push` port. `key_file`: the service account's, as the Firebase console gives it."""

    def __init__(self, key_file: Path, *, endpoint: str = ENDPOINT, patience: timedelta = PATIENCE) -> None:
        credential = credentials.Certificate(str(key_file))
        self._patience = patience.total_seconds()
        self._app = firebase_admin.initialize_app(credential, name=str(uuid4()))
        url = f"{endpoint}/v1/projects/{self._app.project_id}/messages:send"
        self._wire = _Wire(httpx.URL(url), credential.get_credential(), self._patience)
        messaging._get_messaging_service(self._app)._async_client = self._wire  # noqa: SLF001

    async def send(self, note: PushNote, now: datetime, /) -> Answer:
        try:
            async with asyncio.timeout(self._patience):
                batch = await messaging.send_each_async([message_of(note, now)], app=self._app)
        except TimeoutError:
            return Answer(Verdict.UNKNOWN, reason="timeout")
        except exceptions.FirebaseError as error:  # an answer that is none
            return Answer(Verdict.UNKNOWN, reason=type(error.cause).__name__[:60])
        except ValueError as error:  # what is no message: another time is no better than this one
            return Answer(Verdict.REFUSED, reason=type(error).__name__)
        (response,) = batch.responses
        return Answer(Verdict.ACCEPTED, response.message_id) if response.success else answer_to(response.exception, now)

    async def close(self) -> None:
        await self._wire.aclose()
        # It closes the wire once more, in a loop of its own.
        await asyncio.to_thread(firebase_admin.delete_app, self._app)


class _Wire:
    """Where the library's own client was: posts to the one address there is.

    On several pools of connections, each with few requests at a time: a pool looks through all of its requests at
    each, and takes twice the time with 16 of them. The first that has room is taken: when there is little to send, one
    connection stays warm.
    """

    def __init__(self, url: httpx.URL, credential: Any, patience: float) -> None:
        self._url, self._tls = url, httpx.create_ssl_context()
        self._tokens = _Tokens(credential, patience / 2)
        self._timeout = httpx.Timeout(patience).as_dict()
        self._pools: list[httpx.AsyncHTTPTransport] = []
        self._busy: list[int] = []

    async def request(self, _method: str, *, headers: dict[str, str], json: Any, **_: Any) -> httpx.Response:
        """What the library asks of its client; httpx.HTTPError as there."""
        token = await self._tokens.one()
        response = await self._post(headers, json, token)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            response = await self._post(headers, json, await self._tokens.other(token))
        return response.raise_for_status()

    async def _post(self, headers: dict[str, str], json: Any, token: str) -> httpx.Response:
        place = next((place for place, busy in enumerate(self._busy) if busy < _AT_ONCE), len(self._busy))
        if place == len(self._busy):
            self._pools.append(httpx.AsyncHTTPTransport(http2=True, verify=self._tls))
            self._busy.append(0)
        headers = headers | _http_client.METRICS_HEADERS | {"Authorization": f"Bearer {token}"}
        request = httpx.Request("POST", self._url, headers=headers, json=json, extensions={"timeout": self._timeout})
        self._busy[place] += 1
        try:
            response = await self._pools[place].handle_async_request(request)
            response.request = request
            await response.aread()
        finally:
            self._busy[place] -= 1
        return response

    async def aclose(self) -> None:
        pools, self._pools, self._busy = self._pools, [], []
        for pool in pools:
            await pool.aclose()


class _Tokens:
    """The account's OAuth token. Fetched in a thread: by one who asks, for all."""

    def __init__(self, credential: Any, patience: float) -> None:
        self._credential, self._turn = credential, asyncio.Lock()
        self._request = partial(Request(), timeout=patience)

    async def one(self) -> str:
        if self._old():
            async with self._turn:
                if self._old():
                    await self._fetch()
        token: str = self._credential.token
        return token

    async def other(self, than: str) -> str:
        """One that is not the one that was refused."""
        async with self._turn:
            if self._credential.token == than:
                await self._fetch()
        token: str = self._credential.token
        return token

    def _old(self) -> bool:
        expiry = self._credential.expiry  # UTC, and naive
        return expiry is None or expiry.replace(tzinfo=UTC) - _RENEW < datetime.now(UTC)

    async def _fetch(self) -> None:
        try:
            await asyncio.to_thread(self._credential.refresh, self._request)
        except auth_exceptions.GoogleAuthError as error:
            # Nothing has left: as when nobody answers at all.
            raise httpx.ConnectError(f"no token: {type(error).__name__}") from error


def message_of(note: PushNote, now: datetime) -> messaging.Message:
    """The note for both systems: shown by the phone itself when the app is asleep, and handed to the app.

    The second copy of a message takes the place of the first: by `tag` on Android, by `apns-collapse-id` on iOS.
    """
    lives = min(note.expires_at - now, _LONGEST_TTL)
    message = messaging.Message(
        notification=messaging.Notification(title=note.title, body=note.body),
        data={**note.data, "message_id": note.message_id},
        android=messaging.AndroidConfig(
            collapse_key=note.collapse_key,
            priority="high" if note.urgent else "normal",
            ttl=lives,
            notification=messaging.AndroidNotification(tag=note.message_id),
        ),
        apns=messaging.APNSConfig(
            headers={
                "apns-collapse-id": note.message_id,
                "apns-expiration": str(int(note.expires_at.timestamp())),
                "apns-priority": "10" if note.urgent else "5",
                "apns-push-type": "alert",
            },
            payload=messaging.APNSPayload(aps=messaging.Aps(mutable_content=True, sound="default")),
        ),
    )
    # Set afterwards: registration tokens hold as ever, and the constructor warns of each.
    if note.kind == "token":
        message.token = note.address
    else:
        message.fid = note.address
    return message


def answer_to(error: Exception | None, now: datetime) -> Answer:
    """What an error of the client means, https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode."""
    if not isinstance(error, exceptions.FirebaseError):
        raise TypeError("the client answers with errors of its own")
    response = error.http_response
    if response is None:
        left = not isinstance(error.cause, NEVER_LEFT)
        return Answer(Verdict.UNKNOWN if left else Verdict.BUSY, reason=type(error.cause).__name__[:60])
    reason = f"{response.status_code} {error.code}"
    match error:
        case messaging.UnregisteredError() | messaging.SenderIdMismatchError():
            return Answer(Verdict.GONE, reason=reason)
        case messaging.QuotaExceededError() | exceptions.ResourceExhaustedError():
            return Answer(Verdict.QUOTA, retry_after=retry_after(response, now), reason=reason)
        case exceptions.InvalidArgumentError():
            return Answer(Verdict.GONE if _says_fcm(response) else Verdict.REFUSED, reason=reason)
        case exceptions.NotFoundError():
            return Answer(Verdict.GONE, reason=reason)
    return Answer(Verdict.BUSY, retry_after=retry_after(response, now), reason=reason)


def _says_fcm(response: httpx.Response) -> bool:
    """Of what is wrong with a request, an FcmError means the address; what is wrong with the rest is a BadRequest."""
    with suppress(ValueError, AttributeError):
        return any(detail.get("@type") == _FCM_ERROR for detail in response.json()["error"].get("details", []))
    return False
