"""Guardians act for minors; adults of a family keep their own accounts, and know of each other that they belong."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.domain.profiles.documents import DocumentKind, Paper
from app.domain.profiles.family import Relation
from app.domain.profiles.names import NameSource
from app.errors import NotFound
from app.models.family import FamilyLink
from services.audit.commands import record_change
from services.family import queries, repository
from services.family.errors import LinkKnown, NotAMinor, TooManyLinks
from services.identity import wards
from services.identity.keyring import KeyRing
from services.profiles.commands import put_birth
from services.profiles.details import put_name
from services.profiles.documents import put_passport, read_zone, refuse_known
from services.profiles.queries import birth_date, person_of_migrant_id

MOST_LINKS = 20


@dataclass(frozen=True, slots=True)
class Child:
    """A child without a phone: the birth date must say that they are one; the passport, if they have their own."""

    year: int
    month: int | None
    day: int | None
    surname: str | None
    given_names: str | None
    mrz: str | None


async def register_ward(uow: Writing, guardian: Caller, child: Child) -> FamilyLink:
    """A person of their own for a child, for whom the caller acts from now on.

    DocumentKnown when the child's passport is in a profile already: that one is asked for by a merge. It is
    counted; TooManyGuesses.
    """
    if child.mrz is not None:
        zone = read_zone(child.mrz, DocumentKind.PASSPORT)
        await refuse_known(uow, None, DocumentKind.PASSPORT, Paper(zone=zone))
    await _within_limit(uow, guardian.person)
    ward_id = await wards.add_person(uow)
    acting = wards.acting_for(uow, guardian, ward_id)
    await put_birth(acting, ward_id, child.year, child.month, child.day)
    await _check_minor(acting, ward_id)
    if child.surname or child.given_names:
        parts = {"surname": child.surname, "given_names": child.given_names}
        await put_name(acting, ward_id, NameSource.PRINTED, parts, None)
    if child.mrz is not None:
        await put_passport(acting, ward_id, child.mrz)
    link = await repository.add_link(uow, guardian.person, ward_id, Relation.WARD, confirmed=True)
    if link is None:
        raise LinkKnown
    await _record(acting, "guardianship_began", guardian.person, ward_id)
    return link


async def ask(uow: Writing, person_id: UUID, migrant_id: str, relation: Relation) -> FamilyLink:
    """Asks a person who has an account of their own; nothing begins before they confirm. NotFound for no such ID."""
    other_id = await person_of_migrant_id(uow, migrant_id)
    if other_id is None or other_id == person_id:
        raise NotFound
    await _within_limit(uow, person_id)
    link = await repository.add_link(uow, person_id, other_id, relation, confirmed=False)
    if link is None:
        raise LinkKnown
    await record_change(uow, person_id, "family_asked", link=link.id)
    return link


async def confirm(uow: Writing, person_id: UUID, link_id: UUID) -> None:
    """The one who was asked says yes. NotAMinor when somebody would act for an adult."""
    link = await _locked(uow, person_id, link_id)
    if link.other_id != person_id:
        raise NotFound
    if link.confirmed_at is not None:
        return
    if link.relation == Relation.WARD:
        await _check_minor(uow, person_id)
    await repository.confirm(uow, link_id)
    await _record(uow, "family_confirmed", link.person_id, person_id)


async def end(uow: Writing, person_id: UUID, link_id: UUID) -> None:
    """Either side ends it, or says no to it."""
    link = await _locked(uow, person_id, link_id)
    await repository.end(uow, link_id)
    await _record(uow, "family_ended", link.person_id, link.other_id)


async def end_by_clerk(uow: Writing, clerk: Caller, migrant_id: str) -> int:
    """Ends every guardianship of a ward, at a point and with papers in hand; how many."""
    ward_id = await person_of_migrant_id(uow, migrant_id)
    if ward_id is None:
        raise NotFound
    await lock_person(uow, ward_id)
    ended = 0
    for link in await repository.links(uow, ward_id, Purpose.IDENTITY_CHECK):
        if link.other_id == ward_id and link.relation == Relation.WARD:
            await repository.end(uow, link.id)
            await record_change(uow, ward_id, "guardianship_ended", actor=clerk, link=link.id)
            ended += 1
    return ended


async def act_for(uow: Writing, keyring: KeyRing, guardian: Caller, ward_id: UUID) -> tuple[str, timedelta]:
    """A token to act for the ward, until they come of age. NotFound for who is no ward of the caller's."""
    links = await repository.links(uow, guardian.person, Purpose.OWN_ACCESS)
    if not any(queries.acts(link, guardian.person, ward_id) for link in links):
        raise NotFound
    acting = wards.acting_for(uow, guardian, ward_id)
    await lock_person(uow, ward_id)
    await _check_minor(acting, ward_id)
    await record_change(acting, ward_id, "guardian_signed_in")
    return await wards.guardian_token(acting, keyring)


async def _locked(uow: Writing, person_id: UUID, link_id: UUID) -> FamilyLink:
    """A link of the person's, once both its persons are locked, in one order."""
    link = await _own(uow, person_id, link_id)
    for one in sorted((link.person_id, link.other_id)):
        await lock_person(uow, one)
    return await _own(uow, person_id, link_id)


async def _own(uow: Writing, person_id: UUID, link_id: UUID) -> FamilyLink:
    for link in await repository.links(uow, person_id, Purpose.OWN_ACCESS):
        if link.id == link_id:
            return link
    raise NotFound


async def _within_limit(uow: Writing, person_id: UUID) -> None:
    await lock_person(uow, person_id)
    if len(await repository.links(uow, person_id, Purpose.OWN_ACCESS)) >= MOST_LINKS:
        raise TooManyLinks(limit=MOST_LINKS)


async def _check_minor(uow: Writing, person_id: UUID) -> None:
    birth = await birth_date(uow, person_id, Purpose.OWN_ACCESS)
    if birth is None or not birth.is_minor(uow.region.day_of(uow.now)):
        raise NotAMinor


async def _record(uow: Writing, action: str, one: UUID, other: UUID) -> None:
    """In both logs, in one order of persons."""
    for person_id, relative in sorted(((one, other), (other, one))):
        await record_change(uow, person_id, action, other=relative)


async def move_links(uow: Writing, from_person: UUID, to_person: UUID) -> None:
    """For a merge, which holds both persons' locks: the links of one become the other's."""
    await repository.move(uow, from_person, to_person)
