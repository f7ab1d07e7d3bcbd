"""The states of a consent (ISO/IEC TS 27560:2023)."""

from enum import StrEnum


class ConsentStatus(StrEnum):
    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    INVALIDATED = "invalidated"
    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"
