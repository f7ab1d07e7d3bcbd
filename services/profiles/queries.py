"""Reads of profiles. What a caller gets is cut to its purpose here, not at the edge."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.pathways.engine import Facts
from app.domain.pathways.rules import EntryPurpose
from app.domain.profiles.migrant_id import MigrantIdError, check_migrant_id
from app.domain.profiles.mrz import Zone
from services.profiles import repository


@dataclass(frozen=True, slots=True)
class ProfileView:
    """The person's own view. `passport` and `entry` are None until given."""

    migrant_id: str | None
    passport: Zone | None
    entered_on: date | None
    purpose: EntryPurpose | None
    visa: bool | None


@dataclass(frozen=True, slots=True)
class VisitorCard:
    """What a clerk needs to greet a visitor and compare with the passport in their hand."""

    migrant_id: str
    name: str | None


async def own_profile(uow: Reading, person_id: UUID) -> ProfileView:
    purpose = Purpose.OWN_ACCESS
    profile = await repository.profile(uow, person_id, purpose)
    entry = await repository.last_entry(uow, person_id, purpose)
    return ProfileView(
        migrant_id=profile.migrant_id if profile else None,
        passport=await repository.passport(uow, person_id, purpose),
        entered_on=entry.entered_on if entry else None,
        purpose=EntryPurpose(entry.purpose) if entry else None,
        visa=entry.visa if entry else None,
    )


async def facts_of(uow: Reading, person_id: UUID, purpose: Purpose) -> Facts | None:
    """What the pathway is planned from; None until there are a passport and an entry."""
    profile = await repository.profile(uow, person_id, purpose)
    entry = await repository.last_entry(uow, person_id, purpose)
    if profile is None or profile.citizenship is None or entry is None:
        return None
    return Facts(
        citizenship=profile.citizenship,
        purpose=EntryPurpose(entry.purpose),
        entered_on=entry.entered_on,
        visa=entry.visa,
    )


async def facts_part(uow: Reading, person_id: UUID, purpose: Purpose) -> Part[Facts | None]:
    """The same, to be read along with other parts."""
    return await repository.facts(uow, person_id, purpose)


async def visitor_card(uow: Reading, person_id: UUID, purpose: Purpose) -> VisitorCard | None:
    """Name and Migrant ID. The read leaves an entry for the person, so it needs a writing unit of work."""
    profile = await repository.profile(uow, person_id, purpose)
    if profile is None:
        return None
    zone = await repository.passport(uow, person_id, purpose)
    name = " ".join(filter(None, (zone.given_names, zone.surname))) if zone else None
    return VisitorCard(profile.migrant_id, name)


async def owner_by_document(uow: Reading, issuer: str, number: str) -> UUID | None:
    """Whose document has this number, as the zone writes both."""
    plain = "".join(character for character in number.upper() if character.isalnum())
    return await repository.owner_of_document(uow, uow.vault.blind_index("passport", f"{issuer.upper()}:{plain}"))


async def has_migrant_id(uow: Writing, person_id: UUID, migrant_id: str, purpose: Purpose) -> bool:
    """Whether the ID, however written, is that person's."""
    try:
        shown = check_migrant_id(migrant_id)
    except MigrantIdError:
        return False
    profile = await repository.profile(uow, person_id, purpose)
    return profile is not None and profile.migrant_id == shown
