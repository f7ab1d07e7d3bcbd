"""Wire types of the profile."""

from datetime import date

from pydantic import Field

from app.domain.pathways.rules import EntryPurpose
from app.domain.profiles.dates import expiry_date
from app.domain.profiles.mrz import Zone
from routers.schemas import In, Out
from services.profiles.queries import ProfileView


class PassportIn(In):
    """The two machine-readable lines of a passport (ICAO 9303 TD3), as read or typed."""

    mrz: str = Field(
        max_length=200,
        examples=["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"],
    )


class EntryIn(In):
    """`visa`: whether the person entered with one; a work patent is for those who need none."""

    entered_on: date
    purpose: EntryPurpose
    visa: bool = False


class PartialDateOut(Out):
    """A date of the zone: two digits of the year, and None for what the document leaves unknown."""

    year2: int | None
    month: int | None
    day: int | None


class PassportOut(Out):
    issuer: str
    nationality: str
    surname: str
    given_names: str | None
    number: str
    birth: PartialDateOut
    sex: str | None
    expires: PartialDateOut
    expired: bool


class EntryOut(Out):
    entered_on: date
    purpose: EntryPurpose
    visa: bool


class ProfileOut(Out):
    """`migrant_id` is there once a passport or an entry was given."""

    migrant_id: str | None
    passport: PassportOut | None
    entry: EntryOut | None


def profile_out(view: ProfileView, today: date) -> ProfileOut:
    entry = None
    if view.entered_on is not None and view.purpose is not None:
        entry = EntryOut(entered_on=view.entered_on, purpose=view.purpose, visa=bool(view.visa))
    return ProfileOut(
        migrant_id=view.migrant_id,
        passport=_passport_out(view.passport, today) if view.passport else None,
        entry=entry,
    )


def _passport_out(zone: Zone, today: date) -> PassportOut:
    last_day = expiry_date(zone.expires, today=today)
    return PassportOut(
        issuer=zone.issuer,
        nationality=zone.nationality,
        surname=zone.surname,
        given_names=zone.given_names,
        number=zone.number,
        birth=PartialDateOut.model_validate(zone.birth),
        sex=zone.sex,
        expires=PartialDateOut.model_validate(zone.expires),
        expired=last_day is not None and last_day < today,
    )
