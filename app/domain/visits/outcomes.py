"""How a visit may end, by its service.

Medical results and biometrics are never stored, and "failed at the medical" would be one: the outcomes of medical and
fingerprint visits are *done*, *incomplete*, *come again*, with the expiry and nothing else. No outcome of any service
has a reason or free text.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.pathways.events import EventKind


class Expiry(StrEnum):
    """Whether an outcome states the last day of what was issued."""

    NEVER = "never"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: EventKind
    expires_on: Expiry = Expiry.NEVER

    def admits(self, expires_on: date | None) -> bool:
        """Whether the last day is stated where it has to be, and only where it may be."""
        return self.expires_on is Expiry.OPTIONAL or (self.expires_on is Expiry.REQUIRED) == (expires_on is not None)


_INCOMPLETE, _COME_AGAIN = Outcome(EventKind.INCOMPLETE), Outcome(EventKind.COME_AGAIN)
_USUAL = (Outcome(EventKind.DONE, Expiry.OPTIONAL), _INCOMPLETE, _COME_AGAIN)
_OF_SERVICE: dict[str, tuple[Outcome, ...]] = {
    "medical": _USUAL,
    "fingerprints": _USUAL,
    # Passed or not; a certificate's term follows from the law.
    "exam": (Outcome(EventKind.DONE, Expiry.OPTIONAL), _COME_AGAIN),
    # Papers were taken, or some are missing. What was applied for has no last day yet.
    "application": (Outcome(EventKind.DONE), _INCOMPLETE, _COME_AGAIN),
    # A patent is issued for as long as its tax is paid: that day stands on it and nowhere else.
    "collection": (Outcome(EventKind.DONE, Expiry.REQUIRED), _COME_AGAIN),
}


def outcomes_of(service: str) -> tuple[Outcome, ...]:
    """Every way in which a visit for the service may end."""
    return _OF_SERVICE.get(service, _USUAL)


def outcome_of(service: str, kind: EventKind, expires_on: date | None) -> Outcome | None:
    """The outcome of that kind with or without a last day; None if such a visit cannot end so."""
    return next((o for o in outcomes_of(service) if o.kind is kind and o.admits(expires_on)), None)
