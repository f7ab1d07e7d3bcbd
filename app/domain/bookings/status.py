"""The life of a place: held → confirmed → arrived → completed, and the ways out."""

from enum import StrEnum


class BookingStatus(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    COMPLETED = "completed"
    RELEASED = "released"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


# A visit that is still to be: no other may overlap it, nor stand beside it for the same step.
LIVE = frozenset({BookingStatus.CONFIRMED, BookingStatus.ARRIVED})
# What draws on the capacity ledger. A completed visit keeps its place: the counter was used.
TAKING = LIVE | {BookingStatus.HELD, BookingStatus.COMPLETED}
