"""SQL of questions to the simulator."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update

from app.db.unit_of_work import Reading, Writing
from app.models.reports import WhatIf


async def add(uow: Writing, **values: Any) -> None:
    await uow.session.execute(insert(WhatIf).values(asked_at=uow.now, status="waiting", **values))


async def open_of(uow: Reading, account_id: UUID) -> int:
    """How many of an operator's are not answered."""
    query = select(func.count()).where(WhatIf.asked_by == account_id, WhatIf.status.in_(("waiting", "running")))
    return await uow.session.scalar(query) or 0


async def one(uow: Reading, question_id: UUID) -> WhatIf | None:
    return await uow.session.get(WhatIf, question_id)


async def page(uow: Reading, limit: int) -> list[WhatIf]:
    """The newest of all operators: what was asked about the region is the region's."""
    query = select(WhatIf).order_by(WhatIf.asked_at.desc(), WhatIf.id).limit(limit)
    return list((await uow.session.scalars(query)).all())


async def claim(uow: Writing, leased_until: datetime) -> WhatIf | None:
    """The oldest that waits, or whose lease is over, taken until then."""
    waits = WhatIf.status == "waiting"
    left = (WhatIf.status == "running") & (WhatIf.leased_until <= uow.now)
    found = await uow.session.scalar(
        select(WhatIf).where(or_(waits, left)).order_by(WhatIf.asked_at).limit(1).with_for_update(skip_locked=True)
    )
    if found is not None:
        found.status, found.leased_until, found.attempts = "running", leased_until, found.attempts + 1
        await uow.session.flush()
    return found


async def write(uow: Writing, taken: WhatIf, **values: Any) -> None:
    """What came of the try that this worker has; nothing when another has it by now."""
    await uow.session.execute(
        update(WhatIf)
        .where(WhatIf.id == taken.id, WhatIf.status == "running", WhatIf.attempts == taken.attempts)
        .values(**values)
    )
