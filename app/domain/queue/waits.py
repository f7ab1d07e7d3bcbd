"""How long one person still waits: the queue is played out many times over, and the waits are read off.

What is unknown is drawn anew each time: how fast the services are given today, how long each visit takes, how much
longer those who are at the counters, and who of the booked comes, and when. It costs about a millisecond.

Of so many equally likely outcomes the real wait is one more: the figure at rank k of n is not exceeded with the
probability k / (n + 1), by which the 90 % figure is chosen (a prediction interval by order statistics).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, inf

import numpy as np

from app.domain.queue.luck import DRAWS, Floats, Luck, Speed, arrivals
from app.domain.queue.playing import Hours, Line, by_policy, in_order
from app.domain.queue.policy import Counter, Ticket, Turn, turn_of
from app.domain.queue.service_times import Pace
from app.domain.queue.terms import QueueTerms

LIKELY = 0.9
_MINUTE = timedelta(minutes=1)
_TIE = 1e-6


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter that is open, or opens at `opens`; from `closes` on it calls nobody.

    `serving`: the service of whoever is there, called at `since`.
    """

    counter: Counter
    serving: str | None = None
    since: datetime | None = None
    opens: datetime | None = None
    closes: datetime | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody booked who is not here yet."""

    service: str
    booked_for: datetime
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Punctuality:
    """When the booked come: normally distributed about `late` minutes after their time (negative: before), with the
    standard deviation `varies`; with the probability `never`, not at all.
    """

    late: float = -6.0
    varies: float = 12.0
    never: float = 0.08


@dataclass(frozen=True, slots=True)
class Scene:
    """A point's queue at a moment. `waiting` and `expected`: all, or all but the one who asks.

    `paces`: by service, for every one that is named. `breaks`: (from, until), when no counter calls.
    """

    at: datetime
    waiting: Sequence[Ticket]
    desks: Sequence[Desk]
    paces: Mapping[str, Pace]
    terms: QueueTerms
    expected: Sequence[Expected] = ()
    breaks: Sequence[tuple[datetime, datetime]] = ()
    punctuality: Punctuality = Punctuality()

    def minutes(self, instant: datetime) -> float:
        """From now."""
        return (instant - self.at) / _MINUTE


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes from now (for who comes later, from their coming) to the call: by half of the outcomes, and by 90 %.

    Infinite where they would not be called before the counters close. `called`: in how many of the outcomes they are.
    `least`: no sooner in 90 % of them.
    """

    median: float
    likely: float
    called: float
    least: float = 0.0


NEVER = Wait(inf, inf, 0.0, inf)


