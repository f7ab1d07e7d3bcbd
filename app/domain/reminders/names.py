"""What papers, and those who read a person's data, are called in a message."""

from typing import Final

from app.domain.profiles.documents import DocumentKind
from app.domain.reminders.words import Phrase, Words

PAPERS: Final = {
    DocumentKind.PASSPORT: Phrase("Passport"),
    DocumentKind.IDENTITY_CARD: Phrase("Identity card"),
    DocumentKind.TRAVEL_DOCUMENT: Phrase("Travel document"),
    DocumentKind.REFUGEE_CERTIFICATE: Phrase("Refugee certificate"),
    DocumentKind.ASYLUM_CERTIFICATE: Phrase("Asylum certificate"),
    DocumentKind.RESIDENCE_PERMIT: Phrase("Residence permit"),
    DocumentKind.VISA: Phrase("Visa"),
    DocumentKind.MIGRATION_CARD: Phrase("Migration card"),
    DocumentKind.PATENT: Phrase("Work patent"),
    DocumentKind.BIRTH_CERTIFICATE: Phrase("Birth certificate"),
    DocumentKind.TRANSLATION: Phrase("Translation of a paper"),
    DocumentKind.OTHER: Phrase("Document"),
}
READERS: Final = {
    "clerk": Phrase("A clerk at a service point"),
    "host": Phrase("Your host"),
    "employer": Phrase("An employer"),
    "agency_officer": Phrase("A state agency"),
    "region_operator": Phrase("The region's operator"),
    "auditor": Phrase("An auditor"),
    "regional registry": Phrase("The regional registry"),
}
SOMEBODY: Final = Phrase("A member of staff")


def paper_name(kind: DocumentKind, words: Words) -> str:
    return words.say("paper", PAPERS[kind])


def reader_name(role: str, words: Words) -> str:
    """By the role in which they read, or as a consent names whom data go to."""
    return words.say("reader", READERS.get(role, SOMEBODY))
