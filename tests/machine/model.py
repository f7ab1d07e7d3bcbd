"""What should be, worked out without a database: who has which place, and how much of each pool is in use.

It shares no rule with the product: what it knows it says itself.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

TICK = timedelta(minutes=5)
LEAD = timedelta(minutes=10)
LATE = timedelta(minutes=30)
CHANGES, WITHIN = 6, timedelta(days=1)
LIVE = {"confirmed", "arrived"}
WORDS = {"arrived": "confirmed", "completed": "arrived", "missed": "confirmed"}
"""What a clerk's word made of a visit, and what it was before."""
UNDO = timedelta(minutes=10)
TAKING = LIVE | {"held", "completed", "missed"}


@dataclass(frozen=True)
class Service:
    """`pool` gives it at starts every `every` ticks, each for `ticks`."""

    name: str
    pool: str
    ticks: int
    every: int


SERVICES = {
    "medical": Service("medical", "rooms", 8, 4),
    "exam": Service("exam", "rooms", 12, 6),
    "fingerprints": Service("fingerprints", "desks", 4, 2),
}
OPENS, CLOSES = 10, 13
STARTS = (CLOSES - OPENS) * 12


@dataclass
class Visit:
    person: int
    service: Service
    starts_at: datetime
    status: str
    changed_at: datetime
    held_until: datetime | None = None
    moved_at: list[datetime] = field(default_factory=list)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.service.ticks * TICK

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass
class Model:
    """`counters` by pool; `closed` days are those of a plan's exceptions. Days are those of the point."""

    counters: dict[str, int]
    closed: set[date] = field(default_factory=set)
    visits: dict[UUID, Visit] = field(default_factory=dict)

    def hold_of(self, person: int, step: str) -> UUID | None:
        return next((k for k, v in self.of(person) if v.service.name == step and v.status == "held"), None)

    def of(self, person: int) -> list[tuple[UUID, Visit]]:
        return [(key, visit) for key, visit in self.visits.items() if visit.person == person]

    def use(self, *, without: UUID | None = None) -> Counter[tuple[str, datetime]]:
        """Counters taken, by pool and the beginning of a tick."""
        return Counter(
            (visit.service.pool, visit.starts_at + n * TICK)
            for key, visit in self.visits.items()
            if visit.status in TAKING and key != without
            for n in range(visit.service.ticks)
        )

    def against_place(self, service: Service, starts_at: datetime, now: datetime, given_back: UUID | None) -> set[str]:
        """Why nobody gets this place: problem codes, none when it is to be had."""
        reasons = set()
        if starts_at < now + LEAD:
            reasons |= {"too_late", "no_such_place"}
        used = self.use(without=given_back)
        open_counters = 0 if starts_at.date() in self.closed else self.counters[service.pool]
        if any(used[service.pool, starts_at + n * TICK] >= open_counters for n in range(service.ticks)):
            reasons |= {"place_taken", "no_such_place"}
        return reasons

    def against_person(self, person: int, service: Service, starts_at: datetime, *, aside: UUID | None) -> set[str]:
        """Why this person may not have that visit, whoever else is there; `aside` is the visit it comes instead of."""
        reasons = set()
        ends_at = starts_at + service.ticks * TICK
        for key, other in self.of(person):
            if key == aside or other.status not in LIVE:
                continue
            if other.service is service:
                reasons.add("step_booked")
            if other.overlaps(starts_at, ends_at):
                reasons.add("elsewhere_then")
        return reasons

    def changed_too_often(self, person: int, service: Service, now: datetime) -> set[str]:
        made = sum(
            sum(at > now - WITHIN for at in visit.moved_at)
            + (visit.status == "cancelled" and visit.changed_at > now - WITHIN)
            for _, visit in self.of(person)
            if visit.service is service
        )
        return {"too_many_changes"} if made >= CHANGES else set()
