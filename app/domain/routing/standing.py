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


class Cause(StrEnum):
    """What became of a visit, or of what it waits for, so that an itinerary no longer holds as it was booked.

    Sooner: it holds, but what it was assumed to wait for is done, and so all of it can be.
    """

    MISSED = "missed"
    CANCELLED = "cancelled"
    COME_AGAIN = "come_again"
    INCOMPLETE = "incomplete"
    NOT_READY = "not_ready"
    RESULT_ENDS = "result_ends"
    CLASH = "clash"
    NOT_BOOKED = "not_booked"
    SOONER = "sooner"
