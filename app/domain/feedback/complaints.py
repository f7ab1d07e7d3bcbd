"""Complaints: what they are about, how they move, and by when they have to be answered."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

LONGEST_TEXT = 4000
MOST_OPEN = 10
"""So many complaints of one person may wait for their answers."""


class ComplaintKind(StrEnum):
    """`register_entry`: what a ministry reports of the person is wrong. We hold no such entry and infer none."""

    SERVICE = "service"
    REGISTER_ENTRY = "register_entry"
    LABOUR = "labour"


class Matter(StrEnum):
    """What a complaint of that kind is about, as far as it changes where else to turn."""

    UNPAID_WAGES = "unpaid_wages"
    PAPERS_TAKEN = "papers_taken"
    NO_CONTRACT = "no_contract"
    FORCED_WORK = "forced_work"
    CONTROLLED_PERSONS = "controlled_persons"
    OTHER = "other"


MATTERS: Final = {
    ComplaintKind.SERVICE: frozenset({Matter.OTHER}),
    ComplaintKind.REGISTER_ENTRY: frozenset({Matter.CONTROLLED_PERSONS, Matter.OTHER}),
    ComplaintKind.LABOUR: frozenset(
        {Matter.UNPAID_WAGES, Matter.PAPERS_TAKEN, Matter.NO_CONTRACT, Matter.FORCED_WORK, Matter.OTHER}
    ),
}


class ComplaintStatus(StrEnum):
    RECEIVED = "received"
    IN_WORK = "in_work"
    ESCALATED = "escalated"
    ANSWERED = "answered"


_NEXT: Final = {
    ComplaintStatus.RECEIVED: frozenset({ComplaintStatus.IN_WORK, ComplaintStatus.ESCALATED, ComplaintStatus.ANSWERED}),
    ComplaintStatus.IN_WORK: frozenset({ComplaintStatus.ESCALATED, ComplaintStatus.ANSWERED}),
    # Late is not the end of it: it is answered all the same.
    ComplaintStatus.ESCALATED: frozenset({ComplaintStatus.ANSWERED}),
    ComplaintStatus.ANSWERED: frozenset[ComplaintStatus](),
}
OPEN: Final = frozenset(status for status, following in _NEXT.items() if following)


def can_become(status: ComplaintStatus, following: ComplaintStatus) -> bool:
    return following in _NEXT[status]


def is_late(status: ComplaintStatus, answer_by: date, now: datetime, zone: ZoneInfo) -> bool:
    """Whether its last day is over in the region and nobody has answered or been told yet."""
    return can_become(status, ComplaintStatus.ESCALATED) and now.astimezone(zone).date() > answer_by


def days_left(answer_by: date, now: datetime, zone: ZoneInfo) -> int:
    """0 on the last day, less after it."""
    return (answer_by - now.astimezone(zone).date()) // timedelta(days=1)


def number_of(year: int, place: int) -> str:
    """What a complaint is called: the year in which it came, and its place in that year."""
    return f"{year}-{place:06}"
