"""Who is sending, who is reading: nobody gets further unless their signature or token holds."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from fastapi import Request, Response

from app.wire.bodies import canonical
from app.wire.signatures import Message, SignatureError, Signed, key_of, sign, verify
from registry.errors import CONTENT_TYPE, Refused
from registry.inbox import Inbox
from registry.peers import NotKnownYetError, Peers
from registry.store import UNREACHABLE

MOST_BYTES = 1024 * 1024
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sent:
    """A request whose signature holds: whose it is, and what it says."""

    source: str
    signed: Signed
    body: bytes


@dataclass(frozen=True, slots=True)
class Gate:
    inbox: Inbox
    peers: Peers
    readers: Mapping[str, str]

    async def sender(self, request: Request) -> Sent:
        """Refused, with an alarm, for whatever is not as a known sender signed it."""
        body = await _body(request)
        now = self.inbox.clock()
        message = Message(request.headers, body, request.method, request.url.path)
        try:
            keys = await self.peers.keys(key_of(message), now)
            signed = verify(message, keys, now)
        except NotKnownYetError:
            raise Refused("busy", retry_after=1) from None
        except SignatureError as error:
            await self._alarm(error.code, now)
            raise Refused(error.code) from None
        source = self.peers.source_of(signed.kid)
        if source is None:
            raise Refused("key_unknown")
        return Sent(source, signed, body)

    async def _alarm(self, code: str, now: datetime) -> None:
        _log.warning("registry.alarm", code=code)
        try:
            await self.inbox.store.stranger(code, now)
        except UNREACHABLE:
            return

    async def once(self, sent: Sent) -> None:
        """For requests that `Inbox.take` does not see: refused when their nonce was used before."""
        if not await self.inbox.store.use_nonce(sent.signed, sent.source, self.inbox.clock()):
            raise Refused("nonce_reused")

    def reader(self, request: Request) -> str:
        """The name of who asks."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            for name, known in self.readers.items():
                if hmac.compare_digest(known.encode(), token.strip().encode()):
                    return name
        raise Refused("reader_unknown")

    def answer(self, sent: Sent, said: object, status: int = 200) -> Response:
        """Signed, and bound to the request by its nonce."""
        content_type = "application/json" if status < 400 else CONTENT_TYPE  # noqa: PLR2004 — where errors begin
        body, now = canonical(said), self.inbox.clock()
        key = self.inbox.signing.signing(now)
        headers = sign(Message({}, body, status=status), key, now, nonce=sent.signed.nonce)
        return Response(body, status, headers, content_type)


async def _body(request: Request) -> bytes:
    """Read no further than may be: a length that is claimed is only a claim."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise Refused("too_large")
        parts.append(part)
    return b"".join(parts)
