"""What is mirrored: for each kind, which events tell of it, for which purpose, and how its content is read.

A feature that has something to mirror tells of it by an outbox event; its row here is all that the mirror needs.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.purposes import ConsentPurpose
from app.domain.registry.mirror import DOCUMENT, LOCATION
from services.documents.commands import REMOVED, STORED
from services.documents.queries import for_mirror, own_documents
from services.locations.commands import RECORDED
from services.locations.queries import latest_cell
from services.outbox.commands import Payload
from services.registry.queueing import Item

Read = Callable[[Writing, UUID, Payload], Awaitable[Item | None]]
Current = Callable[[Writing, UUID, str | None], Awaitable[Sequence[Item]]]
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Source:
    """`stored`: the topic that tells of a new state, which `read` reads; None when it is gone again. `scope`: which
    consent such an event needs, if the purpose has scopes. `removed`: the topic that tells that something is no more,
    and `key` its name. `current`: all there is of a person, for a consent that comes later; of that scope.
    """

    kind: str
    purpose: ConsentPurpose
    stored: str
    read: Read
    current: Current
    removed: str | None = None
    scope: Callable[[Payload], str] = lambda _: ""
    key: Callable[[Payload], str] = lambda _: LATEST


async def _cell(uow: Writing, person_id: UUID) -> Item | None:
    """The latest cell at the precision that the person chose. There is one of a person: it replaces the one before."""
    found = await latest_cell(uow, person_id, Purpose.MIRROR)
    if found is None:
        return None
    content = {"cell": found.cell, "resolution": found.resolution, "at": found.at.isoformat(timespec="minutes")}
    return Item(LOCATION, LATEST, ConsentPurpose.MIRROR_LOCATION.value, "", content)


async def _read_cell(uow: Writing, person_id: UUID, _: Payload) -> Item | None:
    return await _cell(uow, person_id)


async def _current_cell(uow: Writing, person_id: UUID, _: str | None) -> Sequence[Item]:
    item = await _cell(uow, person_id)
    return [item] if item else []


async def _document(uow: Writing, document_id: UUID) -> Item | None:
    """What the paper is and until when; never a copy of it. The digest proves later which paper it was."""
    found = await for_mirror(uow, document_id, Purpose.MIRROR)
    if found is None:
        return None
    told: dict[str, Any] = {
        "type": found.kind,
        "version": found.version,
        "issued_on": _written(found.issued_on),
        "expires_on": _written(found.expires_on),
        "digest": found.digest,
    }
    content = {name: value for name, value in told.items() if value is not None}
    return Item(DOCUMENT, str(document_id), ConsentPurpose.MIRROR_DOCUMENT.value, found.kind, content)


async def _read_document(uow: Writing, _: UUID, payload: Payload) -> Item | None:
    return await _document(uow, UUID(payload["document_id"]))


async def _current_documents(uow: Writing, person_id: UUID, scope: str | None) -> Sequence[Item]:
    views = await own_documents(uow, person_id)
    items = [await _document(uow, view.document.id) for view in views if view.document.kind == scope]
    return [item for item in items if item is not None]


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


SOURCES: tuple[Source, ...] = (
    Source(LOCATION, ConsentPurpose.MIRROR_LOCATION, RECORDED, _read_cell, _current_cell),
    Source(
        DOCUMENT,
        ConsentPurpose.MIRROR_DOCUMENT,
        STORED,
        _read_document,
        _current_documents,
        removed=REMOVED,
        scope=lambda payload: str(payload["kind"]),
        key=lambda payload: str(payload["document_id"]),
    ),
)
