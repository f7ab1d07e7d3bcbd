"""When entries of who used somebody's data may be kept from them for a while: on a named ground, never for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST = timedelta(days=366)
"""No hiding lasts longer. What is to be hidden longer has to be ordered anew, and is counted anew."""
BACK = timedelta(days=31)
"""How far back an order may reach: what the person has seen for months is not taken from them."""


class HidingGround(StrEnum):
    """Who tells the person later. Each has its article."""

    PRE_TRIAL_INVESTIGATION = "pre_trial_investigation"
    OPERATIVE_SEARCH = "operative_search"
    COURT_ORDER = "court_order"


CITATIONS = {
    HidingGround.PRE_TRIAL_INVESTIGATION: "UPK RF art. 161: data of a preliminary investigation are not disclosed",
    HidingGround.OPERATIVE_SEARCH: "144-FZ art. 12: data of operative search are kept secret",
    HidingGround.COURT_ORDER: "152-FZ art. 14(8): the right of access is limited by law, here by order of a court",
}


@dataclass(frozen=True, slots=True)
class Order:
    """What is hidden: uses for one `purpose`, by one `receiver` (None: by whomever), from `since` on. All of them are
    shown again once `until` has come.
    """

    purpose: str
    receiver: str | None
    ground: HidingGround
    since: datetime
    until: datetime


def faults(order: Order, now: datetime) -> list[str]:
    """The members that are not as they must be: an end that comes, and not too late; a beginning not far back."""
    found = [] if now < order.until <= now + LONGEST else ["until"]
    return found if now - BACK <= order.since < order.until else [*found, "since"]
