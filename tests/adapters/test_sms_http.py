"""SMS over HTTP against a gateway that answers as it is told to."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.adapters.sms_http import HttpSms
from app.ports import DeliveryError, RefusedError, UnansweredError
from tests.processes.commands import free_port

PHONE, TEXT, KEY = "+79001234567", "Manzil: {phone} is text, not a field", "2f7c1c1e"
BODY = '{"to": ["{phone}"], "message": {"text": "{text}", "id": "{key}"}, "flash": false}'


class Gateway(ThreadingHTTPServer):
    """`answer`: a status and headers; None is silence."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: tuple[int, dict[str, str]] | None = (202, {})
        self.seen: list[tuple[dict[str, str], Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/messages"


class _Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append((dict(self.headers.items()), body))
        if self.server.answer is None:
            time.sleep(0.5)
            return
        status, headers = self.server.answer
        self.send_response(status)
        for name, value in ({"Content-Length": "0"} | headers).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def send(url: str, **options: Any) -> None:
    sms = HttpSms(url, BODY, {"X-Account": "manzil"}, **options)
    try:
        await sms.send(PHONE, TEXT, key=KEY)
    finally:
        await sms.close()


async def test_a_message_is_put_where_the_settings_say_and_its_own_braces_stay(gateway: Gateway) -> None:
    await send(gateway.url)
    ((headers, body),) = gateway.seen
    assert body == {"to": [PHONE], "message": {"text": TEXT, "id": KEY}, "flash": False}
    assert headers["Idempotency-Key"] == KEY
    assert headers["X-Account"] == "manzil"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
async def test_a_gateway_that_cannot_now_is_asked_again(gateway: Gateway, status: int) -> None:
    gateway.answer = (status, {"Retry-After": "7"})
    with pytest.raises(DeliveryError) as failed:
        await send(gateway.url)
    assert not isinstance(failed.value, UnansweredError)
    assert failed.value.retry_after == timedelta(seconds=7)
    assert len(gateway.seen) == 1


async def test_it_may_name_the_moment_and_may_name_none(gateway: Gateway) -> None:
    for told, least, most in (
        (format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True), 110, 120),
        (format_datetime(datetime.now(UTC) - timedelta(minutes=2), usegmt=True), 0, 0),
    ):
        gateway.answer = (503, {"Retry-After": told})
        with pytest.raises(DeliveryError) as failed:
            await send(gateway.url)
        assert failed.value.retry_after is not None
        assert least <= failed.value.retry_after.total_seconds() <= most
    gateway.answer = (503, {"Retry-After": "soon"})
    with pytest.raises(DeliveryError) as failed:
        await send(gateway.url)
    assert failed.value.retry_after is None


@pytest.mark.parametrize("status", [400, 401, 404, 422])
async def test_any_other_answer_is_a_refusal(gateway: Gateway, status: int) -> None:
    gateway.answer = (status, {})
    with pytest.raises(RefusedError):
        await send(gateway.url)


async def test_where_nobody_answers_it_may_be_there_all_the_same(gateway: Gateway) -> None:
    gateway.answer = None
    with pytest.raises(UnansweredError):
        await asyncio.wait_for(send(gateway.url, patience=timedelta(seconds=0.2)), 3)
    assert len(gateway.seen) == 1


async def test_where_nobody_listens_nothing_has_left() -> None:
    with pytest.raises(DeliveryError) as failed:
        await send(f"http://127.0.0.1:{free_port()}/messages")
    assert not isinstance(failed.value, UnansweredError)
