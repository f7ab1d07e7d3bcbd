"""What waits of a person to be fetched by an agency, for themselves; and its end. Their log tells of look-ups."""

import json
from uuid import UUID

from app.db.own import Own, delete_rows
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.exchange import ExchangeItem
from app.ports import ErasedError
from services.audit.queries import keeps_any_from
from services.exchange.feeds import repository

TABLES = ("exchange_items",)


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    """Nothing while a law keeps uses from them: what waits would tell of one."""
    found = await repository.own_items(uow, person_id, purpose)
    shown = []
    for item in () if await keeps_any_from(uow, person_id) else found:
        try:
            shown.append({"file_id": item.file_id, "data": json.loads(await repository.opened(uow, item))["data"]})
        except ErasedError:
            continue
    return {"exchange_items": shown}


async def erase(uow: Writing, person_id: UUID) -> None:
    await delete_rows(uow, ExchangeItem.person_id, [person_id])
