"""ClamAV's daemon over its socket: one INSTREAM a file (https://docs.clamav.net/manual/Usage/Scanning.html#clamd)."""

import asyncio
from urllib.parse import urlsplit

from app.ports import DeliveryError

_PIECE = 64 * 1024
_PATIENCE = 60.0
_CLEAN, _FOUND = b"OK", b"FOUND"


class ClamAv:
    """`address`: `unix:/path` or `tcp://host:port`. ValueError for anything else."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._path = parts.path if parts.scheme == "unix" else None
        self._host, self._port = parts.hostname, parts.port
        if not (self._path or (parts.scheme == "tcp" and self._host and self._port)):
            raise ValueError("MANZIL_CLAMAV is unix:/path or tcp://host:port")

    async def infected(self, content: bytes) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._ask(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise DeliveryError(f"ClamAV does not answer: {type(error).__name__}") from None
        verdict = answer.rstrip(b"\0\n ").rpartition(b" ")[2]
        if verdict not in {_CLEAN, _FOUND}:
            raise DeliveryError("ClamAV could not scan a file")
        return verdict == _FOUND

    async def _ask(self, content: bytes) -> bytes:
        reader, writer = await self._connected()
        try:
            writer.write(b"zINSTREAM\0")
            for first in range(0, len(content), _PIECE):
                piece = content[first : first + _PIECE]
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return await reader.readuntil(b"\0")
        finally:
            writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._path:
            return await asyncio.open_unix_connection(self._path)
        return await asyncio.open_connection(self._host, self._port)
