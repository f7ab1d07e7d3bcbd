"""SQL of merge cases."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import aliased

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.profiles.merging import MergeStatus
from app.models.merges import MergeCase
from services.audit.access import account_for

_OPEN = (MergeStatus.PENDING, MergeStatus.REJECTED)


async def cases(uow: Reading, person_id: UUID, purpose: Purpose) -> list[MergeCase]:
    """The cases that the person asked for or is asked in, newest first."""
    await account_for(uow, person_id, purpose)
    theirs = or_(MergeCase.claimant_id == person_id, MergeCase.holder_id == person_id)
    query = select(MergeCase).where(theirs).order_by(MergeCase.opened_at.desc(), MergeCase.id)
    return list(await uow.session.scalars(query.execution_options(populate_existing=True)))


async def parties(uow: Writing, code: str) -> tuple[UUID, UUID] | None:
    """Claimant and holder, by the claimant's code."""
    row = (
        await uow.session.execute(select(MergeCase.claimant_id, MergeCase.holder_id).where(MergeCase.code == code))
    ).first()
    return (row[0], row[1]) if row else None


def add(
    uow: Writing, claimant_id: UUID, holder_id: UUID, number_index: bytes, code: str, expires_at: datetime
) -> MergeCase:
    case = MergeCase(
        id=uuid4(),
        code=code,
        claimant_id=claimant_id,
        holder_id=holder_id,
        number_index=number_index,
        status=MergeStatus.PENDING,
        tries=0,
        opened_at=uow.now,
        expires_at=expires_at,
    )
    uow.session.add(case)
    return case


async def move(uow: Writing, from_person: UUID, to_person: UUID) -> None:
    """Cases of one person are the other's from now on. Those between the two are settled, and so is the first one's
    where both wait for one document of a third: the other's stands.
    """
    between = MergeCase.claimant_id.in_((from_person, to_person)) & MergeCase.holder_id.in_((from_person, to_person))
    twin = aliased(MergeCase)
    waits = (twin.claimant_id == to_person) & (twin.status == MergeStatus.PENDING)
    asked_twice = (
        (MergeCase.claimant_id == from_person)
        & (MergeCase.status == MergeStatus.PENDING)
        & exists().where(waits, twin.number_index == MergeCase.number_index)
    )
    settled = update(MergeCase).where(or_(between, asked_twice), MergeCase.status.in_(_OPEN))
    joined = settled.values(status=MergeStatus.JOINED, decided_at=uow.now)
    await uow.session.execute(joined, execution_options={"synchronize_session": False})
    for side in (MergeCase.claimant_id, MergeCase.holder_id):
        await uow.session.execute(
            update(MergeCase).where(side == from_person, MergeCase.status.in_(_OPEN)).values({side.key: to_person})
        )
