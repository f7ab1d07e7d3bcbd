"""A ZIP that is made while it is sent: no more of it is in memory than one piece of one file."""

import io
import zipfile
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

from services.documents.queries import Opened


class _Sink(io.RawIOBase):
    """What a ZIP is written to, that cannot go back in it. `taken` gives what has come since."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(self._pieces[-1])

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


async def packed(
    texts: Iterable[tuple[str, bytes]], files: Iterable[tuple[str, Opened]], made_at: datetime
) -> AsyncIterator[bytes]:
    """Texts are compressed; files, which are pictures, are not. The same at the same moment, byte for byte."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in texts:
            archive.writestr(_entry(name, made_at), text, zipfile.ZIP_DEFLATED)
            yield sink.taken()
        for name, opened in files:
            with archive.open(_entry(name, made_at), "w") as entry:
                async for piece in opened.body:
                    entry.write(piece)
                    yield sink.taken()
    yield sink.taken()


def _entry(name: str, made_at: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, made_at.timetuple()[:6])
