"""SQL of family links."""

from uuid import UUID, uuid4

from sqlalchemy import exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.profiles.family import Relation
from app.models.family import FamilyLink
from services.audit.access import account_for


async def links(uow: Reading, person_id: UUID, purpose: Purpose) -> list[FamilyLink]:
    """The person's links that have not ended, asked by either side."""
    await account_for(uow, person_id, purpose)
    theirs = or_(FamilyLink.person_id == person_id, FamilyLink.other_id == person_id)
    query = select(FamilyLink).where(theirs, FamilyLink.ended_at.is_(None))
    ordered = query.order_by(FamilyLink.created_at, FamilyLink.id).execution_options(populate_existing=True)
    return list(await uow.session.scalars(ordered))


async def add_link(
    uow: Writing, person_id: UUID, other_id: UUID, relation: Relation, *, confirmed: bool
) -> FamilyLink | None:
    """None when there is one already."""
    query = (
        upsert(FamilyLink)
        .values(
            id=uuid4(),
            person_id=person_id,
            other_id=other_id,
            relation=relation,
            created_at=uow.now,
            confirmed_at=uow.now if confirmed else None,
        )
        .on_conflict_do_nothing()
        .returning(FamilyLink)
    )
    return await uow.session.scalar(query)


async def confirm(uow: Writing, link_id: UUID) -> None:
    await uow.session.execute(update(FamilyLink).where(FamilyLink.id == link_id).values(confirmed_at=uow.now))


async def end(uow: Writing, link_id: UUID) -> None:
    await uow.session.execute(update(FamilyLink).where(FamilyLink.id == link_id).values(ended_at=uow.now))


async def move(uow: Writing, from_person: UUID, to_person: UUID) -> None:
    """The links of one person become another's; what would link that one to themselves, or twice, ends and stays."""
    twin = aliased(FamilyLink)
    for side, other in (("person_id", "other_id"), ("other_id", "person_id")):
        mine, theirs = getattr(FamilyLink, side), getattr(FamilyLink, other)
        doubled = exists().where(
            getattr(twin, side) == to_person, getattr(twin, other) == theirs, twin.ended_at.is_(None)
        )
        old = update(FamilyLink).where(mine == from_person, FamilyLink.ended_at.is_(None))
        unsynchronised = {"synchronize_session": False}
        ended = old.where(or_(theirs == to_person, doubled)).values(ended_at=uow.now)
        await uow.session.execute(ended, execution_options=unsynchronised)
        await uow.session.execute(old.values({side: to_person}), execution_options=unsynchronised)
