"""The kinds of papers that a person keeps copies of."""

from enum import StrEnum

from app.domain.profiles.documents import DocumentKind


class PaperKind(StrEnum):
    PASSPORT = "passport"
    MIGRATION_CARD = "migration_card"
    REGISTRATION = "registration"
    MEDICAL_CERTIFICATE = "medical_certificate"
    EXAM_CERTIFICATE = "exam_certificate"
    INSURANCE = "insurance"
    TRANSLATION = "translation"
    PATENT = "patent"
    RECEIPT = "receipt"
    PHOTO = "photo"
    OTHER = "other"


IDENTITY = {"P": DocumentKind.PASSPORT, "V": DocumentKind.VISA}
"""What a zone's first letter makes of a document; every other one is a card."""
ZONED = frozenset({PaperKind.PASSPORT, PaperKind.OTHER})
"""Papers that may have a machine-readable zone: a passport, or a card of another kind."""


def identity_of(document_type: str) -> DocumentKind:
    """The identity document that a zone of this type belongs to (ICAO 9303 parts 4–7)."""
    return IDENTITY.get(document_type[:1], DocumentKind.IDENTITY_CARD)
