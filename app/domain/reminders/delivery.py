"""The way of one message to one phone, number or address: what a carrier may answer, and what follows from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.backoff import backoff


class DeliveryStatus(StrEnum):
    """`sending`: a worker has it, until its lease ends. `accepted`: the carrier has it. `failed`: it never will.
    `lapsed`: its time was over. `withdrawn`: what it told is not so any more. `spared`: another way came first.
    """

    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED = "failed"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    SPARED = "spared"


OPEN = frozenset({DeliveryStatus.WAITING, DeliveryStatus.SENDING})


class Verdict(StrEnum):
    """What a carrier said. `gone`: the address is nobody's any more. `refused`: this message never goes there.
    `busy`: not now. `quota`: too much of it. `unknown`: no answer, and it may have the message.
    """

    ACCEPTED = "accepted"
    GONE = "gone"
    REFUSED = "refused"
    BUSY = "busy"
    QUOTA = "quota"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """`reference`: the carrier's own name of the message. `retry_after`: how long it asks to be left alone."""

    verdict: Verdict
    reference: str | None = None
    retry_after: timedelta | None = None
    reason: str | None = None


PATIENCE = timedelta(seconds=5)
"""How long a carrier may take for one message."""
LEASE = timedelta(seconds=8)
"""How long a worker may have a message: what a dead one had is sent by another after that."""
MOST_TRIES = 20
_QUOTA = timedelta(minutes=1)
"""FCM asks for a minute at least after its quota is exceeded, if it does not say how long."""


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a delivery: its status, and when it is tried again, if it is."""

    status: DeliveryStatus
    at: datetime | None = None


def after(answer: Answer, tries: int, now: datetime, expires_at: datetime) -> Next:
    """What follows from an answer to the `tries`-th try, counted from 1. What would come too late is not tried."""
    match answer.verdict:
        case Verdict.ACCEPTED:
            return Next(DeliveryStatus.ACCEPTED)
        case Verdict.GONE | Verdict.REFUSED:
            return Next(DeliveryStatus.FAILED)
        case Verdict.QUOTA:
            wait = answer.retry_after or _QUOTA * 2 ** min(tries - 1, 3)
        case _:
            wait = max(backoff(tries), answer.retry_after or timedelta(0))
    if tries >= MOST_TRIES:
        return Next(DeliveryStatus.FAILED)
    if now + wait >= expires_at:
        return Next(DeliveryStatus.LAPSED)
    return Next(DeliveryStatus.WAITING, now + wait)
