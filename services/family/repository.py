"""SQL of family links."""

from uuid import UUID, uuid4

from sqlalchemy import or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

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
    """The links of one person become another's; what would link that one to themselves, or twice, ends."""
    parameters = {"old": from_person, "new": to_person, "now": uow.now}
    for column, other in (("person_id", "other_id"), ("other_id", "person_id")):
        same = f"twin.{column} = :new AND twin.{other} = link.{other} AND twin.ended_at IS NULL"
        doubled = f"link.{other} = :new OR EXISTS (SELECT FROM family_links twin WHERE {same})"
        ended = f"UPDATE family_links link SET ended_at = :now WHERE {column} = :old AND ended_at IS NULL"
        await uow.session.execute(text(f"{ended} AND ({doubled})"), parameters)
        moved = f"UPDATE family_links SET {column} = :new WHERE {column} = :old AND {other} <> :new"
        await uow.session.execute(text(moved), parameters)
