"""Files that outlive a power cut: the content is on the disk before its name is, and the name before we go on."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def sync(path: Path) -> None:
    """Puts a file's content, or a folder's entries, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_once(path: Path, content: bytes) -> None:
    """Makes a file of mode 0600 unless it is there already: of several writers at once, the first one's stands."""
    draft = _draft(path, content)
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    sync(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Makes or replaces a file of mode 0600; a reader sees the old content or the new, never a part."""
    _draft(path, content).replace(path)
    sync(path.parent)


def remove(path: Path) -> None:
    """For good, also where it was gone already: whoever removed it may not have come so far as to sync. A draft that a
    killed writer left is the same content under another name.
    """
    for there in (path, *path.parent.glob(f".{path.name}.*")):
        there.unlink(missing_ok=True)
    if path.parent.exists():
        sync(path.parent)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
