"""Reads of family links."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.domain.profiles.family import Relation
from app.models.family import FamilyLink
from services.family import repository
from services.identity.wards import acting_for
from services.profiles.queries import birth_date, migrant_id_of, names_of


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as one side sees it. `name` and `until` (of age on that day) are there for a ward of the caller's only."""

    id: UUID
    relation: Relation
    asked_by_me: bool
    confirmed: bool
    person_id: UUID | None
    migrant_id: str | None
    name: str | None
    until: date | None


def acts(link: FamilyLink, person_id: UUID, ward_id: UUID) -> bool:
    """Whether the link lets that person act for that ward while they are a minor."""
    named = (link.relation, link.person_id, link.other_id) == (Relation.WARD, person_id, ward_id)
    return named and link.confirmed_at is not None


async def may_act(uow: Reading, person_id: UUID, for_person: UUID, purpose: Purpose) -> bool:
    """Whether it is the person themselves, or the guardian of a minor."""
    if person_id == for_person:
        return True
    if not any(acts(link, person_id, for_person) for link in await repository.links(uow, for_person, purpose)):
        return False
    return await _is_minor(uow, for_person, purpose)


async def members(uow: Reading, caller: Caller) -> list[UUID]:
    """The caller and the wards they may act for, themselves first."""
    found = await repository.links(uow, caller.person, Purpose.OWN_ACCESS)
    wards = [link.other_id for link in found if acts(link, caller.person, link.other_id)]
    minors = [ward for ward in wards if await _is_minor(acting_for(uow, caller, ward), ward, Purpose.OWN_ACCESS)]
    return [caller.person, *minors]


async def _is_minor(uow: Reading, person_id: UUID, purpose: Purpose) -> bool:
    birth = await birth_date(uow, person_id, purpose)
    return birth is not None and birth.is_minor(uow.region.day_of(uow.now))


async def own_links(uow: Reading, caller: Caller) -> list[LinkView]:
    """The caller's family: wards with their names, of others no more than the Migrant ID that was exchanged."""
    found = await repository.links(uow, caller.person, Purpose.OWN_ACCESS)
    return [await view_of(uow, caller, link) for link in found]


async def view_of(uow: Reading, caller: Caller, link: FamilyLink) -> LinkView:
    """One link as the caller sees it."""
    asked_by_me = link.person_id == caller.person
    other = link.other_id if asked_by_me else link.person_id
    name, until = None, None
    ward = acts(link, caller.person, other)
    if ward:
        acting = acting_for(uow, caller, other)
        birth = await birth_date(acting, other, Purpose.OWN_ACCESS)
        until = birth.majority() if birth else None
        ward = birth is not None and birth.is_minor(uow.region.day_of(uow.now))
        names = await names_of(acting, other, Purpose.OWN_ACCESS) if ward else {}
        name = next((" ".join(view.name.parts) for view in names.values()), None)
    return LinkView(
        id=link.id,
        relation=Relation(link.relation),
        asked_by_me=asked_by_me,
        confirmed=link.confirmed_at is not None,
        person_id=other if ward else None,
        migrant_id=await migrant_id_of(uow, other),
        name=name,
        until=until,
    )
