"""One consent: its record's state, and what may happen to it. The database holds the same rules (`migrations/sql`)."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.consents.purposes import ConsentPurpose
from app.domain.consents.status import LIVE, ConsentStatus, may_follow

ANSWER_WITHIN = timedelta(days=30)
"""For how long a request waits for an answer."""
RENEW_FROM = timedelta(days=60)
"""How long before its end a consent may be renewed: a yes to the next year is not asked for with the first."""


class Expression(StrEnum):
    """How it was said. *Guardian*: by who acts for a minor, then the delegate; *witnessed*: aloud before a witness."""

    TAP = "tap"
    WITNESSED = "witnessed"
    GUARDIAN = "guardian"


class Reason(StrEnum):
    """Why a consent ended that nobody withdrew."""

    NOT_ANSWERED = "not_answered"
    TAKEN_BACK = "taken_back"
    NEW_TERMS = "new_terms"
    PROTECTED = "protected"
    OF_AGE = "of_age"
    MERGED = "merged"


class Refusal(ValueError):
    """The consent cannot come to be in that state."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a person decides which consents there can be. Both are taken for what protects them more if unknown.

    `mirrors`: whether their pathway is mirrored at all: that of refugees and of who seeks asylum never is.
    `minor_until`: the day on which they come of age, if they are a minor today.
    """

    mirrors: bool = False
    minor_until: date | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What was shown: its id and version, in which language, and the SHA-256 of the very text (UTF-8)."""

    id: str
    version: str
    language: str
    sha256: bytes

    def same_terms(self, other: "Notice") -> bool:
        """Whether both say the same, perhaps in two languages."""
        return (self.id, self.version) == (other.id, other.version)


@dataclass(frozen=True, slots=True)
class Consent:
    """A record as it stands."""

    purpose: ConsentPurpose
    scope: str | None
    status: ConsentStatus
    notice: Notice
    since: datetime
    expires_at: datetime
    expression: Expression = Expression.TAP

    def live(self, now: datetime) -> bool:
        """Whether it allows something now. What is past its end is over, whether or not that was written down yet."""
        return self.status in LIVE and now < self.expires_at


def requested(purpose: ConsentPurpose, scope: str | None, notice: Notice, now: datetime) -> Consent:
    """How a record begins."""
    return Consent(purpose, scope, ConsentStatus.REQUESTED, notice, now, now + ANSWER_WITHIN)


def given(consent: Consent, notice: Notice, expression: Expression, now: datetime, until: datetime) -> Consent:
    """Refusal unless it was asked for and is still open."""
    _check(consent, ConsentStatus.GIVEN, now)
    if now >= consent.expires_at or until <= now:
        raise Refusal("too late")
    return replace(
        consent, status=ConsentStatus.GIVEN, notice=notice, since=now, expires_at=until, expression=expression
    )


def renewed(consent: Consent, notice: Notice, expression: Expression, now: datetime, until: datetime) -> Consent:
    """Refusal for one that is over, for other terms than it was given on, and for one that would not last longer."""
    _check(consent, ConsentStatus.RENEWED, now)
    if not consent.live(now) or not notice.same_terms(consent.notice) or until <= consent.expires_at:
        raise Refusal("nothing to renew")
    return replace(
        consent, status=ConsentStatus.RENEWED, notice=notice, since=now, expires_at=until, expression=expression
    )


def renewable(consent: Consent, now: datetime) -> bool:
    """Whether its end is near enough."""
    return consent.live(now) and consent.expires_at - now <= RENEW_FROM


def ended(consent: Consent, status: ConsentStatus, now: datetime) -> Consent:
    """Refused, invalidated, withdrawn, revoked or expired. Refusal where that cannot follow, or too soon to expire."""
    if status in LIVE or status is ConsentStatus.REQUESTED:
        raise Refusal("not an end")
    _check(consent, status, now)
    if status is ConsentStatus.EXPIRED and now < consent.expires_at:
        raise Refusal("its time has not come")
    return replace(consent, status=status, since=now)


def _check(consent: Consent, status: ConsentStatus, now: datetime) -> None:
    if not may_follow(consent.status, status) or now < consent.since:
        raise Refusal(f"{status} after {consent.status}")


def fault_of(consent: Consent, standing: Standing) -> Reason | None:
    """Why a live consent can no longer stand, for somebody who is found to be another than was thought."""
    if consent.purpose.leaves and not standing.mirrors:
        return Reason.PROTECTED
    if consent.expression is Expression.GUARDIAN and standing.minor_until is None:
        return Reason.OF_AGE
    return None


def term_of(now: datetime, months: int, standing: Standing, zone: ZoneInfo) -> datetime:
    """Until when a consent of so many calendar months is good; a minor's ends as their day of age begins."""
    local = now.astimezone(zone)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    # The same wall clock; arithmetic on the date keeps a summer time that begins or ends between out of it.
    until = datetime.combine(date(year, month + 1, day), local.timetz().replace(tzinfo=None), zone)
    if standing.minor_until is not None:
        until = min(until, datetime.combine(standing.minor_until, time(), zone))
    return until.astimezone(now.tzinfo)
