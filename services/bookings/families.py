"""A family books one service at one point: at once where counters are free, else one after another; all or none."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID, uuid4

from app.db.changes import Changes
from app.db.unit_of_work import Deciding, Reading
from app.domain.bookings.booking import Booked
from app.domain.bookings.limits import MOST_TOGETHER
from app.domain.identity.caller import Caller
from app.errors import AppError, InvalidInput, NotFound
from services.bookings.ground import Wanted, explain_to, ground_of, in_time, step_for, take
from services.family.queries import members
from services.points.errors import NoSuchPlace
from services.points.queries import day_of_pool, place_taken


async def family_of(uow: Reading, caller: Caller) -> list[UUID]:
    """The caller and everybody they may act for, themselves first."""
    family = await members(uow, caller)
    uow.acts_for.update(family)
    return family


async def book_for_family(uow: Deciding, caller: Caller, people: Sequence[UUID] | None, wanted: Wanted) -> list[Booked]:
    """Books for these of the caller's family, or all of it. NotFound if somebody is none of theirs."""
    family = await family_of(uow, caller)
    if not set(people or ()) <= set(family):
        raise NotFound
    return await book_family(uow, people or family, wanted)


async def book_family(uow: Deciding, people: Sequence[UUID], wanted: Wanted) -> list[Booked]:
    """A visit for each, in their order, the first at the time asked for. Each one's earlier hold is given back for it.

    One set of changes: all are booked or nobody is. What stands against one of them is raised with `member`, who it is.
    """
    if not 1 <= len(people) <= MOST_TOGETHER or len(set(people)) < len(people):
        raise InvalidInput(field="people")
    grounds = []
    for person_id in people:
        with _naming(person_id):
            grounds.append(await ground_of(uow, person_id, wanted=wanted))
    part = day_of_pool(wanted.point_id, wanted.service, wanted.starts_at)
    day = (await uow.gather(part))[part]
    first = day.place(wanted.starts_at) if day else None
    for ground in grounds:
        with _naming(ground.person_id):
            in_time(uow, step_for(ground, wanted), first)
    if day is None or first is None:
        raise NoSuchPlace
    held = [before.place for ground in grounds if (before := ground.hold_of(wanted.step))]
    places = day.family(first, len(people), held)
    changes, group_id = Changes(people={ground.person_id: ground.position for ground in grounds}), uuid4()
    booked = []
    for ground, place in zip(grounds, places or [first] * len(grounds), strict=True):
        with _naming(ground.person_id):
            booked.append(take(uow, changes, ground, wanted, place, group_id=group_id))
    if places is None:
        await uow.driver.release()
        raise await place_taken(uow, wanted.service, wanted.point_id, first, len(people))
    uow.leave(changes, explain_to(uow, booked[0], len(people)))
    return booked


@contextmanager
def _naming(person_id: UUID) -> Iterator[None]:
    """Says of an error whom of the family it is about."""
    try:
        yield
    except AppError as error:
        error.context["member"] = str(person_id)
        raise
