"""A lawful request beyond any agreement: of one person, for one case, passed by two people, over after some days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.exchange.terms import Datum


class RequestGround(StrEnum):
    """What makes the operator answer. Each has its article."""

    COURT_ORDER = "court_order"
    CRIMINAL_INVESTIGATION = "criminal_investigation"
    PROSECUTOR = "prosecutor"
    SEARCH_FOR_MISSING = "search_for_missing"


CITATIONS = {
    RequestGround.COURT_ORDER: "152-FZ art. 6(1)(3): execution of a judicial act",
    RequestGround.CRIMINAL_INVESTIGATION: "UPK RF art. 21(4): an investigator's request in a criminal case",
    RequestGround.PROSECUTOR: "2202-1-FZ art. 22: a prosecutor's demand",
    RequestGround.SEARCH_FOR_MISSING: "3-FZ art. 13(1)(4): the police look for a missing person",
}
ANSWER_LIVES = timedelta(days=5)
"""So long an answer can be had once it was approved. Whoever needs it later asks again, and is counted again."""
WAITS = timedelta(days=10)
"""So long a request waits for the second person."""
LONGEST_PERIOD = timedelta(days=366)


class RequestStatus(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    LAPSED = "lapsed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: `categories` of one person's data, as far as they are of the days from `first` to `last`."""

    ground: RequestGround
    case_number: str
    categories: frozenset[Datum]
    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


def faults(asked: Asked, today: date) -> list[str]:
    """The members that cannot be as they are."""
    wrong = {
        "case_number": not asked.case_number.strip(),
        "categories": not asked.categories,
        "last": not asked.first <= asked.last <= today,
        "first": asked.last - asked.first > LONGEST_PERIOD,
    }
    return [member for member, is_wrong in wrong.items() if is_wrong]


def status_of(
    asked_at: datetime, approved_at: datetime | None, declined_at: datetime | None, now: datetime
) -> RequestStatus:
    if declined_at is not None:
        return RequestStatus.DECLINED
    if approved_at is None:
        return RequestStatus.WAITING if now < asked_at + WAITS else RequestStatus.LAPSED
    return RequestStatus.APPROVED if now < approved_at + ANSWER_LIVES else RequestStatus.EXPIRED
