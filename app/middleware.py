"""What surrounds every request: an id, a limit, the headers that protect a browser, the last net under errors."""

import traceback
from collections.abc import Mapping
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLarge
from app.handlers import problem_response
from app.ports import Rate

_log = structlog.get_logger()


class Surround:
    """Pure ASGI. `larger`: how much a body may have under some paths.

    Each answer bears the request's id, which its log lines and its problem bear too.

    An error that nobody expected ends here, not in the server's log: its text may hold a person's data. What is
    logged is its type and where it happened.
    """

    def __init__(self, app: ASGIApp, max_body_bytes: int, larger: Mapping[str, int]) -> None:
        self._app, self._max_body_bytes, self._larger = app, max_body_bytes, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        request_id = state["request_id"] = uuid4().hex
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Cache-Control", "no-store")
                if language := state.get("language"):
                    headers["Content-Language"] = language
                headers.update(state.get("headers", {}))  # what a route says on its every answer
                if rate := state.get("rate"):
                    _tell(headers, rate)
            await send(message)

        received, most = 0, self._most_of(scope["path"])

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise HTTPException(TooLarge.status)
            return message

        try:
            await self._app(scope, receive_within_limit, send_with_headers)
        except Exception as error:  # noqa: BLE001 — the last net
            frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)[-6:]]
            _log.error("request.failed", request_id=request_id, cause=type(error).__name__, at=frames)
            if not started:
                await problem_response(Request(scope), error)(scope, receive, send_with_headers)

    def _most_of(self, path: str) -> int:
        return next((most for folder, most in self._larger.items() if path.startswith(folder)), self._max_body_bytes)


def _tell(headers: MutableHeaders, rate: Rate) -> None:
    """How many requests are left, as draft-ietf-httpapi-ratelimit-headers-10 writes it."""
    headers["RateLimit-Policy"] = f'"requests";q={rate.allowed};w={rate.window}'
    headers["RateLimit"] = f'"requests";r={max(rate.left, 0)};t={rate.resets_in}'
