"""What goes to a registry and comes back, as HTTP. By aiohttp: what it takes of a message's way is a seventh of what
httpx takes, and on that way every millisecond is one more until the registry has what was told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.ports import DeliveryError

if TYPE_CHECKING:
    import aiohttp

_KEPT_SECONDS = 4.0
"""Shorter than the other side keeps a connection: what is posted while it closes one has to be sent again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """`headers` are found whatever their case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class NotThereError(DeliveryError):
    """Nobody answered at all: nothing has left."""


class Posts(Protocol):
    """DeliveryError for whatever has no reply within so many seconds; NotThereError where nothing has left."""

    async def post(self, path: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply: ...

    async def get(self, path: str, seconds: float) -> Reply: ...

    async def close(self) -> None: ...


class HttpPosts:
    """To the server at `url`. There is no limit to connections in use: how much is under way is the relay's to say, and
    what waited here for one would use up its patience without having been sent.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def post(self, path: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply:
        return await self._asked("POST", path, body, headers, seconds)

    async def get(self, path: str, seconds: float) -> Reply:
        return await self._asked("GET", path, None, {}, seconds)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _asked(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], seconds: float
    ) -> Reply:
        # Only a worker that mirrors needs it, and it takes a quarter of a second to load.
        import aiohttp  # noqa: PLC0415

        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        patience = aiohttp.ClientTimeout(total=seconds)
        try:
            asking = self._session.request(
                method, self._url + path, data=body, headers=headers, timeout=patience, allow_redirects=False
            )
            async with asking as answer:
                return Reply(answer.status, answer.headers, await answer.read())
        except aiohttp.ClientConnectorError as error:
            raise NotThereError(type(error).__name__) from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise DeliveryError(type(error).__name__) from None
