"""The QR pass: a token that the phone signs itself, so it works without a net, and that lives a minute.

Claims: `dev`, the device's id; `bid`, the booking's; `iat` and `exp`, seconds since 1970. No personal data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

LIVES = timedelta(seconds=60)
CLOCK_SKEW = timedelta(seconds=30)
_FAR = 1 << 40


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass says, before anyone has checked who signed it."""

    device_id: UUID
    booking_id: UUID
    issued_at: int
    expires_at: int

    def live(self, now: datetime) -> bool:
        """A screenshot is of no use: a pass that states a longer life than a minute is no pass."""
        at, skew = now.timestamp(), CLOCK_SKEW.total_seconds()
        stated = self.expires_at - self.issued_at
        return 0 < stated <= LIVES.total_seconds() and self.issued_at - skew <= at < self.expires_at + skew


def read(claims: Mapping[str, Any]) -> Pass | None:
    """The pass that these claims state; None if they state none."""
    try:
        if not all(type(claims[name]) is int and 0 <= claims[name] < _FAR for name in ("iat", "exp")):
            return None
        return Pass(UUID(claims["dev"]), UUID(claims["bid"]), claims["iat"], claims["exp"])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
