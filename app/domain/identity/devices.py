"""What a phone may do that has just come to an account. Whoever holds a stolen or recycled SIM can sign in by it."""

from collections.abc import Iterable
from datetime import datetime

from app.domain.identity.terms import DEVICE_NEW


def trusted_from(since: datetime, others: Iterable[datetime]) -> datetime | None:
    """When a phone that signed in at `since` may change the number or sign others out; None: it always could.

    `others` are the beginnings of the account's other live sign-ins: only beside an older one a phone is new.
    """
    return since + DEVICE_NEW if any(other < since for other in others) else None
