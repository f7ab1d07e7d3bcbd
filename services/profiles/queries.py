"""Reads of profiles. What a caller gets is cut to its purpose here, not at the edge."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.pathways.engine import Facts
from app.domain.pathways.rules import EntryPurpose
from app.domain.points.geo import Coordinates
from app.domain.profiles.birth import BirthDate
from app.domain.profiles.details import NAMES, NUMBERS, DetailKind
from app.domain.profiles.documents import DocumentKind, Paper
from app.domain.profiles.migrant_id import MigrantIdError, check_migrant_id
from app.domain.profiles.names import Name, NameSource
from app.domain.profiles.numbers import NumberKind
from app.domain.profiles.stay import Stay, days_left, exit_missing
from app.errors import InvalidInput
from app.models.profiles import Entry, Profile
from services.audit.access import account_for
from services.profiles import repository
from services.profiles.sealing import Document


@dataclass(frozen=True, slots=True)
class ProfileView:
    """The person's own view. `paper` is the current document; `entry` the one that deadlines run from.

    `days_left`: of the days without a visa this calendar year, None when nothing or a visa is told.
    """

    migrant_id: str | None = None
    paper: Paper | None = None
    entry: Entry | None = None
    birth: BirthDate | None = None
    languages: list[str] = field(default_factory=list)
    days_left: int | None = None
    flags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class VisitorCard:
    """What a clerk needs to greet a visitor and compare with the passport in their hand."""

    migrant_id: str
    name: str | None
    cyrillic_name: str | None = None


@dataclass(frozen=True, slots=True)
class NameView:
    name: Name
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class NumberView:
    number: str
    flags: list[str]


async def own_profile(uow: Reading, person_id: UUID) -> ProfileView:
    purpose = Purpose.OWN_ACCESS
    profile = await repository.profile(uow, person_id, purpose)
    if profile is None:
        return ProfileView()
    entries = await repository.entries(uow, person_id, purpose)
    current = await repository.documents(uow, person_id, purpose, current=True)
    paper, birth, today = current[0].paper if current else None, birth_of(profile), uow.region.day_of(uow.now)
    stays = [Stay(entry.entered_on, entry.left_on, entry.visa) for entry in entries]
    flags = paper.flags(today, birth) if paper else []
    return ProfileView(
        migrant_id=profile.migrant_id,
        paper=paper,
        entry=entries[-1] if entries else None,
        birth=birth,
        languages=profile.languages,
        days_left=days_left(stays, today) if entries and not entries[-1].visa else None,
        flags=[*flags, *(["exit_missing"] if exit_missing(stays) else [])],
    )


def birth_of(profile: Profile) -> BirthDate | None:
    """The birth date as it was stated; None until then."""
    parts = (profile.birth_year, profile.birth_month, profile.birth_day)
    return None if parts == (None, None, None) else BirthDate(*parts)


async def birth_date(uow: Reading, person_id: UUID, purpose: Purpose) -> BirthDate | None:
    """The birth date as it was stated, for whoever must know whether somebody is of age."""
    profile = await repository.profile(uow, person_id, purpose)
    return birth_of(profile) if profile else None


async def person_of_migrant_id(uow: Reading, written: str) -> UUID | None:
    """Whose Migrant ID was written: they gave it away themselves. InvalidInput for what is none."""
    try:
        migrant_id = check_migrant_id(written)
    except MigrantIdError:
        raise InvalidInput(field="migrant_id") from None
    return await repository.person_by_migrant_id(uow, migrant_id)


async def migrant_id_of(uow: Reading, person_id: UUID) -> str | None:
    """The number of somebody who asked, or was asked by it."""
    return await repository.migrant_id_of(uow, person_id)


async def owner_of_document(uow: Reading, number_index: bytes) -> UUID | None:
    """Who has the document of that blind index."""
    return await repository.owner_of_document(uow, number_index)


async def own_documents(uow: Reading, person_id: UUID) -> list[tuple[Document, list[str]]]:
    """The person's documents, each with what is to be looked at."""
    profile = await repository.profile(uow, person_id, Purpose.OWN_ACCESS)
    stated, today = birth_of(profile) if profile else None, uow.region.day_of(uow.now)
    found = await repository.documents(uow, person_id, Purpose.OWN_ACCESS)
    return [(held, held.paper.flags(today, stated) if held.paper else []) for held in found]


async def own_entries(uow: Reading, person_id: UUID) -> list[tuple[Entry, dict[str, str | None]]]:
    """The entries as they stand, newest given first, each with what was told of the crossing."""
    found = await repository.entries(uow, person_id, Purpose.OWN_ACCESS)
    return [(entry, await repository.crossing(uow, entry)) for entry in reversed(found)]


async def names_of(uow: Reading, person_id: UUID, purpose: Purpose) -> dict[NameSource, NameView]:
    """The variants of the name, by source; the zone's is that of the current document."""
    found = {}
    for held in await repository.documents(uow, person_id, purpose, current=True):
        if held.paper and held.paper.zone:
            zone = held.paper.zone
            found[NameSource.ZONE] = NameView(Name(zone.surname, zone.given_names), held.id)
    said = await repository.details(uow, person_id, purpose, NAMES.values())
    for source, kind in NAMES.items():
        if kind in said:
            found[source] = NameView(Name(**said[kind].value), said[kind].document_id)
    return found


