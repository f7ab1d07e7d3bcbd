"""What a file is, by its content: never by its name, nor by what the phone says of it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.documents.refusals import Refusal


class FileType(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"


_PNG = b"\x89PNG\r\n\x1a\n"
_HEIF = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
_HEAD = 4096
"""So far in, browsers look for a page (WHATWG MIME Sniffing §7 looks at less)."""
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|\?php)[\s>]", re.IGNORECASE)
_SCRIPT = re.compile(rb"<(?:script|iframe|\?php|!doctype\s+html)[\s>]", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"
_ZIP_END_WITHIN = 65_557
"""An archive's directory stands at most so far from the end of the file (APPNOTE 4.3.16)."""
_PDF = re.compile(rb"%PDF-\d")
_OTHERS = (_PNG, b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x7fELF")


@dataclass(frozen=True, slots=True)
class Looked:
    """`refusal` when the file is not to be opened at all; else its type."""

    type: FileType | None
    refusal: Refusal | None = None


def look(content: bytes) -> Looked:
    """The file's type, or why it is refused unopened: of no type that is taken, or of two at once (a polyglot)."""
    found = type_of(content)
    if found is None:
        heic = content[4:8] == b"ftyp" and content[8:12] in _HEIF
        return Looked(None, Refusal.HEIC if heic else Refusal.UNKNOWN_TYPE)
    return Looked(found, Refusal.HIDDEN_CONTENT if _two_at_once(found, content) else None)


def type_of(content: bytes) -> FileType | None:
    """By its first bytes, which have to be the very first: what begins elsewhere is refused."""
    if content.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if content.startswith(_PNG):
        return FileType.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileType.WEBP
    return FileType.PDF if _PDF.match(content) else None


def _two_at_once(found: FileType, content: bytes) -> bool:
    if _ends_an_archive(content) or _MARKUP.search(content, 0, _HEAD):
        return True
    if found is FileType.PDF:
        after = content[content.rfind(b"%%EOF") + 5 :].lstrip() if b"%%EOF" in content else b""
        return bool(_MARKUP.search(after)) or after.startswith(_OTHERS)
    after = _after_picture(found, content)
    foreign = _PDF.search(content) or _SCRIPT.search(content) or _MARKUP.search(after)
    return bool(foreign) or after.startswith(_OTHERS)


def _ends_an_archive(content: bytes) -> bool:
    """Whether programs that unpack would take it for an archive: they read from the end."""
    tail = content[-_ZIP_END_WITHIN:]
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        comment = int.from_bytes(tail[at + 20 : at + 22], "little")
        if at + 22 + comment <= len(tail) and b"PK\x01\x02" in content:
            return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False


def _after_picture(found: FileType, content: bytes) -> bytes:
    """What stands behind the picture's own end: phones leave something there, and so does who hides something."""
    match found:
        case FileType.JPEG:
            end = content.rfind(b"\xff\xd9") + 2
        case FileType.PNG:
            at = content.rfind(b"IEND\xaeB`\x82")
            end = at + 8 if at >= 0 else len(content)
        case _:
            end = 8 + int.from_bytes(content[4:8], "little")
    return content[end:]
