"""What the headers of tus 1.0 say (https://tus.io/protocols/resumable-upload): resumable uploads over HTTP."""

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

VERSION = "1.0.0"
EXTENSIONS = ("creation", "termination", "checksum", "expiration")
ALGORITHMS = ("sha256", "sha1")
CONTENT_TYPE = "application/offset+octet-stream"
PATH = "/v1/me/uploads"
_DIGITS, _MOST = 18, 1000


class TusError(ValueError):
    """A header does not say what it has to. `header` is its name."""

    def __init__(self, header: str) -> None:
        super().__init__(header)
        self.header = header


@dataclass(frozen=True, slots=True)
class Target:
    """Which page of which version of which document a file is to be."""

    document_id: UUID
    version: int
    page: int


@dataclass(frozen=True, slots=True)
class Checksum:
    algorithm: str
    digest: bytes


def number(header: str, text: str | None) -> int:
    """A whole number that is not negative; TusError for anything else."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise TusError(header)
    return int(text)


def metadata(text: str | None) -> dict[str, str]:
    """`Upload-Metadata`: keys, each with a Base64 value or none. TusError when it is not that."""
    found: dict[str, str] = {}
    for pair in (text or "").split(","):
        if not pair.strip():
            continue
        key, _, value = pair.strip().partition(" ")
        try:
            decoded = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            raise TusError("Upload-Metadata") from None
        if not key or key in found:
            raise TusError("Upload-Metadata")
        found[key] = decoded
    return found


def target(text: str | None) -> Target:
    """`document`, `version` and `page` of the metadata; a name of the file or its type is not looked at."""
    told = metadata(text)
    try:
        document_id = UUID(told["document"])
    except (KeyError, ValueError):
        raise TusError("Upload-Metadata") from None
    numbers = [number("Upload-Metadata", told.get(name, "1").strip()) for name in ("version", "page")]
    if not all(1 <= each <= _MOST for each in numbers):
        raise TusError("Upload-Metadata")
    return Target(document_id, *numbers)


def checksum(text: str | None) -> Checksum | None:
    """`Upload-Checksum`. TusError for another algorithm, or what is no digest of it."""
    if text is None:
        return None
    algorithm, _, encoded = text.strip().partition(" ")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise TusError("Upload-Checksum") from None
    if algorithm not in ALGORITHMS or len(digest) != {"sha256": 32, "sha1": 20}[algorithm]:
        raise TusError("Upload-Checksum")
    return Checksum(algorithm, digest)
