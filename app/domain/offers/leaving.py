"""When to leave for a visit: early enough for one's turn, and no earlier than the queue makes sense of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.queue.terms import QueueTerms

SPARE = timedelta(minutes=5)
"""Between arriving and one's time; and between arriving and losing one's turn, where the queue is late."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """When to leave and when one then arrives."""

    leave_at: datetime
    arrive_at: datetime


def leaving(booked_for: datetime, travel: timedelta, terms: QueueTerms, least: datetime | None = None) -> Leaving:
    """`least`: before which one is hardly called. Who comes later than booked by no more than `terms.late` keeps their
    turn: half of that may be used, however late the queue is; the other half is for what happens on the way.
    """
    slack = max(timedelta(0), (least or booked_for) - booked_for)
    arrive_at = booked_for - SPARE + min(slack, terms.late / 2)
    return Leaving(arrive_at - travel, arrive_at)
