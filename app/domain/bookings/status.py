"""The life of a place: held → confirmed → arrived → completed, and the ways out.

Missed: its day is over and nobody came. The step is open again; nothing else follows from it. Completed: it is over.
How it went is an event of the step; without one nobody has said, and the step is open as well.
"""

from enum import StrEnum


class BookingStatus(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    COMPLETED = "completed"
    RELEASED = "released"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    MISSED = "missed"


# A visit that is still to be: no other may overlap it, nor stand beside it for the same step.
LIVE = frozenset({BookingStatus.CONFIRMED, BookingStatus.ARRIVED})
# What draws on the capacity ledger. A completed or missed visit keeps its place: that time is over.
TAKING = LIVE | {BookingStatus.HELD, BookingStatus.COMPLETED, BookingStatus.MISSED}
