"""What the operator states about the region."""

from uuid import uuid4

from app.db.unit_of_work import Writing
from app.domain.identity.caller import Caller
from services.region import repository


async def state_baseline(uow: Writing, caller: Caller, *, kpi: str, year: int, value: float, source: str) -> None:
    """A figure of a year before; earlier statements stay as they were said."""
    row = {"id": uuid4(), "kpi": kpi, "year": year, "value": value, "source": source}
    await repository.add_baseline(uow, row | {"set_by": caller.account_id, "set_at": uow.now})
