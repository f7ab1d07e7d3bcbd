"""The visits that are booked together: read, held against the rules, turned into one set of changes."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from app.db.changes import Changes
from app.db.driver import Changed
from app.db.unit_of_work import Deciding, look
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.points.places import Place, Stretch
from app.errors import AppError, InvalidInput, NotFound
from app.ports import Travel
from services.bookings.errors import StepBooked
from services.bookings.ground import Ground, Wanted, adopt, in_time, move, nowhere_else, take
from services.points.ledger import stretches_at
from services.routing.errors import ItineraryTaken
from services.routing.itineraries_wanted import WantedVisit, keep_to_the_rules
from services.routing.planning import Asked, Planned, plan_journey, work_for
from services.routing.planning_ground import Traveller, travellers_and_stretches

Render = Callable[[Planned], dict[str, Any]]
"""How a plan is told to the one who asks, for the error that bears a new one."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A place that one of those who go is to have. `person` None: the first of them."""

    person: UUID | None
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class _Row:
    """`moves`: the booking that is to stand there instead; None for a new one."""

    visit: WantedVisit
    stretch: Stretch
    moves: Booked | None

    @property
    def ticks(self) -> Iterator[tuple[UUID, date, int]]:
        return _ticks(self.visit.place)


@dataclass(frozen=True, slots=True)
class Basket:
    """All that is to be booked at once, and by whom. Visits that are asked for as they stand already are not in it."""

    uow: Deciding
    travel: Travel
    travellers: Sequence[Traveller]
    rows: Sequence[_Row]
    asked: Asked

    @classmethod
    async def of(
        cls, uow: Deciding, travel: Travel, going: Sequence[UUID], visits: Sequence[Asking], asked: Asked
    ) -> "Basket":
        """Reads what they stand on. What stands against a visit is raised, with whose it is."""
        if not visits:
            raise InvalidInput(field="visits")
        places = [(v.wanted.point_id, v.wanted.service, v.wanted.starts_at) for v in visits]
        travellers, stretches = await travellers_and_stretches(uow, going, places)
        found = {traveller.person: traveller for traveller in travellers}
        rows = []
        for asking, stretch in zip(visits, stretches, strict=True):
            person = asking.person or going[0]
            if person not in found:
                raise NotFound
            with naming(person):
                row = _row(uow, found[person], asking.wanted, stretch, replan=asked.replan)
            rows += [row] if row else []
        moving = {row.moves.id for row in rows if row.moves}
        work = work_for(uow, travellers, asked.terms, lambda booked: booked.id in moving)
        await keep_to_the_rules(uow, travel, work, [row.visit for row in rows], asked)
        return cls(uow, travel, travellers, rows, asked)

    def book(self, itinerary_id: UUID) -> tuple[Changes, list[Booked]]:
        """The changes, and every visit of the itinerary in the order of its beginning."""
        uow = self.uow
        changes = Changes(people={each.person: each.ground.position for each in self.travellers})
        grounds = {each.person: each.ground for each in self.travellers}
        together = Counter(row.visit.wanted.step for row in self.rows)
        groups = {step: uuid4() for step, count in together.items() if count > 1}
        touched: list[Booked] = []
        # What moves goes first: it must not stand in the way of what is new.
        for row in sorted(self.rows, key=lambda row: row.moves is None):
            visit, ground = row.visit, grounds[row.visit.person]
            wanted = visit.wanted
            with naming(visit.person):
                if row.moves is not None:
                    after = move(
                        uow, changes, ground, row.moves, wanted.point_id, visit.place, itinerary_id=itinerary_id
                    )
                else:
                    group = groups.get(wanted.step)
                    after = take(uow, changes, ground, wanted, visit.place, group_id=group, itinerary_id=itinerary_id)
            touched.append(after)
            grounds[visit.person] = _with(ground, after, row.moves or ground.hold_of(wanted.step))
        for booked in touched:
            with naming(booked.person_id):
                nowhere_else(booked.place, [other for other in grounds[booked.person_id].own if other is not booked])
        stay = [b for ground in grounds.values() for b in ground.own if b.live and b not in touched]
        kept = [adopt(changes, b, itinerary_id) if _to_adopt(b, itinerary_id) else b for b in stay]
        return changes, sorted([*touched, *kept], key=lambda b: (b.place.starts_at, b.id))

    async def leave(self, changes: Changes, render: Render) -> None:
        """Leaves the changes for the one statement; at once ItineraryTaken if a place is known to be gone."""
        if taken := self._taken([row.stretch for row in self.rows]):
            await self.uow.driver.release()
            raise await self._gone(taken, render)

        async def explain(constraint: str) -> AppError | None:
            if constraint == "ck_capacity_days_within_capacity":
                part = stretches_at([_place_of(row) for row in self.rows])
                now = (await look(self.uow, part))[part]
                gone = self._taken([found or row.stretch for found, row in zip(now, self.rows, strict=True)])
                if not gone:
                    raise Changed  # it is free again: decide again
                return await self._gone(gone, render)
            if constraint.startswith("uq_"):
                raise Changed  # another of the person's own phones was faster: look again
            return None

        self.uow.leave(changes, explain)

    def _taken(self, stretches: Sequence[Stretch]) -> list[_Row]:
        """Visits that find no counter free, those before them in the basket having theirs."""
        own = Counter(tick for row in self.rows if row.moves for tick in _ticks(row.moves.place))
        own.update(
            tick
            for each in self.travellers
            for row in self.rows
            if row.visit.person == each.person and (hold := each.ground.hold_of(row.visit.wanted.step))
            for tick in _ticks(hold.place)
        )
        taken = []
        for row, stretch in zip(self.rows, stretches, strict=True):
            left = [open_ - used for open_, used in zip(stretch.capacity, stretch.used, strict=True)]
            ticks = list(row.ticks)
            if any(free + own[tick] < 1 for free, tick in zip(left, ticks, strict=False)):
                taken.append(row)
            own.subtract(ticks)
        return taken

    async def _gone(self, taken: Sequence[_Row], render: Render) -> ItineraryTaken:
        planned = await plan_journey(self.uow, self.travel, self.travellers, self.asked, fresh=True)
        visits = [
            {
                "person_id": str(row.visit.person),
                "step": row.visit.wanted.step,
                "point_id": str(row.visit.wanted.point_id),
                "starts_at": row.visit.wanted.starts_at.isoformat(),
            }
            for row in taken
        ]
        return ItineraryTaken(taken=visits, plan=render(planned))


