"""The life of an itinerary that was booked, and of what is offered in its place."""

from enum import StrEnum


class ItineraryStatus(StrEnum):
    """One stands for each who asked; another takes its place, or it ends when nothing of it is left to come."""

    STANDING = "standing"
    REPLACED = "replaced"
    ENDED = "ended"


class OfferStatus(StrEnum):
    """An open offer waits for its person's word. It is withdrawn when it no longer fits what has become of the rest."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
