"""How files are sealed: AES-256-GCM in chunks under a key of each file's own, which is sealed with the person's.

A stored object is chunk after chunk, each a nonce (12 bytes), the ciphertext and its tag (16): chunks of CHUNK_BYTES,
the last one shorter. With each are authenticated: the document, its version and page, whether it is the content or
the preview, the chunk's number and whether it is the last. So nothing opens that was changed, moved to another page,
put in another order or cut short; and it can be opened while it is read. NIST SP 800-38D; the way of STREAM (Hoang,
Reyhanitabar, Rogaway, Vizár 2015). Erasing the person's key erases every file.
"""

import secrets
import struct
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

from app.db.unit_of_work import Reading
from app.domain.documents.limits import CHUNK_BYTES, PART_BYTES
from app.models.documents import DocumentFile
from app.ports import TamperedError

FIELD = "document_files.secret"
_KEY, _NONCE, _TAG = 32, 12, 16
_FRAME = _NONCE + CHUNK_BYTES + _TAG
_CONTENT, _PREVIEW = b"content.", b"preview."


@dataclass(frozen=True, slots=True)
class Secret:
    """`digest`: SHA-256 of the clean content; empty until the file is ready."""

    key: bytes
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class Part:
    """What came of a file at once: where the bytes from `first` on lie, sealed."""

    first: int
    size: int
    object: str


@dataclass(frozen=True, slots=True)
class Place:
    """What a stored object is of: it opens as nothing else."""

    document_id: UUID
    version: int
    page: int
    preview: bool = False

    def bound(self, chunk: int, *, last: bool) -> bytes:
        kind = _PREVIEW if self.preview else _CONTENT
        return kind + self.document_id.bytes + struct.pack(">HHI?", self.version, self.page, chunk, last)


def new_key() -> bytes:
    return secrets.token_bytes(_KEY)


async def seal_secret(uow: Reading, person_id: UUID, secret: Secret) -> bytes:
    return await uow.vault.seal(person_id, FIELD, secret.key + secret.digest)


async def secret_of(uow: Reading, file: DocumentFile) -> Secret:
    """ErasedError when the person's key is gone."""
    opened = await uow.vault.open(file.person_id, FIELD, file.secret_sealed)
    return Secret(opened[:_KEY], opened[_KEY:])


class PartSeal:
    """Seals what comes of a file from its byte `first` on, up to PART_BYTES, while it comes: it is never held plain.

    Every byte is touched once, on its way into a buffer that is used again: on a machine that receives much, new memory
    and copies would cost more than AES does. The result is laid out as a chunk is.
    """

    def __init__(self, key: bytes, file_id: UUID, first: int) -> None:
        self.first, self.size = first, 0
        self._buffer = _spare.pop() if _spare else memoryview(bytearray(_NONCE + PART_BYTES + _TAG + _SLACK))
        nonce = secrets.token_bytes(_NONCE)
        self._buffer[:_NONCE] = nonce
        self._cipher = Cipher(AES(key), GCM(nonce)).encryptor()
        self._cipher.authenticate_additional_data(_bound_part(file_id, first))

    @property
    def room(self) -> int:
        return PART_BYTES - self.size

    def add(self, data: memoryview) -> None:
        """No more than there is room for."""
        self._cipher.update_into(data, self._buffer[_NONCE + self.size :])
        self.size += len(data)

    def sealed(self) -> memoryview:
        """All of it. Good until `release`."""
        self._cipher.finalize()
        end = _NONCE + self.size
        self._buffer[end : end + _TAG] = self._cipher.tag
        return self._buffer[: end + _TAG]

    def release(self) -> None:
        """Gives the buffer back, once nobody reads from it any more."""
        if len(_spare) < _MOST_SPARE:
            _spare.append(self._buffer)
        self._buffer = memoryview(b"")


_SLACK, _MOST_SPARE = 15, 8
"""OpenSSL wants so much room behind what it writes; a process keeps so many buffers."""
_spare: list[memoryview] = []


def open_part(key: bytes, file_id: UUID, first: int, sealed: bytes) -> bytes:
    return _opened(AESGCM(key), sealed, _bound_part(file_id, first))


def _bound_part(file_id: UUID, first: int) -> bytes:
    return b"part...." + file_id.bytes + struct.pack(">I", first)


def seal_content(key: bytes, place: Place, plain: bytes) -> bytes:
    return b"".join(_sealed_chunks(AESGCM(key), place, plain))


def _sealed_chunks(cipher: AESGCM, place: Place, plain: bytes) -> Iterator[bytes]:
    for number, first in enumerate(range(0, max(len(plain), 1), CHUNK_BYTES)):
        nonce, last = secrets.token_bytes(_NONCE), first + CHUNK_BYTES >= len(plain)
        chunk = plain[first : first + CHUNK_BYTES]
        yield nonce + cipher.encrypt(nonce, chunk, place.bound(number, last=last))


async def open_content(key: bytes, place: Place, sealed: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Chunk by chunk, each checked before it is handed on. TamperedError for what is not whole and in its place."""
    cipher, buffer, number = AESGCM(key), bytearray(), 0
    async for piece in sealed:
        buffer += piece
        while len(buffer) > _FRAME:  # the last chunk is known by nothing coming after it
            yield _opened(cipher, bytes(buffer[:_FRAME]), place.bound(number, last=False))
            del buffer[:_FRAME]
            number += 1
    yield _opened(cipher, bytes(buffer), place.bound(number, last=True))


def _opened(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except (InvalidTag, ValueError):
        raise TamperedError("a file's bytes do not open: changed, moved, cut short, or of another key") from None