def wait_of(me: Ticket, scene: Scene, *, comes: datetime | None = None) -> Wait:
    """The wait of somebody who is in line, or will be from `comes` on."""
    if not any(desk.counter.gives(me) for desk in scene.desks):
        return NEVER
    since = max(0.0, scene.minutes(comes)) if comes else 0.0
    called = np.maximum(np.sort(_Play(me, scene, since).called()) - since, 0.0)
    return Wait(
        median=float(called[DRAWS // 2]),
        likely=float(called[ceil(LIKELY * (DRAWS + 1)) - 1]),
        called=float(np.isfinite(called).mean()),
        least=float(called[floor((1 - LIKELY) * (DRAWS + 1)) - 1]),
    )


@dataclass(slots=True)
class _Somebody:
    """One column of the line; the ticket of who is expected is what it will be, if they come in time."""

    ticket: Ticket
    here: Floats | float
    at: Floats | float
    due: Floats | float
    start: float = -inf


class _Play:
    """One estimate: whoever matters to it, and the luck they are given."""

    def __init__(self, me: Ticket, scene: Scene, since: float) -> None:
        self._me, self._scene, self._since = me, scene, since
        self._luck, self._speeds = Luck(), dict[str, Speed]()
        self._waiting = [t for t in scene.waiting if t.id != me.id and self._may_go_first(t.turn, t.number)]
        self._expected = [
            each
            for each in scene.expected
            if self._may_go_first(Turn(each.booked_for, each.booked_for - scene.terms.window), 0)
        ]

    def _may_go_first(self, turn: Turn, number: int) -> bool:
        """Whose turn is later, and who is not due before us, changes nothing for us once we are here."""
        mine = self._me.turn
        sooner_due = mine.due > self._scene.at and turn.due < mine.due
        return self._since > 0 or sooner_due or (turn.at, number) < (mine.at, self._me.number)

    def called(self) -> Floats:
        """When it is our turn, in each outcome."""
        scene = self._scene
        free = np.column_stack([self._free(desk) for desk in scene.desks])
        closes = [scene.minutes(desk.closes) if desk.closes else inf for desk in scene.desks]
        hours = Hours(closes, [(scene.minutes(begins), scene.minutes(ends)) for begins, ends in scene.breaks])
        if not self._expected and not self._since and self._all_alike():
            ahead = sorted(self._waiting, key=lambda ticket: (ticket.turn.at, ticket.number))
            takes = [self._speed(ticket.service).minutes(self._luck) for ticket in ahead]
            return in_order(np.column_stack(takes) if takes else np.empty((DRAWS, 0)), free, hours)
        return by_policy(self._line(), free, hours, scene.terms.delay / _MINUTE)

    def _all_alike(self) -> bool:
        """Whether all are due, and any counter can call any of them."""
        line = [*self._waiting, self._me]
        return all(ticket.turn.due <= self._scene.at for ticket in line) and all(
            desk.counter.gives(ticket) for desk in self._scene.desks for ticket in line
        )

    def _speed(self, service: str) -> Speed:
        if service not in self._speeds:
            self._speeds[service] = Speed(self._luck, self._scene.paces[service])
        return self._speeds[service]

    def _free(self, desk: Desk) -> Floats:
        opens = max(0.0, self._scene.minutes(desk.opens)) if desk.opens else 0.0
        if desk.serving is None or desk.since is None:
            return np.full(DRAWS, opens)
        return np.maximum(self._speed(desk.serving).rest(self._luck, -self._scene.minutes(desk.since)), opens)

    def _line(self) -> Line:
        """All of them, the one who asks last."""
        scene = self._scene
        people = [self._in_line(ticket, 0.0) for ticket in self._waiting]
        people += [self._on_the_way(each) for each in self._expected]
        people.append(self._in_line(self._me, self._since))

        def columns(values: Iterable[Floats | float]) -> Floats:
            filled = np.empty((DRAWS, len(people)))
            for column, value in enumerate(values):
                filled[:, column] = value
            return filled

        return Line(
            here=columns(each.here for each in people),
            at=columns(each.at for each in people),
            due=columns(each.due for each in people),
            start=columns(each.start for each in people),
            takes=columns(self._speed(each.ticket.service).minutes(self._luck) for each in people),
            nominal=np.array([scene.paces[each.ticket.service].minutes for each in people]),
            serves=np.array([[desk.counter.gives(each.ticket) for each in people] for desk in scene.desks]),
        )

    def _in_line(self, ticket: Ticket, since: float) -> _Somebody:
        minutes = self._scene.minutes
        return _Somebody(ticket, since, minutes(ticket.turn.at) + ticket.number * _TIE, minutes(ticket.turn.due))

    def _on_the_way(self, each: Expected) -> _Somebody:
        booked, usual, terms = self._scene.minutes(each.booked_for), self._scene.punctuality, self._scene.terms
        turn = turn_of(terms, each.booked_for, each.booked_for)
        comes = arrivals(self._luck, booked + usual.late, usual.varies, usual.never)
        late = (comes > booked + terms.late / _MINUTE) & (comes < inf)
        joins = comes + terms.patience / _MINUTE
        return _Somebody(
            ticket=Ticket(None, 0, each.service, turn, each.language),
            here=comes,
            at=np.where(late, joins, booked),
            due=np.where(late, joins, self._scene.minutes(turn.due)),
            start=booked,
        )
