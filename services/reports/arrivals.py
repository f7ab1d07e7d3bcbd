"""How many people begin a pathway to work in a week, as it was released."""

from app.db.unit_of_work import Reading
from app.domain.figures.periods import Family
from app.domain.figures.told import known
from services.region.queries import told_weeks

_WEEKS, _BACK = 8, 3
_WAY = "patent"


async def released_a_week(uow: Reading) -> int | None:
    """The mean of the last eight weeks that are told, rounded to tens; None while fewer than ten came in a week."""
    weeks = await told_weeks(uow, Family.JOURNEYS, _WEEKS, back=_BACK)
    people = sum(
        cell.count for each in weeks for cell in each.cells if not known(cell, "kind") or _WAY in known(cell, "kind")
    )
    mean = round(people / len(weeks), -1) if weeks else 0
    return int(mean) if mean >= 10 else None  # noqa: PLR2004 — ten people, as everywhere
