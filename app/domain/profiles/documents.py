"""The kinds of documents a person has, and what each must tell."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.profiles.birth import BirthDate
from app.domain.profiles.dates import expiry_date
from app.domain.profiles.mrz import Zone
from app.domain.profiles.states import known


class DocumentKind(StrEnum):
    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    TRAVEL_DOCUMENT = "travel_document"
    REFUGEE_CERTIFICATE = "refugee_certificate"
    ASYLUM_CERTIFICATE = "asylum_certificate"
    RESIDENCE_PERMIT = "residence_permit"
    VISA = "visa"
    MIGRATION_CARD = "migration_card"
    PATENT = "patent"
    BIRTH_CERTIFICATE = "birth_certificate"
    TRANSLATION = "translation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Needs:
    """`letters`: what the zone may begin with, empty for a document that has none; `zone`: whether it must be given.

    `identifies`: says who a person is, so one person's is no other's, and the newest becomes the current one.
    `fields`: what must be told of it where no zone does.
    """

    fields: frozenset[str]
    letters: str = ""
    zone: bool = False
    identifies: bool = False


def _fields(*names: str) -> frozenset[str]:
    return frozenset(names)


NEEDS = {
    DocumentKind.PASSPORT: Needs(_fields(), "P", zone=True, identifies=True),
    DocumentKind.IDENTITY_CARD: Needs(_fields("issuer", "number", "nationality"), "ACI", identifies=True),
    DocumentKind.TRAVEL_DOCUMENT: Needs(_fields(), "PACI", zone=True, identifies=True),
    DocumentKind.REFUGEE_CERTIFICATE: Needs(_fields("issuer", "number", "nationality", "expires_on"), identifies=True),
    DocumentKind.ASYLUM_CERTIFICATE: Needs(_fields("issuer", "number", "nationality", "expires_on"), identifies=True),
    DocumentKind.RESIDENCE_PERMIT: Needs(_fields("issuer", "number", "expires_on"), "ACI"),
    DocumentKind.VISA: Needs(_fields("issuer", "number", "expires_on")),
    DocumentKind.MIGRATION_CARD: Needs(_fields("issuer", "number", "issued_on")),
    DocumentKind.PATENT: Needs(_fields("issuer", "number", "issued_on")),
    DocumentKind.BIRTH_CERTIFICATE: Needs(_fields("issuer", "number", "issued_on")),
    DocumentKind.TRANSLATION: Needs(_fields("issued_on")),
    DocumentKind.OTHER: Needs(_fields("number")),
}
IDENTIFYING = frozenset(kind for kind, needs in NEEDS.items() if needs.identifies)
MOST_IDENTIFYING = 10
"""How many documents may say who one person is: whoever renews a passport every few years has fewer."""
GUESSES_A_DAY = 5
"""How often one account may give documents that are others' before it waits."""


class DocumentStatus(StrEnum):
    """`ended`: lost, returned or run out, and still its holder's. `replaced`: an earlier version of what it says.

    `disowned`: it turned out, passport in hand, to be somebody else's.
    """

    VALID = "valid"
    ENDED = "ended"
    REPLACED = "replaced"
    DISOWNED = "disowned"


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document says, by its zone and by its printed page; each as it was read, none made from another."""

    zone: Zone | None = None
    issuer: str | None = None
    series: str | None = None
    number: str | None = None
    authority: str | None = None
    nationality: str | None = None
    birth: BirthDate | None = None
    issued_on: date | None = None
    expires_on: date | None = None

    def missing(self, kind: DocumentKind) -> list[str]:
        """What this kind must tell and does not."""
        needs = NEEDS[kind]
        if self.zone is not None:
            return []
        told = {name for name in needs.fields if getattr(self, name) is not None}
        if self.key is None:
            told.discard("number")  # one without a letter or a digit is none
        absent = sorted(needs.fields - told)
        return ["mrz", *absent] if needs.zone else absent

    @property
    def key(self) -> str | None:
        """Issuer and number as one text: what makes two documents of one kind the same one."""
        if self.zone is not None:
            return f"{self.zone.issuer}:{self.zone.number}"
        number = "".join(char for char in f"{self.series or ''}{self.number or ''}".upper() if char.isalnum())
        return f"{self.issuer or ''}:{number}" if number else None

    @property
    def citizenship(self) -> str | None:
        """The zone's where there is one: it is what borders read."""
        return self.zone.nationality if self.zone else self.nationality

    def last_day(self, today: date) -> date | None:
        return expiry_date(self.zone.expires, today=today) if self.zone else self.expires_on

    def flags(self, today: date, stated: BirthDate | None = None) -> list[str]:
        """What the person and a clerk should look at; nothing of it refuses the document."""
        zone, last = self.zone, self.last_day(today)
        found = {"expired": last is not None and last < today}
        if zone is not None:
            found |= {
                "birth_differs": any(birth and not birth.agrees(zone.birth) for birth in (self.birth, stated)),
                "citizenship_differs": self.nationality not in (None, zone.nationality),
                "issuer_is_not_citizenship": zone.issuer != zone.nationality,
                "name_maybe_cut": zone.name_maybe_cut,
                "unknown_code": not (known(zone.issuer) and known(zone.nationality)),
                "expiry_differs": None not in (last, self.expires_on) and last != self.expires_on,
            }
        return [flag for flag, holds in found.items() if holds]
