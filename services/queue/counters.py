"""Counters: a manager says which there are and what they give, a clerk opens one by standing at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from app.db.unit_of_work import Writing
from app.domain.identity.caller import Caller
from app.errors import InvalidInput, NotFound
from app.models.queue import Counter
from services.points.queries import minutes_of
from services.queue import repository
from services.queue.errors import CounterBusy, CounterClosed, CounterTaken


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """`name`: by language. `retired`: it is given up, and may come back."""

    name: dict[str, str]
    services: tuple[str, ...]
    languages: tuple[str, ...]
    retired: bool = False


async def put_counter(uow: Writing, point_id: UUID, code: str, plan: CounterPlan) -> Counter:
    """Makes the counter of that code, or changes it. InvalidInput for a service that the point does not give.

    CounterBusy when it is to be given up while somebody stands there.
    """
    if not set(plan.services) <= set(await minutes_of(uow, point_id)):
        raise InvalidInput(field="services")
    counter = await repository.counter_by_code(uow, point_id, code)
    if counter is None:
        await repository.add_counters(uow, [counter_row(uuid4(), point_id, code, plan)])
        counter = await repository.counter_by_code(uow, point_id, code)
    if counter is None:
        raise LookupError("it has just been made")
    if plan.retired and counter.staff_id is not None:
        raise CounterBusy
    counter.name, counter.retired = plan.name, plan.retired
    counter.services, counter.languages = list(plan.services), list(plan.languages)
    await uow.session.flush()
    return counter


async def add_counters(uow: Writing, rows: Iterable[dict[str, Any]]) -> None:
    """Rows of the table as they stand. What is there already is left alone."""
    await repository.add_counters(uow, list(rows))


def counter_row(counter_id: UUID, point_id: UUID, code: str, plan: CounterPlan) -> dict[str, Any]:
    return {
        "id": counter_id,
        "point_id": point_id,
        "code": code,
        "name": plan.name,
        "services": list(plan.services),
        "languages": list(plan.languages),
        "retired": plan.retired,
    }


async def open_counter(uow: Writing, clerk: Caller, counter_id: UUID) -> Counter:
    """The clerk stands there from now on. CounterTaken; StandsElsewhere, by a constraint. Once more changes nothing."""
    counter = await _counter(uow, clerk, counter_id)
    if counter.staff_id == clerk.account_id:
        return counter
    if counter.staff_id is not None:
        raise CounterTaken
    counter.staff_id, counter.opened_at = clerk.account_id, uow.now
    await uow.session.flush()
    return counter


async def close_counter(uow: Writing, caller: Caller, counter_id: UUID) -> Counter:
    """Any of the point's staff may close it: a clerk may have gone. CounterBusy while somebody is at it."""
    counter = await _counter(uow, caller, counter_id)
    number = await repository.number_at(uow, counter.id)
    if number is not None:
        raise CounterBusy(number=number)
    if counter.staff_id is not None:
        counter.staff_id = counter.opened_at = None
        await uow.session.flush()
    return counter


async def own_counter(uow: Writing, clerk: Caller, counter_id: UUID) -> Counter:
    """The counter at which the clerk stands, locked. CounterClosed if they do not."""
    counter = await _counter(uow, clerk, counter_id)
    if counter.staff_id != clerk.account_id:
        raise CounterClosed
    return counter


async def _counter(uow: Writing, caller: Caller, counter_id: UUID) -> Counter:
    counter = await repository.locked_counter(uow, caller.point, counter_id)
    if counter is None:
        raise NotFound
    return counter
