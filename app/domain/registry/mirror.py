"""The way of an event to the regional registry: its states, what an answer leads to, and when to raise the alarm."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.backoff import backoff

LOCATION, DOCUMENT = "location", "document"
KINDS = (LOCATION, DOCUMENT)
ACTS = ("manzil.mirror.put.v1", "manzil.mirror.remove.v1", "manzil.mirror.erase.v1", "manzil.mirror.tombstone.v1")
"""What an event may do, as the wire names it (`app.wire.bodies.Act`)."""


def source_of(region: str) -> str:
    """By which name the mirror of a region is known to its registry."""
    return f"urn:manzil:{region}"


PATIENCE = timedelta(seconds=5)
"""How long the registry may take for one request, unless the settings say otherwise."""


def lease_of(patience: timedelta) -> timedelta:
    """How long a worker may have a person: whom a dead one had is taken up by another after that. Nothing is begun for
    them that could last longer, so nobody sends for a person beside another.
    """
    return 2 * patience


LEASE = lease_of(PATIENCE)
AT_ONCE = 64
"""Events in one message, where the registry takes several."""
ACKNOWLEDGED_WITHIN = timedelta(minutes=1)
"""What was received and not acknowledged by then is sent again: the registry then tells again what became of it."""
MOST_FAULTS = 20
"""So many failures of the registry's own over one event, and it is the event that is at fault."""

ERASED_WITHIN = timedelta(days=30)
"""After a withdrawal (152-FZ art. 21 part 5)."""
ESCALATED_AFTER = timedelta(days=3)
"""Without a receipt, people are told while there is time to do something."""


def together_with(attempts: int) -> int:
    """How many events may go in one message with one that is tried for the so-manieth time: fewer each time, in the end
    none beside it, so that what the registry fails over does not take others with it.
    """
    return max(AT_ONCE >> max(attempts - 2, 0), 1)


class MirrorStatus(StrEnum):
    """`sent`: it may be there. `received`: stored there for good. Only `applied` counts as mirrored."""

    QUEUED = "queued"
    SENT = "sent"
    RECEIVED = "received"
    APPLIED = "applied"
    REJECTED = "rejected"


UNDELIVERED = frozenset({MirrorStatus.QUEUED, MirrorStatus.SENT})
SETTLED = frozenset({MirrorStatus.APPLIED, MirrorStatus.REJECTED})


class Verdict(StrEnum):
    """What came of sending. `busy`: not now. `fault`: the registry failed over it. `unknown`: no answer, it may be
    there. `away`: nobody is there at all. `refused`: never, as it is.
    """

    RECEIVED = "received"
    BUSY = "busy"
    FAULT = "fault"
    UNKNOWN = "unknown"
    AWAY = "away"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """`retry_after`: how long the registry asks to be left alone. `reason`: a code of its contract."""

    verdict: Verdict
    reason: str | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ReadThere:
    """That somebody at the registry read what was mirrored of a person. `number` is by which the registry is told that
    we know; `id` names the use. `kinds`: of what was read, never what it says.
    """

    number: int
    id: UUID
    at: datetime
    subject: UUID
    reader: str
    purpose: str
    ground: str
    kinds: tuple[str, ...]


class Then(StrEnum):
    RECEIVED = "received"
    AGAIN = "again"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of the event, and when it is tried again, if it is."""

    then: Then
    at: datetime | None = None


def after(answer: Answer, tries: int, now: datetime) -> Next:
    """What follows from the answer to the `tries`-th try. An outage kills nothing, however long it lasts."""
    match answer.verdict:
        case Verdict.RECEIVED:
            return Next(Then.RECEIVED)
        case Verdict.REFUSED:
            return Next(Then.DEAD)
        case Verdict.FAULT if tries >= MOST_FAULTS:
            return Next(Then.DEAD)
    return Next(Then.AGAIN, now + max(answer.retry_after or timedelta(0), backoff(tries)))
