"""How often codes are sent and tried, so that they can be neither guessed nor pumped."""

from dataclasses import dataclass
from datetime import timedelta

_COOL_DOWNS = tuple(timedelta(seconds=seconds) for seconds in (60, 60, 120, 300, 900, 3600))


def cool_down(sent: int) -> timedelta:
    """How long a number waits after the n-th code of its day, from 1: a minute at first, an hour in the end."""
    return _COOL_DOWNS[min(max(sent, 1), len(_COOL_DOWNS)) - 1]


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """What one region bears. A whole hostel may stand behind one address, so that its numbers are not small.

    `address_codes` an hour, `address_tries` (wrong ones) a day; `unknown_codes`: to numbers without an account, an hour
    in the whole region: beyond it somebody earns on the messages.
    """

    address_codes: int = 60
    address_tries: int = 200
    unknown_codes: int = 1000
