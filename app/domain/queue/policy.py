"""Whose turn it is: the declared policy by which a counter calls.

In plain words:

1. Who is **due** goes first, in the order of their turns. Booked visitors are due from some minutes before their time
   (`window`), and their turn is that time. Walk-ins are due when they have waited for `patience`, and their turn is
   that instant. Who is too late for their booking (`late`) keeps a place as a walk-in who joined when they arrived.
2. Who asked for **priority** today is due at once, and their turn counts `head_start` earlier.
3. When nobody due waits, the others fill the gap in the order of their turns: walk-ins and those who came early. But
   nobody is called out of a gap too short for them: who is not due yet does not delay, by more than `delay`, somebody
   whose turn comes first, be they here already or expected, unless other counters are open for those.
4. A counter is called to by those only whose service it gives, in the language they asked for.

A turn never moves because of those who come later, so nobody starves: `overtaken_until` says for each ticket the
instant after which nobody who joins is called before it.

A turn is worked out once, when somebody joins; calling then compares a few instants: it is light enough to run for
every visitor of a simulated season.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from app.domain.queue.terms import QueueTerms

_NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Turn:
    """`at` orders those who are due, and those who are not; `due` is from when on they are. Instants with a zone."""

    at: datetime
    due: datetime


def turn_of(
    terms: QueueTerms, joined_at: datetime, booked_for: datetime | None = None, *, priority: bool = False
) -> Turn:
    """The turn of somebody who joins the line then. `booked_for`: the booked time of a visitor who has one."""
    if booked_for is not None and joined_at <= booked_for + terms.late:
        at, due = booked_for, booked_for - terms.window
    else:
        at = due = joined_at + terms.patience
    return Turn(min(at, joined_at) - terms.head_start, joined_at) if priority else Turn(at, due)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Somebody who waits. `number` settles who of two with one turn is first. `language`: asked for, if any is.

    `counter`: the only one that may call, after a transfer to it.
    """

    id: Hashable
    number: int
    service: str
    turn: Turn
    language: str | None = None
    counter: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """An open counter: the services it gives and the languages spoken there."""

    id: Hashable
    services: frozenset[str]
    languages: frozenset[str] = frozenset()

    def gives(self, ticket: Ticket) -> bool:
        return (
            ticket.service in self.services
            and (ticket.language is None or ticket.language in self.languages)
            and (ticket.counter is None or ticket.counter == self.id)
        )


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a gap is measured by. `starts`: booked times of visitors for this counter's services who are not here yet.

    `others`: how many other counters are open for those services. `takes`: how long a service takes; one that is not
    named fits any gap. `delay`: see `QueueTerms`.
    """

    starts: Sequence[datetime] = ()
    others: int = 0
    takes: Mapping[str, timedelta] = field(default_factory=lambda: MappingProxyType({}))
    delay: timedelta = _NO_TIME


NOTHING_AHEAD = Ahead()


def next_to_call(
    waiting: Iterable[Ticket], counter: Counter, now: datetime, ahead: Ahead = NOTHING_AHEAD
) -> Ticket | None:
    """Whom the counter calls now; None if nobody it may call waits, or a visitor about to come needs the gap."""
    first: Ticket | None = None
    early: list[Ticket] = []
    gives = counter.gives
    for ticket in waiting:
        if not gives(ticket):
            continue
        if ticket.turn.due > now:
            early.append(ticket)
        elif first is None or _order(ticket) < _order(first):
            first = ticket
    if first is not None or not early:
        return first
    early.sort(key=_order)
    return next((ticket for ticket in early if _fits(ticket, early, now, ahead)), None)


def _order(ticket: Ticket) -> tuple[datetime, int]:
    return ticket.turn.at, ticket.number


def _fits(ticket: Ticket, early: Sequence[Ticket], now: datetime, ahead: Ahead) -> bool:
    """Whether calling a ticket that is not due delays nobody with an earlier turn by more than is allowed."""
    free_again = now + ahead.takes.get(ticket.service, _NO_TIME)
    limit = min(ticket.turn.at, free_again - ahead.delay)
    # Who is expected and late is not waited for: the counter is kept free until their time, no longer.
    delayed = sum(now < start < limit for start in ahead.starts)
    delayed += sum(other is not ticket and other.turn.at < limit for other in early)
    return delayed <= ahead.others


def in_order(waiting: Iterable[Ticket], now: datetime) -> list[Ticket]:
    """All who wait in the order of the policy, if every counter gave every service: first those who are due."""
    return sorted(waiting, key=lambda ticket: (ticket.turn.due > now, *_order(ticket)))


def behind(turn: Turn, others: Collection[Ticket], places: int, now: datetime) -> Turn:
    """The turn of somebody who goes back in line: behind the next `places` of those who wait, or behind all of them.

    Behind whoever has the same turn as the last of these, too. One's own turn is kept where it is later still.
    """
    passed = in_order(others, now)[:places]
    if not passed:
        return turn
    at, due = max(t.turn.at for t in passed), max(t.turn.due for t in passed)
    return Turn(max(turn.at, at + timedelta(microseconds=1)), max(turn.due, due))


def overtaken_until(turn: Turn, terms: QueueTerms) -> datetime:
    """Nobody who joins after this instant is called before that turn, by a counter that could call either."""
    return max(turn.due, turn.at + terms.late + terms.head_start)
