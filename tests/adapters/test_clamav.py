"""ClamAV's protocol, against a daemon of our own that speaks it: over TCP and over a unix socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.adapters.clamav import ClamAv
from app.ports import DeliveryError

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless file that every scanner takes for a virus (https://www.eicar.org)."""
LIMIT = 1_000_000


async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One INSTREAM, as clamd answers it."""
    assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
    content = b""
    while size := int.from_bytes(await reader.readexactly(4), "big"):
        content += await reader.readexactly(size)
        if len(content) > LIMIT:
            writer.write(b"INSTREAM size limit exceeded. ERROR\0")
            break
    else:
        writer.write(b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0")
    await writer.drain()
    writer.close()


@asynccontextmanager
async def daemon(kind: str, folder: Path) -> AsyncIterator[str]:
    """Its address."""
    if kind == "unix":
        server: asyncio.Server = await asyncio.start_unix_server(speak, folder / "clamd")
        address = f"unix:{folder / 'clamd'}"
    else:
        server = await asyncio.start_server(speak, "127.0.0.1", 0)
        address = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield address


@pytest.mark.parametrize("kind", ["unix", "tcp"])
async def test_a_virus_is_found_and_what_has_none_passes(kind: str, tmp_path: Path) -> None:
    async with daemon(kind, tmp_path) as address:
        scanner = ClamAv(address)
        assert await scanner.infected(b"a" * 200_000 + EICAR) is True
        assert await scanner.infected(b"a" * 200_000) is False
        assert await scanner.infected(b"") is False


async def test_what_it_cannot_say_is_no_all_clear(tmp_path: Path) -> None:
    async with daemon("unix", tmp_path) as address:
        with pytest.raises(DeliveryError):
            await ClamAv(address).infected(bytes(LIMIT + 1))
    with pytest.raises(DeliveryError):
        await ClamAv(f"unix:{tmp_path / 'nobody'}").infected(b"x")


@pytest.mark.parametrize("address", ["clamd", "unix:", "tcp://host", "http://host:1"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="MANZIL_CLAMAV"):
        ClamAv(address)
