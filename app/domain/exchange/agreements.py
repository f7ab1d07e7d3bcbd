"""Where an agreement stands at an instant, and what it allows then."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.exchange.terms import Terms, Way


class Status(StrEnum):
    """Of one version. Only what is *in force* allows anything."""

    PROPOSED = "proposed"
    TO_COME = "to_come"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Version:
    """One wording, which never changes: to change an agreement is to approve another version of it."""

    number: int
    terms: Terms
    proposed_by: UUID
    proposed_at: datetime
    approved_by: UUID | None = None
    approved_at: datetime | None = None

    def begun(self, now: datetime) -> bool:
        """Whether it has taken the place of those before it. What is approved is so whatever another clock says."""
        return self.approved_at is not None and self.terms.valid_from <= now


@dataclass(frozen=True, slots=True)
class Agreement:
    """`versions` in the order of their numbers. `revoked_at` ends all of them, those that nobody approved yet too."""

    id: UUID
    agency_id: UUID
    versions: tuple[Version, ...]
    revoked_at: datetime | None = None


def in_force(agreement: Agreement, now: datetime) -> Version | None:
    """The version that holds; None while none does. One that ran out does not bring back the one before it."""
    begun = [version for version in agreement.versions if version.begun(now)]
    if not begun or agreement.revoked_at is not None:
        return None
    newest = max(begun, key=lambda version: version.number)
    return newest if now < newest.terms.valid_to else None


def status_of(agreement: Agreement, version: Version, now: datetime) -> Status:
    if agreement.revoked_at is not None:
        return Status.REVOKED
    if version.approved_at is None:
        return Status.PROPOSED
    if any(other.number > version.number and other.begun(now) for other in agreement.versions):
        return Status.SUPERSEDED
    if now >= version.terms.valid_to:
        return Status.EXPIRED
    return Status.IN_FORCE if version.begun(now) else Status.TO_COME


def allows(agreement: Agreement, agency_id: UUID, way: Way, now: datetime) -> Version | None:
    """The version by which that agency may get data in that way at that instant; None if it may not."""
    version = in_force(agreement, now) if agreement.agency_id == agency_id else None
    return version if version is not None and way in version.terms.ways else None
