"""A point's queue at one version, as clerks, the hall and the phones of those who wait see it. No person is in it."""

from collections import Counter as Tally
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from app.domain.queue import policy
from app.domain.queue.policy import Turn, in_order
from app.domain.queue.status import AT_COUNTER, LIVE, TicketStatus

_SAME_SECONDS = 10


@dataclass(frozen=True, slots=True)
class CounterState:
    """`name`: by language. `staff_id`: whose account stands there since `opened_at`, while it is open."""

    id: UUID
    code: str
    name: Mapping[str, str]
    services: frozenset[str]
    languages: frozenset[str]
    staff_id: UUID | None
    opened_at: datetime | None

    @property
    def open(self) -> bool:
        return self.opened_at is not None

    def as_caller(self) -> policy.Counter:
        """As the policy takes it."""
        return policy.Counter(self.id, self.services, self.languages)


@dataclass(frozen=True, slots=True)
class TicketState:
    """A ticket without whose it is. `undoable`: whether its last move can be taken back, while there is time."""

    id: UUID
    number: int
    version: int
    service: str
    language: str | None
    booked_for: datetime | None
    priority: bool
    turn: Turn
    status: TicketStatus
    counter_id: UUID | None
    calls: int
    joined_at: datetime
    called_at: datetime | None
    serving_at: datetime | None
    changed_at: datetime
    undoable: bool

    def waiting(self, open_counters: frozenset[UUID]) -> policy.Ticket:
        """As the policy takes it. Bound to a counter only while that one is open."""
        bound = self.counter_id if self.counter_id in open_counters else None
        return policy.Ticket(self.id, self.number, self.service, self.turn, self.language, bound)

    def undo_until(self, undo_for: timedelta) -> datetime | None:
        return self.changed_at + undo_for if self.undoable else None


@dataclass(frozen=True)
class QueueState:
    """`version` counts the moves of the point's queue; tickets by day and number, counters in use by code."""

    point_id: UUID
    version: int
    tickets: tuple[TicketState, ...]
    counters: tuple[CounterState, ...]
    derived: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What others compute from it and want to keep just as long, for all who watch."""

    @cached_property
    def open_counters(self) -> frozenset[UUID]:
        return frozenset(counter.id for counter in self.counters if counter.open)

    @cached_property
    def waiting(self) -> list[policy.Ticket]:
        """Who waits, as the policy takes them."""
        return [t.waiting(self.open_counters) for t in self.tickets if t.status is TicketStatus.WAITING]

    @cached_property
    def live(self) -> list[TicketState]:
        return [ticket for ticket in self.tickets if ticket.status in LIVE]

    @cached_property
    def at_counters(self) -> list[TicketState]:
        """Called or being served."""
        return [ticket for ticket in self.tickets if ticket.status in AT_COUNTER]

    @cached_property
    def _by_id(self) -> dict[UUID, TicketState]:
        return {ticket.id: ticket for ticket in self.tickets}

    def ticket(self, ticket_id: UUID) -> TicketState | None:
        """None too for one that ended a while ago."""
        return self._by_id.get(ticket_id)

    def code_of(self, counter_id: UUID | None) -> str | None:
        return next((counter.code for counter in self.counters if counter.id == counter_id), None)

    def ahead_of(self, ticket_id: UUID, now: datetime) -> int | None:
        """How many are called before a ticket that waits, by counters that could call it; None unless it waits.

        By the counters that are open; if none of those could, by all there are. Worked out once for all who ask within
        some seconds.
        """
        at = "ahead", int(now.timestamp()) // _SAME_SECONDS
        if at not in self.derived:
            self.derived[at] = self._ahead(now)
        found: int | None = self.derived[at].get(ticket_id)
        return found

    def _ahead(self, now: datetime) -> dict[Hashable, int]:
        every = [(1 << n, counter.as_caller(), counter.open) for n, counter in enumerate(self.counters)]
        before: Tally[int] = Tally()
        ahead: dict[Hashable, int] = {}
        for ticket in in_order(self.waiting, now):
            could = [(bit, open_now) for bit, counter, open_now in every if counter.gives(ticket)]
            callers = sum(bit for bit, _ in could)
            those = sum(bit for bit, open_now in could if open_now) or callers
            ahead[ticket.id] = sum(count for others, count in before.items() if others & those)
            before[callers] += 1
        return ahead
