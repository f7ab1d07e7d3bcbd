"""What is mirrored: for each kind, which events tell of it, for which purpose, and how its content is read.

A feature that has something to mirror tells of it by an outbox event; its row here is all that the mirror needs.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.db.unit_of_work import Writing
from app.domain.consents.purposes import ConsentPurpose
from services.outbox.commands import Payload
from services.registry.queueing import Item

Read = Callable[[Writing, UUID, Payload], Awaitable[Item | None]]
Current = Callable[[Writing, UUID, str | None], Awaitable[Sequence[Item]]]


@dataclass(frozen=True, slots=True)
class Source:
    """`stored`: the topic that tells of a new state, which `read` reads; None when it is gone again. `removed`: the
    topic that tells that something is no more, and `key` finds its name in that event. `current`: all there is of a
    person, for a consent that comes later; of one scope, if the purpose has scopes.
    """

    kind: str
    purpose: ConsentPurpose
    stored: str
    read: Read
    current: Current
    removed: str | None = None
    key: Callable[[Payload], str] = lambda _: "latest"


SOURCES: tuple[Source, ...] = ()