async def own_numbers(uow: Reading, person_id: UUID) -> dict[NumberKind, NumberView]:
    said = await repository.details(uow, person_id, Purpose.OWN_ACCESS, NUMBERS.values())
    found = {}
    for kind, detail in NUMBERS.items():
        if detail in said:
            index = said[detail].value_index
            shared = index is not None and await repository.held_by_others(uow, person_id, index)
            found[kind] = NumberView(said[detail].value["number"], ["number_elsewhere"] if shared else [])
    return found


async def own_contacts(uow: Reading, person_id: UUID) -> dict[str, Any]:
    said = await repository.details(uow, person_id, Purpose.OWN_ACCESS, {DetailKind.CONTACTS})
    return said[DetailKind.CONTACTS].value if said else {}


async def facts_of(uow: Reading, person_id: UUID, purpose: Purpose) -> Facts | None:
    """What the pathway is planned from; None until there are a citizenship and an entry."""
    profile = await repository.profile(uow, person_id, purpose)
    entries = await repository.entries(uow, person_id, purpose)
    if profile is None or profile.citizenship is None or not entries:
        return None
    return Facts(
        citizenship=profile.citizenship,
        purpose=EntryPurpose(entries[-1].purpose),
        entered_on=entries[-1].entered_on,
        visa=entries[-1].visa,
        birth_year=profile.birth_year,
        birth_month=profile.birth_month,
        birth_day=profile.birth_day,
        stay_days=entries[-1].stay_days,
    )


async def facts_part(uow: Reading, person_id: UUID, purpose: Purpose) -> Part[Facts | None]:
    """The same, to be read along with other parts."""
    return await repository.facts(uow, person_id, purpose)


async def facts_of_many(uow: Reading, people: Collection[UUID], purpose: Purpose) -> Part[dict[UUID, Facts]]:
    """The same of many, of whom it is known: by person."""
    return await repository.facts_of_many(uow, people, purpose)


async def visitor_card(uow: Reading, person_id: UUID, purpose: Purpose) -> VisitorCard | None:
    """Names and Migrant ID. The read leaves an entry for the person, so it needs a writing unit of work."""
    profile = await repository.profile(uow, person_id, purpose)
    if profile is None:
        return None
    names = {source: " ".join(view.name.parts) for source, view in (await names_of(uow, person_id, purpose)).items()}
    name = names.get(NameSource.ZONE) or names.get(NameSource.PRINTED)
    return VisitorCard(profile.migrant_id, name, names.get(NameSource.CYRILLIC))


async def owner_by_document(uow: Reading, kind: DocumentKind, issuer: str, number: str) -> UUID | None:
    """Whose document of this kind has this number, as the zone writes both."""
    key = Paper(issuer=issuer.upper(), number=number).key
    return await repository.owner_of_document(uow, uow.vault.blind_index(kind.value, key)) if key else None


async def has_migrant_id(uow: Writing, person_id: UUID, migrant_id: str, purpose: Purpose) -> bool:
    """Whether the ID, however written, is that person's, or was of somebody who was merged into them."""
    try:
        shown = check_migrant_id(migrant_id)
    except MigrantIdError:
        return False
    await account_for(uow, person_id, purpose)
    return await repository.person_by_migrant_id(uow, shown) == person_id


async def document_ends(uow: Reading, person_id: UUID, purpose: Purpose) -> dict[UUID, date | None]:
    """The last good day of each of the person's documents, as far as it tells one."""
    today = uow.region.day_of(uow.now)
    found = await repository.documents(uow, person_id, purpose)
    return {held.id: held.paper.last_day(today) if held.paper else None for held in found}


async def email_of(uow: Reading, person_id: UUID, purpose: Purpose) -> str | None:
    """Where the person reads e-mail, if they said so."""
    said = await repository.details(uow, person_id, purpose, {DetailKind.CONTACTS})
    address: str | None = said[DetailKind.CONTACTS].value.get("email") if said else None
    return address


async def home_of(uow: Reading, person_id: UUID, purpose: Purpose) -> Coordinates | None:
    """Where the person sets out from, if they said so."""
    said = (await repository.details(uow, person_id, purpose, {DetailKind.HOME})).get(DetailKind.HOME)
    return (said.value["lat"], said.value["lon"]) if said else None


async def first_language(uow: Reading, person_id: UUID, purpose: Purpose) -> str | None:
    """The language that the person wants most, if they named any."""
    profile = await repository.profile(uow, person_id, purpose)
    return profile.languages[0] if profile and profile.languages else None


async def current_paper(uow: Reading, person_id: UUID, purpose: Purpose) -> tuple[DocumentKind, Paper] | None:
    """The document that says who the person is; None without one, and when it was erased."""
    found = await repository.documents(uow, person_id, purpose, current=True)
    return (found[0].kind, found[0].paper) if found and found[0].paper else None


async def numbers_of(uow: Reading, person_id: UUID, purpose: Purpose) -> dict[NumberKind, str]:
    """The numbers that the person gave."""
    said = await repository.details(uow, person_id, purpose, NUMBERS.values())
    return {kind: said[detail].value["number"] for kind, detail in NUMBERS.items() if detail in said}
