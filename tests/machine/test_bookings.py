"""Whatever people, workers, staff and managers do in whatever order: the product does what the model says, and the
doctor finds it whole after every step.
"""

from collections.abc import Awaitable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.errors import AppError
from services.points.errors import WouldStrand
from tests.machine.model import LATE, LIVE, SERVICES, STARTS, TAKING, UNDO, WORDS, Model, Visit
from tests.machine.office import World, started
from tests.support.clock import START
from tests.support.sizes import sizes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

PEOPLE = 3
DAYS = 3
people = st.integers(0, PEOPLE - 1)
services = st.sampled_from(sorted(SERVICES))
starts = st.tuples(st.integers(0, DAYS - 1), st.integers(0, STARTS - 1))
which = st.integers(0, 50)


@pytest.fixture
def office_world(worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(lambda number: started(f"m{number}_{worker}", tmp_path_factory.mktemp("machine")))
    yield world
    world.close()


class Bookings(RuleBasedStateMachine):
    world: World

    @initialize(rooms=st.integers(1, 2), desks=st.integers(1, 2))
    def begin(self, rooms: int, desks: int) -> None:
        self.model = Model({"rooms": rooms, "desks": desks})
        self.office = self.world.open(PEOPLE, dict(self.model.counters))

    def tried(self, what: Awaitable[Any], against: set[str]) -> Any:
        """What it gives if nothing is against it; else one of these reasons must be told."""
        try:
            done = self.world.run(what)
        except AppError as error:
            refused = error.code
        else:
            assert not against, f"it was done although {against}"
            return done
        assert refused in against, f"{refused}, expected {against or 'success'}"
        return None

    def some(self, number: int, *statuses: str) -> UUID | None:
        found = [key for key, visit in self.model.visits.items() if visit.status in statuses]
        return found[number % len(found)] if found else None

    # -- people -----------------------------------------------------------------------------------------------------

    @rule(person=people, service=services, start=starts, at_once=st.booleans())
    def take(self, person: int, service: str, start: tuple[int, int], at_once: bool) -> None:
        """Holds a place, or books it at once; the hold that was there for the step is given back."""
        model, office, what = self.model, self.office, SERVICES[service]
        starts_at = office.start(start[0], start[1] // what.every * what.every)
        before = model.hold_of(person, service)
        held = model.visits[before] if before else None
        same = held and held.starts_at == starts_at and (held.held_until or office.now) > office.now
        against = model.against_place(what, starts_at, office.now, before)
        if starts_at + what.ticks * timedelta(minutes=5) > office.start(start[0], STARTS):
            against.add("no_such_place")
        if not (same and not at_once):
            against |= model.changed_too_often(person, what, office.now)
            against |= model.against_person(person, what, starts_at, aside=before)
        command = office.book if at_once else office.hold
        done = self.tried(command(person, service, starts_at), against)
        if done is None or (same and not at_once):
            return
        if held is not None:
            held.status, held.held_until, held.changed_at = "released", None, office.now
        status, until = ("confirmed", None) if at_once else ("held", office.now + office.region.hold_for)
        model.visits[done.id] = Visit(person, what, starts_at, status, office.now, until)

    @precondition(lambda self: self.some(0, "held", "expired", "confirmed"))
    @rule(number=which)
    def confirm(self, number: int) -> None:
        key = self.some(number, "held", "expired", "confirmed")
        assert key is not None
        visit, office = self.model.visits[key], self.office
        if visit.status == "confirmed":
            assert self.tried(office.confirm(visit.person, key), set()).id == key
            return
        against = self.model.against_person(visit.person, visit.service, visit.starts_at, aside=key)
        if visit.held_until is None or visit.held_until <= office.now:
            against.add("hold_gone")
        if self.tried(office.confirm(visit.person, key), against):
            visit.status, visit.held_until, visit.changed_at = "confirmed", None, office.now

    @precondition(lambda self: self.some(0, "confirmed", "arrived", "cancelled"))
    @rule(number=which, start=starts)
    def reschedule(self, number: int, start: tuple[int, int]) -> None:
        key = self.some(number, "confirmed", "arrived", "cancelled")
        assert key is not None
        visit, office = self.model.visits[key], self.office
        what = visit.service
        starts_at = office.start(start[0], start[1] // what.every * what.every)
        against = self.model.against_place(what, starts_at, office.now, key)
        if starts_at + what.ticks * timedelta(minutes=5) > office.start(start[0], STARTS):
            against.add("no_such_place")
        if visit.status != "confirmed" or visit.starts_at <= office.now:
            against |= {"not_movable", "step_not_open"}
        stays = starts_at == visit.starts_at
        if not stays:
            against |= self.model.changed_too_often(visit.person, what, office.now)
            against |= self.model.against_person(visit.person, what, starts_at, aside=key)
        if self.tried(office.reschedule(visit.person, key, starts_at), against) and not stays:
            visit.starts_at, visit.changed_at = starts_at, office.now
            visit.moved_at.append(office.now)

    @precondition(lambda self: self.model.visits)
    @rule(number=which)
    def cancel(self, number: int) -> None:
        key = list(self.model.visits)[number % len(self.model.visits)]
        visit, office = self.model.visits[key], self.office
        if visit.status in {"cancelled", "released", "expired"}:
            assert self.tried(office.cancel(visit.person, key), set()).status == visit.status
            return
        can = visit.status == "held" or (visit.status == "confirmed" and visit.starts_at > office.now)
        if self.tried(office.cancel(visit.person, key), set() if can else {"not_cancellable"}):
            visit.status = "released" if visit.status == "held" else "cancelled"
            visit.held_until, visit.changed_at = None, office.now

    # -- the clock, the worker, the desk ------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 5, 11, 45, 180]))
    def time_passes(self, minutes: int) -> None:
        if self.office.now < START + timedelta(days=DAYS):
            self.office.clock.move(minutes=minutes)

    @rule()
    def night_falls(self) -> None:
        if self.office.now < START + timedelta(days=DAYS):
            self.office.clock.at = self.office.start((self.office.now - START).days + 1, -36)

    @rule()
    def expire(self) -> None:
        now = self.office.now
        due = [v for v in self.model.visits.values() if v.status == "held" and v.held_until and v.held_until <= now]
        assert self.world.run(self.office.expire()) == len(due)
        for visit in due:
            visit.status, visit.held_until, visit.changed_at = "expired", None, now

    @rule()
    def end_missed(self) -> None:
        now = self.office.now
        over = (now - LATE).date()
        due = [v for v in self.model.visits.values() if v.status == "confirmed" and v.starts_at.date() < over]
        assert self.world.run(self.office.end_missed()) == len(due)
        for visit in due:
            visit.status, visit.changed_at = "missed", now

    @precondition(lambda self: self.some(0, "confirmed", "arrived"))
    @rule(number=which)
    def come_or_go(self, number: int) -> None:
        """The visitor arrives; who has arrived has been served."""
        key = self.some(number, "confirmed", "arrived")
        assert key is not None
        visit = self.model.visits[key]
        if visit.status == "confirmed":
            self.world.run(self.office.arrive(key))
            visit.status = "arrived"
        else:
            self.world.run(self.office.complete(key))
            visit.status = "completed"
        visit.changed_at = self.office.now

    @precondition(lambda self: self.some(0, *WORDS))
    @rule(number=which)
    def undo(self, number: int) -> None:
        """A clerk takes back the last word about a visit, for ten minutes; the place was the visitor's all the time."""
        key = self.some(number, *WORDS)
        assert key is not None
        visit, office = self.model.visits[key], self.office
        against = set() if office.now < visit.changed_at + UNDO else {"undo_too_late"}
        if visit.status not in LIVE:
            in_the_way = self.model.against_person(visit.person, visit.service, visit.starts_at, aside=key)
            against |= {"booked_again"} if in_the_way else set()
        if self.tried(office.undo(key), against):
            visit.status, visit.changed_at = WORDS[visit.status], office.now

    # -- the manager --------------------------------------------------------------------------------------------------

    @rule(ahead=st.integers(0, DAYS - 1), pool=st.sampled_from(["rooms", "desks", None]), agrees=st.booleans())
    def change_plan(self, ahead: int, pool: str | None, agrees: bool) -> None:
        """Closes a day or opens it again, or takes a counter away or adds one. Nobody loses a place by that."""
        model = self.model
        closed, counters = set(model.closed), dict(model.counters)
        if pool is None:
            closed ^= {self.office.start(ahead, 0).date()}
        else:
            counters[pool] = 3 - counters[pool]
        try:
            self.world.run(self.office.change_plan(closed, counters, None))
        except WouldStrand as error:
            told = {UUID(each["booking_id"]) for each in error.context["affected"]}
            assert told <= {key for key, visit in model.visits.items() if visit.status in TAKING}
            assert all(self.stands_in_the_way(model.visits[key], closed, counters) for key in told)
            if not agrees:
                return
            self.world.run(self.office.change_plan(closed, counters, error.context["confirmation"]))
        model.closed, model.counters = closed, counters

    def stands_in_the_way(self, visit: Visit, closed: set[date], counters: dict[str, int]) -> bool:
        day = visit.starts_at.date()
        return (
            day in closed - self.model.closed or counters[visit.service.pool] < self.model.counters[visit.service.pool]
        )

    # -- after every step ---------------------------------------------------------------------------------------------

    @invariant()
    def the_product_is_as_the_model_says(self) -> None:
        if not hasattr(self, "office"):
            return
        office, visits = self.office, self.model.visits
        assert self.world.run(office.places()) == {
            key: (office.people[v.person], v.service.name, v.starts_at, v.status) for key, v in visits.items()
        }
        assert self.world.run(office.use()) == self.model.use()
        live = [v for v in visits.values() if v.status in LIVE]
        assert not any(
            a.person == b.person and a.overlaps(b.starts_at, b.ends_at) for n, a in enumerate(live) for b in live[:n]
        )

    @invariant()
    def the_doctor_is_content(self) -> None:
        if hasattr(self, "office"):
            assert self.world.run(self.office.faults()) == []


def test_bookings_follow_the_model_whatever_happens(office_world: World) -> None:
    class Machine(Bookings):
        world = office_world

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=sizes().machine_examples,
            stateful_step_count=sizes().machine_steps,
            deadline=None,
            derandomize=False,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