def _row(uow: Deciding, traveller: Traveller, wanted: Wanted, stretch: Stretch | None, *, replan: bool) -> _Row | None:
    """None for a visit that stands there already."""
    booked = traveller.booked_for(wanted.step)
    if booked and (booked.point_id, booked.place.starts_at) == (wanted.point_id, wanted.starts_at):
        return None
    if booked and not replan:
        raise StepBooked
    place = in_time(uow, None, stretch.place(wanted.starts_at) if stretch else None)
    if stretch is None:
        raise LookupError("a place has its stretch")
    return _Row(WantedVisit(traveller.person, wanted, place), stretch, booked)


def _with(ground: Ground, after: Booked, instead_of: Booked | None) -> Ground:
    return replace(ground, own=[*(other for other in ground.own if other is not instead_of), after])


def _to_adopt(booked: Booked, itinerary_id: UUID) -> bool:
    """A visit under way is left alone: a clerk has seen the version that it has."""
    return booked.status is BookingStatus.CONFIRMED and booked.itinerary_id != itinerary_id


def _ticks(place: Place) -> Iterator[tuple[UUID, date, int]]:
    return ((place.pool_id, place.day, tick) for tick in range(place.first_tick, place.first_tick + place.ticks))


def _place_of(row: _Row) -> Any:
    wanted = row.visit.wanted
    return wanted.point_id, wanted.service, wanted.starts_at


@contextmanager
def naming(person_id: UUID) -> Iterator[None]:
    """Says of an error whom of those who go it is about."""
    try:
        yield
    except AppError as error:
        error.context["member"] = str(person_id)
        raise
