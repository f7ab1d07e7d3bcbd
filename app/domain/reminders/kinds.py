"""The kinds of message: over which channels each goes, until when it is of use, and where a tap leads."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from enum import StrEnum
from zoneinfo import ZoneInfo

DEADLINE_DAYS = (14, 7, 3, 1)
"""So many days before a deadline it is told of: the text counts them anew when it is read."""


class Kind(StrEnum):
    VISIT_TOMORROW = "visit_tomorrow"
    VISIT_IN_TWO_HOURS = "visit_in_two_hours"
    LEAVE_NOW = "leave_now"
    TURN_NEAR = "turn_near"
    CALLED = "called"
    VISIT_MOVED = "visit_moved"
    POINT_CLOSED = "point_closed"
    DOCUMENTS_TO_BRING = "documents_to_bring"
    STEP_DONE = "step_done"
    DEADLINE_NEAR = "deadline_near"
    PAPER_EXPIRING = "paper_expiring"
    TAX_DUE = "tax_due"
    PATENT_RENEWAL = "patent_renewal"
    WAITLIST_OFFER = "waitlist_offer"
    EMPLOYER_REQUEST = "employer_request"
    CONSENT_CHANGED = "consent_changed"
    DATA_USED = "data_used"
    COMPLAINT_ANSWERED = "complaint_answered"
    COMPLAINT_LATE = "complaint_late"


class Channel(StrEnum):
    """Ways to a person. The inbox always has the message; the others tell that it is there."""

    INBOX = "inbox"
    PUSH = "push"
    SMS = "sms"
    EMAIL = "email"


class Urgency(StrEnum):
    """What a stranger who sees the phone may learn: how soon to look, and nothing else."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"
    NEWS = "news"


class UsefulUntil(StrEnum):
    """What ends the use of a message. `EVENT`: what it tells of (a visit's start, an offer's end)."""

    DAY_BEGINS = "day_begins"
    EVENT = "event"
    DAY_ENDS = "day_ends"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class KindRule:
    """`channels` in the order to try; the inbox is besides. `until` plus `grace` is the instant after which the
    message is not sent. `link` is a path in the app, `{id}` the subject's own id (a step's is its code).
    `essential`: by law something is lost if it is missed, so it is muted only after a plain warning.
    """

    urgency: Urgency
    channels: tuple[Channel, ...]
    until: UsefulUntil
    grace: timedelta
    link: str
    essential: bool = False


_NOTHING = timedelta(0)
_PUSH = (Channel.PUSH,)
_PUSH_SMS = (Channel.PUSH, Channel.SMS)
_PUSH_EMAIL = (Channel.PUSH, Channel.EMAIL)
_ALL = (Channel.PUSH, Channel.SMS, Channel.EMAIL)

KINDS: dict[Kind, KindRule] = {
    # "Tomorrow" is wrong from the local midnight on.
    Kind.VISIT_TOMORROW: KindRule(Urgency.SOON, _PUSH_SMS, UsefulUntil.DAY_BEGINS, _NOTHING, "/visits/{id}"),
    Kind.VISIT_IN_TWO_HOURS: KindRule(Urgency.TODAY, _PUSH_SMS, UsefulUntil.EVENT, _NOTHING, "/visits/{id}"),
    Kind.LEAVE_NOW: KindRule(Urgency.NOW, _PUSH, UsefulUntil.EVENT, _NOTHING, "/visits/{id}/way"),
    Kind.TURN_NEAR: KindRule(Urgency.NOW, _PUSH, UsefulUntil.DUE, timedelta(minutes=30), "/tickets/{id}"),
    Kind.CALLED: KindRule(Urgency.NOW, _PUSH, UsefulUntil.DUE, timedelta(minutes=10), "/tickets/{id}"),
    Kind.VISIT_MOVED: KindRule(Urgency.TODAY, _ALL, UsefulUntil.EVENT, _NOTHING, "/visits/{id}"),
    Kind.POINT_CLOSED: KindRule(
        Urgency.TODAY, _ALL, UsefulUntil.EVENT, _NOTHING, "/visits/{id}/reschedule", essential=True
    ),
    Kind.DOCUMENTS_TO_BRING: KindRule(Urgency.SOON, _PUSH, UsefulUntil.EVENT, _NOTHING, "/visits/{id}/documents"),
    Kind.STEP_DONE: KindRule(Urgency.NEWS, _PUSH, UsefulUntil.DUE, timedelta(days=7), "/pathway"),
    Kind.DEADLINE_NEAR: KindRule(
        Urgency.SOON, _ALL, UsefulUntil.DAY_ENDS, _NOTHING, "/pathway/steps/{id}", essential=True
    ),
    Kind.PAPER_EXPIRING: KindRule(
        Urgency.SOON, _PUSH_EMAIL, UsefulUntil.DAY_ENDS, _NOTHING, "/documents/{id}", essential=True
    ),
    Kind.TAX_DUE: KindRule(Urgency.SOON, _ALL, UsefulUntil.DAY_ENDS, _NOTHING, "/pathway/steps/{id}", essential=True),
    Kind.PATENT_RENEWAL: KindRule(
        Urgency.SOON, _ALL, UsefulUntil.DAY_ENDS, _NOTHING, "/pathway/steps/{id}", essential=True
    ),
    Kind.WAITLIST_OFFER: KindRule(Urgency.TODAY, _PUSH_SMS, UsefulUntil.EVENT, _NOTHING, "/visits/{id}/offers"),
    Kind.EMPLOYER_REQUEST: KindRule(
        Urgency.NEWS, _PUSH_EMAIL, UsefulUntil.DUE, timedelta(days=14), "/employer-requests/{id}"
    ),
    Kind.CONSENT_CHANGED: KindRule(
        Urgency.NEWS, _PUSH_EMAIL, UsefulUntil.DUE, timedelta(days=30), "/consents/{id}", essential=True
    ),
    Kind.DATA_USED: KindRule(Urgency.NEWS, _PUSH, UsefulUntil.DUE, timedelta(days=7), "/data-uses"),
    Kind.COMPLAINT_ANSWERED: KindRule(
        Urgency.NEWS, _PUSH_EMAIL, UsefulUntil.DUE, timedelta(days=30), "/complaints/{id}"
    ),
    Kind.COMPLAINT_LATE: KindRule(Urgency.NEWS, _PUSH_EMAIL, UsefulUntil.DUE, timedelta(days=30), "/complaints/{id}"),
}

AT_THE_POINT = frozenset({Kind.TURN_NEAR, Kind.CALLED})
"""The person stands in the hall: each goes out by itself and at once, whatever else there is to tell."""


def useful_until(kind: Kind, *, due_at: datetime, event: datetime | date | None, zone: ZoneInfo) -> datetime:
    """The instant from which the message is pointless and is not sent.

    `event` is what it tells of: an instant (a visit's start, an offer's end) or a legal day; `zone` that of the
    point, or of the region for legal days. Raises `ValueError` when the kind needs an event and there is none.
    """
    rule = KINDS[kind]
    if rule.until is UsefulUntil.DUE:
        return due_at + rule.grace
    if event is None:
        raise ValueError("this kind tells of an event, and none is named")
    if rule.until is UsefulUntil.EVENT and isinstance(event, datetime):
        return event + rule.grace
    day = event.astimezone(zone).date() if isinstance(event, datetime) else event
    if rule.until is not UsefulUntil.DAY_BEGINS:
        day += timedelta(days=1)
    return datetime.combine(day, time_of_day.min, zone) + rule.grace
