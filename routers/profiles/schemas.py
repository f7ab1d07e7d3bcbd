"""Wire types of the profile."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.pathways.rules import EntryPurpose
from app.domain.profiles.documents import Paper
from app.domain.profiles.languages import Language
from app.domain.profiles.mrz import Zone
from app.domain.profiles.mrz_layout import Format
from app.models.profiles import Entry
from routers.schemas import In, Out
from services.profiles.commands import Crossing
from services.profiles.queries import ProfileView


class PassportIn(In):
    """The two machine-readable lines of a passport (ICAO 9303 TD3), as read or typed."""

    mrz: str = Field(
        max_length=200,
        examples=["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"],
    )


class EntryIn(In):
    """`visa`: whether the person entered with one; a work patent is for those who need none.

    `stay_days`: how many days they mean to stay, from the entry on. `left_on`: the day they left again, if they have.
    """

    entered_on: date
    purpose: EntryPurpose
    visa: bool = False
    stay_days: int | None = Field(None, ge=1, le=3650)
    left_on: date | None = None
    place: str | None = Field(None, min_length=1, max_length=120)
    migration_card: str | None = Field(None, min_length=1, max_length=30)

    def told(self) -> Crossing:
        return Crossing(**dict(self))


class ExitIn(In):
    left_on: date


class BirthIn(In):
    """Only the parts that are known; the year in full."""

    year: int | None = Field(None, ge=1800, le=2200, strict=True)
    month: int | None = Field(None, ge=1, le=12, strict=True)
    day: int | None = Field(None, ge=1, le=31, strict=True)


class LanguagesIn(In):
    """Most wanted first."""

    languages: list[Language] = Field(min_length=1, max_length=13)


class PartialDateOut(Out):
    """A date of the zone: two digits of the year, and None for what the document leaves unknown."""

    year2: int | None
    month: int | None
    day: int | None


class BirthOut(Out):
    """As the person stated it; None for what is not known."""

    year: int | None
    month: int | None
    day: int | None


class ZoneOut(Out):
    """`name_maybe_cut`: the name fills its field, and may go on in the printed part."""

    format: Format
    document_code: str
    issuer: str
    nationality: str
    surname: str
    given_names: str | None
    number: str
    birth: PartialDateOut
    sex: str | None
    expires: PartialDateOut
    name_maybe_cut: bool


class PassportOut(ZoneOut):
    expired: bool


class EntryOut(Out):
    id: UUID
    entered_on: date
    purpose: EntryPurpose
    visa: bool
    stay_days: int | None
    left_on: date | None


class CrossingOut(EntryOut):
    place: str | None
    migration_card: str | None


class EntryList(Out):
    """The entries as they stand, the one given last first."""

    items: list[CrossingOut]


class ProfileOut(Out):
    """`migrant_id` is there once something was given. `passport` is the zone of the current identity document.

    `days_left_without_visa`: of the 90 days of this calendar year that anybody may stay without a visa; a patent, a
    contract or a permit goes on beyond. `flags`: what to look at, and nothing is refused for it: `birth_differs`,
    `citizenship_differs`, `issuer_is_not_citizenship`, `expiry_differs`, `expired`, `name_maybe_cut`, `unknown_code`
    of the current document; `exit_missing` when an entry was followed by another.
    """

    migrant_id: str | None
    passport: PassportOut | None
    entry: EntryOut | None
    birth: BirthOut | None
    languages: list[Language]
    days_left_without_visa: int | None
    flags: list[str]


def profile_out(view: ProfileView, today: date) -> ProfileOut:
    return ProfileOut(
        migrant_id=view.migrant_id,
        passport=_passport_out(view.paper, today) if view.paper else None,
        entry=EntryOut.model_validate(view.entry) if view.entry else None,
        birth=BirthOut.model_validate(view.birth) if view.birth else None,
        languages=[Language(language) for language in view.languages],
        days_left_without_visa=view.days_left,
        flags=view.flags,
    )


def _passport_out(paper: Paper, today: date) -> PassportOut | None:
    if paper.zone is None:
        return None
    last = paper.last_day(today)
    return PassportOut(**dict(zone_out(paper.zone)), expired=last is not None and last < today)


def zone_out(zone: Zone) -> ZoneOut:
    return ZoneOut(
        format=zone.format,
        document_code=zone.document_type,
        issuer=zone.issuer,
        nationality=zone.nationality,
        surname=zone.surname,
        given_names=zone.given_names,
        number=zone.number,
        birth=PartialDateOut.model_validate(zone.birth),
        sex=zone.sex,
        expires=PartialDateOut.model_validate(zone.expires),
        name_maybe_cut=zone.name_maybe_cut,
    )


def crossing_out(entry: Entry, crossing: dict[str, str | None]) -> CrossingOut:
    return CrossingOut(
        **dict(EntryOut.model_validate(entry)),
        place=crossing.get("place"),
        migration_card=crossing.get("migration_card"),
    )
