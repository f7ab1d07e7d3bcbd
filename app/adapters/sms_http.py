"""SMS through any gateway that takes one HTTP request a message: what the request is like stands in the settings."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx

from app.adapters.retry_after import NEVER_LEFT, retry_after
from app.domain.reminders.delivery import PATIENCE
from app.ports import DeliveryError, RefusedError, UnansweredError

_LATER = {httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_EARLY, httpx.codes.TOO_MANY_REQUESTS}


class HttpSms:
    """`body`: a JSON document in whose texts `{phone}`, `{text}` and `{key}` stand for the message's own.

    2xx is sent. 408, 425, 429 and 5xx, and no answer, may be tried again, after `Retry-After` if there is one; any
    other answer is a refusal. The key goes along as `Idempotency-Key` too.
    """

    def __init__(self, url: str, body: str, headers: Mapping[str, str], *, patience: timedelta = PATIENCE) -> None:
        self._url, self._body = url, json.loads(body)
        self._client = httpx.AsyncClient(timeout=patience.total_seconds(), headers=dict(headers))

    async def send(self, phone: str, text: str, *, key: str | None = None) -> None:
        told = {"{phone}": phone, "{text}": text, "{key}": key or ""}
        try:
            answer = await self._client.post(
                self._url, json=_filled(self._body, told), headers={"Idempotency-Key": key} if key else {}
            )
        except NEVER_LEFT as error:
            raise DeliveryError(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise UnansweredError(type(error).__name__) from None
        if answer.is_server_error or answer.status_code in _LATER:
            raise DeliveryError(str(answer.status_code), retry_after=retry_after(answer, datetime.now(UTC)))
        if not answer.is_success:
            raise RefusedError(str(answer.status_code))

    async def close(self) -> None:
        await self._client.aclose()


def _filled(value: object, told: Mapping[str, str]) -> object:
    """The document with the message in it. A text is put in once: what it says itself is not looked through again."""
    match value:
        case dict():
            return {name: _filled(each, told) for name, each in value.items()}
        case list():
            return [_filled(each, told) for each in value]
        case str() if value in told:
            return told[value]
        case _:
            return value
