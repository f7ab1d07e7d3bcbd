"""What a queue's fairness is measured by. Declared: a point may hang these on its wall."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class QueueTerms:
    """`window`: so long before the booked time a visitor's turn has come. `late`: so much later than booked they may
    arrive and keep it. `patience`: a walk-in ranks like somebody booked for so long after they joined. `head_start`:
    so much earlier counts the turn of who asked for priority. `delay`: so much may somebody who is not due delay one
    whose turn comes first.

    `behind`: who did not come when called stands behind so many. `calls`: after so many one may be marked as absent.
    `undo_for`: so long a move can be taken back. `after_midnight`: a day's tickets end so long after it, since some
    points never close. `shift`: a counter that is open for longer was left open. `keep_days`: so long a ticket tells
    whose it was.
    """

    window: timedelta = timedelta(minutes=10)
    late: timedelta = timedelta(minutes=30)
    patience: timedelta = timedelta(minutes=30)
    head_start: timedelta = timedelta(minutes=30)
    delay: timedelta = timedelta(minutes=5)
    behind: int = 3
    calls: int = 3
    undo_for: timedelta = timedelta(minutes=10)
    after_midnight: timedelta = timedelta(hours=2)
    shift: timedelta = timedelta(hours=14)
    keep_days: int = 7
