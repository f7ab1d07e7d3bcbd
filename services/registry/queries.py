"""Reads of the mirror: for its operator, for the person, for `doctor`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.registry.mirror import ESCALATED_AFTER
from app.models.registry import MirrorAlarm, MirrorDeadLetter, MirrorErasure
from services.registry.letters import repository as letters
from services.registry.standings import repository as standings

PATIENCE = timedelta(minutes=10)
_MOST_ALARMS = 1000


@dataclass(frozen=True, slots=True)
class MirrorStanding:
    """The gauge: how many events are not applied yet, for how many seconds the oldest of them, and what is wrong."""

    waiting: int
    oldest_seconds: float
    dead_letters: int
    alarms: int
    late_erasures: int


async def standing(uow: Reading) -> MirrorStanding:
    waiting, oldest = await standings.lag(uow)
    return MirrorStanding(
        waiting=waiting,
        oldest_seconds=oldest,
        dead_letters=await letters.count_dead(uow),
        alarms=len(await letters.alarms(uow, _MOST_ALARMS)),
        late_erasures=await letters.count_late_erasures(uow, uow.now - ESCALATED_AFTER),
    )


async def dead_letters(uow: Reading, limit: int) -> Sequence[MirrorDeadLetter]:
    return await letters.dead(uow, limit)


async def alarms(uow: Reading, limit: int) -> Sequence[MirrorAlarm]:
    return await letters.alarms(uow, limit)


async def erasures_of(uow: Reading, person_id: UUID) -> Sequence[MirrorErasure]:
    return await letters.erasures(uow, person_id)


async def mirror_faults(uow: Reading) -> list[str]:
    """In words, for `doctor`."""
    found = await standing(uow)
    faults = []
    if found.waiting and found.oldest_seconds > PATIENCE.total_seconds():
        faults.append(
            f"{found.waiting} events are not applied at the registry, the oldest for {found.oldest_seconds:.0f} s"
        )
    if found.dead_letters:
        faults.append(f"{found.dead_letters} dead letters wait for somebody to look at them")
    if found.alarms:
        faults.append(f"{found.alarms} alarms are not settled")
    if found.late_erasures:
        faults.append(f"{found.late_erasures} erasures have no receipt after {ESCALATED_AFTER.days} days")
    return faults + [f"{count} sequences have a gap" for count in [await standings.gaps(uow)] if count]
