"""How many look-ups are work, and from where on somebody is going through the numbers."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

WINDOW = timedelta(hours=1)


class AlarmKind(StrEnum):
    """`many`: more look-ups than anybody works through. `misses`: too many that found nothing, as guesses do.
    `refused`: too many that were refused.
    """

    MANY = "many"
    MISSES = "misses"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Made:
    """What was looked up within the window: by one account, the refused ones among it; `agency_misses`: by all
    accounts of its agency, so that several of them do not go through the numbers in turns.
    """

    looked_up: int
    misses: int
    refused: int
    agency_misses: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Of an hour. Mistyped numbers have a check character, so that few misses are honest ones."""

    look_ups: int = 60
    misses: int = 10
    refused: int = 20
    agency_misses: int = 40


def alarm_at(made: Made, limits: Limits) -> AlarmKind | None:
    """What is wrong with one more look-up after these; None while nothing is."""
    if made.misses >= limits.misses or made.agency_misses >= limits.agency_misses:
        return AlarmKind.MISSES
    if made.looked_up >= limits.look_ups:
        return AlarmKind.MANY
    return AlarmKind.REFUSED if made.refused >= limits.refused else None
