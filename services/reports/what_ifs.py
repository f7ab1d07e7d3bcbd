"""Questions to the simulator: what another counter, or another day, at a point would do.

What it is played with is put down when it is asked: public plans, and how many people begin a pathway in a week, as it
was released. The same question about the same figures has the same answer, and of nobody in particular.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.db.locks import take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.identity.caller import Caller
from app.domain.points.calendar import Hours
from app.errors import NotFound
from app.models.reports import WhatIf
from app.simulation.asked import Asked, Change, Place, faults
from services.identity.devices import require_signed_in
from services.points.calendars import all_plans
from services.reports.arrivals import released_a_week
from services.reports.errors import NotPlayable, TooManyQuestions
from services.reports.questions import repository as questions


@dataclass(frozen=True, slots=True)
class Question:
    """At a point: so many counters more, or another weekday (0 is Monday) with its hours."""

    point_id: UUID
    counters: int = 0
    weekday: int | None = None
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class WhatIfView:
    """`progress` of 100. `answer` once it is done."""

    id: UUID
    asked_at: datetime
    question: dict[str, Any]
    status: str
    progress: int
    answer: dict[str, Any] | None


async def ask(uow: Writing, caller: Caller, question: Question) -> UUID:
    """A worker plays it. NotFound for no point, NotPlayable with its `reason`, TooManyQuestions."""
    await require_signed_in(uow, caller)
    await take_turn(uow, f"what-ifs {caller.account_id}")
    if await questions.open_of(uow, caller.account_id):
        raise TooManyQuestions
    asked = await _asked(uow, question)
    made = uuid4()
    told = asked.change.model_dump(mode="json", exclude={"point"}) | {"point_id": str(question.point_id)}
    await questions.add(uow, id=made, asked_by=caller.account_id, question=told, world=asked.model_dump(mode="json"))
    return made


async def what_if(uow: Reading, question_id: UUID) -> WhatIfView:
    found = await questions.one(uow, question_id)
    if found is None:
        raise NotFound
    return _view(found)


async def what_ifs(uow: Reading, limit: int) -> list[WhatIfView]:
    """The newest, whoever asked."""
    return [_view(one) for one in await questions.page(uow, limit)]


async def _asked(uow: Writing, question: Question) -> Asked:
    places = await _places(uow)
    if str(question.point_id) not in {place.id for place in places}:
        raise NotFound
    a_week = await released_a_week(uow)
    if a_week is None:
        raise NotPlayable(reason="too_few_people")
    today = uow.region.day_of(uow.now)
    asked = Asked(
        places=tuple(places),
        a_week=a_week,
        start=today - timedelta(days=today.weekday()),
        zone=str(uow.region.zone),
        calendar=uow.region.book.calendar.country,
        change=Change(
            point=str(question.point_id),
            counters=question.counters,
            weekday=question.weekday,
            opens=question.opens,
            closes=question.closes,
        ),
    )
    if reason := faults(asked):
        raise NotPlayable(reason=reason)
    return asked


async def _places(uow: Reading) -> list[Place]:
    return [
        Place(
            id=str(planned.point.id),
            services=tuple(sorted(offer.service for pool in planned.plan.pools for offer in pool.offers)),
            lat=planned.point.lat,
            lon=planned.point.lon,
            counters=sum(pool.counters for pool in planned.plan.pools),
            week={day: _spans(spans) for day, spans in planned.plan.week.items()},
        )
        for planned in await all_plans(uow)
        if any(pool.counters for pool in planned.plan.pools)
    ]


def _spans(hours: Sequence[Hours]) -> tuple[tuple[time, time], ...]:
    return tuple((each.opens, each.closes) for each in hours)


def _view(row: WhatIf) -> WhatIfView:
    return WhatIfView(row.id, row.asked_at, row.question, row.status, row.progress, row.answer)
