"""How long a region keeps what names somebody and hangs on no person, so that no erasure reaches it."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Retention:
    """No longer than its purpose needs (152-FZ art. 5 part 7).

    `reasons`: what officers wrote that a look-up was for, as long as it can be gone to court about (GK RF art. 196).
    `refused_companies`: applications that were turned away, with whom they named, from the refusal on. About whom a
    lawful request is goes with its answer.
    """

    reasons: timedelta = timedelta(days=3 * 365)
    refused_companies: timedelta = timedelta(days=180)
