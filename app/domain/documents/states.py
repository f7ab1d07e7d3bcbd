"""The life of a file: uploading → checking → ready or refused. A version of a document is ready when its files are."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class FileState(StrEnum):
    UPLOADING = "uploading"
    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"


KEPT = frozenset({FileState.UPLOADING, FileState.CHECKING, FileState.READY})
"""A page has one of these at most: a refused one may be sent again."""


def state_of(files: Mapping[int, Collection[FileState]], pages: int) -> FileState:
    """The state of a version with so many pages, by the states of what was sent for each (from 1).

    It is *refused* while one of its pages was refused and not sent anew, *uploading* while one is missing.
    """
    best = {page: _best(files.get(page, ())) for page in range(1, pages + 1)}
    if FileState.REFUSED in best.values():
        return FileState.REFUSED
    if None in best.values() or FileState.UPLOADING in best.values():
        return FileState.UPLOADING
    return FileState.CHECKING if FileState.CHECKING in best.values() else FileState.READY


def _best(states: Collection[FileState]) -> FileState | None:
    for state in (FileState.READY, FileState.CHECKING, FileState.UPLOADING, FileState.REFUSED):
        if state in states:
            return state
    return None
